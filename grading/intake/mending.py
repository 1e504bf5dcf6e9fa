"""Makes of a submission's cells a notebook that nbgrader takes: every marked cell once, with its released marks."""

import ast
from collections.abc import Sequence
from typing import Any, NamedTuple

from grading.intake.released import Marked

# Longer cells are not tried: a parser may take a thousand times the memory of what it reads.
MOST_COMPILED = 20_000


class Mended(NamedTuple):
    """The mended cells, what had to be done (a sentence each), and the exercises that this may have cost points."""

    cells: list[dict[str, Any]]
    notes: list[str]
    touched: set[str]


# What is said of one cell, and of several.
DONE = {
    "split": ("had been split in two; it was joined again", "had been split in two; they were joined again"),
    "foreign": (
        "does not belong to this lesson; it was not graded",
        "do not belong to this lesson; not graded",
    ),
    "copied": (
        "was there more than once; the last one counts",
        "were there more than once; the last ones count",
    ),
    "edited": (
        "had been edited; it was put back as released",
        "had been edited; they were put back as released",
    ),
    "retyped": (
        "had another type of cell; it has its own again",
        "had other types of cells; they have their own again",
    ),
    "missing": ("was missing; it was put back as released", "were missing; they were put back as released"),
}


class _Log:
    """Which cells were mended, and how."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = {what: [] for what in DONE}
        self.touched: set[str] = set()

    def add(self, what: str, cell: Marked | str) -> None:
        self._names[what].append(f"{cell:.60}" if isinstance(cell, str) else cell.name)
        if isinstance(cell, Marked) and cell.solution:
            self.touched.add(cell.exercise)

    def notes(self) -> list[str]:
        return [
            _sentence(*DONE[what], list(dict.fromkeys(names))) for what, names in self._names.items() if names
        ]


def _sentence(one: str, several: str, names: list[str]) -> str:
    if len(names) == 1:
        return f"Cell {names[0]} {one}."
    return f"{len(names)} cells {several}: {', '.join(names[:40])}."


def mend(cells: list[dict[str, Any]], known: Sequence[Marked]) -> Mended:
    """Return the cells with every marked one exactly once, of the type and, where it is locked, as it was released."""
    truth, log = {cell.name: cell for cell in known}, _Log()
    cells = _rejoined(cells, truth, log)
    _unmark_strangers(cells, truth, log)
    _unmark_copies(cells, truth, log)
    made = [_made(cell, truth.get(cell["mark"]), log) for cell in cells]
    _put_back(made, known, log)
    return Mended(made, log.notes(), log.touched)


def _rejoined(cells: list[dict], truth: dict[str, Marked], log: _Log) -> list[dict]:
    """Join the halves of a cell that was split in two: they follow each other, and only together they compile."""
    joined: list[dict] = []
    for cell in cells:
        before = joined[-1] if joined else None
        if before and cell["mark"] in truth and cell["mark"] == before["mark"] and _is_half(before, cell):
            before["source"] += "\n" + cell["source"]
            log.add("split", truth[cell["mark"]])
        else:
            joined.append(cell)
    return joined


def _is_half(first: dict, second: dict) -> bool:
    if first["cell_type"] != "code" or second["cell_type"] != "code":
        return False
    whole = _compiles(first["source"] + "\n" + second["source"])
    return whole and not (_compiles(first["source"]) and _compiles(second["source"]))


def _compiles(source: str) -> bool:
    if len(source) > MOST_COMPILED:
        return False
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def _unmark_strangers(cells: list[dict], truth: dict[str, Marked], log: _Log) -> None:
    for cell in cells:
        if cell["mark"] is not None and cell["mark"] not in truth:
            log.add("foreign", ascii(cell["mark"]))
            cell["mark"] = None


def _unmark_copies(cells: list[dict], truth: dict[str, Marked], log: _Log) -> None:
    """Of several cells with one mark keep the last one that was worked on; all of them run."""
    for name, cell in truth.items():
        same = [c for c in cells if c["mark"] == name]
        if len(same) > 1:
            worked = [c for c in same if c["source"] not in cell.sources] or same
            for copy in same:
                copy["mark"] = name if copy is worked[-1] else None
            log.add("copied", cell)


def _made(cell: dict[str, Any], truth: Marked | None, log: _Log) -> dict[str, Any]:
    kind, source = cell["cell_type"], cell["source"]
    if truth:
        if truth.locked and source not in truth.sources:
            log.add("edited", truth)
        if kind != truth.cell_type:
            log.add("retyped", truth)
        kind = truth.cell_type
        source = truth.source if truth.locked else source
    attachments = cell["attachments"] if kind != "code" else {}
    return {"cell_type": kind, "source": source, "mark": cell["mark"], "attachments": attachments}


def _put_back(made: list[dict[str, Any]], known: Sequence[Marked], log: _Log) -> None:
    """Insert every released cell that is missing behind the one that it followed."""
    place = 0
    for truth in known:
        there = [n for n, cell in enumerate(made) if cell["mark"] == truth.name]
        if there:
            place = there[0] + 1
            continue
        released = {
            "cell_type": truth.cell_type,
            "source": truth.source,
            "mark": truth.name,
            "attachments": {},
        }
        made.insert(place, released)
        log.add("missing", truth)
        place += 1
