"""Gradient descent: pure loops with a callback, no printing, no plotting; a run may explode."""

from collections.abc import Callable

import numpy as np

from course_lib.backprop import gradients
from course_lib.closing import guard
from course_lib.inputs import Array, Weights, as_array, as_count, as_function, as_number, as_weights, quiet
from course_lib.network import loss


@quiet
def gradient_descent(
    gradient: Callable[[Array], Array],
    x0: Array,
    learning_rate: float,
    steps: int,
    callback: Callable[[int, Array], object] | None = None,
) -> Array:
    """Follow x <- x - learning_rate * gradient(x).

    Parameters
    ----------
    gradient : callable
        Takes a point (n,) and returns the gradient there, (n,).
    x0 : array_like
        The start, (n,). It is not changed.
    learning_rate : float
    steps : int
    callback : callable, optional
        Called as ``callback(step, x)`` for step = 0 (the start) to `steps`.

    Returns
    -------
    ndarray
        The whole path with its start, shape (steps + 1, n).
    """
    guard(__name__, "gradient_descent")
    as_function("gradient", gradient)
    x = as_array("x0", x0)
    if x.ndim != 1:
        raise ValueError(f"x0: expected a vector of shape (n,), got shape {x.shape}")
    learning_rate, steps = as_number("learning_rate", learning_rate), as_count("steps", steps)
    callback = _watcher(callback)
    path = [x]
    for step in range(steps + 1):
        callback(step, path[-1].copy())
        if step < steps:
            path.append(path[-1] - learning_rate * _gradient_at(gradient, path[-1]))
    return np.array(path)


def _watcher(callback: Callable | None) -> Callable:
    return (lambda *_: None) if callback is None else as_function("callback", callback)


def _gradient_at(gradient: Callable[[Array], Array], x: Array) -> Array:
    value = as_array("gradient(x)", gradient(x.copy()))
    if value.shape != x.shape:
        raise ValueError(f"gradient(x): expected the shape of x {x.shape}, got {value.shape}")
    return value


@quiet
def train(
    weights: Weights,
    X: Array,
    D: Array,
    learning_rate: float,
    steps: int,
    callback: Callable[[int, list[Array], float], object] | None = None,
) -> tuple[list[Array], Array]:
    """Train a sigmoid network: every step moves all layers at once along minus their gradients.

    Parameters
    ----------
    weights : list of array_like
        The start [W01, W12, ...]. It is not changed.
    X, D : array_like
        (N, I) and (N, K).
    learning_rate : float
    steps : int
    callback : callable, optional
        Called as ``callback(step, weights, E)`` for step = 0 (the start) to `steps`.

    Returns
    -------
    weights : list of ndarray
        After the last step.
    losses : ndarray
        E before the first step and after each one, shape (steps + 1,).
    """
    guard(__name__, "train")
    learning_rate, steps = as_number("learning_rate", learning_rate), as_count("steps", steps)
    weights, callback = [W.copy() for W in as_weights(weights)], _watcher(callback)
    losses = []
    for step in range(steps + 1):
        losses.append(loss(weights, X, D))
        callback(step, [W.copy() for W in weights], losses[-1])
        if step < steps:
            dW = gradients(weights, X, D)
            weights = [W - learning_rate * g for W, g in zip(weights, dW, strict=True)]
    return weights, np.array(losses)


@quiet
def clip_by_global_norm(gradients: Weights, max_norm: float) -> list[Array]:
    """Scale all gradients by one factor so that their common norm is at most `max_norm`.

    The norm is taken over every entry of every layer, so the direction is kept; gradients that are small
    enough come back unchanged (as copies). Pascanu, Mikolov and Bengio, "On the difficulty of training
    recurrent neural networks" (2013).
    """
    guard(__name__, "clip_by_global_norm")
    if not isinstance(gradients, list | tuple):
        raise TypeError(f"gradients: expected a list of arrays, got {type(gradients).__name__}")
    arrays = [as_array(f"gradients[{layer}]", g) for layer, g in enumerate(gradients)]
    max_norm = as_number("max_norm", max_norm, positive=True)
    largest = np.array([np.abs(g).max(initial=0.0) for g in arrays]).max(initial=0.0)
    if largest == 0.0 or not np.isfinite(largest):
        return [g.copy() for g in arrays]
    # Divided by the largest entry first, so that squaring an exploded gradient does not overflow.
    scaled = [g / largest for g in arrays]
    norm = np.sqrt(sum((np.abs(g) ** 2).sum() for g in scaled))
    if max_norm / largest >= norm:
        return [g.copy() for g in arrays]
    return [g * (max_norm / norm) for g in scaled]
