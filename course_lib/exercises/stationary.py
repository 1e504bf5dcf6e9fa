"""Stationary points of every kind, and what their Hessian says of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_lib.exercises.base import Draw
from course_lib.exercises.given import rotated
from course_lib.inputs import Array

# What counts as zero beside the largest eigenvalue; the notebook states it.
ZERO = 1e-9
ALMOST_ZERO = 1e-12


def kind_of_point(hessian: Array) -> str:
    """Both signs: a saddle. Else any zero: undecided. Else a minimum or a maximum."""
    values = np.linalg.eigvalsh(hessian)
    zero = np.abs(values) <= ZERO * np.abs(values).max()
    if (values[~zero] > 0).any() and (values[~zero] < 0).any():
        return "saddle"
    if zero.any():
        return "undecided"
    return "minimum" if values[0] > 0 else "maximum"


def _sort(signs: Sequence[int], scale: float = 1.0) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[Array]:
        signs_here = rng.permutation(signs)
        values = rng.uniform(0.3, 4.0, size=len(signs)) * signs_here
        # Rounding may leave an exact 0, which would let an answer without the threshold pass.
        values[signs_here == 0] = ALMOST_ZERO * np.abs(values).max() * rng.choice([-1.0, 1.0])
        return (scale * rotated(rng, values),)

    return draw


# Also: a minimum so flat that a fixed threshold takes it for zero, a saddle with a zero, and no curvature at all.
SORTS = (
    _sort([1, 1, 1]),
    _sort([-1, -1]),
    _sort([1, 1, -1]),
    _sort([1, -1, -1, -1]),
    _sort([1, 1, 0]),
    _sort([-1, 0]),
    _sort([1, 0, -1]),
    _sort([1, 1], scale=1e-11),
    _sort([0, 0]),
)
