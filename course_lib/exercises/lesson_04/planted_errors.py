"""`gradient_check`: gradients with an error planted in them, which a gradient check must find."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course_lib.activations import FLATTER, sigmoid
from course_lib.exercises.gradient_cases import draw_network, networks, true_gradients
from course_lib.exercises.kinds import Case, Draw
from course_lib.inputs import Array

NAMES = ("dW01", "dW12")
# No wrong entry is off by less than this share of itself; the notebook states it.
LEAST = 1e-3
# A norm over everything, ||a - b|| / ||a + b||, comes to more than 1e-5 where an entry is off by this share of ||b||.
SEEN_BY_NORM = 1e-4


def flatter_sigmoid(z: Array) -> Array:
    """S as it is while the answer is called, so that only measuring E finds its derivatives."""
    return sigmoid(FLATTER * z)


# Of different sizes, so that no number written down passes for one.
SMALL, WIDE, SQUARE = networks((2, 4, 3), (4, 2, 5), (2, 3, 3), activation=flatter_sigmoid)
# A check of ten entries of each matrix finds the one wrong entry of 108 or 96 in about one try of ten: in all four
# networks, one in nearly twelve thousand.
LARGE = partial(draw_network, sizes=(9, 12, 8), samples=11, activation=flatter_sigmoid)


def measured_gradients(weights: list[Array], X: Array, D: Array) -> list[Array]:
    """Return dE/dW of the E that `loss` gives while the answer is called."""
    return true_gradients(weights, X, D, flatter_sigmoid)


def _planted(network: Draw, spoil: Callable[..., None] | None = None, **how: Any) -> Draw:
    """Draw a network with its gradients, and let ``spoil(rng, gradients, **how)`` plant an error in them."""

    def draw(rng: np.random.Generator) -> Case:
        weights, X, D = network(rng)
        gradients = measured_gradients(weights, X, D)
        if spoil:
            spoil(rng, gradients, **how)
        return weights, X, D, gradients

    return draw


def _one_entry(rng: np.random.Generator, gradients: list[Array], layer: int, by: float) -> None:
    # Never the first entry: a check that looks at one entry only must not pass.
    at = int(rng.integers(1, gradients[layer].size))
    gradients[layer].flat[at] *= 1.0 + by


def _hidden(rng: np.random.Generator, gradients: list[Array], layer: int, by: float) -> None:
    """Plant one wrong entry, anywhere in a large matrix, off by the share `by` of itself, or as much as a norm sees."""
    at = int(rng.integers(gradients[layer].size))
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    off = max(by * abs(gradients[layer].flat[at]), SEEN_BY_NORM * norm)
    gradients[layer].flat[at] += rng.choice([-1.0, 1.0]) * off


def _balanced(rng: np.random.Generator, gradients: list[Array], layer: int, by: float) -> None:
    """Plant one entry up and another down by as much, at least by the share `by` of each: every sum stays."""
    up, down = rng.choice(np.arange(1, gradients[layer].size), size=2, replace=False)
    change = by * np.abs(gradients[layer].flat[[up, down]]).max()
    gradients[layer].flat[up] += change
    gradients[layer].flat[down] -= change


WRONGLY_REFUSED = "it gave False for gradients that are right: those of the E that `loss` gives"


def verify_gradient_check(case: Case, value: Any) -> str | None:
    """Say what is wrong with an answer to `gradient_check`."""
    if value is None:
        return "expected True or False, got None: is a `return` missing?"
    if not isinstance(value, bool | np.bool_):
        return f"expected True or False, got {type(value).__name__} {value!r:.40}"
    wrong = wrong_entries(case)
    if not wrong:
        return None if value else WRONGLY_REFUSED
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
    for name, true, given in zip(NAMES, measured_gradients(weights, X, D), gradients, strict=True):
        share = np.abs(given - true) / np.abs(true)
        found += [
            (given[tuple(at)] < true[tuple(at)], name, tuple(map(int, at)), float(share[tuple(at)]))
            for at in np.argwhere(share > LEAST / 2)
        ]
    return [entry[1:] for entry in sorted(found)]


# Right ones and wrong ones, so that neither answer passes alone. The sign turned keeps every norm as it was, one entry
# up and another down keep every sum.
PLANTED = (
    _planted(SMALL),
    _planted(SMALL, _one_entry, layer=0, by=LEAST),
    _planted(WIDE, _one_entry, layer=1, by=-LEAST),
    _planted(SQUARE, _one_entry, layer=0, by=-2.0),
    _planted(WIDE, _balanced, layer=0, by=0.05),
    _planted(SQUARE, _balanced, layer=1, by=0.05),
    _planted(WIDE),
    *(_planted(LARGE, _hidden, layer=layer, by=0.01) for layer in (0, 1, 0, 1)),
)
