"""The hand-derived gradients: backpropagation as the deck derives it, for any depth."""

from course_lib import activations, slopes
from course_lib.closing import guard
from course_lib.inputs import Array, Weights, as_network, as_number, quiet
from course_lib.network import Activation

SLOPE_OF = {
    getattr(activations, name): getattr(slopes, name)
    for name in ("identity", "leaky_relu", "relu", "sigmoid", "tanh")
}


@quiet
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
    _known(activation)
    weight_decay = as_number("weight_decay", weight_decay)
    if weight_decay:  # a name of its own: an exercise that gives `gradients` asks for this term
        guard("weight_decay", "gradients(..., weight_decay)")
    weights, X, D, _ = as_network(weights, X, D)
    y, back = _sweep(weights, X, D, activation)
    result = [entered.swapaxes(-1, -2) @ delta for entered, delta in zip(y, back, strict=False)]
    if weight_decay:
        result = [g + 2.0 * weight_decay * W for g, W in zip(result, weights, strict=True)]
    return result


@quiet
def deltas(weights: Weights, X: Array, D: Array) -> list[Array]:
    """dE/dnet of every layer of a sigmoid network, (..., N, width) each: the numbers that `gradients` works with."""
    guard(__name__, "deltas")
    weights, X, D, _ = as_network(weights, X, D)
    return _sweep(weights, X, D, activations.sigmoid)[1]


def _sweep(
    weights: list[Array], X: Array, D: Array, activation: Activation
) -> tuple[list[Array], list[Array]]:
    """Forward once, backward once: what left every layer, the inputs first, and the delta of every later one."""
    y, slope = [X], []
    for W in weights:
        value, its_slope = _both(activation, y[-1] @ W)
        y.append(value)
        slope.append(its_slope)
    delta = (y[-1] - D) * slope[-1]
    delta *= 2.0 / D.shape[-2]
    found = [delta]
    for layer in range(len(weights) - 2, -1, -1):
        delta = delta @ weights[layer + 1].swapaxes(-1, -2)
        delta *= slope[layer]
        found.insert(0, delta)
    return y, found


def _both(activation: Activation, net: Array) -> tuple[Array, Array]:
    if activation is activations.sigmoid:
        slope = slopes.sigmoid_in_place(net)
        return net, slope
    return activation(net), SLOPE_OF[activation](net)


def _known(activation: Activation) -> None:
    try:
        SLOPE_OF[activation]
    except (KeyError, TypeError):
        names = ", ".join(f.__name__ for f in SLOPE_OF)
        raise ValueError(
            f"activation: expected one of course_lib's {names}, got {activation!r:.60}"
        ) from None
