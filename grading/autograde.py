"""Puts sandbox, collector and judge into `nbgrader autograde`: the command, the Python API, the formgrader's button.

`configure` sets nbgrader's own traits, with a preprocessor in the place of `Execute`. Of nbgrader itself what is
replaced is how it finds the submissions, and its bookkeeping for each.
"""

import os
from collections.abc import Container
from dataclasses import asdict
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4 import new_markdown_cell
from nbgrader import api
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.preprocessors import CheckCellMetadata, Execute, NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_grade, is_solution
from traitlets.config import Config

from course_lib.answers import NAME
from course_lib.exercises import EXERCISES
from grading import pages, predecessors, safe_output, terminal
from grading.batch import Batch, take_in
from grading.bookkeeping import installing
from grading.classroom import autograding, feedback_pages
from grading.feedback import FeedbackExporter, ReleaseFeedback, is_current
from grading.lessons import exercises_of
from grading.plain.testing import tests_in
from grading.records import Record
from grading.worker.assessment import Order, plain
from grading.worker.believing import GROUNDS
from grading.worker.grading import Graded


class Grade(NbGraderPreprocessor):
    """Stands in the place of `Execute`: a worker runs the cells in the sandbox, and judges what came out of it."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with safe outputs, and every grade cell with its points and its card."""
        batch: Batch = self.parent.parent.batch
        code = [c for c in nb.cells if c.cell_type == "code" and (not is_grade(c) or is_solution(c))]
        graded = batch.grade(_order(batch, nb, code, os.path.abspath(resources["metadata"]["path"])))
        for cell, made in zip(code, graded.outputs, strict=True):
            cell.outputs = [from_dict(output) for output in made]
            _draw(cell, graded)
        for cell in nb.cells:
            if is_grade(cell) and not is_solution(cell):
                _write(cell, graded)
        self._report(nb, resources, graded)
        return nb, resources

    def _report(self, nb: NotebookNode, resources: dict, graded: Graded) -> None:
        """Write what was found into the metadata and, for people, into a cell on top and the terminal."""
        batch: Batch = self.parent.parent.batch
        admitted, unsafe = nb.metadata["grading"], batch.settings.unsafe_no_sandbox
        exercises = [e for e in batch.lesson.exercises if e.points]
        notes, open_ = list(graded.notes), {*admitted["open"], *graded.broken}
        if admitted["diagrams_seen"] and not graded.answers_file:
            open_ |= {*admitted["diagrams_seen"]}
            notes.append(
                f"{NAME} was not handed in, so answers given in diagrams cannot be seen. Those that the notebook shows "
                "to have been open, and not to have been left empty, wait for manual grading."
            )
        for note in notes:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        notes = [*admitted["notes"], *notes]
        right = {name for name, verdict in graded.verdicts.items() if verdict["right"]}
        kept = ("points", "max_points", "diagnosis", "state", *GROUNDS)
        admitted |= {
            "notes": notes,
            "verdicts": {name: {k: v[k] for k in kept} for name, v in graded.verdicts.items()},
            "sandbox": not unsafe,
            "drawn": graded.drawn,
            "name": graded.name,
            "signs": sorted({*admitted["signs"], *(["stopped"] if graded.stopped else [])}),
            "open": [e.id for e in exercises if e.id in {*admitted["look"], *open_} - right],
        }
        report = safe_output.report(notes, unsafe)
        if report:
            nb.cells.insert(0, new_markdown_cell(report, id="grading-report"))


class Finish(NbGraderPreprocessor):
    """Writes into the gradebook what waits for manual grading; whoever starts again sees that this one is done."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with the mark."""
        which = resources["nbgrader"]
        with api.Gradebook(which["db_url"]) as gradebook:
            submitted = gradebook.find_submission_notebook(
                which["notebook"], which["assignment"], which["student"]
            )
            self.settle(nb, resources, submitted, gradebook.db)
            gradebook.db.commit()
        return nb, resources

    def settle(self, nb: NotebookNode, resources: dict, submitted: Any, db: Any) -> None:
        """Say of the grades and comments what is left to a person; they are nbgrader's, or rows of the bookkeeping."""
        about, known = nb.metadata["grading"], exercises_of(resources["nbgrader"]["assignment"])
        names = {c.metadata.nbgrader["grade_id"] for c in nb.cells if is_grade(c) or is_solution(c)}
        for grade in submitted.grades:
            if grade.name in names:
                _leave_to_a_person(grade, about, known)
        for comment in submitted.comments:
            if comment.name in names:
                _take_back_no_response(comment, about)
        waiting = sorted({*about["open"], *about["look"]})
        if waiting:
            self.log.warning(
                "%s: waiting for manual grading: %s", resources["nbgrader"]["student"], ", ".join(waiting)
            )
        self.parent.parent.stands = {"notes": about["notes"], "look": waiting}
        about["finished"] = True


