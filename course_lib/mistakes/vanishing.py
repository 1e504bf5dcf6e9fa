"""Mistakes with gradients that vanish: slopes of other activations, norms of layers, how much a delta can shrink."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from course_lib import activations, slopes
from course_lib.backprop import gradients
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, WrongAnswers

BOUND = "‖δ^(0,1)‖ ≤ Π_{l≥1} ‖W^(l,l+1)‖₂ / 4 · ‖δ^(last)‖"
MISTAKES = (
    Mistake(
        "sigmoid_rule",
        "a (1 − a), the rule for the sigmoid, is used for tanh",
        "where a (1 − a) comes from. Differentiating tanh gives another short form.",
        "tanh = sinh / cosh, sinh′ = cosh, cosh′ = sinh",
    ),
    Mistake(
        "square_missing",
        "the square is missing from the slope of tanh",
        "the slope of tanh far to the left. Does yours go to 0 there?",
        "tanh = sinh / cosh, sinh′ = cosh, cosh′ = sinh",
    ),
    Mistake(
        "tanh_twice",
        "the slope of tanh is taken at tanh(z) instead of z, so tanh is applied twice",
        "what goes into the formula for the slope. It may use tanh(z), but only once.",
        "tanh = sinh / cosh, sinh′ = cosh, cosh′ = sinh",
    ),
    Mistake(
        "relu_never_flat",
        "the slope of relu is 1 everywhere",
        "what is compared with 0: z, or relu(z), which is never below 0.",
        "relu(z) = max(0, z)",
    ),
    Mistake(
        "leak_missing",
        "the slope of leaky ReLU is 0 on the left",
        "the leak. How much does 0.01 z change when z changes by a little?",
        "leaky_relu(z) = 0.01 z for z ≤ 0",
    ),
    Mistake(
        "norm_squared",
        "the squares are summed, but no square root is taken",
        "the definition of the norm. One more step follows the sum.",
        "‖A‖ = √(Σ_ij a_ij²)",
        trace="these are squared norms",
    ),
    Mistake(
        "largest_stretch",
        "the spectral norm (the matrix's largest stretch) is taken instead of the root of the sum of squares",
        "which norm is asked for. `np.linalg.norm(A, 2)` is not the same norm as `np.linalg.norm(A)`.",
        "‖A‖ = √(Σ_ij a_ij²)",
    ),
    Mistake(
        "activation_ignored",
        "the sigmoid is used, whichever activation the network has",
        "the last argument. Does it reach the call that computes the gradients?",
    ),
    Mistake(
        "all_entries_norm",
        "the root of the sum of squares is taken instead of the largest stretch",
        "which norm is asked for: by how much can the matrix lengthen a vector? `np.linalg.norm(W, 2)` knows.",
        BOUND,
    ),
    Mistake(
        "first_layer_counted",
        "the matrix of the first layer is included in the product as well",
        "the way back from the last delta to the first. It does not pass through W^(0,1).",
        BOUND,
    ),
    Mistake(
        "quarter_missing",
        "the bound on the slope, 1/4, is missing",
        "the slopes on the way back. Each layer multiplies by one, and none exceeds 1/4.",
        BOUND,
    ),
    Mistake(
        "quarter_once",
        "the factor 1/4 appears only once for all the layers together",
        "how many slopes there are on the way back. Each of them is at most 1/4.",
        BOUND,
    ),
)

NAMES = ("tanh", "relu", "leaky_relu")


def _slopes(**others: Callable[[Array], Array]) -> Callable[[Array], list[Array]]:
    """Return what the right slopes give, with some of them replaced by `others`."""
    return lambda z: [others.get(name, getattr(slopes, name))(z) for name in NAMES]


def _values(z: Array) -> list[list[Array]]:
    """Return every answer in which some of the three are the function itself."""
    sources = product((slopes, activations), repeat=len(NAMES))
    return [[getattr(s, name)(z) for s, name in zip(chosen, NAMES, strict=True)] for chosen in sources][1:]


SLOPES: WrongAnswers = {
    "value_for_slope": _values,
    "sigmoid_rule": lambda z: [_slopes(tanh=lambda z: np.tanh(z) * (1.0 - np.tanh(z)))(z)],
    "square_missing": lambda z: [
        _slopes(tanh=lambda z: 1.0 - np.tanh(z))(z),
        _slopes(tanh=lambda z: 1.0 / np.cosh(z))(z),
    ],
    "tanh_twice": lambda z: [_slopes(tanh=lambda z: slopes.tanh(np.tanh(z)))(z)],
    "relu_never_flat": lambda z: [_slopes(relu=np.ones_like)(z)],
    "leak_missing": lambda z: [_slopes(leaky_relu=slopes.relu)(z)],
}


def slopes_together() -> Iterator[tuple[tuple[str, ...], Callable[[Array], list[Array]]]]:
    """Return what two slips in the slope of tanh lead to."""
    both = ("square_missing", "tanh_twice")
    yield both, _slopes(tanh=lambda z: 1.0 - np.tanh(np.tanh(z)))
    yield both, _slopes(tanh=lambda z: 1.0 / np.cosh(np.tanh(z)))


def _rest_is(t: float) -> float:
    """Return the z at which 1 − S(z) = t."""
    return float(np.log(1.0 / t - 1.0)) if 0.0 < t < 1.0 else 0.0


# With and without the case of a large t.
BEYOND: WrongAnswers = {"slope_is_one_minus": lambda t: [_rest_is(t), _rest_is(t) if t < 0.25 else 0.0]}


def norms(arrays: Sequence[Array]) -> Array:
    """Return the root of the sum of all squares of each array."""
    return np.array([np.sqrt((a * a).sum()) for a in arrays])


def _norms_by(measure: Callable[[Array], float]) -> Callable[..., list[Array]]:
    return lambda weights, X, D, activation: [
        np.array([measure(g) for g in gradients(weights, X, D, activation)])
    ]


NORMS: WrongAnswers = {
    "norm_squared": _norms_by(lambda g: float((g * g).sum())),
    "largest_stretch": _norms_by(lambda g: float(np.linalg.norm(g, 2))),
    "activation_ignored": lambda weights, X, D, activation: [norms(gradients(weights, X, D))],
}


def bound(weights: Sequence[Array], factor: float = 0.25, kind: Any = 2) -> float:
    """Return the product of factor times the norm of each matrix."""
    return float(np.prod([factor * np.linalg.norm(W, kind) for W in weights]))


SHRINK: WrongAnswers = {
    "all_entries_norm": lambda weights: [bound(weights[1:], kind=None)],
    "first_layer_counted": lambda weights: [bound(weights), bound(weights) * 4.0],
    "quarter_missing": lambda weights: [bound(weights[1:], 1.0)],
    "quarter_once": lambda weights: [bound(weights[1:], 1.0) / 4.0],
}


def norms_together() -> Iterator[tuple[tuple[str, ...], Callable[..., Array]]]:
    """Return what another norm leads to where the activation is ignored as well."""
    for name in ("norm_squared", "largest_stretch"):
        yield (
            (name, "activation_ignored"),
            lambda weights, X, D, activation, name=name: NORMS[name](weights, X, D, activations.sigmoid)[0],
        )


def shrink_together() -> Iterator[tuple[tuple[str, ...], Callable[..., float]]]:
    """Return what the first matrix in the product leads to together with another slip, or two others."""
    both = ("first_layer_counted", "all_entries_norm")
    yield both, lambda weights: bound(weights, kind=None)
    yield both, lambda weights: 4.0 * bound(weights, kind=None)
    yield ("first_layer_counted", "quarter_missing"), lambda weights: bound(weights, 1.0)
    yield ("first_layer_counted", "quarter_once"), lambda weights: bound(weights, 1.0) / 4.0
    yield ("all_entries_norm", "quarter_missing"), lambda weights: bound(weights[1:], 1.0, None)
    yield ("all_entries_norm", "quarter_once"), lambda weights: bound(weights[1:], 1.0, None) / 4.0
