"""One submission in its kernels: a cell that ends a kernel costs what it defined, and nothing else.

The cells run in their order, grade cells excepted. A new kernel runs the other cells again and goes on behind
the one that killed the last. A cell during which a kernel ended is tried once more in a new one, where
nothing is left running from cell to cell: it may have been the fault of another. One clock runs for all kernels.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from course_lib.checking.calling.mending import gives_value
from grading.sandbox import Limits
from grading.sandbox.kernel import Kernel, KernelDiedError, KernelHungError, Ran

# Every death costs a new start; after this many the rest is given up.
MOST_DEATHS = 6


@dataclass
class Cell:
    """A code cell: its source, and after the run its raw outputs and what kept it from running to its end."""

    source: str
    outputs: list[tuple[str, dict]] = field(default_factory=list)
    note: str = ""
    deadly: bool = False
    suspect: bool = False
    name: str = ""

    def called(self, number: int) -> str:
        """Return what to call the cell in a sentence: its exercise, or its number and how it begins."""
        if self.name:
            return f"the cell of {self.name}"
        return f"code cell {number + 1} ({self.source.strip().partition(chr(10))[0][:40]!r})"


def source_of(cells: Sequence[Cell], name: str) -> str:
    """Return the source of the last cell that gives `name` its value, "" where there is none."""
    return next((cell.source for cell in reversed(cells) if gives_value(cell.source, name)), "")


class Submission:
    """One submission and the kernel that it is running in at the moment."""

    def __init__(
        self,
        cells: Sequence[Cell],
        box: str,
        files: str,
        limits: Limits,
        unsafe: bool = False,
        preloaded: str = "",
    ) -> None:
        self.cells, self.limits = cells, limits
        self._deadline = time.monotonic() + limits.seconds
        self._make = lambda: Kernel(box, files, limits, unsafe, self._deadline, preloaded)
        self._stack = contextlib.ExitStack()
        self._kernel: Kernel | None = None
        self._done = self._starts = self.deaths = 0
        self._output_left = limits.all_output
        self.notes: list[str] = []

    def __enter__(self) -> Submission:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def run(self) -> None:
        """Run every cell, with as many kernels as it takes."""
        try:
            self._running_kernel()
        except KernelDiedError as death:
            self.notes.append(f"Not every cell was run: {death}.")

    def ask(self, content: dict, seconds: float) -> dict:
        """Ask the collector inside; a kernel that died before is first brought back to where it was."""
        try:
            return self._running_kernel().ask(content, seconds)
        except KernelHungError:
            self._discard_kernel()
            raise
        except KernelDiedError:
            self._discard_kernel(blamed=False)
        try:
            return self._running_kernel().ask(content, seconds)
        except KernelDiedError:
            self._discard_kernel()
            raise

    def source_of(self, name: str) -> str:
        """Return the source of the last cell that gives `name` its value."""
        return source_of(self.cells, name)

    def replay(self) -> Replay:
        """Return a run of its cells from the beginning, in a kernel of its own."""
        return Replay(self.cells, self._make)

    def _running_kernel(self) -> Kernel:
        while self._kernel is None:
            if time.monotonic() >= self._deadline:
                raise KernelDiedError(f"the notebook ran for more than {self.limits.seconds:g} seconds")
            if self.deaths > MOST_DEATHS:
                raise KernelDiedError("the kernel of this notebook died too often")
            self._kernel = self._stack.enter_context(self._make())
            self._starts += 1
            self._replay()
        return self._kernel

    def _replay(self) -> None:
        for number, cell in enumerate(self.cells):
            if cell.deadly:
                continue
            try:
                ran = self._kernel.run(cell.source, self._output_left)
            except KernelDiedError as death:
                self._died_in(number, cell, death)
                return
            if self._starts > 1:
                self._kernel.end_what_was_left_running()
            if number >= self._done:
                self._keep(number, cell, ran)
                if cell.suspect:
                    again = "It may have been the fault of something that another cell had left running"
                    self.notes.append(
                        f"The kernel ended in {cell.called(number)}, which ran well when tried again. {again}."
                    )
                self._done = number + 1

    def _died_in(self, number: int, cell: Cell, death: KernelDiedError) -> None:
        cell.deadly = cell.suspect or isinstance(death, KernelHungError) or time.monotonic() >= self._deadline
        cell.suspect = True
        self._discard_kernel(blamed=cell.deadly)
        if cell.deadly:
            cell.note = f"Running this cell ended the kernel: {death}."
            self.notes.append(_sentence(f"{cell.called(number)} was left out: {death}."))

    def _keep(self, number: int, cell: Cell, ran: Ran) -> None:
        cell.outputs = ran.outputs
        self._output_left -= ran.size
        if ran.cut:
            cell.note = "Its output was longer than what is kept; the rest was dropped."
        if ran.stopped:
            cell.note = f"This cell was stopped after {ran.seconds:.3g} seconds."
            self.notes.append(
                _sentence(f"{cell.called(number)} was stopped after {ran.seconds:.3g} seconds.")
            )

    def _discard_kernel(self, blamed: bool = True) -> None:
        self.deaths += blamed
        self._kernel = None
        self._stack.close()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


class Replay:
    """Cells that run once more in a fresh kernel, as far as is asked for; what they put out is thrown away."""

    def __init__(self, cells: Sequence[Cell], make: Callable[[], Kernel]) -> None:
        self._cells, self._make, self._done = cells, make, 0

    def __enter__(self) -> Replay:
        self._kernel = self._make().__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._kernel.__exit__(*exc)

    def run_to(self, last: int) -> None:
        """Run the cells up to the one numbered `last`, those that ended a kernel before excepted."""
        for cell in self._cells[self._done : last + 1]:
            if not cell.deadly:
                self._kernel.run(cell.source)
        self._done = max(self._done, last + 1)

    def ask(self, content: dict, seconds: float) -> dict:
        """Ask the collector inside, as things stand behind the last cell that was run."""
        return self._kernel.ask(content, seconds)

    def source_of(self, name: str) -> str:
        """Return the source of the last cell that gives `name` its value."""
        return source_of(self._cells, name)
