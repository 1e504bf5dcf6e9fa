"""The walks of lessons 03 and 04: gradients, the deltas that are asked for alone, the update, training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from course_lib import slopes
from course_lib.exercises.walks.base import Walk
from course_lib.exercises.walks.forward import squares
from course_lib.exercises.walks.network import between, error_of, network_walk, output_of, sizes
from course_lib.inputs import Array
from course_lib.network import forward, loss

# A run is followed no further than this, and with many samples not so far.
MOST_STEPS, MOST_SAMPLES = 20, 2_000


def gradient_walk(walk: Walk, weights: Sequence[Array], X: Array, D: Array) -> None:
    """Go to every gradient."""
    walk.names_updated = True
    network_walk(walk, weights, X, D)


def of_layer(layer: str) -> Callable[..., None]:
    """Return the walk to the gradient of one layer."""

    def walk_of(walk: Walk, weights: Sequence[Array], X: Array, D: Array) -> None:
        gradient_walk(walk, weights, X, D)
        walk.asked = (f"gradient_{layer}",)

    return walk_of


def of_one_weight(layer: str) -> Callable[..., None]:
    """Return the walk to one derivative, for which the matrices come one by one."""

    def walk_of(walk: Walk, W01: Array, W12: Array, X: Array, D: Array) -> None:
        gradient_walk(walk, [W01, W12], X, D)
        walk.asked = (f"gradient_{layer}",)

    return walk_of


def of_any_weight(walk: Walk, W01: Array, W12: Array, X: Array, D: Array, layer: int, i: int, j: int) -> None:
    """Go to the derivative for the weight that is named."""
    gradient_walk(walk, [W01, W12], X, D)
    walk.asked = (f"gradient_{between(layer)}",)


def one_chain(walk: Walk, w01: float, w12: float, x: float, d: float) -> None:
    """Go through the 1-1-1 network."""
    gradient_walk(walk, [np.array([[w01]]), np.array([[w12]])], np.array([[x]]), np.array([[d]]))
    walk.asked = ("gradient_01",)


def output_delta(walk: Walk, o: Array, D: Array) -> None:
    """Go to the delta of the output layer."""
    sizes(walk, len(o))
    walk.give("o", o, "y2")
    walk.keep("one_minus_o", 1.0 - o, "1-y2")
    error = error_of(walk, o, D)
    slope = walk.keep("slope_12", o * (1.0 - o), "y2", "1-y2")
    walk.wrong("slope_of_output_o", "slope_12", slopes.sigmoid(o))
    factors = ("e", "y2", "1-y2")
    walk.keep("delta_12", error * slope * 2.0 / len(o), *factors)
    walk.paths.append(Counter(factors))
    walk.asked = ("delta_12",)


def hidden_delta(walk: Walk, delta_o: Array, W12: Array, y: Array) -> None:
    """Go back from the delta of the output layer to that of the hidden one."""
    sizes(walk, len(y))
    walk.give("delta_12", delta_o, "delta")
    walk.give("w_12", W12, "w1")
    walk.give("y_1", y, "y1")
    walk.keep("one_minus_y_1", 1.0 - y, "1-y1")
    slope = walk.keep("slope_01", y * (1.0 - y), "y1", "1-y1")
    walk.wrong("slope_of_output_h", "slope_01", slopes.sigmoid(y))
    walk.stage = 1
    terms = delta_o[:, None, :] * W12
    back = walk.keep("back_1", delta_o @ W12.T, "delta", "w1")
    walk.part("part_of_back_1", terms, 2, factors=("delta", "w1"))
    walk.part("part_of_delta_01", terms * slope[:, :, None], 2)
    walk.part("through_12", W12 * slope[:, :, None], factors=("w1", "y1", "1-y1"))
    factors = ("delta", "w1", "y1", "1-y1")
    walk.keep("delta_01", back * slope, *factors)
    walk.paths.append(Counter(factors))
    walk.asked = ("delta_01",)


def update(walk: Walk, weights: Sequence[Array], gradients: Sequence[Array], learning_rate: float) -> None:
    """Go one step."""
    walk.constant(learning_rate)
    for layer, (W, g) in enumerate(zip(weights, gradients, strict=True)):
        walk.give(f"w_{between(layer)}", W)
        walk.give(f"gradient_{between(layer)}", g)
    for layer, (W, g) in enumerate(zip(weights, gradients, strict=True)):
        walk.keep(f"new_w_{between(layer)}", W - learning_rate * g)
    walk.asked = tuple(f"new_w_{between(layer)}" for layer in range(len(weights)))


def _light(walk: Walk, weights: Sequence[Array], X: Array, D: Array) -> list[Array]:
    """Enter the values of a later step, without the terms of the sums; return the gradients."""
    net, y = forward(weights, X)
    last = len(weights)
    delta, found = y[-1] - D, []
    walk.part("error", delta)
    for layer in range(last - 1, -1, -1):
        name = between(layer)
        slope = y[layer + 1] * (1.0 - y[layer + 1])
        back, delta = delta, delta * slope
        for meaning, value in (
            (f"net_{name}", net[layer]),
            (output_of(layer + 1, last), y[layer + 1]),
            (f"one_minus_{output_of(layer + 1, last)}", 1.0 - y[layer + 1]),
            (f"slope_{name}", slope),
            *([(f"back_{layer + 1}", back)] if layer < last - 1 else []),
            (f"delta_{name}", delta),
        ):
            walk.part(meaning, value)
        found.insert(0, 2.0 / len(X) * y[layer].T @ delta)
        delta = delta @ weights[layer].T
    return found


def training(
    walk: Walk, weights: Sequence[Array], X: Array, D: Array, learning_rate: float, steps: int
) -> None:
    """Go the first step in every detail, and of the others the weights and E."""
    walk.constant(learning_rate)
    found = network_walk(walk, weights, X, D)
    losses = [squares(walk, walk.nodes["o"], D)]
    for _ in range(min(steps, MOST_STEPS, max(3, MOST_SAMPLES // len(X)))):
        weights = [W - learning_rate * g for W, g in zip(weights, found, strict=True)]
        found = _light(walk, weights, X, D)
        for layer, (W, g) in enumerate(zip(weights, found, strict=True)):
            walk.part(f"gradient_{between(layer)}", g)
            walk.part(f"new_w_{between(layer)}", W)
        losses.append(loss(weights, X, D))
        walk.part("E", np.asarray(losses[-1]))
    walk.keep("losses", np.array(losses))
    for count in range(2, len(losses)):
        walk.part("part_of_losses", np.array(losses[:count]))
    walk.part("part_of_losses", np.array(losses[1:]))
    walk.asked = ("new_w", "losses")
