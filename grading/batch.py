"""The submissions that one command grades: which are still to be done, and clean copies of them for nbgrader.

Which are done the gradebook is asked, not the age of a file.
"""

import contextlib
import json
import shutil
from dataclasses import fields
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets import Bool, Dict, Enum, Int, List, Unicode
from traitlets.config import Configurable

from course_lib.exercises import Lesson
from grading import bounded, score
from grading.addresses import refuse_unless_closed
from grading.changing import disagreements
from grading.intake import versions
from grading.intake.released import Released, released
from grading.lessons import LESSONS
from grading.records import Records, description, graded_from
from grading.sandbox import Limits, NoSandboxError, preloaded, require
from grading.sandbox.filesystem import lay_out
from grading.scratch import Scratch, sweep
from grading.worker import warming
from grading.worker.admitting import admit
from grading.worker.grading import grade

# From so many submissions on it pays to work out beforehand what judging remembers.
MANY = 6


class Grading(Configurable):
    """What an instructor may set, in nbgrader_config.py or as ``--Grading.name=value``."""

    unsafe_no_sandbox = Bool(False, help="grade without the sandbox; every report says so").tag(config=True)
    secret_file = Unicode("grading/secret", help="where the secret of the inputs is kept").tag(config=True)
    numerical_only = Enum(
        ["flag", "zero"], "flag", help="what becomes of derivatives that were measured, not derived"
    ).tag(config=True)
    preload = Bool(
        True,
        help="fork each kernel from an interpreter that has loaded the lesson; else bubblewrap starts it",
    ).tag(config=True)
    limits = Dict(help=f"limits that differ: {', '.join(f.name for f in fields(Limits))}").tag(config=True)
    workers = Int(
        0,
        min=0,
        help="how many submissions are graded at a time, in processes of their own; 0: one after the other",
    ).tag(config=True)
    scheduler = Unicode(help="address of a Dask scheduler whose workers grade: TLS or loopback only").tag(
        config=True
    )
    students = List(Unicode(), help="whose submissions are graded; empty: everyone's").tag(config=True)
    progress = Bool(False, help="show a bar, and log every submission into a file only").tag(config=True)

    @property
    def at_once(self) -> bool:
        """Whether several submissions are graded at a time."""
        return bool(self.workers or self.scheduler)


class Batch:
    """What grading the submissions of one lesson needs: settings, limits, the lesson, the secret, folders of its own.

    The folders go away with this object: `box` is what every sandbox sees of the course, `staging` holds the copies.
    """

    def __init__(self, converter: Autograde) -> None:
        self.settings = Grading(parent=converter)
        self.grade = grade
        self.limits = Limits(**self.settings.limits)
        if self.settings.scheduler:
            refuse_unless_closed(self.settings.scheduler)
        elif not self.settings.unsafe_no_sandbox:
            require()
        course = converter.coursedir
        self.lesson = LESSONS.get(course.assignment_id)
        if self.lesson is None:
            raise ValueError(f"There is no lesson {course.assignment_id!r}; there are: {', '.join(LESSONS)}")
        self.released = _released(course, self.lesson.id)
        _refuse_other_points(self.released, self.lesson)
        self.secret = score.secret_of(
            Path(course.root) / self.settings.secret_file, shared=course.groupshared
        )
        sweep()
        self._folder = Scratch()
        self.logs = logs_of(course, self.lesson.id)
        self.box, self.staging = Path(self._folder.name, "box"), Path(self._folder.name, "submitted")
        self.box.mkdir()
        lay_out(self.box, self.lesson)


def logs_of(course: CourseDirectory, name: str) -> Path:
    """Return the folder with a log for every submission of a lesson."""
    return Path(course.root, "grading", "logs", name)


def take_in(converter: Autograde) -> None:
    """Stand in the place of `Autograde.init_notebooks`: show nbgrader clean copies instead of the submissions."""
    converter.assignments, converter.notebooks = {}, []
    if not _folders(converter):
        _fail(converter, _nothing_there(converter.coursedir))
    try:
        converter.batch = batch = Batch(converter)
        asked = _asked_for(_submissions(converter), batch.settings.students)
    except (NoSandboxError, ValueError) as error:
        _fail(converter, str(error), error)
    found = pending(
        converter,
        asked,
        lesson_version(batch.lesson, batch.released, batch.settings),
    )
    converter.coursedir = _copy_of(converter.coursedir, str(batch.staging))
    _get_ready(batch, len(found))
    if batch.settings.at_once:
        converter.waiting = found
        return
    for student, source in found.items():
        admit_one(converter, student, source)


