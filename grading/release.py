"""solutions/ to notebooks/ by nbgrader's own converter, and the proof that the two are in step."""

import hashlib
import io
import logging
import re
import tempfile
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor, SaveCells
from traitlets.config import Config

from course_lib import edition
from course_lib.exercises import COMPLETE, EXERCISES
from course_lib.files import replacing
from course_lib.lesson_folders import lesson_folders
from grading import changing, contents, points, sources
from grading.intake import versions
from grading.leaving_out import leave_out
from grading.lessons import LESSONS
from grading.lessons.linking import linked

ROOT = Path(__file__).resolve().parent.parent
# Of a class edition, what is generated stands beside its file: notebooks/ is as git has it.
EDITION = edition.place()
NOTEBOOKS = EDITION.parent / "notebooks" if EDITION else ROOT / "notebooks"
# With lessons of the instructor's own, a folder with links to those and to the course's.
OWN = bool(EDITION) and (EDITION.parent / edition.OWN).is_dir()
SOLUTIONS = EDITION.parent / "sources" if OWN else ROOT / "solutions"
# What was generated last, in the format of sha256sum: anything else in notebooks/ is somebody's work.
MANIFEST = (EDITION.parent if EDITION else ROOT / "grading") / "notebooks.sha256"


class ReleaseError(Exception):
    """The release cannot be made; the message says what is wrong, a line each, and what to do."""


class WritePoints(NbGraderPreprocessor):
    """Writes the points of the exercises into the grade cells, and stops where notebook and exercises disagree."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Return the notebook with its points; nbgrader calls this first, also from the formgrader."""
        folder = Path(resources["metadata"]["path"])
        _refuse(sources.problems(folder, LESSONS, EXERCISES))
        leave_out(nb)
        exercises = sources.with_own(EXERCISES, LESSONS.get(folder.name))
        sources.write_points(nb, exercises)
        versions.stamp(nb, folder.name, exercises)
        return nb, resources


class ClearAnswers(ClearSolutions):
    """Takes the solutions out. A stub raises when its function is called, never when its cell is run."""

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Return the cell with its stub; one outside any function must not end "Run All"."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        cell.source = re.sub(r"\n?^raise NotImplementedError\(\)$", "", cell.source, flags=re.MULTILINE)
        # Where a solution has two parts, the place to begin is marked and the form to fill in below it is not.
        first, mark, rest = cell.source.partition("# YOUR CODE HERE")
        cell.source = first + mark + re.sub(r"\n^# YOUR CODE HERE$", "", rest, flags=re.MULTILINE)
        return cell, resources


_STOCK = GenerateAssignment.class_traits()["preprocessors"].default()
_OURS = {ClearSolutions: ClearAnswers, SaveCells: changing.SaveChangedCells}
PREPROCESSORS = [WritePoints, *(_OURS.get(step, step) for step in _STOCK)]


def configure(c: Config) -> None:
    """Make `nbgrader generate_assignment`, and the formgrader's button, release lessons this way."""
    c.GenerateAssignment.preprocessors = PREPROCESSORS
    if EDITION:
        c.CourseDirectory.release_directory = str(NOTEBOOKS)
    if OWN:
        c.CourseDirectory.source_directory = str(linked(ROOT / "solutions", SOLUTIONS))
    changing.configure()


def _refuse(problems: list[str]) -> None:
    if problems:
        raise ReleaseError("\n".join(problems))


def generate(solutions: Path, destination: Path) -> None:
    """Generate the student's version of every lesson in `solutions` into the empty folder `destination`.

    Where a lesson is not fit to be released, or nbgrader fails, that is a ReleaseError.
    """
    if OWN and solutions == SOLUTIONS:
        linked(ROOT / "solutions", SOLUTIONS)
    left_out = COMPLETE.keys() - LESSONS.keys()
    folders = [folder for folder in lesson_folders(solutions) if folder.name not in left_out]
    missing = sorted(set(LESSONS) - {folder.name for folder in folders})
    problems = [
        f"{solutions.name}/{lesson}: course_lib.exercises has this lesson, but it is missing"
        for lesson in missing
    ]
    for folder in folders:
        problems += sources.problems(folder, LESSONS, EXERCISES)
    _refuse(problems)
    for folder in folders:
        _generate_lesson(folder.resolve(), destination.resolve())


