"""Answers on all cases as one vector of numbers, and when two of them are the same."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from course_lib.exercises import Tolerance
from course_lib.mistakes import flat


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
    if type(value) is np.ndarray:
        return () if value.size == 1 else value.shape
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
