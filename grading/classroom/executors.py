"""Where submissions are graded: on this machine, so many at a time, or on a Dask cluster that is there already."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from typing import Protocol

from grading.classroom.cluster import Cluster
from grading.classroom.stopping import Stopping
from grading.worker.assessment import Order
from grading.worker.grading import Graded, grade


class Workers(Protocol):
    """What grades an order, several at a time: `count` says how many."""

    count: int

    def grade(self, order: Order) -> Graded:
        """Return the graded submission of an order; what ended on the way is begun again."""

    def stop(self) -> None:
        """End everything at once."""


class Here:
    """Grades on this machine: each submission is a process with limits, forked from one that has all it needs."""

    def __init__(self, count: int) -> None:
        self.count, self._stop, self._free = count, Stopping(), threading.Semaphore(count)

    def grade(self, order: Order) -> Graded:
        """Return the graded submission of an order, once there is a place free for it."""
        with self._free:
            graded = None if self._stop else grade(order)
        if graded is None or self._stop:  # what was running has been ended, and says so
            raise CancelledError
        return graded

    def stop(self) -> None:
        """Leave what is running to whoever ends the children of this process, and believe none of it any more."""
        self._stop()


def workers_of(scheduler: str, processes: int, *, unsafe: bool) -> Workers:
    """Return the workers of the cluster at the address `scheduler`, or, without one, processes of this machine."""
    return Cluster(scheduler, unsafe=unsafe) if scheduler else Here(processes)
