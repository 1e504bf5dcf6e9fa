"""The judgement of an answer on its public cases, made once: several rooms ask for it, and a diagnosis takes time."""

from __future__ import annotations

from collections.abc import Sequence

from course_lib.checking.calling import Outcome
from course_lib.checking.judging import Judgement, judgement
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import Exercise

# By exercise, the last outcomes and their judgement. A process judges one submission, so there are few.
_last: dict[str, tuple[list[Outcome], Judgement]] = {}


def judged(exercise: Exercise, outcomes: Sequence[Outcome]) -> Judgement:
    """Return `judgement` of what an answer gave on the public cases of its exercise."""
    known = _last.get(exercise.id)
    if known is None or not _are_the_same(known[0], outcomes):
        known = _last[exercise.id] = (list(outcomes), judgement(exercise, public_cases(exercise), outcomes))
    return known[1]


def _are_the_same(known: Sequence[Outcome], outcomes: Sequence[Outcome]) -> bool:
    return len(known) == len(outcomes) and all(a is b for a, b in zip(known, outcomes, strict=True))