def _leave_to_a_person(grade: Any, about: dict, known: Container[str]) -> None:
    """Take back the 0 of what was not right for reasons of form; ask for a look where there was a choice."""
    exercise = grade.name.removesuffix("_check")
    # The gradebook may also be of an older version than the exercises.
    if exercise in about["open"] or exercise not in known:
        grade.auto_score, grade.needs_manual_grade = None, True
    elif exercise in about["look"]:
        grade.needs_manual_grade = True


def _take_back_no_response(comment: Any, about: dict) -> None:
    """Clear nbgrader's "No response." where the answer is in a diagram, or may be in another cell."""
    if comment.name in {*about["drawn"], *about["open"], *about["look"]}:
        comment.auto_comment = None


def _order(batch: Batch, nb: NotebookNode, code: list[NotebookNode], files: str) -> Order:
    edited = {
        c.metadata.nbgrader["grade_id"]: n for n, c in enumerate(code) if is_solution(c) and _is_edited(c)
    }
    return Order(
        lesson=batch.lesson.id,
        cells=[(cell.source, cell.metadata.get("nbgrader", {}).get("grade_id", "")) for cell in code],
        own=edited,
        files=files,
        box=str(batch.box),
        secret=batch.secret,
        limits=asdict(batch.limits),
        numerical_only=batch.settings.numerical_only,
        unsafe=batch.settings.unsafe_no_sandbox,
        tests=list(tests_in(nb.cells, plain(batch.lesson), edited)),
        preload=batch.settings.preload,
    )


def _draw(cell: NotebookNode, graded: Graded) -> None:
    """Show a diagram as it was answered; its widget was not there while the cells ran."""
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    if name in graded.figures:
        data = {"text/html": graded.figures[name], "text/plain": f"[diagram: {EXERCISES[name].title}]"}
        cell.outputs = [from_dict({"output_type": "display_data", "data": data, "metadata": {}})]


def _write(cell: NotebookNode, graded: Graded) -> None:
    """Write the points where nbgrader looks for them, never more than the gradebook allows."""
    verdict = graded.verdicts.get(cell.metadata.nbgrader["grade_id"].removesuffix("_check"))
    points = min(verdict["points"], float(cell.metadata.nbgrader["points"])) if verdict else 0.0
    data = {"text/plain": repr(float(points))} | ({"text/html": verdict["card"]} if verdict else {})
    output = {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
    cell.outputs = [from_dict(output)]  # the whole notebook is validated once, in the end


def _is_edited(cell: NotebookNode) -> bool:
    return cell.metadata.nbgrader["checksum"] != compute_checksum(cell)


def _steps(name: str) -> list[type[NbGraderPreprocessor]]:
    """Return the steps of nbgrader's; the marks of the cells need no check, since intake has just written them."""
    return [step for step in Autograde.class_traits()[name].default() if step is not CheckCellMetadata]


def configure(c: Config) -> None:
    """Make nbgrader grade this way, and show submissions without running what they hold."""
    Autograde.init_notebooks = take_in  # no trait of nbgrader's decides this
    before, steps = (_steps(f"{name}_preprocessors") for name in ("sanitize", "autograde"))
    behind = [Grade if step is Execute else step for step in steps] + [Finish, Record]
    c.Autograde.sanitize_preprocessors, c.Autograde.autograde_preprocessors = before, behind
    installing.configure([*before, *behind])
    c.Exporter.optimistic_validation = (
        True  # a notebook is validated behind the last step, and not behind each
    )
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.ExchangeFactory.release_feedback = ReleaseFeedback
    pages.configure(c)
    predecessors.configure({Autograde: lambda *names: False, GenerateFeedback: is_current})
    terminal.tidy(autograding.convert)
    GenerateFeedback.convert_notebooks = feedback_pages.convert