def _get_ready(batch: Batch, submissions: int) -> None:
    """Load what every submission needs while the first ones are taken in."""
    settings = batch.settings
    if not submissions or settings.scheduler:
        return
    if settings.preload and not settings.unsafe_no_sandbox:
        with contextlib.suppress(OSError):  # bubblewrap starts each kernel
            preloaded.address_for(str(batch.box), batch.limits)
    if submissions >= MANY:
        told = {
            "lesson": batch.lesson.id,
            "secret": batch.secret.decode(),
            "texts": sorted(batch.released.texts),
        }
        bounded.prepare(warming.warm, json.dumps(told).encode())


def _asked_for(found: dict[str, Path], students: list[str]) -> dict[str, Path]:
    missing = [student for student in students if student not in found]
    if missing:
        raise ValueError(f"There is no submission of {', '.join(map(ascii, missing))}.")
    return {student: found[student] for student in students or found}


def _fail(converter: Autograde, message: str, cause: Exception | None = None) -> None:
    converter.log.error(message)
    raise NbGraderException(message) from cause


def _nothing_there(course: CourseDirectory) -> str:
    folder, lesson = Path(course.submitted_directory), course.assignment_id
    wanted, top = folder / course.student_id / lesson, Path(course.root) / folder
    names = sorted(path.name for path in top.iterdir())[:5] if top.is_dir() else []
    there = f"{folder} contains only: {', '.join(map(ascii, names))}" if names else f"{folder} is empty"
    return (
        f"There is no submission to grade: nothing was found at {wanted}; {there}. Run `nbgrader collect {lesson}`, "
        f"or put what a student handed in into {folder / 'NAME' / lesson}."
    )


def lesson_version(lesson: Lesson, released: Released, settings: Grading) -> tuple:
    """Return the lesson's part in a grading: the cells as the gradebook knows them, the exercises, the settings."""
    cells = sorted((cell.name, cell.points, cell.checksum) for cell in released.cells)
    version = cells, [(e.id, versions.mark(e)) for e in lesson.exercises], settings.numerical_only
    # Where no limit differs nothing is added: what was graded before there was a choice stays done.
    return (*version, sorted(settings.limits.items())) if settings.limits else version


def pending(converter: Autograde, found: dict[str, Path], version: tuple) -> dict[str, Path]:
    """Return those of the submissions `found` that are to be graded, and note what each is graded from."""
    lesson, left = converter.batch.lesson.id, {}
    converter.made_of, converter.done = {}, []
    course = converter.coursedir
    with Gradebook(course.db_url, course.course_id) as gradebook:
        records = Records(gradebook)
        for student, source in found.items():
            made_of = description(gradebook, lesson, student, source, version)
            folder = Path(converter._format_dest(lesson, student))
            graded = graded_from(folder / f"{lesson}.ipynb")
            if graded == made_of and not converter.force and records.is_done(lesson, student, made_of):
                converter.log.info("Skipping existing assignment: %s", folder)
                converter.done.append(student)
                continue
            _tell(converter, student, folder, graded)
            records.begin(lesson, student)
            converter.made_of[student], left[student] = made_of, source
    return left


def _tell(converter: Autograde, student: str, folder: Path, graded: str | None) -> None:
    if folder.exists() and graded is None:
        converter.log.warning("Grading of %r was interrupted; it is done again", student)
        shutil.rmtree(folder)
    elif folder.exists() and not converter.force:
        converter.log.info(
            "%r is graded again: the gradebook does not hold the grades of this submission with the lesson, points "
            "and due date of today",
            student,
        )


def _released(course: CourseDirectory, lesson: str) -> Released:
    folders = (course.release_directory, course.source_directory)
    notebooks = [Path(course.format_path(folder, ".", lesson), f"{lesson}.ipynb") for folder in folders]
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            return released(gradebook, lesson, notebooks)
        except MissingEntry as error:
            remedy = f"Run `nbgrader generate_assignment {lesson}` first."
            raise ValueError(f"The gradebook does not know {lesson}. {remedy}") from error


def _refuse_other_points(known: Released, lesson: Lesson) -> None:
    """Refuse to grade where the points of the gradebook would cut or stretch those of the exercises."""
    stated = {cell.exercise: cell.points for cell in known.cells if cell.grade}
    problems = list(disagreements(stated, lesson.exercises))
    if problems:
        remedy = f"`nbgrader generate_assignment {lesson.id} --force` writes those of the exercises into the gradebook"
        raise ValueError("\n".join([*problems, f"{remedy}, and keeps every mark. Then autograde again."]))


def admit_one(converter: Autograde, student: str, source: Path) -> None:
    """Copy one submission; whatever is wrong with it, the others are graded."""
    lesson = converter.batch.lesson.id
    target = Path(converter._format_source(lesson, student))
    try:
        notes = admit(source, target, converter.batch.released)
    except Exception:
        converter.log.exception("The submission of %r could not be read; the others are graded", student)
        return
    for note in notes:
        converter.log.warning("%s: %s", student, note)
    converter.assignments[str(target)] = [str(target / f"{lesson}.ipynb")]


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
            converter.log.error("nbgrader cannot use the folder name %r; it was skipped", student)
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
