"""Makes of a submission's cells a notebook that nbgrader takes: every marked cell once, with its released marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from nbgrader.api import Gradebook

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
MAKERS = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


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

    @property
    def marks(self) -> dict[str, Any]:
        """What nbgrader wants to find in the cell's metadata."""
        marks = {name: getattr(self, name) for name in ("grade", "solution", "task", "locked", "checksum")}
        marks |= {"schema_version": 3, "grade_id": self.name, "cell_type": self.cell_type}
        return marks if self.points is None else marks | {"points": self.points}


def released(gradebook: Gradebook, lesson: str) -> list[Marked]:
    """Return the marked cells of `lesson` as the gradebook knows them, in their order."""
    notebook = gradebook.find_notebook(lesson, lesson)
    graded = {cell.name: cell.max_score for cell in notebook.grade_cells}
    solved = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
    return [
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
        )
        for cell in notebook.source_cells
    ]


def mend(cells: list[dict[str, Any]], known: list[Marked]) -> tuple[NotebookNode, list[str]]:
    """Return the mended notebook and what had to be done, a sentence each."""
    truth, notes = {cell.name: cell for cell in known}, []
    cells = _rejoined(cells, truth, notes)
    _unmark_strangers(cells, truth, notes)
    _unmark_copies(cells, truth, notes)
    made = [_made(cell, truth.get(cell["mark"]), notes) for cell in cells]
    _put_back(made, known, notes)
    notebook = new_notebook(cells=made, metadata={"kernelspec": KERNEL})
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # as submitted, ids may be missing, doubled or no ids
    return notebook, notes


def _rejoined(cells: list[dict], truth: dict[str, Marked], notes: list[str]) -> list[dict]:
    """Join the halves of a cell that was split in two: they follow each other, and only together they compile."""
    joined: list[dict] = []
    for cell in cells:
        before = joined[-1] if joined else None
        if before and cell["mark"] in truth and cell["mark"] == before["mark"] and _is_half(before, cell):
            before["source"] += "\n" + cell["source"]
            notes.append(f"Cell {cell['mark']} had been split in two; it was joined again.")
        else:
            joined.append(cell)
    return joined


def _is_half(first: dict, second: dict) -> bool:
    if first["cell_type"] != "code" or second["cell_type"] != "code":
        return False
    whole = _compiles(first["source"] + "\n" + second["source"])
    return whole and not (_compiles(first["source"]) and _compiles(second["source"]))


def _compiles(source: str) -> bool:
    try:
        compile(source, "cell", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def _unmark_strangers(cells: list[dict], truth: dict[str, Marked], notes: list[str]) -> None:
    for cell in cells:
        if cell["mark"] is not None and cell["mark"] not in truth:
            notes.append(
                f"A cell marked {cell['mark']!r:.60} does not belong to this lesson; it was not graded."
            )
            cell["mark"] = None


def _unmark_copies(cells: list[dict], truth: dict[str, Marked], notes: list[str]) -> None:
    """Of several cells with one mark keep the last one that was worked on; all of them run."""
    for name, cell in truth.items():
        same = [c for c in cells if c["mark"] == name]
        if len(same) > 1:
            worked = [c for c in same if c["source"] != cell.source] or same
            for copy in same:
                copy["mark"] = name if copy is worked[-1] else None
            notes.append(f"Cell {name} was there {len(same)} times; the last one counts.")


def _made(cell: dict[str, Any], truth: Marked | None, notes: list[str]) -> NotebookNode:
    kind, source, metadata = cell["cell_type"], cell["source"], {}
    if truth:
        if truth.locked and source != truth.source:
            notes.append(f"Cell {truth.name} had been edited; it was put back as released.")
        if kind != truth.cell_type:
            notes.append(f"Cell {truth.name} had become a {kind} cell; it is a {truth.cell_type} cell again.")
        kind, metadata = truth.cell_type, {"nbgrader": truth.marks}
        source = truth.source if truth.locked else source
    made = MAKERS[kind](source=source, metadata=metadata)
    if kind != "code" and cell["attachments"]:
        made.attachments = NotebookNode(cell["attachments"])
    return made


def _put_back(made: list[NotebookNode], known: list[Marked], notes: list[str]) -> None:
    """Insert every released cell that is missing behind the one that it followed."""
    place = 0
    for truth in known:
        there = [n for n, cell in enumerate(made) if _name(cell) == truth.name]
        if there:
            place = there[0] + 1
            continue
        made.insert(place, MAKERS[truth.cell_type](source=truth.source, metadata={"nbgrader": truth.marks}))
        notes.append(f"Cell {truth.name} was missing; it was put back as released.")
        place += 1


def _name(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")
