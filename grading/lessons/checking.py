"""What the marked cells of an own lesson must be like before it may be released."""

import ast
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
    exercises = Counter(name_of(marks) for _, marks in marked if marks.get("grade"))
    yield from (
        f"the IDs {name!r} and '{name}_check' are of one exercise in this course; rename one of the two"
        for name, count in exercises.items()
        if count > 1 and names[name] == 1
    )
    for cell, marks in marked:
        if name_of(marks) not in known:
            yield from _of_cell(cell, marks, beside=bool(known))


def _of_cell(cell: Any, marks: dict[str, Any], *, beside: bool) -> Iterator[str]:
    name = f"cell {marks.get('grade_id', '')!r}"
    if marks.get("task"):
        yield f"{name}: a task is not graded here; make it a manually graded answer, a cell that the student fills in"
    if marks.get("grade") and points_of(marks) is None:
        yield f"{name}: {marks.get('points')!r} is no number of points; {IN_THE_PANEL}"
    if not marks.get("grade") or marks.get("solution"):
        return
    if cell.cell_type != "code":
        yield f"{name}: a test is a cell of code; make it one, or let it be marked by a person"
    elif beside and _imports(cell.source):
        # It is there in the student's own kernel, and an answer below may come to use it.
        yield f"{name}: tests do not run where the course's exercises are graded; import in a cell of its own above"


def _imports(source: str) -> bool:
    """Tell whether code imports something for the cells below it; what is no Python, as a magic, is let through."""
    try:
        return any(isinstance(one, ast.Import | ast.ImportFrom) for one in ast.parse(source).body)
    except (SyntaxError, ValueError):
        return False


def other_notebooks(folder: Path) -> Iterator[str]:
    """Find notebooks beside the lesson's: they would be handed out, and never graded."""
    for path in sorted(folder.glob("*.ipynb")):
        if path.stem != folder.name:
            yield f"only {folder.name}.ipynb is graded; move {path.name} into a lesson's folder of its own"
