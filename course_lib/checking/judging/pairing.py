"""What every two mistakes of an exercise give together: hundreds of answers, sifted on the first case."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from course_lib.checking.judging.candidates import Conventions, Joined, Term, shapes, term
from course_lib.exercises import Exercise, Tolerance
from course_lib.mistakes import Line, flat


class Pair(NamedTuple):
    """Mistakes made at once: what they give on the first case, and the function that goes on from there."""

    ids: tuple[str, ...]
    first: Any
    answer_of: Callable[..., Any]

    def on(self, cases: Sequence[tuple]) -> Term | None:
        """Return what they give on every case; None where they are not possible."""
        try:
            return term(self.ids, [self.first, *(self.answer_of(*case) for case in cases[1:])])
        except ValueError:
            return None


class Pairs:
    """Every two mistakes on the first of `cases`; `lines` are those with a rate to fit."""

    def __init__(self, exercise: Exercise, cases: Sequence[tuple]) -> None:
        self.cases = cases
        self.found: list[Pair] = []
        self.lines: list[Pair] = []
        self._on_cases: dict[int, Term | None] = {}
        for ids, answer_of in exercise.together():
            try:
                value = answer_of(*cases[0])
            except ValueError:  # not possible in these shapes
                continue
            if value is not None:
                kind = self.lines if isinstance(value, Line) else self.found
                kind.append(Pair(ids, value, answer_of))

    def fitting(
        self,
        some: Joined,
        conventions: Conventions,
        same: Tolerance,
        piece_of: Callable[[Any], Any] = lambda value: value,
    ) -> list[Term]:
        """Return what fits `some`, or a piece of it, on the first case up to conventions; worked out on every case."""
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
        terms = (self._whole(numbers[n]) for n in fit)
        return [found for found in terms if found is not None]

    def _whole(self, n: int) -> Term | None:
        if n not in self._on_cases:
            self._on_cases[n] = self.found[n].on(self.cases)
        return self._on_cases[n]
