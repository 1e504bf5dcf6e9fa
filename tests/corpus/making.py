"""What a story is told with: an honest submission, and ways to change it."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from course_lib.exercises import EXERCISES, LESSONS
from tests.conftest import REMEDY

LESSON = "03_identify_gradients"
ROOT = Path(__file__).resolve().parents[2]
FULL = sum(e.points for e in LESSONS[LESSON].exercises if e.kind != "essay")
# A story starts with everything answered rightly but these two.
LEFT_OPEN = ("dE_dw11_12", "dE_dw21_12")
HONEST = ALL = FULL - sum(EXERCISES[name].points for name in LEFT_OPEN)
DRAWN = sum(e.points for e in LESSONS[LESSON].exercises if e.kind == "diagram")
STORIES: dict[str, dict[str, Story]] = {"hostile": {}, "broken": {}, "arriving": {}}


@dataclass(frozen=True)
class Story:
    """A submission to be: what it does, what it is to get, what the report must say about it."""

    name: str
    tell: Callable[[Draft], None]
    points: float
    says: str
    waits: frozenset[str] = frozenset()  # the exercises that are left for manual grading


def story(kind: str, loses: float = 0.0, says: str = "") -> Callable:
    """Enter a function that tells a story into the corpus `kind`; it loses so many points, and the report says so."""

    def enter(tell: Callable[[Draft], None]) -> Callable:
        assert tell.__name__ not in STORIES[kind], f"two stories are called {tell.__name__}"
        STORIES[kind][tell.__name__] = Story(tell.__name__, tell, HONEST - loses, says)
        return tell

    return enter


@cache
def right_answers() -> dict[str, str]:
    """Return the source of every solution cell, without the marks around the solution."""
    path = ROOT / "solutions" / LESSON / f"{LESSON}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    return {
        cell.metadata.nbgrader.grade_id: "\n".join(
            line for line in cell.source.splitlines() if "### BEGIN" not in line and "### END" not in line
        )
        for cell in cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


class Draft:
    """A submission being made: `notebook` is plain JSON, `raw` replaces its bytes, `folder` is where it goes."""

    def __init__(self, released: Path, folder: Path, words: dict[str, str] | None = None) -> None:
        self.words = words or {}  # replaced wherever a story writes them: a port, a path
        self.notebook: dict[str, Any] = json.loads(released.read_text())
        self.folder, self.raw, self.filename = folder, None, f"{LESSON}.ipynb"
        self.only: str | None = None  # of what is left open, the only exercise that a story may answer
        self.untold = ""  # why the story cannot be told on this machine
        self._told: dict[str, str] = {}  # what the stories answer
        for cell in self.cells:
            cell["source"] = "".join(cell["source"])
        for name, source in right_answers().items():
            if name not in LEFT_OPEN and name != "explain_w11_01":
                self.answer(name, source)
        self._told.clear()

    @property
    def cells(self) -> list[dict]:
        """The cells of the notebook."""
        return self.notebook["cells"]

    def position(self, name: str) -> int:
        """Return where the cell with that grade_id stands."""
        return next(n for n, cell in enumerate(self.cells) if _name(cell) == name)

    def cell(self, name: str) -> dict:
        """Return the cell with that grade_id."""
        return self.cells[self.position(name)]

    def answer(self, name: str, source: str) -> None:
        """Write `source` into a solution cell; of stories that are told together no two may answer differently."""
        if self.only and name in LEFT_OPEN and name != self.only:
            return
        assert self._told.setdefault(name, source) == source, f"{name} is answered in two ways"
        self.cell(name)["source"] = self._filled(source)

    def _filled(self, source: str) -> str:
        for word, value in self.words.items():
            source = source.replace(word, value)
        return source

    def answer_all(self) -> None:
        """Answer rightly what a story leaves open."""
        for name in LEFT_OPEN:
            self.answer(name, right_answers()[name])
        self._told.clear()

    def first(self, source: str, kind: str = "code") -> None:
        """Put a cell behind the imports."""
        self.cells.insert(2, make_cell(self._filled(source), kind))

    def last(self, source: str, kind: str = "code") -> None:
        """Put a cell at the end."""
        self.cells.append(make_cell(self._filled(source), kind))

    def make_device(self, path: Path, minor: int) -> bool:
        """Make a device of memory, such as /dev/zero (5); where that is not allowed, the story cannot be told."""
        try:
            os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
        except PermissionError:
            self.untold = REMEDY["device"]
        return not self.untold

    def write(self) -> None:
        """Write the notebook into its folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.filename:
            content = json.dumps(self.notebook).encode() if self.raw is None else self.raw
            (self.folder / self.filename).write_bytes(content)


def make_cell(source: str, kind: str = "code") -> dict:
    """Return a cell as JSON."""
    cell = {"cell_type": kind, "id": f"c{abs(hash(source)) % 10**8}", "metadata": {}, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def _name(cell: dict) -> str | None:
    return cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
