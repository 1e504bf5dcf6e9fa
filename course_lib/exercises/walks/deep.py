"""The walks of lesson 05: slopes, norms, how much of a delta is left, clipping and weight decay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_lib import slopes as right_slopes
from course_lib.exercises.walks.base import Walk
from course_lib.exercises.walks.network import between, network_walk
from course_lib.inputs import Array
from course_lib.mistakes import vanishing
from course_lib.network import Activation


def saturated_beyond(walk: Walk, t: float) -> None:
    """Solve S(1 - S) = t for S, and S(z) for z; or 4 cosh(z/2)^2 = 1/t."""
    walk.give("limit", t)
    root = walk.keep("root", np.sqrt(max(1.0 - 4.0 * t, 0.0)))
    walk.keep("discriminant", 1.0 - 4.0 * t)
    S = walk.keep("S", (1.0 + root) / 2.0)
    walk.keep("one_minus_S", (1.0 - root) / 2.0)
    walk.part("odds", S / (1.0 - S))
    walk.part("odds", np.asarray((1.0 - S) / S))
    walk.part("root", np.sqrt(np.asarray(t)))
    walk.part("root", np.asarray(0.5 / np.sqrt(t)))
    walk.keep("z", np.log(S / (1.0 - S)))
    walk.asked = ("z",)


def slopes(walk: Walk, z: Array) -> None:
    """Enter tanh and its square, and the three slopes."""
    walk.give("z", z)
    T = walk.keep("tanh", np.tanh(z))
    walk.keep("tanh_squared", T * T)
    walk.part("one_minus_tanh", 1.0 - T)
    walk.part("one_plus_tanh", 1.0 + T)
    walk.part("cosh", np.cosh(z))
    walk.part("cosh", np.cosh(z) ** 2)
    walk.part("cosh", 1.0 / np.cosh(z))
    for value in (np.exp(z), np.exp(-z), np.exp(2 * z), np.exp(-2 * z)):
        walk.part("exponential", value)
        walk.part("exponential", value + 1.0)
        walk.part("exponential", value - 1.0)
    walk.part("exponential", np.exp(z) + np.exp(-z))
    walk.part("exponential", np.exp(z) - np.exp(-z))
    walk.part("relu", np.maximum(z, 0.0))
    walk.part("relu", np.where(z > 0, z, 0.01 * z))
    for name in vanishing.NAMES:
        walk.keep(f"slope_{name}", getattr(right_slopes, name)(z))
    walk.asked = tuple(f"slope_{name}" for name in vanishing.NAMES)


def _norms(walk: Walk, arrays: Sequence[Array]) -> Array:
    """Enter squares, their sums and the roots of these, for every layer."""
    for g in arrays:
        walk.part("squares", g * g, *range(g.ndim))
        walk.part("squares", (g * g).ravel(), 0)
        walk.part("squares", (g * g).sum(axis=0), 0)
        walk.part("squares", (g * g).sum(axis=1), 0)
        walk.part("on_the_way", np.abs(g))
    norms = np.array([np.linalg.norm(g) for g in arrays])
    walk.keep("squared_norms", norms**2)
    return walk.keep("norms", norms)


def layer_norms(walk: Walk, weights: Sequence[Array], X: Array, D: Array, activation: Activation) -> None:
    """Go to the gradients, and on to their norms."""
    _norms(walk, network_walk(walk, weights, X, D, activation))
    walk.asked = ("norms",)


def shrink_bound(walk: Walk, weights: Sequence[Array]) -> None:
    """Multiply the largest singular values, each with a quarter, from the second matrix on."""
    walk.constant(0.25, 4.0)
    for layer, W in enumerate(weights):
        walk.give(f"w_{between(layer)}", W)
    spectral = [np.linalg.norm(W, 2) for W in weights[1:]]
    walk.keep("spectral_norms", np.array(spectral))
    for each in (spectral, spectral[::-1]):
        walk.part("part_of_bound", np.cumprod(each))
        walk.part("part_of_bound", np.cumprod(np.array(each) / 4.0))
    for W in weights[1:]:
        walk.part("singular_values", np.linalg.svd(W, compute_uv=False))
    walk.keep("bound", np.prod(np.array(spectral) / 4.0))
    walk.asked = ("bound",)


def clip_by_global_norm(walk: Walk, gradients: Sequence[Array], max_norm: float) -> None:
    """Go to the norm over all layers, and to the one factor."""
    names = [f"gradient_{between(layer)}" for layer in range(len(gradients))]
    for name, g in zip(names, gradients, strict=True):
        walk.give(name, g)
    norms = _norms(walk, gradients)
    walk.part("part_of_global_norm", np.cumsum(norms**2))
    walk.part("part_of_global_norm", np.cumsum(norms[::-1] ** 2))
    walk.keep("squared_global_norm", (norms**2).sum())
    whole = float(walk.keep("global_norm", np.linalg.norm(norms)))
    walk.give("limit", max_norm)
    if whole:
        walk.keep("clip_factor", max_norm / whole)
        walk.part("clip_factor", np.asarray(whole / max_norm))
    walk.asked = tuple(names)


def decayed_gradients(walk: Walk, weights: Sequence[Array], X: Array, D: Array, weight_decay: float) -> None:
    """Go to the gradients, and add the derivative of the decay."""
    walk.constant(weight_decay, 2.0 * weight_decay)
    found = network_walk(walk, weights, X, D)
    for layer, (W, g) in enumerate(zip(weights, found, strict=True)):
        walk.keep(f"decayed_{between(layer)}", g + 2.0 * weight_decay * W)
    walk.asked = tuple(f"decayed_{between(layer)}" for layer in range(len(weights)))
