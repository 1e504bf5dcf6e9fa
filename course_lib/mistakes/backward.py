"""Mistakes on the way back from the output layer to the hidden one, through w_jk; and in a delta asked for alone."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np

from course_lib import slopes
from course_lib.inputs import Array
from course_lib.mistakes.base import Line, Mistake, WrongAnswers
from course_lib.mistakes.recipes import RIGHT, Recipe, Step, carry_back, combined


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


def _so_far(delta: Array, step: Step) -> Array:
    """Carry each sample's delta through the gradient that a loop has added up until then."""
    sums = np.cumsum(step.incoming[:, :, None] * delta[:, None, :], axis=0)
    return np.einsum("njk,nk->nj", sums, delta)


# Through the gradient of all samples; or, in a loop over them, of this one alone, or of those up to it.
_THROUGH_GRADIENT = (
    Recipe(carry=lambda delta, step: delta @ step.gradient.T),
    Recipe(carry=lambda delta, step: step.incoming * (delta * delta).sum(axis=1, keepdims=True)),
    Recipe(carry=_so_far),
)


def _updated_weight(through: Recipe, other: Recipe = RIGHT) -> Callable[..., Line]:
    """Return the way to the line of gradients that an already updated W12 gives, with the mistake `other` as well.

    That is what `other` gives, minus rate times a direction. With two layers the hidden gradient is linear in the
    rate, which nobody knows; so the rate is fitted.
    """
    both = combined((through, other))
    if both is None:
        raise ValueError("the other mistake is one in the same step")

    def updated_weight(weights: Sequence[Array], X: Array, D: Array) -> Line:
        if len(weights) != 2:
            raise ValueError("the gradient is linear in the rate only with two layers")
        base = other(weights, X, D)
        return Line(base, [both(weights, X, D)[0], np.zeros_like(base[1])])

    return updated_weight


def updated_with(other: Recipe) -> tuple[Callable[..., Line], ...]:
    """Return the ways to carry the error back through an updated weight when `other` is done as well."""
    if combined((_THROUGH_GRADIENT[0], other)) is None:
        return ()
    return tuple(_updated_weight(through, other) for through in _THROUGH_GRADIENT)


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
        gradients=_THROUGH_GRADIENT[:1],
        in_a_loop=_THROUGH_GRADIENT[1:],
    ),
    Mistake(
        "updated_weight",
        "the error is carried back through W^(1,2) after it was updated",
        "the order. All gradients belong to the weights before the step; update only once all of them are computed.",
        HIDDEN_DELTA,
        gradients=updated_with(RIGHT)[:1],
        in_a_loop=updated_with(RIGHT)[1:],
    ),
    Mistake(
        "transposed_weight",
        "the transpose of the weight matrix is used",
        "which index of w_jk is summed over. On the way back it is k; on the way forward it was j.",
        HIDDEN_DELTA,
        gradients=(Recipe(carry=_transposed),),
    ),
    Mistake(
        "averaged_each_layer",
        "1/N or 2/N is multiplied in again in every layer on the way back",
        "where 2/N comes in. It belongs to the delta of the output, and every delta before it is made from that one.",
        HIDDEN_DELTA,
    ),
)


def _output(
    slope: Callable[[Array], Array], error: Callable[[Array, Array], Array] = np.subtract
) -> Callable:
    return lambda o, D: [2.0 / len(D) * error(o, D) * slope(o)]


def _hidden(slope: Callable[[Array], Array], carried: Callable | None = None) -> Callable:
    carry = carried or (lambda delta, W, y: delta @ W.T)
    return lambda delta, W, y: [carry(delta, W, y) * slope(y)]


def _right(y: Array) -> Array:
    return y * (1.0 - y)


def _times(answers: Callable, factor: Callable[[Array], float]) -> Callable:
    """Multiply by what `factor` makes of the last argument, whose shape is that of the answer."""
    return lambda *case: [factor(case[-1]) * answer for answer in answers(*case)]


