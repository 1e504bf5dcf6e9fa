"""What the mistakes of the catalogue make of a delta that is asked for alone."""

from collections.abc import Callable

import numpy as np

from course_lib import slopes
from course_lib.inputs import Array
from course_lib.mistakes.base import WrongAnswers


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
OUTPUT: WrongAnswers = {
    "no_factor_two": _times(_O, lambda D: 0.5),
    "wrong_sign": _times(_O, lambda D: -1.0),
    "sum_over_samples": _times(_O, lambda D: float(len(D))),
    "averaged_twice": _times(_O, lambda D: 1.0 / len(D)),
    "two_n_twice": _times(_O, lambda D: 2.0 / len(D)),
    "averaged_over_outputs": _times(_O, lambda D: 1.0 / D.shape[1]),
    "rate_inside": lambda o, D: [],
    "absolute_error": _output(_right, lambda o, D: np.abs(o - D)),
    "no_output_slope": _output(np.ones_like),
    "slope_of_output_o": _output(slopes.sigmoid),
    "slope_is_sigmoid": _output(lambda o: o),
    "slope_is_one_minus": _output(lambda o: 1.0 - o),
}
HIDDEN: WrongAnswers = {
    "wrong_sign": _times(_H, lambda y: -1.0),
    "averaged_twice": _times(_H, lambda y: 1.0 / len(y)),
    "two_n_twice": _times(_H, lambda y: 2.0 / len(y)),
    "rate_inside": lambda delta, W, y: [],
    "no_hidden_slope": _hidden(np.ones_like),
    "slope_of_output_h": _hidden(slopes.sigmoid),
    "slope_is_sigmoid": _hidden(lambda y: y),
    "slope_is_one_minus": _hidden(lambda y: 1.0 - y),
    "no_weight": _hidden(_right, lambda delta, W, y: delta.sum(axis=1, keepdims=True) * np.ones(len(W))),
    "activation_for_weight": _hidden(_right, lambda delta, W, y: delta.sum(axis=1, keepdims=True) * y),
    "mean_over_outputs": _hidden(_right, lambda delta, W, y: delta @ W.T / W.shape[1]),
    "one_output_only": lambda delta, W, y: [np.outer(delta[:, k], W[:, k]) * _right(y) for k in (0, -1)],
}
