"""The walk through the network: forward, the error, and back again to every gradient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from course_lib import slopes
from course_lib.activations import sigmoid
from course_lib.backprop import SLOPE_OF
from course_lib.exercises.walks.base import Walk
from course_lib.inputs import Array
from course_lib.network import Activation


def between(layer: int) -> str:
    """Return how a layer of weights is called: "01" between layers 0 and 1."""
    return f"{layer}{layer + 1}"


def output_of(node: int, last: int) -> str:
    """Return how the outputs of a layer are called."""
    return "x" if not node else "o" if node == last else f"y_{node}"


def sizes(walk: Walk, *counts: int) -> None:
    """Let 1/N, 2/N and the like be multiplied in."""
    for count in counts:
        walk.constant(count, 1.0 / count, 2.0 / count, count / 2.0)


def net_of(walk: Walk, layer: int, incoming: Array, W: Array) -> Array:
    """Enter a net input, and the products that it sums."""
    net = walk.keep(f"net_{between(layer)}", incoming @ W)
    if incoming.ndim > 1:
        walk.part(f"part_of_net_{between(layer)}", incoming[:, :, None] * W, 1)
    else:
        walk.part(f"part_of_net_{between(layer)}", (incoming * W.T).T, 0)
    return net


def forward(
    walk: Walk, weights: Sequence[Array], X: Array, activation: Activation
) -> list[tuple[Array, Array]]:
    """Enter weights, net inputs, outputs and slopes; return (output, slope) of every layer behind the first."""
    last, y, found = len(weights), walk.give("x", X, "y0"), []
    for layer, W in enumerate(weights):
        W = walk.keep(f"w_{between(layer)}", W, f"w{layer}")
        net = net_of(walk, layer, y, W)
        name = output_of(layer + 1, last)
        y = walk.keep(name, activation(net), f"y{layer + 1}")
        found.append((y, slope_of(walk, layer, last, net, y, activation)))
    return found


def slope_of(walk: Walk, layer: int, last: int, net: Array, y: Array, activation: Activation) -> Array:
    """Enter a slope, and what is put in its place by mistake."""
    name, number = f"slope_{between(layer)}", layer + 1
    if activation is not sigmoid:
        walk.stages[name] = 1
        return walk.keep(name, SLOPE_OF[activation](net), f"s{layer}")
    walk.keep(f"one_minus_{output_of(number, last)}", 1.0 - y, f"1-y{number}")
    slope = walk.keep(name, y * (1.0 - y), f"y{number}", f"1-y{number}")
    walk.stages[name] = 1
    at_output = "slope_of_output_o" if number == last else "slope_of_output_h"
    walk.wrong(at_output, name, slopes.sigmoid(y))
    walk.wrong("slope_on_net", name, net * (1.0 - net))
    return slope


def error_of(walk: Walk, o: Array, D: Array) -> Array:
    """Enter the targets and o - d."""
    walk.give("d", D)
    walk.stage = 1
    error = walk.keep("error", o - D, "e")
    walk.wrong("absolute_error", "error", np.abs(o - D), "e")
    return error


def network_walk(
    walk: Walk, weights: Sequence[Array], X: Array, D: Array, activation: Activation = sigmoid
) -> list[Array]:
    """Go through the network and back; return the gradients."""
    last = len(weights)
    X, D = np.asarray(X, dtype=float), np.asarray(D, dtype=float)
    sizes(walk, len(X))
    walk.constant(D.shape[1], 1.0 / D.shape[1], 0.25)
    found = forward(walk, weights, X, activation)
    outputs = [walk.nodes["x"], *(y for y, _ in found)]
    weights = [walk.nodes[f"w_{between(layer)}"] for layer in range(last)]
    slope_factors = [
        (f"y{n}", f"1-y{n}") if activation is sigmoid else (f"s{n - 1}",) for n in range(1, last + 1)
    ]
    factors = ("e", *slope_factors[-1])
    error = error_of(walk, outputs[-1], D)
    delta = walk.keep(f"delta_{between(last - 1)}", error * found[-1][1] * 2.0 / len(X), *factors)
    gradients: list[Array] = []
    for layer in range(last - 1, -1, -1):
        incoming, slope = outputs[layer], found[layer][1]
        _gradient(walk, layer, incoming, delta, factors)
        gradients.insert(0, walk.nodes[f"gradient_{between(layer)}"])
        # What the chain rule makes when it is begun at the other end.
        name = between(layer)
        walk.part(
            f"from_w_{name}",
            incoming[:, :, None] * slope[:, None, :],
            factors=(f"y{layer}", *slope_factors[layer]),
        )
        if layer:
            delta, factors = _carried_back(walk, layer, weights[layer], delta, factors, found, slope_factors)
    if last == 2:
        _whole_paths(walk, weights[1], outputs, [slope for _, slope in found], error)
    walk.asked = tuple(f"gradient_{between(layer)}" for layer in range(last))
    return gradients


def _gradient(walk: Walk, layer: int, incoming: Array, delta: Array, factors: tuple[str, ...]) -> None:
    name = between(layer)
    terms = incoming[:, :, None] * delta[:, None, :]
    walk.keep(f"gradient_{name}", terms.sum(axis=0))
    whole = (*factors, f"y{layer}")
    walk.part(f"part_of_gradient_{name}", terms, 0, factors=whole)
    walk.paths.append(Counter(whole))


def _carried_back(
    walk: Walk, layer: int, W: Array, delta: Array, factors: tuple[str, ...], found: list, slope_factors: list
) -> tuple[Array, tuple[str, ...]]:
    terms = delta[:, None, :] * W
    slope, before = found[layer - 1][1], slope_factors[layer - 1]
    back = walk.keep(f"back_{layer}", delta @ W.T, *factors, f"w{layer}")
    walk.part(f"part_of_back_{layer}", terms, 2, factors=(*factors, f"w{layer}"))
    walk.part(f"part_of_delta_{between(layer - 1)}", terms * slope[:, :, None], 2)
    walk.part(
        f"through_{between(layer)}",
        found[layer][1][:, None, :] * W,
        factors=(*slope_factors[layer], f"w{layer}"),
    )
    walk.part(f"through_{between(layer)}", W * slope[:, :, None], factors=(f"w{layer}", *before))
    factors = (*factors, f"w{layer}", *before)
    delta = walk.keep(f"delta_{between(layer - 1)}", back * slope, *factors)
    return delta, factors


def _whole_paths(walk: Walk, W: Array, outputs: list[Array], slope: list[Array], error: Array) -> None:
    """Enter the products along a whole path from w_ij to o_k, for who follows every path by itself."""
    X, e = outputs[0], error[:, None, None, :]
    middle = W * slope[0][:, :, None] * slope[1][:, None, :]
    walk.part("through_12", middle)
    walk.part("part_of_delta_01", e[:, 0] * middle, 2)
    inner = X[:, :, None] * (slope[0])[:, None, :]
    walk.part("through_12", inner[:, :, :, None] * W)
    path = X[:, :, None, None] * middle[:, None]
    walk.part("through_12", path)
    N, I, J, K = path.shape
    terms = path * e
    walk.part("part_of_gradient_01", terms, 3)
    walk.part("part_of_gradient_01", np.moveaxis(terms, 3, 1).reshape(N * K, I, J), 0)
    walk.part("part_of_gradient_01", terms.sum(axis=0), 2)
