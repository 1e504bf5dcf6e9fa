"""Grades a class in the place of nbgrader's loop, where `Grading.workers` or `Grading.scheduler` asks for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException

from grading import scratch
from grading.addresses import RefusedError
from grading.batch import admit_one
from grading.classroom.executors import Workers, workers_of
from grading.classroom.hands import AHEAD, Hands, hand_of
from grading.classroom.showing import raise_for, shown
from grading.terminal import NotBegunError
from grading.worker import believing
from grading.worker.assessment import Order
from grading.worker.grading import Graded, not_graded


def convert(converter: Autograde) -> None:
    """Stand in the place of `BaseConverter.convert_notebooks`."""
    batch = converter.batch
    if not batch.settings.at_once:
        BaseConverter.convert_notebooks(converter)
    elif converter.waiting:
        _side_by_side(converter)


def _side_by_side(converter: Autograde) -> None:
    batch = converter.batch
    settings = batch.settings
    processes = min(settings.workers, len(converter.waiting))
    with _refusal_told(converter, NotBegunError):
        workers = workers_of(settings.scheduler, processes, unsafe=settings.unsafe_no_sandbox)
    try:
        job = Autograding(converter, workers)
        waiting = len(converter.waiting)
        with (
            _refusal_told(converter, NbGraderException),
            shown(converter, settings, batch.lesson.id, waiting) as show,
        ):
            job.hands.run(show)
    finally:
        workers.stop()
    raise_for(converter, job.hands.failed, batch.logs)


@contextlib.contextmanager
def _refusal_told(converter: Autograde, failed: type[NbGraderException]) -> Iterator[None]:
    try:
        yield
    except RefusedError as error:
        converter.log.error(str(error))
        raise failed(str(error)) from error


class Autograding:
    """The job of grading: what runs a submission and judges it is done by `workers`."""

    def __init__(self, converter: Autograde, workers: Workers) -> None:
        self._converter, self._workers = converter, workers
        batch = converter.batch
        batch.grade = self._grade
        self.hands = Hands(self, converter.waiting, workers.count + AHEAD, batch.logs)

    def hand(self) -> Autograde:
        """Return another converter with the same batch."""
        hand, like = hand_of(self._converter), self._converter
        hand.create_student = like.create_student
        hand.batch, hand.made_of, hand.done = like.batch, like.made_of, like.done
        return hand

    def begin(self, hand: Autograde, student: str, source: Path) -> None:
        """Take a submission in."""
        hand.assignments, hand.stands = {}, None
        admit_one(hand, student, source)

    def end(self, student: str) -> None:
        """Remove the copy that was taken in."""
        scratch.remove(self._converter.batch.staging / student)

    def stop(self) -> None:
        """End the workers."""
        self._workers.stop()

    def _grade(self, order: Order) -> Graded:
        """Stand in the place of `worker.grading.grade`: have an order graded by the workers."""
        with self.hands.without_baton():
            try:
                return self._workers.grade(order)
            except RefusedError as error:
                self.hands.stop(error)
            except CancelledError:
                if not self.hands.stopped:
                    self.hands.stop(RefusedError("The connection to the scheduler was lost."))
            except Exception as error:  # costs its own submission
                if not self.hands.stopped:
                    return not_graded(order, believing.reason(error))
        raise KeyboardInterrupt
