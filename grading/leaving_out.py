"""Taking exercises that a class edition drops out of a lesson: their cells, and the sections that are theirs alone."""

from collections.abc import Collection, Iterator
from typing import Any

from course_lib.exercises import COMPLETE, EXERCISES
from grading.points import PLACEHOLDER
from grading.statements import Statement, statements_of

DROPPED = frozenset(e.id for lesson in COMPLETE.values() for e in lesson.exercises) - EXERCISES.keys()
REMEDY = "Give it 0 points instead, and it is practice"


def leave_out(notebook: Any, dropped: Collection[str] = DROPPED) -> list[str]:
    """Take the `dropped` exercises out of a lesson, and return what keeps the rest from going without them."""
    kept, gone = [], []
    for section in _sections(notebook.cells):
        names = [name for cell in section if (name := _exercise(cell))]
        if names and dropped and set(names) <= set(dropped):
            gone += section
            continue
        for cell in section:
            if _exercise(cell) in dropped:
                gone += [cell, *_introducing(kept)]
            else:
                kept.append(cell)
    notebook.cells = kept
    return list(_missed(kept, gone)) if gone else []


def _sections(cells: list[Any]) -> Iterator[list[Any]]:
    """Yield the cells from each heading to the next."""
    section: list[Any] = []
    for cell in cells:
        if _is_heading(cell) and section:
            yield section
            section = []
        section.append(cell)
    yield section


def _is_heading(cell: Any) -> bool:
    return cell.cell_type == "markdown" and cell.source.startswith("#") and not _exercise(cell)


def _exercise(cell: Any) -> str:
    marks = cell.metadata.get("nbgrader", {})
    return (
        marks.get("grade_id", "").removesuffix("_check")
        if marks.get("grade") or marks.get("solution")
        else ""
    )


def _introducing(kept: list[Any]) -> Iterator[Any]:
    """Take the text that leads to a cell back from those that are kept; a heading leads to others too."""
    while kept and kept[-1].cell_type == "markdown" and not _is_heading(kept[-1]) and not _exercise(kept[-1]):
        yield kept.pop()


def _missed(kept: list[Any], gone: list[Any]) -> Iterator[str]:
    """Find what is said or used in the rest of a lesson and went with its exercise."""
    exercises = {name for cell in gone if (name := _exercise(cell))}
    which = " and ".join(sorted(exercises))
    for cell in kept:
        for found in PLACEHOLDER.finditer(cell.source) if cell.cell_type == "markdown" else ():
            if found[2] in exercises:
                yield f"{found[2]} cannot be dropped: the cell {cell.id} speaks of its points. {REMEDY}"
    made = _bound(gone) - _bound(kept)
    for cell in kept:
        for name in sorted(
            made & {name for one in _statements(cell) for name in one.now.read | one.later.read}
        ):
            yield f"{which} cannot be dropped: the cell {cell.id} uses {name}. {REMEDY}"


def _bound(cells: list[Any]) -> set[str]:
    return {name for cell in cells for one in _statements(cell) for name, _ in one.now.bound}


def _statements(cell: Any) -> list[Statement]:
    return statements_of(cell.source) if cell.cell_type == "code" else []
