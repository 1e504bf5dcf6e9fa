"""Processes of this machine that grade submissions: this one, or some beside it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import BrokenExecutor, CancelledError, ProcessPoolExecutor
from contextlib import suppress
from multiprocessing.connection import wait
from typing import Any

import psutil

from grading.classroom.parcels import graded
from grading.classroom.stopping import Stopping
from grading.sandbox.watch import tree_of
from grading.scratch import sweep

# How often a submission is begun again whose process ended, whoever's fault that was; then once more by itself.
MOST_TRIES = 2
END_SECONDS = 2.0


class Here:
    """Grades in this process, where there is one submission at a time: another takes longer to start than to grade."""

    count = 1

    def __init__(self) -> None:
        self._stop = Stopping()

    def ask(self, parcel: bytes) -> Any:
        """Return the reply to a parcel."""
        reply = graded(parcel)
        if self._stop:  # what was running has been ended, and the reply says so
            raise CancelledError
        return reply

    def stop(self) -> None:
        """Leave what is running to whoever ends the children of this process, and believe no reply any more."""
        self._stop()


class Processes:
    """Processes of this machine. When one ends, what was being graded is begun again in new ones."""

    def __init__(self, count: int) -> None:
        self.count, self._stop, self._lock = count, Stopping(), threading.Lock()
        # Nothing of this process is in those: neither its threads nor its gradebook.
        self._context = multiprocessing.get_context("spawn")
        self._others = multiprocessing.active_children()
        self._pool = self._new(count)

    def ask(self, parcel: bytes) -> Any:
        """Return the reply to a parcel."""
        for _ in range(MOST_TRIES):
            pool = self._pool
            try:
                return self._graded_in(pool, parcel)
            except BrokenExecutor:
                self._replace(pool)
        # Whoever ends a process every time may not take others along.
        alone = self._new(1)
        try:
            return self._graded_in(alone, parcel)
        finally:
            alone.shutdown(wait=False)

    def stop(self) -> None:
        """End the processes at once, and what they started."""
        with self._lock:  # from here on none is started
            self._stop()
        children = [child for child in multiprocessing.active_children() if child not in self._others]
        for process in (process for child in children for process in tree_of(child.pid)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for child in children:
            child.join(END_SECONDS)
        self._pool.shutdown(wait=False, cancel_futures=True)
        sweep()  # what they had no time to remove

    def _new(self, count: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(count, mp_context=self._context, initializer=_begin)

    def _graded_in(self, pool: ProcessPoolExecutor, parcel: bytes) -> Any:
        with self._lock:  # here a process is started, if need be
            if self._stop:
                raise CancelledError
            future = pool.submit(graded, parcel)
        return self._stop.result(future)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = self._new(self.count)


def _begin() -> None:
    """Be a new process: leave Ctrl-C to the one that a person started, and end with it."""
    # Neither blocked nor ignored, as it was until here: what is started by this process would inherit that.
    signal.signal(signal.SIGINT, lambda number, frame: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    wait([multiprocessing.parent_process().sentinel])
    os._exit(1)
