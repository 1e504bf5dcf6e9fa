"""What a lesson in solutions/ must be like before it may be released."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from course_lib.edition import IGNORED
from course_lib.exercises import EssayExercise
from course_lib.files import PARTIAL
from grading import points
from grading.leaving_out import leave_out
from grading.lessons import OwnLesson, checking


def files_below(directory: Path) -> dict[str, Path]:
    """Return every file below `directory` by its relative path, without what editors and Python leave there."""
    found = {path.relative_to(directory): path for path in directory.rglob("*") if path.is_file()}
    names = (name for name in sorted(found) if not IGNORED & set(name.parts) and name.suffix != PARTIAL)
    return {name.as_posix(): found[name] for name in names}


def problems(folder: Path, lessons: Mapping[str, Any], exercises: Mapping[str, Any]) -> list[str]:
    """Return what keeps the lesson in `folder` from being released, a sentence each; empty when nothing does."""
    where = f"{folder.parent.name}/{folder.name}"
    lesson = lessons.get(folder.name)
    own = isinstance(lesson, OwnLesson)
    found = [
        f"{where}/{name}: nbgrader would hand this out with the lesson and, when grading, put it over the "
        "student's own answers.json. Answer diagrams in code, with place(...) between solution marks, and delete it."
        for name in files_below(folder)
        if Path(name).name == "answers.json"
    ]
    if lesson is None:
        found.append(
            f"{where}: course_lib.exercises knows no lesson {folder.name!r}, only {', '.join(lessons)}"
        )
    if own:
        found += [f"{where}: {problem}" for problem in checking.other_notebooks(folder)]
    path = folder / f"{folder.name}.ipynb"
    if not path.is_file():
        return [*found, f"{where}: the lesson's notebook {path.name} is missing"]
    # nbformat.read would mend the ids, differently each time, and nothing would be found.
    notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
    inside = [
        *leave_out(notebook),
        *_unclean(notebook, own),
        *mismatches(notebook, folder.name, exercises, own),
        *points.problems(notebook, with_own(exercises, lesson), own),
    ]
    return found + [f"{where}/{path.name}: {problem}" for problem in inside]


def with_own(exercises: Mapping[str, Any], lesson: Any) -> dict[str, Any]:
    """Return the exercises of the course with those of an own lesson among them."""
    own = lesson.exercises if isinstance(lesson, OwnLesson) else ()
    return {**exercises, **{exercise.id: exercise for exercise in own}}


def _unclean(notebook: Any, own: bool) -> Iterator[str]:
    """Find what would make the release differ from one generation to the next, or leak; nbgrader clears outputs."""
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        yield (
            "it has no cell ids (nbformat below 4.5), and new ones would be invented at every generation; open it in "
            "JupyterLab and save it"
        )
        return
    seen = set()
    for position, cell in enumerate(notebook.cells):
        name = f"cell {position} ({cell.get('id', 'without id')})"
        if not cell.get("id") or cell.id in seen:
            yield f"{name}: every cell needs an id of its own, or new ones would be invented at every generation"
        seen.add(cell.get("id"))
        if own:  # its owner works in it
            continue
        if cell.get("outputs"):
            yield f"{name}: it carries outputs; clear them"
        if cell.get("execution_count") is not None:
            yield f"{name}: it carries the execution count {cell.execution_count}; clear it"


def mismatches(notebook: Any, lesson: str, exercises: Mapping[str, Any], own: bool = False) -> Iterator[str]:
    """Find where the marked cells of `notebook` and the exercises of `lesson` disagree.

    In an `own` lesson further cells may be marked, as plain nbgrader has them.
    """
    answered, checked = set(), set()
    ours = {name: exercise for name, exercise in exercises.items() if exercise.lesson == lesson}
    if own:
        yield from checking.problems(list(marked_cells(notebook)), ours)
    for cell, marks in marked_cells(notebook):
        identity, grade, solution = marks["grade_id"], marks.get("grade"), marks.get("solution")
        name = identity.removesuffix("_check") if grade and not solution else identity
        if (grade or solution) and not (own and name not in ours):
            yield from _against(exercises.get(name), cell, marks, name, lesson)
        answered |= {name} if solution else set()
        checked |= {name} if grade else set()
    for exercise in ours.values():
        if exercise.id not in answered:
            yield f"exercise {exercise.id!r} has no solution cell (grade_id {exercise.id!r})"
        if exercise.id not in checked:
            expected = exercise.id if isinstance(exercise, EssayExercise) else f"{exercise.id}_check"
            yield f"exercise {exercise.id!r} has no grade cell (grade_id {expected!r})"


def _against(exercise: Any, cell: Any, marks: Mapping[str, Any], name: str, lesson: str) -> Iterator[str]:
    cell_name = f"cell {marks['grade_id']!r}"
    if exercise is None or exercise.lesson != lesson:
        home = f"it belongs to {exercise.lesson}" if exercise else "course_lib.exercises does not know it"
        yield f"{cell_name} is marked as exercise {name!r} of {lesson}, but {home}"
        return
    if not marks.get("grade"):
        return
    if marks.get("points") not in (None, exercise.points):
        yield (
            f"{cell_name} states {marks['points']} points, course_lib.exercises states {exercise.points}; "
            "take the number out of the cell or correct it"
        )
    essay = isinstance(exercise, EssayExercise)
    if bool(marks.get("solution")) != essay:
        yield f"{cell_name}: an exercise of the class {type(exercise).__name__} cannot be graded by such a cell"
    elif not essay and marks["grade_id"] != f"{name}_check":
        yield f"{cell_name}: a grade cell's grade_id is its exercise's id and '_check'"
    elif not essay and f'check("{name}"' not in cell.source:
        yield f'{cell_name} does not call check("{name}", ...)'


def marked_cells(notebook: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the cells that carry nbgrader's marks, each with them."""
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            yield cell, cell.metadata["nbgrader"]


def names_of_cells(folder: Path) -> set[str]:
    """Return the grade_id of every marked cell that a class is given of the lesson in `folder`."""
    notebook = nbformat.v4.reads((folder / f"{folder.name}.ipynb").read_text(encoding="utf-8"))
    leave_out(notebook)
    return {marks["grade_id"] for _, marks in marked_cells(notebook)}


def write_points(notebook: Any, exercises: Mapping[str, Any]) -> None:
    """Write the points of `exercises` into the grade cells and the text of a notebook in which nothing disagrees."""
    points.write(notebook, exercises)
    for _, marks in marked_cells(notebook):
        if marks.get("grade"):
            name = marks["grade_id"] if marks.get("solution") else marks["grade_id"].removesuffix("_check")
            marks["points"] = exercises[name].points
