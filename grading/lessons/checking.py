"""What the marked cells of an own lesson must be like before it may be released."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from grading.lessons.own import name_of, points_of

IN_THE_PANEL = "set them in JupyterLab's panel Create Assignment"


def problems(marked: Sequence[tuple[Any, dict[str, Any]]], known: Collection[str]) -> Iterator[str]:
    """Find what is wrong with plain cells, among `marked` ones with their marks; `known` are the course's exercises."""
    names = Counter(marks.get("grade_id", "") for _, marks in marked)
    yield from (
        f"the ID {name!r} is given to {count} cells; give each one of its own"
        for name, count in names.items()
        if count > 1
    )
    exercises = Counter(name_of(marks) for _, marks in marked if marks.get("grade") or marks.get("task"))
    yield from (
        f"the IDs {name!r} and '{name}_check' are of one exercise in this course; rename one of the two"
        for name, count in exercises.items()
        if count > 1 and names[name] == 1
    )
    for cell, marks in marked:
        if name_of(marks) not in known:
            yield from _of_cell(cell, marks)


def _of_cell(cell: Any, marks: dict[str, Any]) -> Iterator[str]:
    name = f"cell {marks.get('grade_id', '')!r}"
    graded = marks.get("grade") or marks.get("task")
    if graded and points_of(marks) is None:
        yield f"{name}: {marks.get('points')!r} is no number of points; {IN_THE_PANEL}"
    if marks.get("grade") and not marks.get("solution") and cell.cell_type != "code":
        yield f"{name}: a test is a cell of code; make it one, or let it be marked by a person"


def other_notebooks(folder: Path) -> Iterator[str]:
    """Find notebooks beside the lesson's: they would be handed out, and never graded."""
    for path in sorted(folder.glob("*.ipynb")):
        if path.stem != folder.name:
            yield f"only {folder.name}.ipynb is graded; move {path.name} into a lesson's folder of its own"
