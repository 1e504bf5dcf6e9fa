"""Two terms of a sum in an answer, each right up to a factor, and the factors different: which of them is off."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_lib.checking.judging.matching import Index
from course_lib.checking.judging.reading import SUMS, Reading


class Apart(NamedTuple):
    """The event of the term that is off, which value of the walk it should be, and how many times that it is."""

    number: int
    name: str
    times: float


def term_apart(reading: Reading, number: int, result: int) -> list[Apart]:
    """Return the terms that are off in a sum; nothing if it is no such sum.

    Constant factors may stand anywhere, so how many times the truth a term is, is told from what the sum becomes.
    """
    if reading.syntax(number) not in SUMS or len(reading.sources(number)) != 2:
        return []
    made = reading.events[number].value
    factor = ratio_of(reading.events[result].value, made) if number != result else 1.0
    pair = _pair(reading, number) if factor else []
    terms = [Apart(each, name, factor * times) for each, name, times in pair]
    return [each for each in terms if not np.isclose(each.times, 1.0, rtol=1e-6)]


def _pair(reading: Reading, number: int) -> list[Apart]:
    """Return both terms, which parts they are of one value of the walk, and how many times that each is."""
    index = reading.indexes[0]
    one, other = reading.sources(number)
    turned = -1.0 if "Sub" in reading.syntax(number) else 1.0
    wholes = [node for node in reading.walk.nodes.values() if node.size == reading.events[number].value.size]
    for owner, times in _found(index, reading.events[one].value):
        for owner_2, times_2 in _found(index, reading.events[other].value):
            known, known_2 = index.known[owner], index.known[owner_2]
            if known.array.shape != known_2.array.shape or known.mistake or known_2.mistake:
                continue
            total = known.array + known_2.array
            if any(
                node.shape == total.shape and np.allclose(node, total, rtol=1e-8, atol=0) for node in wholes
            ):
                return [Apart(one, known.meaning, times), Apart(other, known_2.meaning, turned * times_2)]
    return []


def _found(index: Index, value: np.ndarray) -> list[tuple[int, float]]:
    row = value.reshape(1, -1)
    found = [] if Index.trivial_rows(row)[0] else index.of_many(row)[0]
    return [(owner, times) for owner, times in found if index.known[owner].array.size == value.size]


def ratio_of(one: np.ndarray, other: np.ndarray) -> float:
    """Return how many times another array one is; 0 if it is not."""
    if one.size != other.size or not other.any():
        return 0.0
    one, other = one.ravel(), other.ravel()
    at = np.abs(other).argmax()
    ratio = float(one[at] / other[at])
    return ratio if np.allclose(one, ratio * other, rtol=1e-9, atol=0) else 0.0
