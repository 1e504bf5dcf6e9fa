"""A lesson of the instructor's own, read from its notebook: which exercises its marked cells are."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_lib.edition import EditionError
from course_lib.exercises import EssayExercise, Exercise, Lesson, PlainExercise

HEADING = re.compile(r"^#{1,6} +(.+?)\s*#*$", re.MULTILINE)
# What a lesson without exercises of the course has of the library while it is graded: there is nothing to give away.
OPEN = frozenset(
    {"activations", "backprop", "descent", "landscape", "network", "numdiff", "palette", "penguins", "plots"}
    | {"scales", "slopes", "symbols"}
)
NO_HINTS = ("", "", "")


@dataclass(frozen=True)
class OwnLesson(Lesson):
    """A lesson whose source is `notebook`; it may be a variant of one of the course's, and has its id then."""

    notebook: Path = field(default_factory=Path)


def read(path: Path, complete: Lesson | None, course: Lesson | None) -> OwnLesson:
    """Return the lesson of a notebook.

    `complete` is the course's lesson of that id, if there is one, and `course` what the edition makes of it.
    """
    cells = list(_cells(path))
    known = {exercise.id: exercise for exercise in course.exercises} if course else {}
    dropped = {exercise.id for exercise in complete.exercises} - known.keys() if complete else set()
    found = {e.id: e for e in _exercises(cells, path.stem, known) if e.id not in dropped}
    # One that the notebook does not have is missed where the lesson is generated.
    exercises = tuple({**found, **{name: known[name] for name in known if name not in found}}.values())
    if course:
        about = {each: getattr(course, each) for each in Lesson.__dataclass_fields__}
        return OwnLesson(**about | {"exercises": exercises}, notebook=path)
    title = next((title for cell in cells for title in HEADING.findall(_text_of(cell))), path.stem[3:])
    return OwnLesson(path.stem, title, 0, OPEN, exercises, notebook=path)


def _cells(path: Path) -> Iterator[dict[str, Any]]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            yield {
                "kind": cell["cell_type"],
                "source": "".join(cell["source"]),
                "marks": dict(cell["metadata"].get("nbgrader", {})),
            }
    except FileNotFoundError as error:
        raise EditionError(
            f"{path.parent}: the lesson's notebook {path.name} is missing; it is called as its folder is"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EditionError(
            f"{path} is no notebook that can be read ({type(error).__name__}: {error})"
        ) from error


def _text_of(cell: dict[str, Any]) -> str:
    return cell["source"] if cell["kind"] == "markdown" and not cell["marks"] else ""


def name_of(marks: dict[str, Any]) -> str:
    """Return the id of the exercise that a marked cell grades, or answers."""
    name = str(marks.get("grade_id", ""))
    return name.removesuffix("_check") if marks.get("grade") and not marks.get("solution") else name


def points_of(marks: dict[str, Any]) -> float | None:
    """Return the points that a cell states, or None where it states none."""
    points = marks.get("points")
    if isinstance(points, bool) or not isinstance(points, int | float) or not math.isfinite(points):
        return None
    return float(points) if points >= 0 else None


def _exercises(cells: list[dict], lesson: str, known: dict[str, Exercise]) -> Iterator[Exercise]:
    """Yield the exercises in the order of the notebook: those of the course, tests, and what a person marks."""
    heading, answers, tested = "", [], False
    for cell in cells:
        marks, name = cell["marks"], name_of(cell["marks"])
        heading = next(reversed(HEADING.findall(_text_of(cell))), heading)
        common = {"lesson": lesson, "title": heading or name, "asks": "", "hints": NO_HINTS}
        common |= {"id": name, "points": points_of(marks) or 0.0}
        if name in known:
            yield known[name]
        elif marks.get("grade") and marks.get("solution"):
            yield EssayExercise(**common)
        elif marks.get("grade"):
            tested = True
            yield PlainExercise(**common, answers=tuple(answers))
        elif marks.get("solution"):
            answers, tested = [*([] if tested else answers), name], False


def tests_for(lesson: Lesson, names: set[str]) -> set[str]:
    """Return `names` with the tests of a lesson in the place of the solution cells that they test."""
    tests = [exercise for exercise in lesson.exercises if isinstance(exercise, PlainExercise)]
    answers = {name for test in tests for name in test.answers}
    return names - answers | {test.id for test in tests if names & {*test.answers}}
