"""Backpropagation with one thing done differently: what a whole gradient with a mistake in it would be.

A `Recipe` lists the steps of the right algorithm, at any depth. One that stands for a mistake replaces a step or a
few of them and leaves the rest; two recipes that replace different steps can be made into one. "Output" is the last
layer, "hidden" all before it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course_lib import slopes
from course_lib.activations import sigmoid
from course_lib.inputs import Array, arrays_of, key_of
from course_lib.network import Activation, Pass


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


# A diagnosis tries hundreds of recipes on one network, and most of them share most of their steps.
@lru_cache(maxsize=8)
def _forward(weights_key: tuple, data_key: tuple, activation: Activation) -> tuple[Pass, Array, Array]:
    # The library's own looks at every argument first, which takes as long as the sums of a small network.
    X, D = arrays_of(data_key)
    net, y = [], [X]
    for W in arrays_of(weights_key):
        net.append(y[-1] @ W)
        y.append(activation(net[-1]))
    return Pass(net, y), X, D


def error_of(weights: Sequence[Array], X: Array, D: Array) -> float:
    """Return E of a sigmoid network, from the forward pass that its gradient shares."""
    (_, y), _, D = _forward(key_of(weights), key_of([X, D]), sigmoid)
    return float(((y[-1] - D) ** 2).sum() / len(D))


@lru_cache(maxsize=512)
def _error(network: tuple, targets: Callable, error: Callable) -> Array:
    (_, y), _, D = _forward(*network)
    return 2.0 / len(D) * error(y[-1], targets(D))


@lru_cache(maxsize=512)
def _slope(network: tuple, slope: Callable, layer: int) -> Array:
    net, y = _forward(*network)[0]
    return slope(net[layer], y[layer + 1])


@dataclass(frozen=True)
class Recipe:
    """The steps of backpropagation, each replaceable by what a mistake makes of it.

    Called with (weights, X, D), as `gradients` is, it returns the gradient that these steps give, of a network with
    `activation` in every layer, to which the slopes have to fit. It raises ValueError if the mistake is not possible
    there: a transposed matrix that is not square, for one.
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
    activation: Activation = sigmoid

    def __call__(self, weights: Sequence[Array], X: Array, D: Array) -> list[Array]:
        """Return the gradient of E for every layer, as these steps make it."""
        weights, network = list(weights), (key_of(weights), key_of([X, D]), self.activation)
        (_, y), X, D = _forward(*network)
        last = len(weights) - 1
        error = _error(network, self.targets, self.error)
        delta = error * _slope(network, self.output_slope, last)
        result = [self.output_product(self.output_incoming(y[-2], X), delta, weights[-1])]
        if self.slope_carried_back is not None:
            delta = error * _slope(network, self.slope_carried_back, last)
        for layer in range(last - 1, -1, -1):
            step = Step(weights[layer + 1], y[layer + 1], result[0], layer + 1 == last)
            delta = self.carry(delta, step) * _slope(network, self.hidden_slope, layer)
            incoming = self.hidden_incoming(y[layer], y[layer + 1])
            result.insert(0, self.hidden_product(incoming, delta, weights[layer]))
        factor = self.scale(*D.shape)
        return self.returned(result if factor == 1.0 else [factor * gradient for gradient in result])


RIGHT = Recipe()


def combined(recipes: Iterable[Recipe]) -> Recipe | None:
    """Return one recipe with the changes of all of `recipes`, or None if two of them change the same step."""
    changes: dict[str, Any] = {}
    for recipe in recipes:
        own = {f.name: getattr(recipe, f.name) for f in fields(Recipe)}
        own = {name: step for name, step in own.items() if step is not getattr(RIGHT, name)}
        if own.keys() & changes.keys():
            return None
        changes |= own
    return Recipe(**changes)
