"""Backpropagation with one thing done differently: what a whole gradient with a mistake in it would be.

A `Recipe` lists the steps of the right algorithm, at any depth. One that stands for a mistake replaces a step or a
few of them and leaves the rest; two recipes that replace different steps can be made into one. "Output" is the last
layer, "hidden" all before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from course_lib import slopes
from course_lib.inputs import Array, arrays_of, key_of
from course_lib.network import Pass, forward


class Step(NamedTuple):
    """What is known of the layer that an error is carried back through."""

    W: Array
    incoming: Array
    gradient: Array
    is_output: bool


def slope(net: Array, y: Array) -> Array:
    """Return S'(net), the right slope."""
    return slopes.sigmoid(net)


def product(incoming: Array, delta: Array, W: Array) -> Array:
    """Return the right gradient of a layer: what came into it, times its delta, summed over the samples."""
    return incoming.T @ delta


def carry_back(delta: Array, step: Step) -> Array:
    """Return what the right algorithm carries back: the delta through the weights, summed over k."""
    return delta @ step.W.T


def unchanged(value: Array, *others: Array) -> Array:
    """Change nothing."""
    return value


@lru_cache(maxsize=8)
def _forward(weights_key: tuple, X_key: tuple) -> Pass:
    # All recipes that a diagnosis tries on one network begin with this: a fifth of its time.
    return forward(arrays_of(weights_key), *arrays_of(X_key))


@dataclass(frozen=True)
class Recipe:
    """The steps of backpropagation, each replaceable by what a mistake makes of it.

    Called with (weights, X, D), as `gradients` is, it returns the gradient of a sigmoid network that these steps give.
    It raises ValueError if the mistake is not possible there: a transposed matrix that is not square, for one.
    """

    targets: Callable[[Array], Array] = unchanged
    error: Callable[[Array, Array], Array] = np.subtract
    output_slope: Callable[[Array, Array], Array] = slope
    slope_carried_back: Callable[[Array, Array], Array] | None = None  # none of its own: the output's slope
    hidden_slope: Callable[[Array, Array], Array] = slope
    carry: Callable[[Array, Step], Array] = carry_back
    output_incoming: Callable[[Array, Array], Array] = unchanged
    hidden_incoming: Callable[[Array, Array], Array] = unchanged
    output_product: Callable[[Array, Array, Array], Array] = product
    hidden_product: Callable[[Array, Array, Array], Array] = product
    scale: Callable[[int, int], float] = lambda N, K: 1.0
    returned: Callable[[list[Array]], list[Array]] = unchanged

    def __call__(self, weights: Sequence[Array], X: Array, D: Array) -> list[Array]:
        """Return the gradient of E for every layer, as these steps make it."""
        net, y = _forward(key_of(weights), key_of([X]))
        N, K = D.shape
        error = 2.0 / N * self.error(y[-1], self.targets(D))
        delta = error * self.output_slope(net[-1], y[-1])
        result = [self.output_product(self.output_incoming(y[-2], X), delta, weights[-1])]
        if self.slope_carried_back is not None:
            delta = error * self.slope_carried_back(net[-1], y[-1])
        for layer in range(len(weights) - 2, -1, -1):
            step = Step(weights[layer + 1], y[layer + 1], result[0], layer + 2 == len(weights))
            delta = self.carry(delta, step) * self.hidden_slope(net[layer], y[layer + 1])
            incoming = self.hidden_incoming(y[layer], y[layer + 1])
            result.insert(0, self.hidden_product(incoming, delta, weights[layer]))
        return self.returned([self.scale(N, K) * gradient for gradient in result])
