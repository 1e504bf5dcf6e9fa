"""Puts sandbox, collector and judge into `nbgrader autograde`: the command, the Python API, the formgrader's button.

`configure` names what nbgrader's own traits take: an exporter that admits the submissions, and a preprocessor in
the place of `Execute`. nbgrader itself stays as it is.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Dict, Enum, Unicode
from traitlets.config import Config, Configurable

from course_lib.answers import NAME
from course_lib.checking.verdict import Verdict
from course_lib.exercises import LESSONS
from grading import disk, score, showing
from grading.admitting import admit
from grading.collect import Cell, Collected, Submission, collect
from grading.mending import released
from grading.reading import UnreadableError, read_bytes
from grading.sandbox import Limits, NoSandboxError, require
from grading.scratch import scratch, sweep


class Grading(Configurable):
    """What an instructor may set, in nbgrader_config.py or as ``--Grading.name=value``."""

    unsafe_no_sandbox = Bool(False, help="grade without the sandbox; every report says so").tag(config=True)
    secret_file = Unicode("grading/secret", help="where the secret of the inputs is kept").tag(config=True)
    numerical_only = Enum(
        ["flag", "zero"], "flag", help="what becomes of derivatives that were measured, not derived"
    ).tag(config=True)
    limits = Dict(help=f"limits that differ: {', '.join(f.name for f in fields(Limits))}").tag(config=True)


class Door(NotebookExporter):
    """Lets the submissions in, as clean copies, and keeps what grading them needs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if isinstance(self.parent, Autograde):
            try:
                self._open(self.parent)
            except (NoSandboxError, ValueError) as error:
                self.log.error(str(error))
                raise NbGraderException(str(error)) from error

    def _open(self, converter: Autograde) -> None:
        self.settings = Grading(parent=converter)
        self.limits = Limits(**self.settings.limits)
        if not self.settings.unsafe_no_sandbox:
            require()
        course = converter.coursedir
        self.lesson = LESSONS.get(course.assignment_id)
        if self.lesson is None:
            raise ValueError(f"There is no lesson {course.assignment_id!r}; there are: {', '.join(LESSONS)}")
        self.secret = score.secret_of(Path(course.root) / self.settings.secret_file)
        # A folder of its own that goes away with this exporter.
        sweep()
        self._folder = scratch()
        self.box, staging = Path(self._folder.name, "box"), Path(self._folder.name, "submitted")
        self.box.mkdir()
        disk.lay_out(self.box, self.lesson)
        known = self._released(course)
        found = _submissions(converter)
        converter.coursedir = _copy_of(course, str(staging))
        converter.assignments = {}
        for student, source in found.items():
            self._admit(converter, student, source, known)

    def _released(self, course: CourseDirectory) -> list:
        with Gradebook(course.db_url, course.course_id) as gradebook:
            try:
                return released(gradebook, self.lesson.id)
            except MissingEntry as error:
                remedy = f"Run `nbgrader generate_assignment {self.lesson.id}` first."
                raise ValueError(f"The gradebook does not know {self.lesson.id}. {remedy}") from error

    def _admit(self, converter: Autograde, student: str, source: Path, known: list) -> None:
        done = Path(converter._format_dest(self.lesson.id, student))
        if done.exists() and not is_finished(done / f"{self.lesson.id}.ipynb"):
            self.log.warning("Grading of %r was interrupted; it is done again", student)
            shutil.rmtree(done)
        target = Path(converter._format_source(self.lesson.id, student))
        try:
            notes = admit(source, target, self.lesson.id, known)
        except Exception:
            self.log.exception("The submission of %r could not be read; the others are graded", student)
            return
        for note in notes:
            self.log.warning("%s: %s", student, note)
        converter.assignments[str(target)] = [str(target / f"{self.lesson.id}.ipynb")]


def _submissions(converter: Autograde) -> dict[str, Path]:
    """Return every submission that was asked for, those without a notebook too, by student."""
    course, found = converter.coursedir, {}
    pattern = converter._format_source(course.assignment_id, course.student_id)
    for folder in sorted(Path(pattern).parent.parent.glob(f"{course.student_id}/{course.assignment_id}")):
        student = folder.parent.name
        if "\n" in student or not student.isprintable():
            converter.log.error("The folder %r has no name that nbgrader can use; it was left out", student)
        elif folder.is_dir():
            found[student] = folder
    return found


def _copy_of(course: CourseDirectory, submitted: str) -> CourseDirectory:
    """Return the course with another folder of submissions, leaving alone the one that the formgrader goes on using."""
    copy = CourseDirectory(parent=course.parent)
    for name in course.trait_names(config=True):
        setattr(copy, name, getattr(course, name))
    copy.submitted_directory = submitted
    return copy


