"""What the mistakes that fit an exercise would have given on the inputs tried, and when two answers are the same."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from course_lib.exercises import Exercise, Tolerance
from course_lib.mistakes import MISTAKES, Line, flat

# So many conventions of another E may come together.
MOST_SCALES = 3
# One case with so many numbers tells by itself that they do not lie on a line.
ENOUGH = 3
# Each of these says what became of 1/N, so that only one of them can be; and 2/N twice without its 2 is 1/N twice.
OF_THE_SAMPLES = frozenset({"sum_over_samples", "averaged_twice", "two_n_twice"})
NO_PAIR = frozenset({"no_factor_two", "two_n_twice"})


class Joined(NamedTuple):
    """An answer on all cases: the shapes of its pieces, so that a transposed one differs, and all of its numbers."""

    shapes: tuple
    vector: np.ndarray
    sizes: tuple[int, ...]

    def each(self, ratio: np.ndarray) -> np.ndarray:
        """Return the ratio of its case for every number."""
        return np.repeat(ratio, self.sizes)

    def first(self) -> "Joined":
        """Return what came on the first case."""
        return Joined(self.shapes[:1], self.vector[: self.sizes[0]], self.sizes[:1])

    def largest(self) -> np.ndarray:
        """Return where the largest number of each case stands."""
        starts = np.cumsum((0, *self.sizes[:-1]))
        size = np.abs(self.vector)
        return np.array([s + int(size[s : s + n].argmax()) for s, n in zip(starts, self.sizes, strict=True)])


def joined(values: Sequence[Any]) -> Joined:
    """Put what came on all cases into one vector."""
    vectors = [flat(value) for value in values]
    return Joined(tuple(map(shapes, values)), np.concatenate(vectors), tuple(v.size for v in vectors))


def shapes(value: Any) -> Any:
    """Return the shapes of all pieces."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return tuple(map(shapes, value))
    # A (1, 1) matrix counts as the number in it, as in the comparison.
    return () if np.size(value) == 1 else np.shape(value)


def equal(some: Joined, others: Joined, same: Tolerance, ratio: Any = 1.0) -> bool:
    """Tell whether `some` is `ratio` times `others`."""
    return some.shapes == others.shapes and close(some.vector, ratio * others.vector, same)


def close(a: np.ndarray, b: np.ndarray, same: Tolerance) -> bool:
    """Tell whether two vectors are the same up to rounding."""
    size = np.abs(b)
    return bool((np.abs(a - b) <= same.relative * size + same.layer * size.max(initial=0.0)).all())


def constant_ratio(some: Joined, others: Joined, same: Tolerance) -> float | None:
    """Return the one ratio of `some` to `others`, if there is one, and enough numbers to say so."""
    if some.shapes != others.shapes or others.vector.size < 2:
        return None
    largest = int(np.abs(others.vector).argmax())
    if not others.vector[largest]:
        return None
    ratio = float(some.vector[largest] / others.vector[largest])
    return ratio if ratio and equal(some, others, same, ratio) else None


class Term:
    """What mistakes give: on the first case, and, worked out when it is asked for, on every case.

    ``rest()`` gives what comes on the other cases; it raises ValueError or IndexError where that is not possible.
    """

    def __init__(self, ids: tuple[str, ...], first: Any, rest: Callable[[], Iterable[Any]] = tuple) -> None:
        self.ids, self.first, self._rest = ids, first, rest

    @cached_property
    def values(self) -> tuple[Any, ...]:
        """What comes on every case; nothing where the mistakes are not possible on one of them."""
        try:
            return (self.first, *self._rest())
        except (ValueError, IndexError):
            return ()

    @cached_property
    def joined(self) -> Joined | None:
        """What comes on every case as one vector."""
        return joined(self.values) if self.values else None

    @cached_property
    def begins(self) -> Joined:
        """What comes on the first case as a vector, by which most mistakes are told not to fit."""
        return joined([self.first])

    def piece(self, n: int, first: bool = False) -> Joined | None:
        """Return piece `n` on every case, or on the `first`; None if there is none."""
        try:
            return joined([piece_of(value, n) for value in ((self.first,) if first else self.values)])
        except (IndexError, TypeError, ValueError):  # this mistake leaves fewer pieces
            return None


def piece_of(whole: Any, n: int) -> Any:
    """Return piece `n` of a list, or entry `n` of an array."""
    return whole[n] if isinstance(whole, list | tuple) else float(np.ravel(whole)[n])


class FittedLine(NamedTuple):
    """What a mistake with an unknown rate gives: `base` less rate times `direction`."""

    ids: tuple[str, ...]
    base: Term
    direction: Term


class Candidates(NamedTuple):
    """What each fitting mistake would have given; scale mistakes as their ratio on every case."""

    terms: list[Term]
    scales: dict[str, np.ndarray]
    lines: list[FittedLine]


def candidates(exercise: Exercise, cases: Sequence[tuple], truths: Joined, same: Tolerance) -> Candidates:
    """Work out every mistake that fits `exercise` on `cases`; those that change nothing there are left out."""
    found, start = Candidates([], {}, []), truths.first()
    for mistake_id, answers_of in exercise.mistakes.items():
        others = _later(answers_of, cases)
        for n, first in enumerate(answers_of(*cases[0])):
            wrong = Term((mistake_id,), first, partial(_each, others, n))
            if isinstance(first, Line):
                found.lines.append(line((mistake_id,), wrong.values))
                continue
            ratio = None
            if equal(wrong.begins, start, same) or MISTAKES[mistake_id].scale:
                if wrong.joined is None or equal(wrong.joined, truths, same):
                    continue
                ratio = _ratios(wrong.joined, truths, same) if MISTAKES[mistake_id].scale else None
            if ratio is None:
                found.terms.append(wrong)
            else:  # one ratio a case, which then also serves answers of another shape
                found.scales[mistake_id] = ratio
    return found


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
