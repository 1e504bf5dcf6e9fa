"""Gradients with a mistake planted in them, which a gradient check must find."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.exercises.base import Draw
from course_lib.exercises.gradient_cases import draw_network, true_gradients
from course_lib.inputs import Array

NAMES = ("dW01", "dW12")
# No entry is wrong by less than this share of itself; the notebook states it.
LEAST = 1e-3


def _planted(layer: int | None, by: float = 0.0, sizes: tuple[int, int, int] = (2, 4, 3)) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[list[Array], Array, Array, list[Array]]:
        weights, X, D = draw_network(rng, sizes)
        gradients = true_gradients(weights, X, D)
        if layer is not None:
            # Never the first entry: a check that looks at one entry only must not pass.
            at = int(rng.integers(1, gradients[layer].size))
            gradients[layer].flat[at] *= 1.0 + by
        return weights, X, D, gradients

    return draw


def not_a_check(case: tuple, value: Any) -> str | None:
    """Say what a gradient check got wrong."""
    if value is None:
        return "expected True or False, got None: is a `return` missing?"
    if not isinstance(value, bool | np.bool_):
        return f"expected True or False, got {type(value).__name__} {value!r:.40}"
    wrong = wrong_entry(case)
    if wrong is None:
        return None if value else "it gave False for gradients that are right"
    if not value:
        return None
    name, index, by = wrong
    return f"it gave True for gradients in which one entry, {name}{list(index)}, is off by {100 * by:.3g} %"


def wrong_entry(case: tuple) -> tuple[str, tuple[int, ...], float] | None:
    """Return where the gradients of `case` are wrong and by which share of the entry, or None if they are right."""
    weights, X, D, gradients = case
    for name, true, given in zip(NAMES, true_gradients(weights, X, D), gradients, strict=True):
        off = np.abs(given - true) / np.abs(true)
        if off.max() > LEAST / 2:
            index = np.unravel_index(off.argmax(), off.shape)
            return name, tuple(map(int, index)), float(off.max())
    return None


# Right ones and wrong ones, so that neither answer passes alone; the sign turned keeps every norm as it was.
SORTS = (
    _planted(None),
    _planted(0, LEAST),
    _planted(1, -LEAST),
    _planted(0, -2.0),
    _planted(1, 0.05, sizes=(4, 2, 3)),
    _planted(None, sizes=(4, 2, 3)),
)
