"""nbgrader's own steps for several submissions at a time, of which one after the other touches the gradebook.

Each hand is a thread with a converter of its own, and works through one submission after the other, as nbgrader does.
Only the hand that holds the baton runs. It puts the baton down where other processes work for it, and another hand
goes on meanwhile.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from nbconvert.writers import FilesWriter
from nbgrader.converters.base import BaseConverter, NbGraderException

from grading import bounded, scratch
from grading.classroom.logs import log_of

# So many more submissions than workers are under way: the next one is ready before a worker is.
AHEAD = 2
MOST_HANDS = 200
LOOK_SECONDS = 0.2
NAME = "hand-"
EXECUTION = "NBGRADER_EXECUTION"
# Called with the student whose submission is through, and how it stands: None where it failed.
Show = Callable[[str, dict | None], None]


class Job(Protocol):
    """What is done with each submission."""

    def hand(self) -> BaseConverter:
        """Return a new converter that does it."""

    def begin(self, hand: BaseConverter, student: str, source: Path) -> None:
        """Prepare one submission: set ``hand.assignments``; this happens without the baton."""

    def end(self, student: str) -> None:
        """Clear away what was prepared."""

    def stop(self) -> None:
        """End everything that works for it elsewhere, at once."""


class Hands:
    """Does a job with the submissions `found` by student, `count` at a time, and logs each into the folder `logs`."""

    def __init__(self, job: Job, found: dict[str, Path], count: int, logs: Path) -> None:
        self._job, self._logs, self._left = job, logs, iter(found.items())
        self._count = min(count, len(found), MOST_HANDS)
        self._taking, self._baton, self._stopped = threading.Lock(), threading.Lock(), threading.Event()
        self._through: queue.Queue[tuple[str, dict | None]] = queue.Queue()
        self._error: BaseException | None = None
        self.failed: list[str] = []

    @property
    def stopped(self) -> bool:
        """Whether nothing more is to be begun."""
        return self._stopped.is_set()

    def run(self, show: Show) -> None:
        """Go through them all; Ctrl-C, or what keeps every submission from being done, stops at once."""
        numbers = range(self._count)
        threads = [threading.Thread(target=self._work, daemon=True, name=f"{NAME}{n}") for n in numbers]
        try:
            for thread in threads:
                thread.start()
            self._watch(threads, show)
        except BaseException:
            self.stop()
            raise
        finally:
            for thread in threads:
                thread.join()
            scratch.sweep()  # what the processes that were stopped had no time to remove
        if self._error:
            raise self._error

    def stop(self, error: BaseException | None = None) -> None:
        """Stop everything; `run` raises `error`."""
        self._error = self._error or error
        self._stopped.set()
        self._job.stop()
        bounded.stop()

    @contextmanager
    def without_baton(self) -> Iterator[None]:
        """Let another hand go on, while other processes work for this one."""
        set_by_nbgrader = os.environ.get(EXECUTION)
        self._baton.release()
        try:
            yield
        finally:
            self._baton.acquire()
            # nbgrader takes it away behind each, and fails where another hand's has done so.
            if set_by_nbgrader:
                os.environ[EXECUTION] = set_by_nbgrader

    def _watch(self, threads: list[threading.Thread], show: Show) -> None:
        alive = True
        while alive:
            alive = any(thread.is_alive() for thread in threads)
            with contextlib.suppress(queue.Empty):
                while True:
                    show(*self._through.get(timeout=LOOK_SECONDS if alive else 0))

    def _work(self) -> None:
        # What a hand starts inherits this. Ctrl-C in a terminal reaches everything that runs in it, and is left to who
        # is asked to stop.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with self._baton:
                hand = self._job.hand()
            while chosen := self._next():
                self._do(hand, *chosen)
        except KeyboardInterrupt:
            pass  # raised where it was stopped, so that nbgrader clears away what it had begun
        except BaseException as error:
            self.stop(error)

    def _next(self) -> tuple[str, Path] | None:
        with self._taking:
            return None if self.stopped else next(self._left, None)

    def _do(self, hand: BaseConverter, student: str, source: Path) -> None:
        stands = None
        with log_of(self._logs, student, hand.log):
            try:
                self._job.begin(hand, student, source)
                with self._baton:
                    if self.stopped:
                        raise KeyboardInterrupt
                    BaseConverter.convert_notebooks(hand)
                stands = hand.stands
            except NbGraderException:
                pass  # nbgrader has logged it
            finally:
                self._job.end(student)
        if stands is None:
            self.failed.append(student)
        self._through.put((student, stands))


def hand_of(converter: BaseConverter) -> BaseConverter:
    """Return another converter for the same submissions, ready to convert as after `BaseConverter.start`."""
    hand = type(converter)(coursedir=converter.coursedir, parent=converter.parent)
    hand.force = converter.force
    hand.writer = FilesWriter(parent=hand, config=hand.config)
    hand.exporter = hand.exporter_class(parent=hand, config=hand.config)
    for step in hand.preprocessors:
        hand.exporter.register_preprocessor(step)
    return hand


class NotOfHands(logging.Filter):
    """Keeps what is said about a single submission out of the terminal; it is in the submission's log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is not a hand's."""
        return not record.threadName.startswith(NAME)
