"""Mistakes on the way from the output layer to the hidden one: what carries the error back through w_jk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_lib.mistakes.base import Line, Mistake, catalogue
from course_lib.mistakes.recipes import Recipe, Step, carried, cook

MISTAKES = catalogue(
    Mistake(
        "one_output_only",
        "only one output's error is carried back",
        "the sum over k. A hidden node feeds every output, so it gets a share of the blame from each.",
        lesson="04_backpropagation",
        formula="δ_nj = S'(net_nj^(0,1)) Σ_k δ_nk w_jk^(1,2)",
    ),
    Mistake(
        "mean_over_outputs",
        "the outputs' errors are averaged on the way back, where they should be summed",
        "the sum over k in what comes back. Is there a mean in its place?",
        lesson="04_backpropagation",
        formula="δ_nj = S'(net_nj^(0,1)) Σ_k δ_nk w_jk^(1,2)",
    ),
    Mistake(
        "activation_for_weight",
        "y_nj stands where w_jk^(1,2) belongs",
        "the step from net^(1,2) back to y. Of the product w · y, which factor is left when y is what changes?",
        formula="∂net_nk^(1,2)/∂y_nj^(1) = w_jk^(1,2)",
    ),
    Mistake(
        "no_weight",
        "the weight w_jk^(1,2) is missing on the way back",
        "the step from net^(1,2) back to y. How strongly does net^(1,2) react to y?",
        formula="∂net_nk^(1,2)/∂y_nj^(1) = w_jk^(1,2)",
    ),
    Mistake(
        "gradient_for_weight",
        "∂E/∂W^(1,2) stands where W^(1,2) itself belongs",
        "which matrix carries the error back: the weights, or the gradient just computed from them?",
        lesson="04_backpropagation",
        formula="δ_nj = S'(net_nj^(0,1)) Σ_k δ_nk w_jk^(1,2)",
    ),
    Mistake(
        "updated_weight",
        "the error is carried back through W^(1,2) after it was updated",
        "the order. All gradients belong to the weights before the step; update only when every one is computed.",
        lesson="04_backpropagation",
        formula="δ_nj = S'(net_nj^(0,1)) Σ_k δ_nk w_jk^(1,2)",
    ),
    Mistake(
        "transposed_weight",
        "the weight matrix is used in its transposed form",
        "which index of w_jk is summed over. On the way back it is k; on the way forward it was j.",
        lesson="04_backpropagation",
        formula="δ_nj = S'(net_nj^(0,1)) Σ_k δ_nk w_jk^(1,2)",
    ),
)


def _only(k: int):
    def carry(delta: np.ndarray, step: Step) -> np.ndarray:
        return delta[:, [k]] @ step.W[:, [k]].T if step.is_output else carried(delta, step)

    return carry


def _mean(delta: np.ndarray, step: Step) -> np.ndarray:
    return carried(delta, step) / (delta.shape[1] if step.is_output else 1)


def _summed(delta: np.ndarray) -> np.ndarray:
    return delta.sum(axis=1, keepdims=True)


def _transposed(delta: np.ndarray, step: Step) -> np.ndarray:
    if step.W.shape[0] != step.W.shape[1]:
        raise ValueError("a matrix that is not square cannot be transposed unnoticed")
    return delta @ step.W


RECIPES: dict[str, tuple[Recipe, ...]] = {
    "one_output_only": (Recipe(carry=_only(0)), Recipe(carry=_only(-1))),
    "mean_over_outputs": (Recipe(carry=_mean),),
    "activation_for_weight": (Recipe(carry=lambda delta, step: _summed(delta) * step.entering),),
    "no_weight": (Recipe(carry=lambda delta, step: _summed(delta) * np.ones(len(step.W))),),
    "gradient_for_weight": (Recipe(carry=lambda delta, step: delta @ step.gradient.T),),
    "transposed_weight": (Recipe(carry=_transposed),),
}


def updated_weight(weights: Sequence[np.ndarray], X: np.ndarray, D: np.ndarray) -> Line:
    """Return the line of gradients that an already updated W12 gives: the truth minus rate times a direction.

    With two layers the hidden gradient is linear in the rate, which nobody knows; so the rate is fitted.
    """
    if len(weights) != 2:
        raise ValueError("the gradient is linear in the rate with two layers only")
    base = cook(Recipe(), weights, X, D)
    with_gradient = cook(RECIPES["gradient_for_weight"][0], weights, X, D)
    return Line(base, [with_gradient[0], np.zeros_like(base[1])])
