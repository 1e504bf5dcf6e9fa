"""Backpropagation with one thing done differently: what a whole gradient with a mistake in it would be.

A recipe changes one or a few steps of the right algorithm and leaves the rest, at any depth. "Output side" is the last
layer, "hidden side" all before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_lib import slopes
from course_lib.inputs import Array
from course_lib.network import forward


class Step(NamedTuple):
    """What is known at one layer on the way back: its weights, what enters it, its gradient; N and K."""

    W: Array
    entering: Array
    gradient: Array
    is_output: bool


def slope(net: Array, y: Array) -> Array:
    """Return S'(net), the right slope."""
    return slopes.sigmoid(net)


def product(entering: Array, delta: Array, W: Array) -> Array:
    """Return the right gradient of a layer: what entered it, times its delta, summed over the samples."""
    return entering.T @ delta


def carried(delta: Array, step: Step) -> Array:
    """Return what the right algorithm carries back: the delta through the weights, summed over k."""
    return delta @ step.W.T


def same(value: Array, *others: Array) -> Array:
    """Change nothing."""
    return value


@dataclass(frozen=True)
class Recipe:
    """The steps of backpropagation, each replaceable by what a mistake makes of it."""

    targets: Callable[[Array], Array] = same
    error: Callable[[Array, Array], Array] = np.subtract
    output_slope: Callable[[Array, Array], Array] = slope
    back_slope: Callable[[Array, Array], Array] | None = None
    hidden_slope: Callable[[Array, Array], Array] = slope
    carry: Callable[[Array, Step], Array] = carried
    output_entering: Callable[[Array, Array], Array] = same
    hidden_entering: Callable[[Array, Array], Array] = same
    output_product: Callable[[Array, Array, Array], Array] = product
    hidden_product: Callable[[Array, Array, Array], Array] = product
    scale: Callable[[int, int], float] = lambda N, K: 1.0
    handed_in: Callable[[list[Array]], list[Array]] = same


def cook(recipe: Recipe, weights: Sequence[Array], X: Array, D: Array) -> list[Array]:
    """Return the gradient that `recipe` gives for a sigmoid network of any depth.

    Raises
    ------
    ValueError
        If the mistake is not possible here, as a transposed matrix that is not square.
    """
    net, y = forward(weights, X)
    N, K = D.shape
    base = 2.0 / N * recipe.error(y[-1], recipe.targets(D))
    delta = base * recipe.output_slope(net[-1], y[-1])
    result = [recipe.output_product(recipe.output_entering(y[-2], X), delta, weights[-1])]
    if recipe.back_slope is not None:
        delta = base * recipe.back_slope(net[-1], y[-1])
    for layer in range(len(weights) - 2, -1, -1):
        step = Step(weights[layer + 1], y[layer + 1], result[0], layer + 2 == len(weights))
        delta = recipe.carry(delta, step) * recipe.hidden_slope(net[layer], y[layer + 1])
        entering = recipe.hidden_entering(y[layer], y[layer + 1])
        result.insert(0, recipe.hidden_product(entering, delta, weights[layer]))
    return recipe.handed_in([recipe.scale(N, K) * gradient for gradient in result])
