"""The symbols of the deck: how each is written, how it is said, and what it is worth on a given network.

The names are what a student types: ``y_n1`` for y_n1^(1), ``w11_12`` for w_11^(1,2), ``S'(net_n1_01)`` for
S'(net_n1^(0,1)). Values are for the 2-2-1 network of the deck's exercise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from course_lib import slopes
from course_lib.closing import guard
from course_lib.inputs import Array
from course_lib.network import forward


@dataclass(frozen=True)
class Symbol:
    """One symbol: `name` to type, `latex` to read, `words` to hear, `value` (weights, X, D) -> (N,) or number."""

    name: str
    latex: str
    words: str
    value: Callable[[Sequence[Array], Array, Array], Array]


def _weight(layer: int, i: int, j: int) -> Symbol:
    upper = f"{layer},{layer + 1}"
    return Symbol(
        f"w{i}{j}_{layer}{layer + 1}",
        f"w_{{{i}{j}}}^{{({upper})}}",
        f"the weight from {i} to {j} between layers {layer} and {layer + 1}",
        lambda weights, X, D: np.asarray(weights[layer])[i - 1, j - 1],
    )


def _slope(layer: int, node: int) -> Symbol:
    upper = f"{layer},{layer + 1}"
    return Symbol(
        f"S'(net_n{node}_{layer}{layer + 1})",
        f"S'(net_{{n{node}}}^{{({upper})}})",
        f"the slope of S at the net input of node {node} of layer {layer + 1}",
        lambda weights, X, D: slopes.sigmoid(forward(weights, X).net[layer])[:, node - 1],
    )


def _input(i: int) -> Symbol:
    return Symbol(f"x_n{i}", f"x_{{n{i}}}", f"input {i}", lambda weights, X, D: np.asarray(X)[:, i - 1])


def _hidden(j: int) -> Symbol:
    return Symbol(
        f"y_n{j}",
        f"y_{{n{j}}}^{{(1)}}",
        f"the output of hidden node {j}",
        lambda weights, X, D: forward(weights, X).y[1][:, j - 1],
    )


def _error(weights: Sequence[Array], X: Array, D: Array) -> Array:
    return (forward(weights, X).y[-1] - D)[:, 0]


SYMBOLS = {
    symbol.name: symbol
    for symbol in (
        Symbol("2", "2", "two", lambda weights, X, D: np.float64(2.0)),
        Symbol("o_n1 - d_n1", "(o_{n1} - d_{n1})", "output minus target", _error),
        *(_slope(1, 1), _slope(0, 1), _slope(0, 2)),
        *(_hidden(1), _hidden(2)),
        *(_input(1), _input(2)),
        *(_weight(1, 1, 1), _weight(1, 2, 1)),
        *(_weight(0, 1, 1), _weight(0, 1, 2), _weight(0, 2, 1), _weight(0, 2, 2)),
    )
}


def product(names: Iterable[str], weights: Sequence[Array], X: Array, D: Array) -> float:
    """1/N sum_n of the product of the named symbols: the shape of every line of the deck's solution."""
    guard(__name__, "product")
    value = np.ones(len(X))
    for name in names:
        value = value * SYMBOLS[name].value(weights, X, D)
    return float(value.mean())