def is_finished(notebook: Path) -> bool:
    """Tell whether grading of a notebook came to its end: the mark is written with the last step."""
    try:
        return json.loads(read_bytes(notebook))["metadata"]["grading"]["finished"] is True
    except (UnreadableError, ValueError, KeyError, TypeError):
        return False


class Grade(NbGraderPreprocessor):
    """Stands in the place of `Execute`: runs the cells in the sandbox and writes the verdicts reached outside."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with safe outputs, and every grade cell with its points and its card."""
        door: Door = self.parent
        code = [c for c in nb.cells if c.cell_type == "code" and (not is_grade(c) or is_solution(c))]
        cells = [Cell(c.source) for c in code]
        folder = os.path.abspath(resources["metadata"]["path"])
        unsafe = door.settings.unsafe_no_sandbox
        with Submission(cells, str(door.box), folder, door.limits, unsafe) as submission:
            found = collect(submission, score.questions(door.lesson.exercises, door.secret))
        self._kept = score.kept(found.answers_file, Path(folder) / NAME)
        for cell, ran in zip(code, cells, strict=True):
            cell.outputs = showing.outputs(ran.outputs, ran.note)
        verdicts = {e.id: self._verdict(door, e, found) for e in door.lesson.exercises}
        for cell in nb.cells:
            if is_grade(cell) and not is_solution(cell):
                self._write(cell, verdicts)
        self._report(nb, found, verdicts, unsafe)
        return nb, resources

    def _verdict(self, door: Door, exercise: Any, found: Collected) -> Verdict:
        if exercise.kind == "diagram":
            return score.verdict_on_diagram(exercise, self._kept)
        outcomes = found.outcomes.get(exercise.id, [])
        return score.verdict_on(exercise, door.secret, outcomes, found.name, door.settings.numerical_only)

    def _write(self, cell: NotebookNode, verdicts: dict[str, Verdict]) -> None:
        """Write the points where nbgrader looks for them, never more than the gradebook allows."""
        verdict = verdicts.get(cell.metadata.nbgrader["grade_id"].removesuffix("_check"))
        most = float(cell.metadata.nbgrader["points"])
        points = min(verdict.points, most) if verdict else 0.0
        data = {"text/plain": repr(float(points))}
        if verdict:
            data["text/html"] = showing.calm(verdict._repr_html_())
        cell.outputs = [new_output("execute_result", data=data, execution_count=None)]

    def _report(self, nb: NotebookNode, found: Collected, verdicts: dict, unsafe: bool) -> None:
        admitted = nb.metadata.get("grading", {}).get("notes", [])
        notes = [*admitted, *found.notes]
        told = {
            name: {"points": v.points, "max_points": v.max_points, "diagnosis": list(v.diagnosis)}
            for name, v in verdicts.items()
        }
        nb.metadata["grading"] = {"notes": notes, "verdicts": told, "sandbox": not unsafe}
        nb.metadata["grading"]["drawn"] = sorted(self._kept.answers)
        cell = showing.report(notes, unsafe)
        if cell:
            nb.cells.insert(0, cell)


class Seal(NbGraderPreprocessor):
    """The last step: marks the notebook as graded to the end, for whoever starts again after an interruption."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with the mark."""
        self._take_back_no_response(resources["nbgrader"], nb.metadata["grading"].pop("drawn"))
        nb.metadata["grading"]["finished"] = True
        return nb, resources

    def _take_back_no_response(self, about: dict, drawn: list[str]) -> None:
        """Clear nbgrader's "No response." from cells that nobody edits because the answer is given in a diagram."""
        where = (about["notebook"], about["assignment"], about["student"])
        with Gradebook(about["db_url"]) as gradebook:
            for exercise in LESSONS[about["assignment"]].exercises:
                if exercise.kind == "diagram" and exercise.id in drawn:
                    gradebook.find_comment(exercise.id, *where).auto_comment = None
            gradebook.db.commit()


def configure(c: Config) -> None:
    """Make nbgrader grade this way, and show submissions without running what they hold."""
    c.Autograde.exporter_class = Door
    steps = Autograde.class_traits()["autograde_preprocessors"].default()
    c.Autograde.autograde_preprocessors = [Grade if step is Execute else step for step in steps] + [Seal]
    # nbgrader's pages put Markdown into HTML as it is; every other output was made safe when it was graded.
    c.HTMLExporter.filters = {"markdown2html": showing.markdown}
