"""A walk: the right computation of an exercise, step by step, every value with its name.

A walk can be gone again with a value replaced by another one: everything behind it then follows from that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from course_lib.inputs import Array

# Tables of terms larger than these are left out: the answer is one of many samples, and its sums are known anyway.
MOST_TERMS = 20_000


class Known(NamedTuple):
    """A value of the walk, or of one that a mistake of the catalogue takes in its place.

    `factors` are those of the chain rule that it is the product of; `mistake` is empty for a right value.
    """

    meaning: str
    array: Array
    factors: tuple[str, ...] = ()
    mistake: str = ""


@dataclass
class Walk:
    """What a walk leaves: its values in their order.

    Parameters
    ----------
    replaced : mapping of str to array
        Values to go on with in place of the walk's own.

    Attributes
    ----------
    known : list of Known
    asked : tuple of str
        The meaning of each piece that the exercise asks for.
    constants : set of float
        Numbers by which a single number may be multiplied and keep its meaning.
    paths : list of Counter
        The factors of each product that the chain rule makes.
    stages : dict of str to int
        How far along each value is; a value can stand in for none that comes before it.
    given : set of str
        The values that an answer is given.
    arguments : dict of str to set of str
        The values that one may be a function of, number by number; of a derivative, what it is a derivative by.
    behind : dict of str to set of str
        The values that one is made of, where it is one of an E that somebody wrote.
    patterns : set of bytes
        Which entries are not 0 in the masks and tables of zeros and ones that a right computation has.
    names_updated : bool
        Whether a weight that was moved by its gradient is known as that, and is no right value.
    """

    replaced: Mapping[str, Array] = field(default_factory=dict)
    known: list[Known] = field(default_factory=list)
    asked: tuple[str, ...] = ()
    constants: set[float] = field(default_factory=lambda: {1.0, 2.0})
    paths: list[Counter] = field(default_factory=list)
    stages: dict[str, int] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    arguments: dict[str, set[str]] = field(default_factory=dict)
    behind: dict[str, set[str]] = field(default_factory=dict)
    patterns: set[bytes] = field(default_factory=set)
    stage: int = 0
    names_updated: bool = False

    def keep(self, meaning: str, value: Any, *factors: str) -> Array:
        """Enter a value and return it, or what replaces it."""
        array = np.asarray(self.replaced.get(meaning, value), dtype=float)
        self.known.append(Known(meaning, array, factors))
        self.stages.setdefault(meaning, self.stage)
        return array

    def give(self, meaning: str, value: Any, *factors: str) -> Array:
        """Enter a value that the answer is given."""
        self.given.add(meaning)
        return self.keep(meaning, value, *factors)

    def part(self, meaning: str, terms: Array, *axes: int, factors: tuple[str, ...] = ()) -> None:
        """Enter what is summed, and the sums as they grow along each of `axes`, forwards and backwards."""
        if terms.size > MOST_TERMS:
            return
        self.known.append(Known(meaning, terms, factors))
        for axis in axes:
            if terms.shape[axis] > 2:
                self.known.append(Known(meaning, np.cumsum(terms, axis=axis), factors))
                self.known.append(Known(meaning, np.cumsum(np.flip(terms, axis), axis=axis), factors))

    def wrong(self, mistake: str, meaning: str, value: Any, *factors: str) -> None:
        """Enter what a mistake has in the place of `meaning`."""
        self.known.append(Known(meaning, np.asarray(value, dtype=float), factors, mistake))

    def constant(self, *numbers: float) -> None:
        """Enter numbers that may be multiplied in anywhere."""
        self.constants.update(float(number) for number in numbers if number and np.isfinite(number))

    @property
    def nodes(self) -> dict[str, Array]:
        """The right values by their meaning, parts of sums left out."""
        found: dict[str, Array] = {}
        for each in self.known:
            if not each.mistake:
                found.setdefault(each.meaning, each.array)
        return found


# ``walk(walk, *case)`` enters everything in the Walk it is given.
WalkOf = Callable[..., None]


def walked(walk_of: WalkOf, case: tuple, replaced: Mapping[str, Array] | None = None) -> Walk:
    """Go a walk on one case."""
    walk = Walk(replaced or {})
    with np.errstate(all="ignore"):
        walk_of(walk, *case)
    return walk
