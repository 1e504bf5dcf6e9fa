"""Mistakes on the way forward: counting, the sums, the sigmoid, the error at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_lib import slopes
from course_lib.activations import sigmoid
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, catalogue

LESSON = "02_forward_pass"
MISTAKES = catalogue(
    Mistake(
        "biases_counted",
        "one extra weight is counted for every hidden and output node, as if there were biases",
        "the network of the slides: its nodes have no bias.",
        LESSON,
    ),
    Mistake(
        "nodes_multiplied",
        "all three layer sizes are multiplied",
        "which layers are joined: inputs with hidden nodes, and hidden nodes with outputs. Two tables, then a sum.",
        LESSON,
    ),
    Mistake(
        "index_from_zero",
        "the node after the one asked for is taken, because the index was used as it is",
        "the counting: j and k run from 1 in the formula, columns from 0 in the array.",
        LESSON,
        "w_ij is `W01[i-1, j-1]`",
    ),
    Mistake(
        "no_activation",
        "the net input is handed in where the output of the node is asked for",
        "the last step of a node: S is applied to its net input.",
        LESSON,
        "o_nk = S(net_nk^(1,2))",
    ),
    Mistake(
        "activation_twice",
        "S is applied where the plain sum is asked for",
        "the name: net is the weighted sum itself; S comes after it.",
        LESSON,
        "net_nj^(0,1) = Σ_i w_ij^(0,1) x_ni",
    ),
    Mistake(
        "sign_in_exponent",
        "the sign in the exponent is turned round: 1/(1 + e^z), which is 1 − S(z)",
        "the exponent. For large z the sigmoid must come close to 1.",
        LESSON,
        "S(z) = 1 / (1 + e^−z)",
    ),
    Mistake(
        "slope_turned",
        "the two factors of S′ are right but for a sign: S (S − 1), or −S (1 − S)",
        "the order in the second factor. The curve of S rises everywhere, so its slope is never below 0.",
        LESSON,
        "S′(z) = S(z) (1 − S(z))",
    ),
    Mistake(
        "sigmoid_twice",
        "S is applied twice: S(S(z)) stands where S(z) belongs",
        "what goes into the formula of S′ where it says S(z): the number S(z) itself, computed once.",
        LESSON,
        "S′(z) = S(z) (1 − S(z))",
    ),
    Mistake(
        "half_kept",
        "a factor 1/2 stands in front of the squares",
        "the definition of E here: it has no 1/2.",
        LESSON,
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "summed_over_samples",
        "the squares are summed and never divided by N",
        "the 1/N in front of the sum.",
        LESSON,
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "mean_over_all",
        "the squares are averaged over the outputs as well, so E is too small by exactly K",
        "the sum over k. `np.mean` without an axis divides by N and by K.",
        LESSON,
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "root_taken",
        "a square root is taken at the end",
        "the name: a mean of squares, with no root.",
        LESSON,
    ),
    Mistake(
        "absolute_not_squared",
        "the errors enter as |o − d| and are not squared",
        "what is averaged: squares of the errors.",
        LESSON,
        "E_n = Σ_k (o_nk − d_nk)²",
    ),
)
RECIPES: dict = {}
Wrong = Mapping[str, Callable[..., list[Any]]]

COUNT: Wrong = {
    "biases_counted": lambda I, J, K: [I * J + J * K + J + K],
    "nodes_multiplied": lambda I, J, K: [I * J * K],
}
SIGMOID: Wrong = {
    "sign_in_exponent": lambda z: [sigmoid(-z)],
    "slope_is_sigmoid": lambda z: [slopes.sigmoid(z)],
}
SIGMOID_SLOPE: Wrong = {
    "slope_is_sigmoid": lambda z: [sigmoid(z)],
    "slope_is_one_minus": lambda z: [1.0 - sigmoid(z)],
    "slope_on_net": lambda z: [z * (1.0 - z)],
    "sigmoid_twice": lambda z: [slopes.sigmoid(sigmoid(z))],
    "slope_turned": lambda z: [-slopes.sigmoid(z)],
}


def _after(W: Array, node: int) -> Array:
    """Return the column that an index counted from 0 takes, if there is one."""
    return W[:, node]


def _sums(W: Array, values: Array, node: int, end: Callable) -> list[float]:
    return [float(end(values @ _after(W, node)))] if node < W.shape[1] else []


NET_HIDDEN: Wrong = {
    "index_from_zero": lambda W, x, j: _sums(W, x, j, lambda net: net),
    "activation_twice": lambda W, x, j: [float(sigmoid(x @ W[:, j - 1]))],
}
OUTPUT_K: Wrong = {
    "no_activation": lambda W, y, k: [float(y @ W[:, k - 1])],
    "index_from_zero": lambda W, y, k: _sums(W, y, k, sigmoid),
}


def _four(W01: Array, W12: Array, X: Array, hidden: Callable, output: Callable) -> tuple[Array, ...]:
    net01 = X @ W01
    y = hidden(net01)
    net12 = y @ W12
    return net01, y, net12, output(net12)


def _plain(net: Array) -> Array:
    return net.copy()


FORWARD: Wrong = {
    "no_activation": lambda W01, W12, X: [
        _four(W01, W12, X, sigmoid, _plain),
        _four(W01, W12, X, _plain, sigmoid),
        _four(W01, W12, X, _plain, _plain),
    ],
    "sign_in_exponent": lambda W01, W12, X: [
        _four(W01, W12, X, lambda z: sigmoid(-z), lambda z: sigmoid(-z))
    ],
    "slope_is_sigmoid": lambda W01, W12, X: [_four(W01, W12, X, slopes.sigmoid, slopes.sigmoid)],
}


def _squares(O: Array, D: Array) -> Array:
    return (O - D) ** 2


MSE: Wrong = {
    "half_kept": lambda O, D: [float(_squares(O, D).sum() / len(O) / 2.0)],
    "summed_over_samples": lambda O, D: [float(_squares(O, D).sum())],
    "mean_over_all": lambda O, D: [float(_squares(O, D).mean())],
    "root_taken": lambda O, D: [
        float(np.sqrt(_squares(O, D).sum() / len(O))),
        float(np.sqrt(_squares(O, D).mean())),
    ],
    "absolute_not_squared": lambda O, D: [float(np.abs(O - D).sum() / len(O))],
}
