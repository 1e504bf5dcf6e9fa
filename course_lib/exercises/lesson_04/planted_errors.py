"""`gradient_check`: gradients with an error planted in them, which a gradient check must find."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.exercises.base import Case, Draw
from course_lib.exercises.gradient_cases import networks, true_gradients

NAMES = ("dW01", "dW12")
# No wrong entry is off by less than this share of itself; the notebook states it.
LEAST = 1e-3
# Of different sizes, so that no number written down passes for one.
SMALL, WIDE, SQUARE = networks((2, 4, 3), (4, 2, 5), (2, 3, 3))


def _planted(network: Draw, layer: int | None, by: float = 0.0) -> Draw:
    def draw(rng: np.random.Generator) -> Case:
        weights, X, D = network(rng)
        gradients = true_gradients(weights, X, D)
        if layer is not None:
            # Never the first entry: a check that looks at one entry only must not pass.
            at = int(rng.integers(1, gradients[layer].size))
            gradients[layer].flat[at] *= 1.0 + by
        return weights, X, D, gradients

    return draw


def _balanced(network: Draw, layer: int, by: float) -> Draw:
    """Plant one entry up and another down by as much, at least by the share `by` of each: every sum stays."""

    def draw(rng: np.random.Generator) -> Case:
        weights, X, D = network(rng)
        gradients = true_gradients(weights, X, D)
        up, down = rng.choice(np.arange(1, gradients[layer].size), size=2, replace=False)
        change = by * np.abs(gradients[layer].flat[[up, down]]).max()
        gradients[layer].flat[up] += change
        gradients[layer].flat[down] -= change
        return weights, X, D, gradients

    return draw


def verify_gradient_check(case: Case, value: Any) -> str | None:
    """Say what is wrong with an answer to `gradient_check`."""
    if value is None:
        return "expected True or False, got None: is a `return` missing?"
    if not isinstance(value, bool | np.bool_):
        return f"expected True or False, got {type(value).__name__} {value!r:.40}"
    wrong = wrong_entries(case)
    if not wrong:
        return None if value else "it gave False for gradients that are right"
    if not value:
        return None
    places = [f"{name}{list(index)}" for name, index, _ in wrong]
    if len(wrong) == 1:
        return (
            f"it gave True for gradients in which one entry, {places[0]}, is off by {100 * wrong[0][2]:.3g} %"
        )
    return (
        f"it gave True for gradients in which {places[0]} is too large and {places[1]} too small by the same amount, "
        "so that the sum of all entries stays as it was"
    )


def wrong_entries(case: Case) -> list[tuple[str, tuple[int, ...], float]]:
    """Return where the gradients of `case` are wrong, what is too large first, and by which share of the entry."""
    weights, X, D, gradients = case
    found = []
    for name, true, given in zip(NAMES, true_gradients(weights, X, D), gradients, strict=True):
        share = np.abs(given - true) / np.abs(true)
        found += [
            (given[tuple(at)] < true[tuple(at)], name, tuple(map(int, at)), float(share[tuple(at)]))
            for at in np.argwhere(share > LEAST / 2)
        ]
    return [entry[1:] for entry in sorted(found)]


# Right ones and wrong ones, so that neither answer passes alone. The sign turned keeps every norm as it was, one entry
# up and another down keep every sum.
PLANTED = (
    _planted(SMALL, None),
    _planted(SMALL, 0, LEAST),
    _planted(WIDE, 1, -LEAST),
    _planted(SQUARE, 0, -2.0),
    _balanced(WIDE, 0, 0.05),
    _balanced(SQUARE, 1, 0.05),
    _planted(WIDE, None),
)
