"""What every two mistakes of an exercise give together: hundreds of answers, sifted on the first case."""

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np

from course_lib.checking.judging.candidates import REMEMBERED, FittedLine, line
from course_lib.checking.judging.conventions import ENOUGH, Conventions
from course_lib.checking.judging.joining import Joined, Term
from course_lib.checking.judging.sieving import Sieve
from course_lib.exercises import Exercise, Tolerance
from course_lib.inputs import Contents
from course_lib.mistakes import Line


class Pairs:
    """Every two mistakes on the first of `cases`."""

    def __init__(self, exercise: Exercise, cases: Sequence[tuple]) -> None:
        found, self._lines = [], []
        for ids, answer_of in exercise.together():
            try:
                value = answer_of(*cases[0])
            except ValueError:  # not possible in these shapes
                continue
            if value is not None:
                kind = self._lines if isinstance(value, Line) else found
                kind.append(Term(ids, value, partial(_each, answer_of, cases[1:])))
        self._sieve = Sieve(found)
        self._wholes: dict[int, FittedLine | None] = {}

    def fitting(
        self, some: Joined, conventions: Conventions, same: Tolerance, piece: int | None = None
    ) -> list[Term]:
        """Return what fits `some`, or a `piece` of it, on the first case up to conventions."""
        found = self._sieve.fitting(some, conventions, same, piece)
        return [pair for pair in found if pair.joined is not None]

    @cached_property
    def _starts(self) -> list[FittedLine]:
        return [line(pair.ids, [pair.first]) for pair in self._lines]

    def lines_fitting(self, some: Joined, conventions: Conventions, same: Tolerance) -> list[FittedLine]:
        """Return the pairs with a rate to fit on whose line `some` lies on the first case, as far as that says so."""
        some = some.first()
        # Too few numbers to say so.
        fit = [np.count_nonzero(start.direction.begins.vector) < ENOUGH for start in self._starts]
        there = [
            n
            for n, start in enumerate(self._starts)
            if not fit[n] and start.base.begins.shapes == some.shapes
        ]
        if there:
            bases, directions = (
                np.array([getattr(self._starts[n], end).begins.vector for n in there])
                for end in ("base", "direction")
            )
            for n, fits in zip(
                there, conventions.on_lines(some.vector, bases, directions, same), strict=True
            ):
                fit[n] = fits
        return [whole for n, fits in enumerate(fit) if fits and (whole := self._whole(n))]

    def _whole(self, n: int) -> FittedLine | None:
        """Return a pair with a rate to fit on all cases, if it is possible there."""
        if n not in self._wholes:
            pair = self._lines[n]
            self._wholes[n] = line(pair.ids, pair.values) if pair.values else None
        return self._wholes[n]


def pairs_of(exercise: Exercise, cases: Sequence[tuple]) -> Pairs:
    """Work out what every two mistakes of `exercise` give together on `cases`."""
    return _pairs(exercise, Contents(cases))


@lru_cache(maxsize=REMEMBERED)
def _pairs(exercise: Exercise, given: Contents) -> Pairs:
    return Pairs(exercise, given.values[0])


def _each(answer_of: Callable[..., Any], cases: Sequence[tuple]) -> list[Any]:
    return [answer_of(*case) for case in cases]
