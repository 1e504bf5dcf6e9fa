"""`blind_spot`: inputs on which the formula that the deck prints gives the right gradient."""

from typing import Any

import numpy as np

from course_lib.exercises.kinds import Case, Tolerance
from course_lib.exercises.lesson_06.reading import read_network
from course_lib.inputs import Array
from course_lib.mistakes import wrong_gradients
from course_lib.mistakes.recipes import RIGHT

# Every entry of the right gradient has at least this share of the largest; zeros agree with anything.
LEAST = 1e-3


def verify_blind_spot(case: Case, value: Any) -> str | None:
    """Say why the deck's printed formula is not right on these inputs, or why they do not count."""
    if value is None:
        return "expected three things, (weights, X, D), got None: is a `return` missing?"
    inputs, problem = read_network(value)
    if problem:
        return problem
    weights, X, D = inputs
    if len(X) < 2:
        return "expected at least two samples, N ≥ 2"
    right = RIGHT(weights, X, D)[0]
    printed = wrong_gradients("activation_for_weight", weights, X, D)[0][0]
    return _disagreement(printed, right) or _too_small(right)


def _disagreement(printed: Array, right: Array) -> str | None:
    gap = np.abs(printed - right)
    if (gap <= Tolerance().of(right)).all():
        return None
    at = np.unravel_index(gap.argmax(), gap.shape)
    return (
        f"at entry {list(map(int, at))} the printed formula gives {printed[at]:.6g}, the right one {right[at]:.6g}"
    ).replace("-", "−")


def _too_small(right: Array) -> str | None:
    size = np.abs(right)
    if size.min() >= LEAST * size.max() > 0:
        return None
    smallest = np.unravel_index(size.argmin(), size.shape)
    return (
        f"the two agree, but entry {list(map(int, smallest))} of the right gradient is {right[smallest]:.2g}, and the "
        f"largest is {size.max():.2g} in size; every entry should be at least {LEAST:g} of the largest, "
        "since zeros agree with anything"
    ).replace("-", "−")
