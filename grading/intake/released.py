"""The lesson as it was released: its marked cells, as the gradebook knows them, and the text of all the others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.intake.reading import UnreadableError, cells_of, read_bytes

if TYPE_CHECKING:  # the worker has no gradebook, and starts sooner without
    from nbgrader.api import Gradebook


@dataclass(frozen=True)
class Marked:
    """A cell as it was released, with nbgrader's marks."""

    name: str
    cell_type: str
    source: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None
    checksum: str
    shown: str = ""  # as students see it, where that is another text: without hidden tests

    @property
    def sources(self) -> tuple[str, ...]:
        """What stands in the cell of somebody who has not edited it."""
        return (self.source, self.shown) if self.shown else (self.source,)

    @property
    def marks(self) -> dict[str, Any]:
        """What nbgrader wants to find in the cell's metadata."""
        marks = {name: getattr(self, name) for name in ("grade", "solution", "task", "locked", "checksum")}
        marks |= {"schema_version": 3, "grade_id": self.name, "cell_type": self.cell_type}
        return marks if self.points is None else marks | {"points": self.points}

    @property
    def exercise(self) -> str:
        """The id of the exercise that the cell answers or grades."""
        return self.name if self.solution else self.name.removesuffix("_check")

    @property
    def essay(self) -> bool:
        """Whether the cell is an answer that a person marks."""
        return self.grade and self.solution


@dataclass(frozen=True)
class Released:
    """A released lesson; `texts` are the sources of all its cells, without blanks around them."""

    lesson: str
    cells: tuple[Marked, ...]
    texts: frozenset[str] = frozenset()

    @property
    def exercises(self) -> frozenset[str]:
        """The ids of its exercises."""
        return frozenset(cell.exercise for cell in self.cells if cell.grade or cell.solution)


def released(gradebook: Gradebook, lesson: str, notebooks: list[Path]) -> Released:
    """Return `lesson` as the gradebook knows it; the first of `notebooks` that can be read tells its other cells."""
    notebook = gradebook.find_notebook(lesson, lesson)
    graded = {cell.name: cell.max_score for cell in notebook.grade_cells}
    solved = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
    given = _given(notebooks)
    shown = {cell["mark"]: cell["source"] for cell in given if cell["mark"]}
    cells = tuple(
        Marked(
            name=cell.name,
            cell_type=cell.cell_type,
            source=cell.source,
            locked=bool(cell.locked),
            grade=cell.name in graded,
            solution=cell.name in solved,
            task=cell.name in tasks,
            points=(graded | tasks).get(cell.name),
            checksum=cell.checksum,
            shown=shown.get(cell.name, "") if cell.name in graded and cell.name not in solved else "",
        )
        for cell in notebook.source_cells
    )
    texts = {cell.source.strip() for cell in cells} | {cell["source"].strip() for cell in given}
    return Released(lesson, cells, frozenset(texts))


def _given(notebooks: list[Path]) -> list[dict[str, Any]]:
    for path in notebooks:
        try:
            return cells_of(read_bytes(path)).cells
        except UnreadableError:
            continue
    return []
