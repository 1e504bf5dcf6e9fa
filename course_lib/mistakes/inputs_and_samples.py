"""Mistakes in what a delta is multiplied by to give a gradient, and in how the samples are put together."""

from collections.abc import Callable, Sequence

import numpy as np

from course_lib import slopes
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake
from course_lib.mistakes.recipes import Recipe
from course_lib.network import forward


def _weight_itself(incoming: Array, delta: Array, W: Array) -> Array:
    return W * delta.sum(axis=0)


def _last(factor_of: Callable[[int], float]) -> Callable[[Array, Array, Array], Array]:
    def product(incoming: Array, delta: Array, W: Array) -> Array:
        return factor_of(len(delta)) * incoming[-1:].T @ delta[-1:]

    return product


def _some(samples: slice, factor_of: Callable[[int], float] = lambda N: 1.0) -> Callable[..., Array]:
    def product(incoming: Array, delta: Array, W: Array) -> Array:
        if len(delta) < 2:
            raise ValueError("with one sample there is nothing to leave out")
        return factor_of(len(delta)) * incoming[samples].T @ delta[samples]

    return product


def _nothing(incoming: Array, *others: Array) -> Array:
    return np.ones_like(incoming)


def _delta_alone(incoming: Array, delta: Array, W: Array) -> Array:
    return delta


def _means(incoming: Array, delta: Array, W: Array) -> Array:
    return np.outer(incoming.mean(axis=0), delta.sum(axis=0))


def _one_target(D: Array) -> Array:
    if D.shape[1] != 1:
        raise ValueError("targets of shape (N, K) with K > 1 are not flattened unnoticed")
    return np.full_like(D, D.mean())


def _in_both(product: Callable[[Array, Array, Array], Array]) -> Recipe:
    return Recipe(output_product=product, hidden_product=product)


def output_averaged_apart(weights: Sequence[Array], X: Array, D: Array) -> list[Array]:
    """Return the gradient with the output's delta averaged apart from everything behind it (two layers).

    This is what a delta of shape (N, 1) times hidden factors of shape (N,) comes to.
    """
    if len(weights) != 2:
        raise ValueError("written for two layers")
    net, y = forward(weights, X)
    delta = (2.0 * (y[-1] - D) * slopes.sigmoid(net[-1])).mean(axis=0)
    behind = X.T @ slopes.sigmoid(net[0]) / len(X)
    return [behind * (weights[1] @ delta), np.outer(y[1].mean(axis=0), delta)]


MISTAKES = (
    Mistake(
        "absolute_error",
        "the error is used without its sign, as |o − d|",
        "the sign of o − d. Squaring loses it; differentiating the square brings it back.",
        "∂E/∂o_nk = 2/N (o_nk − d_nk)",
        gradients=(Recipe(error=lambda o, d: np.abs(o - d)),),
    ),
    Mistake(
        "no_error",
        "the error o − d is missing",
        "the first arrow back, from E to o. When the output is right already, what should the derivative be?",
        "∂E/∂o_nk = 2/N (o_nk − d_nk)",
        gradients=(Recipe(error=lambda o, d: np.ones_like(o)),),
    ),
    Mistake(
        "input_for_hidden",
        "x is used where y belongs in the gradient of W^(1,2)",
        "which node a weight between layers 1 and 2 starts from, and what that node puts out.",
        "∂net_nk^(1,2)/∂w_jk^(1,2) = y_nj^(1)",
        gradients=(Recipe(output_incoming=lambda y, X: X),),
    ),
    Mistake(
        "hidden_for_input",
        "y is used where x belongs in the gradient of W^(0,1)",
        "which node a weight between layers 0 and 1 starts from, and what that node puts out.",
        "∂net_nj^(0,1)/∂w_ij^(0,1) = x_ni",
        gradients=(Recipe(hidden_incoming=lambda y, after: after),),
    ),
    Mistake(
        "weight_for_input",
        "the weight itself is used where the value it multiplies belongs",
        "the last step, from net to the weight. Of the product w · input, what is left when w is what changes?",
        "net_nj^(0,1) = Σ_i w_ij^(0,1) x_ni and net_nk^(1,2) = Σ_j w_jk^(1,2) y_nj^(1)",
        gradients=(
            _in_both(_weight_itself),
            Recipe(output_product=_weight_itself),
            Recipe(hidden_product=_weight_itself),
        ),
    ),
    Mistake(
        "last_sample_only",
        "only the last sample counts",
        "the loop over the samples. Does each pass add to the gradient (`+=`) or replace it (`=`)?",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        gradients=(_in_both(_last(lambda N: 1.0)), _in_both(_last(float))),
    ),
    Mistake(
        "stopped_early",
        "the answer is returned in the first pass of the loop",
        "how far the `return` is indented. Inside the loop it ends the first pass.",
        gradients=(_in_both(_some(slice(1))), _in_both(_some(slice(1), float))),
    ),
    Mistake(
        "sample_left_out",
        "one sample is left out, the first or the last",
        "where the loop over the samples begins and ends. `range(N)` goes from 0 to N − 1, and that is all of them.",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        gradients=(_in_both(_some(slice(1, None))), _in_both(_some(slice(-1)))),
    ),
    Mistake(
        "averages_before_product",
        "two factors are averaged over the samples separately and multiplied afterwards",
        "the order: first the product for each sample, then the mean. "
        "Multiplying (N,) by (N, 1) silently does the wrong thing, so print the shapes.",
        "∂E/∂w = 1/N Σ_n (…)_n (…)_n",
        gradients=(_in_both(_means), output_averaged_apart),
    ),
    Mistake(
        "broadcast_targets",
        "each output is compared with the targets of all samples",
        "the shapes in o − d. (N,) minus (N, 1) gives an (N, N) table of differences; print `(o - D).shape`.",
        "l_n1 = o_n1 − d_n1",
        gradients=(Recipe(targets=_one_target),),
    ),
    Mistake(
        "squared_error",
        "the squared error (o − d)² is used where its derivative belongs",
        "the first arrow back, from E to o. Is what stands there the error itself, or how fast it changes with o?",
        "d(u²)/du = 2u",
        gradients=(
            Recipe(error=lambda o, d: (o - d) ** 2),
            Recipe(error=lambda o, d: (o - d) ** 2 / 2.0),
        ),
    ),
    Mistake(
        "no_input",
        "what enters through the weight is missing from its derivative",
        "the last step, from net to the weight. If what comes in doubles, what does the derivative do?",
        "net_nj^(0,1) = Σ_i w_ij^(0,1) x_ni and net_nk^(1,2) = Σ_j w_jk^(1,2) y_nj^(1)",
        gradients=(
            Recipe(output_incoming=_nothing, hidden_incoming=_nothing),
            Recipe(output_incoming=_nothing),
            Recipe(hidden_incoming=_nothing),
        ),
    ),
    Mistake(
        "delta_for_gradient",
        "a delta is returned where the gradient is asked for",
        "the shapes: a delta has a row for each sample, a gradient a row for each node that its weights start from. "
        "Which step lies between them?",
        "δ = ∂E/∂net",
        gradients=(
            _in_both(_delta_alone),
            Recipe(output_product=_delta_alone),
            Recipe(hidden_product=_delta_alone),
        ),
    ),
)
