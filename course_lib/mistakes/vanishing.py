"""Mistakes with gradients that vanish: slopes of other activations, norms of layers, how much a delta can shrink."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from course_lib import activations, slopes
from course_lib.backprop import gradients
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, catalogue
from course_lib.network import Activation

LESSON = "05_vanishing_and_exploding_gradients"
BOUND = "‖δ^(0,1)‖ ≤ Π_{l≥1} ‖W^(l,l+1)‖₂ / 4 · ‖δ^(last)‖"
MISTAKES = catalogue(
    Mistake(
        "sigmoid_rule",
        "a (1 − a), the rule for the sigmoid, is used for tanh",
        "where a (1 − a) comes from. Differentiating tanh gives another short form.",
        LESSON,
        "tanh = sinh / cosh, sinh′ = cosh, cosh′ = sinh",
    ),
    Mistake(
        "square_missing",
        "the square is missing in the slope of tanh",
        "the slope of tanh far to the left. Does it go to 0 there?",
        LESSON,
        "tanh = sinh / cosh, sinh′ = cosh, cosh′ = sinh",
    ),
    Mistake(
        "leak_missing",
        "the slope of leaky relu is 0 on the left",
        "the leak. What does 0.01 z change by, when z changes by a little?",
        LESSON,
        "leaky_relu(z) = 0.01 z for z ≤ 0",
    ),
    Mistake(
        "norm_squared",
        "the squares are summed and no root is taken: these are squared norms",
        "the definition of the norm. After the sum comes one thing more.",
        LESSON,
        "‖A‖ = √(Σ_ij a_ij²)",
    ),
    Mistake(
        "largest_stretch",
        "the spectral norm is taken, the largest stretch of the matrix, and not the root of all squares",
        "which norm is asked for. `np.linalg.norm(A, 2)` is another one than `np.linalg.norm(A)`.",
        LESSON,
        "‖A‖ = √(Σ_ij a_ij²)",
    ),
    Mistake(
        "activation_ignored",
        "the sigmoid is used, whichever activation the network has",
        "the last argument. Does it reach the call that computes the gradients?",
        LESSON,
    ),
    Mistake(
        "all_entries_norm",
        "the root of all squares is taken, and not the largest stretch",
        "which norm is asked for: by how much can the matrix lengthen a vector? `np.linalg.norm(W, 2)` knows.",
        LESSON,
        BOUND,
    ),
    Mistake(
        "first_layer_counted",
        "the matrix of the first layer is in the product as well",
        "the way back from the last delta to the first. It does not pass through W^(0,1).",
        LESSON,
        BOUND,
    ),
    Mistake(
        "quarter_missing",
        "the bound of the slope, 1/4, is missing",
        "the slopes on the way back. Each layer multiplies by one, and none exceeds 1/4.",
        LESSON,
        BOUND,
    ),
    Mistake(
        "quarter_once",
        "the factor 1/4 is there once for all layers together",
        "how many slopes are met on the way back. Each of them is at most 1/4.",
        LESSON,
        BOUND,
    ),
)
RECIPES: dict = {}
Wrong = Mapping[str, Callable[..., list[Any]]]

NAMES = ("tanh", "relu", "leaky_relu")


def _slopes(**others: Callable[[Array], Array]) -> Callable[[Array], list[Array]]:
    """Return what the right slopes give, with some of them put in place by others."""
    return lambda z: [others.get(name, getattr(slopes, name))(z) for name in NAMES]


def _values(z: Array) -> list[list[Array]]:
    """Return every answer in which some of the three are the function itself."""
    sources = product((slopes, activations), repeat=len(NAMES))
    return [[getattr(s, name)(z) for s, name in zip(chosen, NAMES, strict=True)] for chosen in sources][1:]


SLOPES: Wrong = {
    "value_for_slope": _values,
    "sigmoid_rule": lambda z: [_slopes(tanh=lambda z: np.tanh(z) * (1.0 - np.tanh(z)))(z)],
    "square_missing": lambda z: [_slopes(tanh=lambda z: 1.0 - np.tanh(z))(z)],
    "leak_missing": lambda z: [_slopes(leaky_relu=slopes.relu)(z)],
}
BEYOND: Wrong = {
    # Solved for 1 − S(z) = t, with and without the case of a large t.
    "slope_is_one_minus": lambda t: (
        [
            float(np.log(1.0 / t - 1.0)),
            float(np.log(1.0 / t - 1.0)) if t < 0.25 else 0.0,
        ]
        if 0.0 < t < 1.0
        else [0.0, 0.0]
    ),
}


def norms(arrays: Sequence[Array]) -> Array:
    """Return the root of the sum of all squares of each array."""
    return np.array([np.sqrt((a * a).sum()) for a in arrays])


def _norms_by(measure: Callable[[Array], float]) -> Callable[..., list[Array]]:
    return lambda weights, X, D, activation: [
        np.array([measure(g) for g in gradients(weights, X, D, activation)])
    ]


def _of_sigmoid(weights: Sequence[Array], X: Array, D: Array, activation: Activation) -> list[Array]:
    return [norms(gradients(weights, X, D))]


NORMS: Wrong = {
    "norm_squared": _norms_by(lambda g: float((g * g).sum())),
    "largest_stretch": _norms_by(lambda g: float(np.linalg.norm(g, 2))),
    "activation_ignored": _of_sigmoid,
}


def bound(weights: Sequence[Array], factor: float = 0.25, kind: Any = 2) -> float:
    """Return the product of factor times the norm of each matrix."""
    return float(np.prod([factor * np.linalg.norm(W, kind) for W in weights]))


SHRINK: Wrong = {
    "all_entries_norm": lambda weights: [bound(weights[1:], kind=None), bound(weights, kind=None)],
    "first_layer_counted": lambda weights: [
        bound(weights),
        bound(weights) * 4.0,
    ],
    "quarter_missing": lambda weights: [bound(weights[1:], 1.0)],
    "quarter_once": lambda weights: [bound(weights[1:], 1.0) / 4.0],
}
