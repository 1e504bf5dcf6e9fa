"""Where meaning is lost: the first events that mean nothing, or the product in which one can no longer be right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from course_lib.checking.judging.reading import SUMS, Reading

PRODUCTS = frozenset({"BinOp Mult", "AugAssign Mult", "UnaryOp USub"})
QUOTIENTS = frozenset({"BinOp Div", "AugAssign Div"})
# Whoever moves a weight, or a point at which a derivative is asked for, by less than this share of it measures a slope.
SMALL_STEP = 0.01
POINTS = frozenset({"z", "point"})


def first_bad(reading: Reading) -> list[int]:
    """Return the events at which meaning is lost, in their order."""
    bad = [reading.is_bad(number) for number in range(len(reading.events))]
    bad_sites = {event.site for number, event in enumerate(reading.events) if bad[number]}

    def is_spoilt(number: int) -> bool:
        # What leads to a meaning in one turn of a loop and to none in another leads there by chance.
        by_chance = reading.events[number].site in bad_sites and not reading.has_meaning(number)
        return bad[number] or (by_chance and not reading.constant[number])

    found = [
        number
        for number in range(len(reading.events))
        if bad[number] and reading.sources(number) and not any(map(is_spoilt, reading.sources(number)))
    ]
    return list(dict.fromkeys(_as_far_as_it_may_go(reading, number) for number in found))


def _factors(reading: Reading, number: int) -> Counter | None:
    """Return the factors of the chain rule in a product; None if it is none."""
    meaning = reading.meanings[number]
    if meaning.right or number in reading.accepted:
        return Counter(meaning.factors) if meaning.factors else None
    if reading.constant[number]:
        return Counter()
    if not _is_product(reading, number):
        return None
    total: Counter = Counter()
    for each in reading.sources(number):
        part = _factors(reading, each)
        if part is None:
            return None
        total += part
    return total


def _is_product(reading: Reading, number: int) -> bool:
    """Tell whether an event is a product, number by number; a quotient by a constant is one, too."""
    kind, sources = reading.syntax(number), reading.sources(number)
    if kind in QUOTIENTS:
        return all(reading.constant[each] for each in sources[1:])
    return kind in PRODUCTS or (kind == "Call" and _multiplies(reading, number, sources))


def _multiplies(reading: Reading, number: int, sources: Sequence[int]) -> bool:
    """Tell `np.multiply` by its numbers: which function was called is not in a recording."""
    made = reading.events[number].value
    if len(sources) != 2 or made.size < 2:
        return False
    values = [reading.events[each].value for each in sources]
    with np.errstate(all="ignore"):
        product = np.multiply(*values) if values[0].shape == values[1].shape else np.empty(0)
        return product.shape == made.shape and np.allclose(product, made, rtol=1e-12, atol=0)


def _as_far_as_it_may_go(reading: Reading, number: int) -> int:
    """Go on from a product that could still become one of the chain rule to the product that cannot."""
    while True:
        product = _factors(reading, number) if not reading.meanings[number].mistakes else None
        if not product or not any(product <= path for path in reading.walk.paths):
            return number
        outer = reading.outer(number)
        if outer < 0 or not _is_product(reading, outer):
            return number
        number = outer


def _may_be_moved(meaning: str) -> bool:
    return meaning.startswith("w_") or meaning in POINTS


def measures(reading: Reading) -> bool:
    """Tell whether a weight or a point is moved a little, as for a difference quotient: nothing is derived there."""
    for number, event in enumerate(reading.events):
        sources = [each for each in reading.sources(number) if not reading.constant[each]]
        if reading.syntax(number) not in SUMS or len(sources) != 1 or reading.meanings[number].right:
            continue
        weight = reading.events[sources[0]]
        if weight.shape == event.shape and any(map(_may_be_moved, reading.names(sources[0]))):
            moved = np.abs(event.value - weight.value).max()
            if 0.0 < moved <= SMALL_STEP * np.abs(weight.value).max():
                return True
    return False
