"""What every two mistakes of an exercise give together: hundreds of answers, sifted on the first case."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from course_lib.checking.judging.candidates import Conventions, Joined, Term, shapes
from course_lib.exercises import Exercise, Tolerance
from course_lib.mistakes import Line, flat


class Pairs:
    """Every two mistakes on the first of `cases`; `lines` are those with a rate to fit."""

    def __init__(self, exercise: Exercise, cases: Sequence[tuple]) -> None:
        self.found: list[Term] = []
        self.lines: list[Term] = []
        for ids, answer_of in exercise.together():
            try:
                value = answer_of(*cases[0])
            except ValueError:  # not possible in these shapes
                continue
            if value is not None:
                kind = self.lines if isinstance(value, Line) else self.found
                kind.append(Term(ids, value, partial(_each, answer_of, cases[1:])))

    def fitting(
        self,
        some: Joined,
        conventions: Conventions,
        same: Tolerance,
        piece_of: Callable[[Any], Any] = lambda value: value,
    ) -> list[Term]:
        """Return what fits `some`, or a piece of it, on the first case up to conventions."""
        wanted, vector = some.shapes[0], some.vector[: some.sizes[0]]
        numbers, rows = [], []
        for n, pair in enumerate(self.found):
            piece = piece_of(pair.first)
            if shapes(piece) == wanted:
                numbers.append(n)
                rows.append(flat(piece))
        if not rows:
            return []
        fit = conventions.rows_fitting(vector, np.array(rows), same)
        return [self.found[numbers[n]] for n in fit if self.found[numbers[n]].joined is not None]


def _each(answer_of: Callable[..., Any], cases: Sequence[tuple]) -> list[Any]:
    return [answer_of(*case) for case in cases]
