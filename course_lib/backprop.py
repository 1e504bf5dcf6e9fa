"""The hand-derived gradients: backpropagation as the deck derives it, for any depth."""

from __future__ import annotations

from course_lib import activations, slopes
from course_lib.closing import guard
from course_lib.inputs import Array, Weights, as_number, as_targets, as_weights
from course_lib.network import Activation, forward

SLOPE_OF = {
    getattr(activations, name): getattr(slopes, name)
    for name in ("identity", "leaky_relu", "relu", "sigmoid", "tanh")
}


def gradients(
    weights: Weights,
    X: Array,
    D: Array,
    activation: Activation = activations.sigmoid,
    weight_decay: float = 0.0,
) -> list[Array]:
    """dE/dW of every layer, for E = `loss` (weights, X, D, activation, weight_decay).

    The delta of the last layer is 2/N (o - d) S'(net); every earlier one is what comes back through the
    weights, times its own slope; the gradient is what entered the layer, times its delta.

    Parameters
    ----------
    weights : list of array_like
        [W01, W12, ...], each (..., fan_in, fan_out).
    X, D : array_like
        (..., N, I) and (..., N, K).
    activation : callable
        One of the functions of `course_lib.activations`.
    weight_decay : float
        Adds 2 weight_decay w to each derivative.

    Returns
    -------
    list of ndarray
        One gradient for each matrix, of its shape.
    """
    guard(__name__, "gradients")
    slope = _slope(activation)
    weight_decay = as_number("weight_decay", weight_decay)
    weights = as_weights(weights)
    net, y = forward(weights, X, activation)
    D = as_targets(D, y[-1])
    delta = (y[-1] - D) * slope(net[-1])
    delta *= 2.0 / D.shape[-2]
    result: list[Array] = [y[-2].swapaxes(-1, -2) @ delta]
    for layer in range(len(weights) - 2, -1, -1):
        delta = delta @ weights[layer + 1].swapaxes(-1, -2)
        delta *= slope(net[layer])
        result.insert(0, y[layer].swapaxes(-1, -2) @ delta)
    if weight_decay:
        result = [g + 2.0 * weight_decay * W for g, W in zip(result, weights, strict=True)]
    return result


def _slope(activation: Activation) -> Activation:
    try:
        return SLOPE_OF[activation]
    except (KeyError, TypeError):
        names = ", ".join(f.__name__ for f in SLOPE_OF)
        raise ValueError(
            f"activation: expected one of course_lib's {names}, got {activation!r:.60}"
        ) from None
