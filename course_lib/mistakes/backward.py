"""Mistakes on the way back from the output layer to the hidden one: what carries the error through w_jk."""

from collections.abc import Callable, Sequence

import numpy as np

from course_lib.inputs import Array
from course_lib.mistakes.base import Line, Mistake
from course_lib.mistakes.recipes import Recipe, Step, carry_back


def _only(k: int) -> Callable[[Array, Step], Array]:
    def carry(delta: Array, step: Step) -> Array:
        return delta[:, [k]] @ step.W[:, [k]].T if step.is_output else carry_back(delta, step)

    return carry


def _mean(delta: Array, step: Step) -> Array:
    return carry_back(delta, step) / (delta.shape[1] if step.is_output else 1)


def _summed(delta: Array) -> Array:
    return delta.sum(axis=1, keepdims=True)


def _transposed(delta: Array, step: Step) -> Array:
    if step.W.shape[0] != step.W.shape[1]:
        raise ValueError("a matrix that is not square cannot be transposed unnoticed")
    return delta @ step.W


_RIGHT = Recipe()
_THROUGH_GRADIENT = Recipe(carry=lambda delta, step: delta @ step.gradient.T)


def updated_weight(weights: Sequence[Array], X: Array, D: Array) -> Line:
    """Return the line of gradients that an already updated W12 gives: the truth minus rate times a direction.

    With two layers the hidden gradient is linear in the rate, which nobody knows; so the rate is fitted.
    """
    if len(weights) != 2:
        raise ValueError("the gradient is linear in the rate only with two layers")
    base = _RIGHT(weights, X, D)
    return Line(base, [_THROUGH_GRADIENT(weights, X, D)[0], np.zeros_like(base[1])])


HIDDEN_DELTA = "δ_nj = S'(net_nj^(0,1)) Σ_k δ_nk w_jk^(1,2)"
THROUGH_WEIGHT = "∂net_nk^(1,2)/∂y_nj^(1) = w_jk^(1,2)"
MISTAKES = (
    Mistake(
        "one_output_only",
        "only one output's error is carried back",
        "the sum over k. A hidden node feeds every output, so it gets a share of the blame from each.",
        HIDDEN_DELTA,
        gradients=(Recipe(carry=_only(0)), Recipe(carry=_only(-1))),
    ),
    Mistake(
        "mean_over_outputs",
        "the outputs' errors are averaged on the way back instead of summed",
        "the sum over k in what comes back. Is there a mean in its place?",
        HIDDEN_DELTA,
        gradients=(Recipe(carry=_mean),),
    ),
    Mistake(
        "activation_for_weight",
        "y_nj is used where w_jk^(1,2) belongs",
        "the step from net^(1,2) back to y. Of the product w · y, which factor is left when y is what changes?",
        THROUGH_WEIGHT,
        gradients=(Recipe(carry=lambda delta, step: _summed(delta) * step.incoming),),
    ),
    Mistake(
        "no_weight",
        "the weight w_jk^(1,2) is missing on the way back",
        "the step from net^(1,2) back to y. How strongly does net^(1,2) react to y?",
        THROUGH_WEIGHT,
        gradients=(Recipe(carry=lambda delta, step: _summed(delta) * np.ones(len(step.W))),),
    ),
    Mistake(
        "gradient_for_weight",
        "∂E/∂W^(1,2) is used where W^(1,2) itself belongs",
        "which matrix carries the error back: the weights, or the gradient just computed from them?",
        HIDDEN_DELTA,
        gradients=(_THROUGH_GRADIENT,),
    ),
    Mistake(
        "updated_weight",
        "the error is carried back through W^(1,2) after it was updated",
        "the order. All gradients belong to the weights before the step; update only once all of them are computed.",
        HIDDEN_DELTA,
        gradients=(updated_weight,),
    ),
    Mistake(
        "transposed_weight",
        "the transpose of the weight matrix is used",
        "which index of w_jk is summed over. On the way back it is k; on the way forward it was j.",
        HIDDEN_DELTA,
        gradients=(Recipe(carry=_transposed),),
    ),
)
