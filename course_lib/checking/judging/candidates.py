"""What the mistakes that fit an exercise would have given on the inputs tried."""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

import numpy as np

from course_lib.checking.judging.conventions import Conventions
from course_lib.checking.judging.joining import Joined, Term, equal
from course_lib.checking.judging.sieving import Sieve
from course_lib.exercises import Exercise, Tolerance
from course_lib.inputs import Contents
from course_lib.mistakes import MISTAKES, Line

# The answers that mistakes lead to are kept for so many exercises and sets of cases.
REMEMBERED = 64


class FittedLine(NamedTuple):
    """What a mistake with an unknown rate gives: `base` less rate times `direction`."""

    ids: tuple[str, ...]
    base: Term
    direction: Term


class Candidates(NamedTuple):
    """What each fitting mistake would have given; scale mistakes as their ratio on every case."""

    terms: Sieve
    scales: dict[str, np.ndarray]
    lines: list[FittedLine]
    conventions: Conventions


def candidates(exercise: Exercise, cases: Sequence[tuple], truths: Joined, same: Tolerance) -> Candidates:
    """Work out every mistake that fits `exercise` on `cases`; those that change nothing there are left out."""
    return _candidates(exercise, Contents(cases, truths, same))


# An answer is mostly tried again on the same cases, with a line of it changed.
@lru_cache(maxsize=REMEMBERED)
def _candidates(exercise: Exercise, given: Contents) -> Candidates:
    cases, truths, same = given.values
    terms, scales, lines, start = [], {}, [], truths.first()
    for mistake_id, answers_of in exercise.mistakes.items():
        others = _later(answers_of, cases)
        for n, first in enumerate(answers_of(*cases[0])):
            wrong = Term((mistake_id,), first, partial(_each, others, n))
            if isinstance(first, Line):
                lines.append(line((mistake_id,), wrong.values))
                continue
            ratio = None
            if equal(wrong.begins, start, same) or MISTAKES[mistake_id].scale:
                if wrong.joined is None or equal(wrong.joined, truths, same):
                    continue
                ratio = _ratios(wrong.joined, truths, same) if MISTAKES[mistake_id].scale else None
            if ratio is None:
                terms.append(wrong)
            else:  # one ratio a case, which then also serves answers of another shape
                scales[mistake_id] = ratio
    return Candidates(Sieve(terms), scales, lines, Conventions(scales, len(cases)))


def _later(answers_of: Callable[..., list], cases: Sequence[tuple]) -> Callable[[], list[list]]:
    return cache(lambda: [answers_of(*case) for case in cases[1:]])


def _each(others: Callable[[], list[list]], n: int) -> list[Any]:
    return [ways[n] for ways in others()]


def line(ids: tuple[str, ...], values: Sequence[Line]) -> FittedLine:
    """Return what came of `ids`, up to a rate, on every case."""
    base, direction = zip(*values, strict=True)
    return FittedLine(ids, *(Term(ids, first, lambda rest=rest: rest) for first, *rest in (base, direction)))


def _ratios(some: Joined, others: Joined, same: Tolerance) -> np.ndarray | None:
    """Return the ratio to `others` on every case, if there is one on each."""
    if some.shapes != others.shapes:
        return None
    at = others.largest()
    if not others.vector[at].all():
        return None
    ratio = some.vector[at] / others.vector[at]
    return ratio if equal(some, others, same, others.each(ratio)) else None
