"""Conventions of another E: every factor that they make together, and which of these fit an answer."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from course_lib.checking.judging.joining import Joined, equal
from course_lib.exercises import Tolerance

# So many conventions of another E may come together.
MOST_SCALES = 3
# One case with so many numbers tells by itself that they do not lie on a line.
ENOUGH = 3
# Each of these says what became of 1/N, so that only one of them can be; and 2/N twice without its 2 is 1/N twice.
OF_THE_SAMPLES = frozenset({"sum_over_samples", "averaged_twice", "two_n_twice"})
NO_PAIR = frozenset({"no_factor_two", "two_n_twice"})


class Conventions:
    """Every factor that up to `MOST_SCALES` conventions of another E make together."""

    def __init__(self, scales: Mapping[str, np.ndarray], cases: int) -> None:
        self.ids = list(_subsets(scales))
        self.ratios = np.array([np.prod([scales[i] for i in ids], axis=0) for ids in self.ids if ids])
        self.ratios = np.vstack([np.ones(cases), self.ratios.reshape(-1, cases)])

    def fitting(
        self, some: Joined, others: Joined, same: Tolerance, least: int = 0
    ) -> list[tuple[tuple[str, ...], np.ndarray]]:
        """Return the fewest conventions, at least so many, that turn `others` into `some`, with their factors.

        Several where these cannot be told apart.
        """
        if some.shapes != others.shapes:
            return []
        at = others.largest()
        true = others.vector[at]
        told = true != 0.0  # where all is 0 every factor fits
        if not told.any():
            return []
        near = 4.0 * (same.relative + same.layer)
        ratios = self.ratios[:, : len(true)][:, told]
        off = np.abs(ratios - some.vector[at][told] / true[told])
        rows = np.flatnonzero((off <= near * np.abs(ratios)).all(axis=1))
        found = []
        for n in rows:  # fewest first
            ids = self.ids[n]
            if len(ids) < least or (found and len(ids) > len(found[0][0])):
                continue
            if equal(some, others, same, others.each(self.ratios[n, : len(true)])):
                found.append((ids, self.ratios[n]))
        return found

    def rows_fitting(self, vector: np.ndarray, rows: np.ndarray, same: Tolerance) -> np.ndarray:
        """Return which of `rows`, one answer each on the first case, are `vector` up to conventions."""
        at = np.abs(rows).argmax(axis=1)
        largest = rows[np.arange(len(rows)), at]
        ratio = vector[at] / np.where(largest == 0.0, np.nan, largest)
        near = 4.0 * (same.relative + same.layer)
        known = self.ratios[:, 0]
        fit = (np.abs(known - ratio[:, None]) <= near * np.abs(known)).any(axis=1)
        off = np.abs(vector - ratio[:, None] * rows)
        fit &= (off <= near * (np.abs(vector) + np.abs(vector).max())).all(axis=1)
        return np.flatnonzero(fit)

    def on_lines(
        self, vector: np.ndarray, bases: np.ndarray, directions: np.ndarray, same: Tolerance
    ) -> np.ndarray:
        """Return which of many lines, a base and a direction a row, `vector` lies on up to conventions: one case."""
        factors = self.ratios[:, :1]
        length = (directions * directions).sum(axis=1)
        along = (bases * directions).sum(axis=1) - (directions @ vector) / factors
        rates = along / length  # a row for each factor, a column for each line
        there = factors[:, :, None] * (bases - rates[:, :, None] * directions)
        size = np.abs(there)
        allowed = same.relative * size + same.layer * size.max(axis=2, keepdims=True)
        fit = (np.abs(vector - there) <= allowed).all(axis=2) & (rates != 0.0)
        return fit.any(axis=0)

    def on_line(
        self, some: Joined, base: Joined, direction: np.ndarray, same: Tolerance
    ) -> list[tuple[str, ...]]:
        """Return the conventions that turn what is on the line, at a rate for each case, into `some`.

        A step along the gradient of another E goes as far as its factor says, which differs from case to case. Where
        a case has too few numbers to tell its rate, all of them have the same, and that is above 0.
        """
        if base.shapes != some.shapes or np.count_nonzero(direction) < 2:
            return []
        factors = np.repeat(self.ratios[:, : len(base.sizes)], base.sizes, axis=1)
        starts = np.cumsum((0, *base.sizes[:-1]))
        each = np.add.reduceat((direction != 0.0).astype(int), starts).min() >= ENOUGH
        along, length = (base.vector - some.vector / factors) * direction, direction * direction
        if each:
            rates = np.add.reduceat(along, starts, axis=1) / np.add.reduceat(length, starts)
            one_way = (rates > 0.0).all(axis=1) | (rates < 0.0).all(axis=1)
            rates = np.repeat(rates, base.sizes, axis=1)
        else:
            rates = along.sum(axis=1, keepdims=True) / length.sum()
            one_way = rates[:, 0] > 0.0
        there = factors * (base.vector - rates * direction)
        allowed = same.relative * np.abs(there) + same.layer * np.abs(there).max(axis=1, keepdims=True)
        fit = one_way & (np.abs(some.vector - there) <= allowed).all(axis=1)
        return [self.ids[n] for n in np.flatnonzero(fit)]


def _subsets(scales: Mapping[str, np.ndarray]) -> Iterator[tuple[str, ...]]:
    for count in range(MOST_SCALES + 1):
        for ids in combinations(scales, count):
            if len(OF_THE_SAMPLES.intersection(ids)) < 2 and not NO_PAIR.issubset(ids):
                yield ids
