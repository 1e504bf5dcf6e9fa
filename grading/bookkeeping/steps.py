"""nbgrader's steps from a submission to a graded one, on one notebook in memory and in one transaction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4.rwbase import rejoin_lines
from nbgrader.converters import Autograde
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    ClearOutput,
    DeduplicateIds,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from grading.bookkeeping.book import Book, GradeRow, SubmittedRows, by_name
from grading.bookkeeping.writing import text_of
from grading.deadlines import ByTheDay

# What these do to a notebook, intake has done, or is done here as they do it.
DONE_BEFORE = (ClearOutput, DeduplicateIds, OverwriteCells, OverwriteKernelspec)
DONE_HERE = (*DONE_BEFORE, SaveAutoGrades, AssignLatePenalties)
# Another plugin may ask the gradebook for what is not written yet.
PLUGINS = (LateSubmissionPlugin, ByTheDay)
NO_RESPONSE = "No response."


class Steps:
    """The steps of one converter, made once and used for one submission after the other."""

    def __init__(self, converter: Autograde, book: Book) -> None:
        self._converter, self._book = converter, book
        kinds = [*converter.sanitize_preprocessors, *converter.autograde_preprocessors]
        self._steps = [kind(parent=converter.exporter) for kind in kinds]
        self._begun = [step for step in self._steps if type(step) not in DONE_BEFORE]

    def are_plain(self) -> bool:
        """Tell whether nothing is set that only nbgrader's own way takes into account."""
        if not self._book.has_one_notebook or not all(
            map(_has_its_source, self._converter.batch.released.cells)
        ):
            return False
        plain = all(step.enabled for step in self._steps if type(step) in DONE_HERE)
        plugins = [step.plugin_class for step in self._steps if isinstance(step, AssignLatePenalties)]
        exporter = self._converter.exporter
        as_ever = type(exporter) is NotebookExporter and exporter.nbformat_version == 4
        return plain and as_ever and all(plugin in PLUGINS for plugin in plugins)

    def convert(self, notebook: str) -> None:
        """Grade the submission whose notebook intake has written there."""
        converter = self._converter
        resources = converter.init_single_notebook_resources(notebook)
        about = resources["nbgrader"]
        folder = converter._format_dest(about["assignment"], about["student"])
        resources["metadata"] = {"name": about["notebook"], "path": folder}
        resources["output_extension"] = ".ipynb"
        nb = from_dict(json.loads(Path(notebook).read_bytes()))
        if self._book.kernelspec and (kernelspec := json.loads(self._book.kernelspec)):
            nb.metadata["kernelspec"] = from_dict(kernelspec)
        # Its cells see it beside them, as the files that were handed in with it.
        converter.write_single_notebook(text_of(nb), resources)
        rejoin_lines(nb)
        saving = next(n for n, step in enumerate(self._begun) if isinstance(step, SaveAutoGrades))
        for step in self._begun[:saving]:
            nb, resources = step(nb, resources)
        nb, resources = self._settled(nb, resources, self._begun[saving:])
        _validate(nb, converter.log)
        converter.write_single_notebook(text_of(nb), resources)

    def _settled(
        self, nb: NotebookNode, resources: dict, steps: list[NbGraderPreprocessor]
    ) -> tuple[NotebookNode, dict]:
        """Write everything about a submission into the gradebook, or nothing."""
        about = resources["nbgrader"]
        timestamp = self._converter.coursedir.get_existing_timestamp(
            self._converter._format_source(about["assignment"], about["student"])
        )
        with self._book.transaction() as db:
            submitted = self._book.submitted(db, about["student"], timestamp)
            for step in steps:
                if isinstance(step, SaveAutoGrades):
                    _save(nb, submitted, step)
                elif isinstance(step, AssignLatePenalties):
                    self._penalize(db, submitted, step, about)
                elif hasattr(step, "settle"):
                    step.settle(nb, resources, submitted, db)
                else:
                    nb, resources = step(nb, resources)
            self._book.write(db, submitted)
        return nb, resources

    def _penalize(self, db: Any, submitted: SubmittedRows, step: AssignLatePenalties, about: dict) -> None:
        """Do what `AssignLatePenalties` does."""
        submitted.late_submission_penalty, late = None, submitted.seconds_late
        if not late:
            return
        who = f"SubmittedAssignment<{about['assignment']} for {about['student']}>"
        step.log.warning(f"{who} is {late} seconds late")
        step.init_plugin()
        self._book.write(db, submitted)
        submitted.score = self._book.score(db, submitted)
        penalty = step.plugin_inst.late_submission_penalty(about["student"], submitted.score, late)
        step.log.warning(f"Late submission penalty: {penalty}")
        if penalty is not None:
            submitted.late_submission_penalty = step._check_late_penalty(submitted, penalty)


def _save(nb: NotebookNode, submitted: SubmittedRows, step: SaveAutoGrades) -> None:
    """Do what `SaveAutoGrades` does."""
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if is_grade(cell):
            grade: GradeRow = by_name(submitted.grades, name)
            grade.auto_score, _ = determine_grade(cell, step.log)
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        if is_solution(cell) or is_task(cell):
            same = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell) and not is_task(cell)
            by_name(submitted.comments, name).auto_comment = NO_RESPONSE if same else None


def _has_its_source(cell: Any) -> bool:
    """Tell whether a cell that students cannot change is the one that its checksum was made of."""
    marks = NotebookNode(
        cell_type=cell.cell_type, source=cell.source, metadata=from_dict({"nbgrader": cell.marks})
    )
    return not cell.locked or compute_checksum(marks) == cell.checksum


def _validate(nb: NotebookNode, log: Any) -> None:
    """Do what nbconvert does behind the last step, and nbformat before it writes: what is strictly right is right."""
    try:
        nbformat.validate(nb)
    except nbformat.ValidationError as error:
        nbformat.validate(nb, relax_add_props=True)
        log.error("Notebook JSON is invalid: %s", error)
