"""What a person sees while a class is graded: how many are through, what was odd about them, how long it will take."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.progress import TimeRemainingColumn as TimeLeftColumn


class Shown:
    """A bar with counts and the time left; use it as a context, and call it with each submission that is through."""

    def __init__(self, lesson: str, total: int, console: Console | None = None) -> None:
        self.graded = self.mended = self.to_look_at = self.failed = 0
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeLeftColumn(),
            console=console or Console(stderr=True),
        )
        self._task = self._progress.add_task(lesson, total=total, counts=self.counts())

    def __enter__(self) -> Shown:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, student: str, stands: dict | None) -> None:
        """Count one submission: `stands` has its notes and what a person is to look at, and is None if it failed."""
        if stands is None:
            self.failed += 1
        else:
            self.graded += 1
            self.mended += bool(stands["notes"])
            self.to_look_at += bool(stands["look"])
        self._progress.update(self._task, advance=1, counts=self.counts())

    def counts(self) -> str:
        """Return the counts as the bar shows them."""
        counts = {"mended": self.mended, "to look at": self.to_look_at, "failed": self.failed}
        return " · ".join(f"{name} {count}" for name, count in counts.items() if count)
