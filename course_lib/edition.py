"""A class edition: which lessons a course has and in which order, what is dropped, and other points, from one file.

``edition.toml`` stands in the folder ``edition`` of a clone, which git leaves alone, or inside of what a class
installed. Nothing else overrides the points of an exercise. Lessons of the instructor's own stand beside it, in
``edition/lessons``; here only their names are known, what is in them is the grader's business.
"""

import dataclasses
import math
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

NAME = "edition.toml"
# The folder with lessons of the instructor's own: in a clone their source, where it is installed what students get.
OWN, INSTALLED = "lessons", "notebooks"
LESSON_FOLDER = re.compile(r"\d\d_\w+")
IGNORED = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}
# Names another file; empty: there is no edition.
VARIABLE = "BACKPROP_EDITION"
KEYS = ("lessons", "dropped", "points")
_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / NAME, _HERE.parent / "edition" / NAME)


class EditionError(ValueError):
    """Raised where an edition does not fit the lessons; the message says what is wrong, a line each."""


class Edition(NamedTuple):
    """What an edition asks for; `lessons` is empty where it says nothing about them."""

    lessons: tuple[str, ...] = ()
    dropped: frozenset[str] = frozenset()
    points: Mapping[str, float] = {}


def place() -> Path | None:
    """Return the file of this course's edition, or None where the course is as it comes."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    return next((path for path in _PLACES if path.is_file() or (path.parent / OWN).is_dir()), None)


def applied(lessons: Mapping[str, Any]) -> dict[str, Any]:
    """Return `lessons`, by id, as this course's edition has them, without those of the instructor's own."""
    path = place()
    if path is None:
        return dict(lessons)
    edition = read(path, lessons)
    return {name: _edited(lessons[name], edition) for name in edition.lessons or lessons if name in lessons}


def order(lessons: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of all lessons of this course, those of the instructor's own too, in its order."""
    path = place()
    if path is None:
        return tuple(lessons)
    return read(path, lessons).lessons or tuple(dict.fromkeys((*lessons, *_own(path))))


def own_lesson(name: str) -> Path | None:
    """Return the folder with the instructor's own source of a lesson, or None where there is none."""
    path = place()
    folder = path.parent / OWN / name if path else None
    return folder if folder and folder.is_dir() else None


def _own(path: Path) -> list[str]:
    folder = path.parent / (INSTALLED if path.parent == _HERE else OWN)
    found = (each.name for each in folder.glob("*") if each.is_dir())
    return sorted(name for name in found if name not in IGNORED and name[0] != ".")


def _edited(lesson: Any, edition: Edition) -> Any:
    exercises = (
        dataclasses.replace(exercise, points=edition.points.get(exercise.id, exercise.points))
        for exercise in lesson.exercises
        if exercise.id not in edition.dropped
    )
    return dataclasses.replace(lesson, exercises=tuple(exercises))


def read(path: Path, lessons: Mapping[str, Any]) -> Edition:
    """Return the edition that a file asks for; whatever of it does not fit the lessons is an `EditionError`."""
    told = {}
    try:
        if path.is_file() or not (path.parent / OWN).is_dir():
            told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # a tomllib.TOMLDecodeError is a ValueError
        raise EditionError(f"{path}: {error}") from error
    problems = list(_problems(told, lessons, _own(path)))
    problems += [
        f"{OWN}/{name}: a lesson's folder begins with two digits, such as 07_{name}; rename it and its notebook"
        for name in _own(path)
        if not LESSON_FOLDER.fullmatch(name)
    ]
    if problems:
        raise EditionError("\n".join(f"{path}: {problem}" for problem in problems))
    points = {name: float(number) for name, number in told.get("points", {}).items()}
    return Edition(tuple(told.get("lessons", ())), frozenset(told.get("dropped", ())), points)


def _problems(told: Mapping[str, Any], lessons: Mapping[str, Any], own: Iterable[str]) -> Iterator[str]:
    exercises = {exercise.id: lesson.id for lesson in lessons.values() for exercise in lesson.exercises}
    dropped, points = told.get("dropped", []), told.get("points", {})
    yield from (f"an edition has no {name!r}; {_remedy(name, KEYS)}" for name in told if name not in KEYS)
    yield from _odd_names(
        "lessons", told.get("lessons", list(lessons)), "lesson", dict.fromkeys((*lessons, *own))
    )
    yield from _odd_names("dropped", dropped, "exercise", exercises)
    if not isinstance(points, dict):
        yield 'points: write a table, [points], and below it a line each, such as "backprop = 5"'
        return
    yield from _odd_names("points", list(points), "exercise", exercises)
    for name, number in points.items():
        if isinstance(number, bool) or not isinstance(number, int | float):
            yield f"points: {name} = {number!r} is no number"
        elif not (math.isfinite(number) and number >= 0):
            yield f"points: {name} = {number} is no number of points; write 0 or more"
        if isinstance(dropped, list) and name in dropped:
            yield f"points: {name} is dropped, so it has none; take it out of one of the two"
    if isinstance(dropped, list):
        left = {lesson for name, lesson in exercises.items() if name not in dropped}
        yield from (
            f"dropped: nothing is left of {name}; leave it out of lessons instead"
            for name in dict.fromkeys(exercises.values())
            if name not in left
        )


def _remedy(name: str, known: Iterable[str]) -> str:
    """Return what to write in the place of a `name` that is not known."""
    from course_lib import inputs  # only a wrong name needs it, and it loads numpy

    return inputs.remedy(name, known)


def _odd_names(key: str, names: Any, what: str, known: Iterable[str]) -> Iterator[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        yield f'{key}: write a list of ids, such as ["{next(iter(known))}"]'
        return
    if not names and key == "lessons":
        yield "lessons: a course needs at least one"
    for name in dict.fromkeys(names):
        if name not in known:
            yield f"{key}: there is no {what} {name!r}; {_remedy(name, known)}"
        elif names.count(name) > 1:
            yield f"{key}: {name} stands there {names.count(name)} times"