_O, _H = _output(_right), _hidden(_right)
# What the mistakes of the catalogue make of a delta that is asked for alone.
DELTA_OF_OUTPUT: WrongAnswers = {
    "no_factor_two": _times(_O, lambda D: 0.5),
    "wrong_sign": _times(_O, lambda D: -1.0),
    "sum_over_samples": _times(_O, lambda D: float(len(D))),
    "averaged_twice": _times(_O, lambda D: 1.0 / len(D)),
    "two_n_twice": _times(_O, lambda D: 2.0 / len(D)),
    "averaged_over_outputs": _times(_O, lambda D: 1.0 / D.shape[1]),
    "rate_inside": lambda o, D: [],
    "absolute_error": _output(_right, lambda o, D: np.abs(o - D)),
    "squared_error": lambda o, D: [factor / len(D) * (o - D) ** 2 * _right(o) for factor in (2.0, 1.0)],
    "no_output_slope": _output(np.ones_like),
    "slope_of_output_o": _output(slopes.sigmoid),
    "slope_is_sigmoid": _output(lambda o: o),
    "slope_is_one_minus": _output(lambda o: 1.0 - o),
}
_SLOPES_OF_OUTPUT = {
    "no_output_slope": np.ones_like,
    "slope_of_output_o": slopes.sigmoid,
    "slope_is_sigmoid": np.positive,
    "slope_is_one_minus": lambda o: 1.0 - o,
}
_ERRORS = {"absolute_error": lambda o, D: np.abs(o - D), "squared_error": lambda o, D: (o - D) ** 2}


def output_delta_together() -> Iterator[tuple[tuple[str, ...], Callable]]:
    """Return what a wrong error together with a wrong slope leads to in the delta of the output."""
    for (first, error), (second, slope) in product(_ERRORS.items(), _SLOPES_OF_OUTPUT.items()):
        yield (first, second), lambda *case, error=error, slope=slope: _output(slope, error)(*case)[0]


_SLOPES_OF_HIDDEN = {
    "no_hidden_slope": np.ones_like,
    "slope_of_output_h": slopes.sigmoid,
    "slope_is_sigmoid": np.positive,
    "slope_is_one_minus": lambda y: 1.0 - y,
}
_CARRIES = {
    "no_weight": lambda delta, W, y: delta.sum(axis=1, keepdims=True) * np.ones(len(W)),
    "activation_for_weight": lambda delta, W, y: delta.sum(axis=1, keepdims=True) * y,
    "mean_over_outputs": lambda delta, W, y: delta @ W.T / W.shape[1],
}


def hidden_delta_together() -> Iterator[tuple[tuple[str, ...], Callable]]:
    """Return what a wrong way back together with a wrong slope leads to in the delta of the hidden layer."""
    for (first, carry), (second, slope) in product(_CARRIES.items(), _SLOPES_OF_HIDDEN.items()):
        yield (first, second), lambda *case, carry=carry, slope=slope: _hidden(slope, carry)(*case)[0]


DELTA_OF_HIDDEN: WrongAnswers = {
    "wrong_sign": _times(_H, lambda y: -1.0),
    "averaged_twice": _times(_H, lambda y: 1.0 / len(y)),
    "two_n_twice": _times(_H, lambda y: 2.0 / len(y)),
    "rate_inside": lambda delta, W, y: [],
    **{mistake: _hidden(_right, carry) for mistake, carry in _CARRIES.items()},
    **{mistake: _hidden(slope) for mistake, slope in _SLOPES_OF_HIDDEN.items()},
    "slope_of_error": lambda delta, W, y: [
        delta @ W.T * slope(delta @ W.T) for slope in (_right, slopes.sigmoid)
    ],
    "one_output_only": lambda delta, W, y: [np.outer(delta[:, k], W[:, k]) * _right(y) for k in (0, -1)],
}


def _averaged_again(factor: float) -> Recipe:
    return Recipe(carry=lambda delta, step: factor / len(delta) * carry_back(delta, step))


# What only shows where there are several layers to go back through.
IN_A_LOOP: WrongAnswers = {
    "averaged_each_layer": lambda weights, X, D: [
        _averaged_again(factor)(weights, X, D) for factor in (2.0, 1.0)
    ],
}
