"""The door: makes clean copies of the submissions that nbgrader is to grade, and keeps what grading them needs."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets import Bool, Dict, Enum, Unicode
from traitlets.config import Configurable

from course_lib.exercises import LESSONS
from grading import score
from grading.admitting import admit
from grading.mending import released
from grading.reading import UnreadableError, read_bytes
from grading.sandbox import Limits, NoSandboxError, require
from grading.sandbox.filesystem import lay_out
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
        lay_out(self.box, self.lesson)
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


def find_submissions(converter: Autograde) -> None:
    """Stand in the place of `Autograde.init_notebooks`, which gives up where nobody's folder has a notebook."""
    converter.assignments, converter.notebooks = {}, []  # the door fills them
    if _folders(converter):
        return
    course = converter.coursedir
    folder, lesson = Path(course.submitted_directory), course.assignment_id
    wanted = folder / course.student_id / lesson
    top = Path(course.root) / folder
    there = sorted(path.name for path in top.iterdir())[:5] if top.is_dir() else []
    found = f"in {folder} there is only: {', '.join(map(ascii, there))}" if there else f"{folder} is empty"
    told = (
        f"There is no submission to grade: nothing lies in {wanted}; {found}. Run `nbgrader collect {lesson}`, or put "
        f"what a student handed in into {folder / 'NAME' / lesson}, the notebook {lesson}.ipynb in it."
    )
    converter.log.error(told)
    raise NbGraderException(told)


def _folders(converter: Autograde) -> list[Path]:
    course = converter.coursedir
    pattern = Path(converter._format_source(course.assignment_id, course.student_id))
    return sorted(pattern.parent.parent.glob(f"{course.student_id}/{course.assignment_id}"))


def _submissions(converter: Autograde) -> dict[str, Path]:
    """Return every submission that was asked for, those without a notebook too, by student."""
    found = {}
    for folder in _folders(converter):
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
