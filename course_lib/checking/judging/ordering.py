"""Right pieces handed in in another order: which stands where."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

from course_lib.checking.judging.comparing import compare
from course_lib.exercises import FunctionExercise

# More pieces than these are no list of results, and not worth trying in every order.
MOST = 4


def order_of(exercise: FunctionExercise, values: Sequence[Any], truths: Sequence[Any]) -> tuple[int, ...]:
    """Return in which order the right pieces came; nothing if some piece is not right in any order."""
    count = len(truths[0]) if isinstance(truths[0], list | tuple) else 0
    if not 2 <= count <= MOST:
        return ()
    pairs = list(zip(values, truths, strict=True))
    if not all(
        isinstance(value, list | tuple) and len(value) == len(truth) == count for value, truth in pairs
    ):
        return ()
    for order in list(permutations(range(count)))[1:]:
        if all(_fits(value, truth, order, exercise) for value, truth in pairs):
            return order
    return ()


def _fits(
    value: Sequence[Any], truth: Sequence[Any], order: Sequence[int], exercise: FunctionExercise
) -> bool:
    return all(
        compare(v, truth[piece], exercise.tolerance) is None for v, piece in zip(value, order, strict=True)
    )
