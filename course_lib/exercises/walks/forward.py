"""The walks of lesson 02: one node, the whole forward pass, S and its slope, the mean squared error."""

from __future__ import annotations

import numpy as np

from course_lib import slopes
from course_lib.activations import sigmoid
from course_lib.exercises.walks.base import Walk
from course_lib.exercises.walks.network import forward, sizes
from course_lib.inputs import Array


def one_net(walk: Walk, layer: str, incoming: str, W: Array, values: Array, node: int) -> Array:
    """Enter what leads to the net input of one node, counted from 1."""
    walk.give(incoming, values)
    W = walk.give(f"w_{layer}", W)
    terms = values * W[:, node - 1]
    walk.part(f"part_of_net_{layer}", terms, 0)
    return walk.keep(f"net_{layer}", terms.sum())


def net_hidden(walk: Walk, W01: Array, x: Array, j: int) -> None:
    """Go to the net input of a hidden node."""
    one_net(walk, "01", "x", W01, x, j)
    walk.asked = ("net_01",)


def output_k(walk: Walk, W12: Array, y: Array, k: int) -> None:
    """Go to the output of one node."""
    _sigmoid_of(walk, one_net(walk, "12", "y_1", W12, y, k), "o")
    walk.asked = ("o",)


def _sigmoid_of(walk: Walk, z: Array, name: str) -> Array:
    for meaning, value in (("exp_minus", np.exp(-z)), ("exp_plus", np.exp(z))):
        walk.keep(meaning, value)
        walk.keep(f"one_plus_{meaning}", 1.0 + value)
    walk.keep("exp_minus", np.exp(-np.abs(z)))
    walk.keep("one_plus_exp_minus", 1.0 + np.exp(-np.abs(z)))
    walk.keep("tanh_half", np.tanh(z / 2.0))
    return walk.keep(name, sigmoid(z))


def forward_pass(walk: Walk, W01: Array, W12: Array, X: Array) -> None:
    """Go through both layers."""
    forward(walk, [W01, W12], X, sigmoid)
    walk.asked = ("net_01", "y_1", "net_12", "o")


def sigmoid_walk(walk: Walk, z: Array) -> None:
    """Go to S(z)."""
    walk.give("z", z)
    _sigmoid_of(walk, z, "S")
    walk.asked = ("S",)


def sigmoid_slope(walk: Walk, z: Array) -> None:
    """Go to S'(z)."""
    walk.give("z", z)
    S = _sigmoid_of(walk, z, "S")
    walk.keep("one_minus_S", 1.0 - S)
    walk.keep("slope", S * (1.0 - S))
    walk.wrong("slope_on_net", "slope", z * (1.0 - z))
    walk.wrong("sigmoid_twice", "slope", slopes.sigmoid(S))
    walk.asked = ("slope",)


def squares(walk: Walk, O: Array, D: Array) -> float:
    """Enter o - d, the squares, and their sums as they grow; return E."""
    O, D = O.reshape(len(O), -1), D.reshape(len(D), -1)
    error = walk.keep("error", O - D)
    square = walk.keep("square", error**2)
    walk.part("part_of_E", square, 0, 1)
    walk.part("part_of_E", square.sum(axis=1), 0)
    walk.part("part_of_E", square.sum(axis=0), 0)
    walk.part("part_of_E", square.ravel(), 0)
    return float(walk.keep("E", square.sum() / len(O)))


def mse(walk: Walk, O: Array, D: Array) -> None:
    """Go to the mean squared error."""
    sizes(walk, len(O))
    walk.constant(1.0 / O.size, 2.0 / O.size, len(O) / O.size)
    walk.give("o", O)
    walk.give("d", D)
    squares(walk, O, D)
    walk.asked = ("E",)
