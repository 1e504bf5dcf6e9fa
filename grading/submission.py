"""One submission in its kernels: a cell that ends a kernel costs what it defined, and nothing else.

The cells run in their order, grade cells excepted. A new kernel runs the other cells again and goes on behind
the one that killed the last.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from grading.sandbox import Limits
from grading.sandbox.kernel import Kernel, KernelDiedError

# Every death costs a new start; who dies more often than this has been heard out.
MOST_DEATHS = 6


@dataclass
class Cell:
    """A code cell: its source, and after the run its raw outputs and what kept it from running to its end."""

    source: str
    outputs: list[tuple[str, dict]] = field(default_factory=list)
    note: str = ""
    deadly: bool = False


class Submission:
    """One submission and the kernel that it is running in at the moment."""

    def __init__(
        self, cells: Sequence[Cell], box: str, files: str, limits: Limits, unsafe: bool = False
    ) -> None:
        self.cells, self.limits = cells, limits
        self._make = lambda: Kernel(box, files, limits, unsafe)
        self._stack = contextlib.ExitStack()
        self._kernel: Kernel | None = None
        self._done = self.deaths = 0
        self.notes: list[str] = []

    def __enter__(self) -> Submission:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def run(self) -> None:
        """Run every cell, with as many kernels as it takes."""
        self._living()

    def ask(self, content: dict, seconds: float) -> dict:
        """Ask the collector inside; a kernel that died before is first brought back to where it was."""
        kernel = self._living()
        if kernel is None:
            raise KernelDiedError("the kernel of this notebook died too often")
        try:
            return kernel.ask(content, seconds)
        except KernelDiedError:
            self._bury()
            raise

    def _living(self) -> Kernel | None:
        while self._kernel is None and self.deaths <= MOST_DEATHS:
            self._kernel = self._stack.enter_context(self._make())
            self._replay()
        return self._kernel

    def _replay(self) -> None:
        for number, cell in enumerate(self.cells):
            if cell.deadly:
                continue
            try:
                ran = self._kernel.run(cell.source)
            except KernelDiedError as death:
                cell.deadly, cell.note = True, f"Running this cell ended the kernel: {death}."
                self.notes.append(f"Code cell {number + 1} was left out: {death}.")
                self._bury()
                return
            if number >= self._done:
                self._keep(cell, ran)
                self._done = number + 1

    def _keep(self, cell: Cell, ran: Any) -> None:
        cell.outputs = ran.outputs
        if ran.cut:
            cell.note = "Its output was longer than what is kept; the rest was dropped."
        if ran.stopped:
            cell.note = f"This cell was stopped after {self.limits.cell_seconds:g} seconds."
            self.notes.append(cell.note)

    def _bury(self) -> None:
        self.deaths += 1
        self._kernel = None
        self._stack.close()
