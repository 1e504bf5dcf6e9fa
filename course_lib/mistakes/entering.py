"""Mistakes in what a weight is multiplied with, and in how the samples are put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_lib import slopes
from course_lib.mistakes.base import Mistake, catalogue
from course_lib.mistakes.recipes import Recipe
from course_lib.network import forward

MISTAKES = catalogue(
    Mistake(
        "absolute_error",
        "the error enters without its sign, as |o − d|",
        "the sign of o − d. Squaring loses it, differentiating the square brings it back.",
        formula="∂E/∂o_nk = 2/N (o_nk − d_nk)",
    ),
    Mistake(
        "input_for_hidden",
        "x stands where y belongs, in the gradient of W^(1,2)",
        "which node a weight between layers 1 and 2 starts from, and what that node puts out.",
        formula="∂net_nk^(1,2)/∂w_jk^(1,2) = y_nj^(1)",
    ),
    Mistake(
        "hidden_for_input",
        "y stands where x belongs, in the gradient of W^(0,1)",
        "which node a weight between layers 0 and 1 starts from, and what that node puts out.",
        formula="∂net_nj^(0,1)/∂w_ij^(0,1) = x_ni",
    ),
    Mistake(
        "weight_for_input",
        "the weight itself stands where the value that enters through it belongs",
        "the last step, from net to the weight. Of the product w · input, what is left when w is what changes?",
        formula="net_nj^(0,1) = Σ_i w_ij^(0,1) x_ni and net_nk^(1,2) = Σ_j w_jk^(1,2) y_nj^(1)",
    ),
    Mistake(
        "last_sample_only",
        "only the last sample counts",
        "the loop over the samples. Does each turn add to the gradient (`+=`), or replace it (`=`)?",
        formula="E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "averages_before_product",
        "two factors are averaged over the samples apart, and multiplied afterwards",
        "the order: first the product for each sample, then the mean. "
        "A (N,) times a (N, 1) does the wrong one silently, so print the shapes.",
        formula="∂E/∂w = 1/N Σ_n (…)_n (…)_n",
    ),
    Mistake(
        "broadcast_targets",
        "each output is compared with the targets of all samples",
        "the shapes in o − d. A (N,) minus a (N, 1) is a table of (N, N) differences; print `(o - D).shape`.",
        formula="l_n1 = o_n1 − d_n1",
    ),
)


def _weight_itself(entering: np.ndarray, delta: np.ndarray, W: np.ndarray) -> np.ndarray:
    return W * delta.sum(axis=0)


def _last(factor_of: object):
    def product(entering: np.ndarray, delta: np.ndarray, W: np.ndarray) -> np.ndarray:
        return factor_of(len(delta)) * entering[-1:].T @ delta[-1:]

    return product


def _means(entering: np.ndarray, delta: np.ndarray, W: np.ndarray) -> np.ndarray:
    return np.outer(entering.mean(axis=0), delta.sum(axis=0))


def _one_target(D: np.ndarray) -> np.ndarray:
    if D.shape[1] != 1:
        raise ValueError("targets of shape (N, K) with K > 1 are not flattened unnoticed")
    return np.full_like(D, D.mean())


_OVER_N, _ALONE = _last(lambda N: 1.0), _last(lambda N: float(N))
RECIPES: dict[str, tuple[Recipe, ...]] = {
    "absolute_error": (Recipe(error=lambda o, d: np.abs(o - d)),),
    "input_for_hidden": (Recipe(output_entering=lambda y, X: X),),
    "hidden_for_input": (Recipe(hidden_entering=lambda y, after: after),),
    "weight_for_input": (
        Recipe(output_product=_weight_itself, hidden_product=_weight_itself),
        Recipe(output_product=_weight_itself),
        Recipe(hidden_product=_weight_itself),
    ),
    "last_sample_only": (
        Recipe(output_product=_OVER_N, hidden_product=_OVER_N),
        Recipe(output_product=_ALONE, hidden_product=_ALONE),
    ),
    "averages_before_product": (Recipe(output_product=_means, hidden_product=_means),),
    "broadcast_targets": (Recipe(targets=_one_target),),
}


def output_averaged_apart(weights: Sequence[np.ndarray], X: np.ndarray, D: np.ndarray) -> list[np.ndarray]:
    """Return the gradient with the output's delta averaged apart from everything behind it (two layers).

    This is what a delta of shape (N, 1) times hidden factors of shape (N,) comes to.
    """
    if len(weights) != 2:
        raise ValueError("written for two layers")
    net, y = forward(weights, X)
    delta = (2.0 * (y[-1] - D) * slopes.sigmoid(net[-1])).mean(axis=0)
    behind = X.T @ slopes.sigmoid(net[0]) / len(X)
    return [behind * (weights[1] @ delta), np.outer(y[1].mean(axis=0), delta)]