def _generate_lesson(folder: Path, destination: Path) -> None:
    config = Config()
    config.CourseDirectory.root = str(folder.parent.parent)
    config.CourseDirectory.source_directory = folder.parent.name
    config.CourseDirectory.release_directory = str(destination)
    config.CourseDirectory.assignment_id = folder.name
    config.GenerateAssignment.preprocessors = PREPROCESSORS
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    said = io.StringIO()
    log = logging.Logger("release", logging.WARNING)
    log.addHandler(logging.StreamHandler(said))
    course = CourseDirectory(config=config, log=log)
    try:
        GenerateAssignment(coursedir=course, config=config, log=log).start()
    except NbGraderException as error:
        raise ReleaseError(f"nbgrader could not generate {folder.name}:\n{said.getvalue()}") from error


def _contents(directory: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in sources.files_below(directory).items()}


def _generated(solutions: Path) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        generate(solutions, Path(folder))
        try:
            page = contents.page(LESSONS, solutions).encode()
        except ValueError as error:
            raise ReleaseError(str(error)) from error
        return {contents.NAME: page, **_contents(Path(folder))}


def _manifest_of(files: dict[str, bytes], directory: str) -> str:
    return "".join(
        f"{hashlib.sha256(files[name]).hexdigest()}  {directory}/{name}\n" for name in sorted(files)
    )


def _readme(notebooks: Path) -> tuple[Path, str, str]:
    """Return the README beside `notebooks`: where it is, what it says, and what it has to say about the points."""
    path = notebooks.parent / "README.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    try:
        return path, text, points.in_table(text, LESSONS) if text else ""
    except ValueError as error:
        raise ReleaseError(f"{path.name}: {error}") from error


def differences(
    solutions: Path = SOLUTIONS, notebooks: Path = NOTEBOOKS, manifest: Path = MANIFEST
) -> list[str]:
    """Return every file of `notebooks` that is not what `solutions` generates, and how it differs.

    The README beside `notebooks` is one too, if the points in its table are not those of the exercises.
    """
    fresh, there = _generated(solutions), _contents(notebooks)
    found = [f"missing: {notebooks.name}/{name}" for name in sorted(fresh.keys() - there.keys())]
    found += [f"orphan: {notebooks.name}/{name}" for name in sorted(there.keys() - fresh.keys())]
    found += [
        f"edited: {notebooks.name}/{name}"
        for name in sorted(fresh.keys() & there.keys())
        if fresh[name] != there[name]
    ]
    recorded = manifest.read_text() if manifest.is_file() else ""
    if not found and recorded != _manifest_of(fresh, notebooks.name):
        found = [f"edited: {manifest.name}, the record of what was generated"]
    readme, text, right = _readme(notebooks)
    return found + ([f"edited: {readme.name}, the points in its table"] if text != right else [])


def regenerate(
    solutions: Path = SOLUTIONS, notebooks: Path = NOTEBOOKS, manifest: Path = MANIFEST
) -> list[str]:
    """Make `notebooks` what `solutions` generates and return the files that changed.

    The points in the table of the README beside `notebooks` are brought up to date as well. Where a file would be lost
    that this function did not write, that is a ReleaseError, and nothing is touched.
    """
    fresh, there = _generated(solutions), _contents(notebooks)
    readme, text, right = _readme(notebooks)
    changed = sorted(name for name in fresh.keys() | there.keys() if fresh.get(name) != there.get(name))
    recorded = set(manifest.read_text().splitlines()) if manifest.is_file() else set()
    ours = {name for name in there if _manifest_of({name: there[name]}, notebooks.name).strip() in recorded}
    _refuse(
        [
            f"{notebooks.name}/{name}: not as it was generated, so somebody's work would be lost. Take the change "
            f"over into {solutions.name}/ or move the file out of {notebooks.name}/, then delete it and run this again."
            for name in changed
            if name in there and name not in ours
        ]
    )
    for name in changed:
        if name in fresh:
            _write(notebooks / name, fresh[name])
        else:
            (notebooks / name).unlink()
    for folder in sorted(notebooks.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    _write(manifest, _manifest_of(fresh, notebooks.name).encode())
    if text != right:
        _write(readme, right.encode())
        changed.append(f"../{readme.name}")
    return changed


def _write(path: Path, content: bytes) -> None:
    """Write in one step: a file that is cut short would be taken for somebody's work the next time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as partial:
        partial.write_bytes(content)
