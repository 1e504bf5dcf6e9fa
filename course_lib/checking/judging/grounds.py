"""What a record keeps of a judgement: names and numbers, by which a class can be counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from course_lib.checking.calling import Outcome, Status
from course_lib.checking.judging.judgement import Judgement, Reason


class Grounds(NamedTuple):
    """Why an answer has the points that it has.

    `right` of its parts are right. With `either`, its mistakes cannot be told apart by its numbers. `status` is how
    calling it ended, where it gave no value.
    """

    right: int = 0
    reason: Reason = Reason.UNANSWERED
    status: Status = Status.ANSWERED
    either: bool = False


def grounds(found: Judgement) -> Grounds:
    """Return the grounds of a judgement; of several functions that gave no value the first one's status counts."""
    ended = (outcome.status for outcome in _decisive(found) if outcome.failed)
    return Grounds(found.right, found.reason, next(ended, Status.ANSWERED), found.diagnosis.either)


def _decisive(found: Judgement) -> Iterator[Outcome]:
    for one in (found, *found.functions.values()):
        if one.decisive:
            yield one.decisive.outcome
