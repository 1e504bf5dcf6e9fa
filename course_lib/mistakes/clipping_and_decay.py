"""Mistakes in clipping gradients that explode, and in weight decay."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from course_lib.backprop import gradients
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, WrongAnswers
from course_lib.mistakes.vanishing import norms

CLIPPING = "g ← g · max_norm / ‖g‖, with ‖g‖² the sum of g² over all entries of all layers"
DECAY = "E_λ = E + λ Σ w²"
MISTAKES = (
    Mistake(
        "clipped_each_layer",
        "each layer is clipped separately, with a norm of its own",
        "the norm. Taken over all layers together, it gives them one common factor, and the direction stays the same.",
        CLIPPING,
    ),
    Mistake(
        "clipped_entries",
        "each entry is clipped separately",
        "the direction of all gradients together. Clipping single entries changes it; one factor "
        "for all of them does not.",
        CLIPPING,
    ),
    Mistake(
        "always_scaled",
        "small gradients are scaled up to max_norm as well",
        "a gradient whose norm is below max_norm. It should stay as it is.",
        CLIPPING,
    ),
    Mistake(
        "limit_squared",
        "the squared norm is compared with max_norm",
        "the norm. One more step follows the sum of squares.",
        CLIPPING,
    ),
    Mistake(
        "norms_added",
        "the norms of the layers are added to make the norm of all",
        "how the norms are put together. Is √9 + √16 the same as √(9 + 16)?",
        CLIPPING,
    ),
    Mistake(
        "largest_layer_norm",
        "the largest of the layers' norms is taken for the norm of all of them",
        "how the norms are put together. In a right triangle the hypotenuse is longer than either of the other sides.",
        CLIPPING,
    ),
    Mistake(
        "limit_forgotten",
        "clipped gradients get the norm 1, not the norm max_norm",
        "the factor. Which norm should gradients have after they were clipped?",
        CLIPPING,
    ),
    Mistake(
        "factor_turned",
        "the factor is turned round, so that large gradients grow",
        "the factor. For a norm above max_norm it should be below 1.",
        CLIPPING,
    ),
    Mistake(
        "condition_turned",
        "what is below max_norm is scaled, and what is above it is left alone",
        "the condition. Which gradients are too long, those with a norm below max_norm or above it?",
        CLIPPING,
    ),
    Mistake(
        "decay_missing",
        "the weight-decay term is missing",
        "the second part of E. It depends on the weights too, so it has a derivative as well.",
        DECAY,
    ),
    Mistake(
        "decay_averaged",
        "the weight-decay term is divided by N",
        "the 1/N. The decay is outside the mean over the samples.",
        DECAY,
    ),
    Mistake(
        "decay_without_two",
        "the 2 is missing from the weight-decay term",
        "the derivative of w². Which factor comes down in front?",
        DECAY,
    ),
    Mistake(
        "decay_turned",
        "the sign of the weight-decay term is reversed",
        "the sign of the decay. It is added to E, so its derivative is added to that of E.",
        DECAY,
    ),
)


def _capped(norm: float, max_norm: float) -> float:
    return max_norm / norm if norm > max_norm else 1.0


def _always(arrays: Sequence[Array], max_norm: float) -> list[list[Array]]:
    norm = float(np.linalg.norm(norms(arrays)))
    return [[g * (max_norm / norm if norm else 1.0) for g in arrays]]


def _without_root(arrays: Sequence[Array], max_norm: float) -> list[list[Array]]:
    factor = _capped(float((norms(arrays) ** 2).sum()), max_norm)
    return [[g * factor for g in arrays]]


def _norm_of_all(arrays: Sequence[Array]) -> float:
    return float(np.linalg.norm(norms(arrays)))


def _by_norm(
    norm_of: Callable[[Sequence[Array]], float], factor: Callable[[float, float], float] = _capped
) -> Callable[..., list[list[Array]]]:
    """Multiply all layers by what `factor` makes of their norm and the limit."""

    def answers(arrays: Sequence[Array], max_norm: float) -> list[list[Array]]:
        common = factor(norm_of(arrays), max_norm)
        return [[g * common for g in arrays]]

    return answers


CLIP: WrongAnswers = {
    "clipped_each_layer": lambda arrays, max_norm: [
        [g * _capped(float(norm), max_norm) for g, norm in zip(arrays, norms(arrays), strict=True)]
    ],
    "clipped_entries": lambda arrays, max_norm: [[np.clip(g, -max_norm, max_norm) for g in arrays]],
    "norms_added": _by_norm(lambda arrays: float(norms(arrays).sum())),
    "always_scaled": _always,
    "limit_squared": _without_root,
    "largest_layer_norm": _by_norm(lambda arrays: float(norms(arrays).max())),
    "largest_stretch": _by_norm(lambda arrays: float(np.linalg.norm([np.linalg.norm(g, 2) for g in arrays]))),
    "limit_forgotten": _by_norm(_norm_of_all, lambda norm, limit: 1.0 / norm if norm > limit else 1.0),
    "factor_turned": _by_norm(_norm_of_all, lambda norm, limit: norm / limit if norm > limit else 1.0),
    "condition_turned": _by_norm(
        _norm_of_all, lambda norm, limit: limit / norm if 0.0 < norm < limit else 1.0
    ),
}


def clip_together() -> Iterator[tuple[tuple[str, ...], Callable[..., list[Array]]]]:
    """Return what clipping each layer by itself leads to when small ones are scaled up, or squares are compared."""
    yield (
        ("clipped_each_layer", "always_scaled"),
        _each_layer(lambda norm, limit: limit / norm if norm else 1.0),
    )
    yield (
        ("clipped_each_layer", "limit_squared"),
        _each_layer(lambda norm, limit: _capped(norm * norm, limit)),
    )
    yield (
        ("always_scaled", "norms_added"),
        lambda arrays, limit: _scaled_to(arrays, norms(arrays).sum(), limit),
    )


def _each_layer(factor: Callable[[float, float], float]) -> Callable[..., list[Array]]:
    return lambda arrays, limit: [
        g * factor(float(norm), limit) for g, norm in zip(arrays, norms(arrays), strict=True)
    ]


def _scaled_to(arrays: Sequence[Array], norm: float, limit: float) -> list[Array]:
    return [g * (limit / norm if norm else 1.0) for g in arrays]


# None of them, or only some: the first, the last, all but the first, all but the last.
SOME_LAYERS = (slice(0), slice(1), slice(-1, None), slice(1, None), slice(-1))


def _decayed_in(layers: slice, *case: Any) -> list[Array]:
    """Return the gradients with the decay in some layers only."""
    weights, X, D, weight_decay = case
    found = gradients(weights, X, D)
    found[layers] = [g + 2.0 * weight_decay * W for g, W in zip(found[layers], weights[layers], strict=True)]
    return found


def _decayed(factor: Callable[[int], float]) -> Callable[..., list[list[Array]]]:
    def answers(weights: Sequence[Array], X: Array, D: Array, weight_decay: float) -> list[list[Array]]:
        pairs = zip(gradients(weights, X, D), weights, strict=True)
        return [[g + factor(len(X)) * weight_decay * W for g, W in pairs]]

    return answers


DECAYED: WrongAnswers = {
    "no_factor_two": lambda *case: [[g / 2.0 for g in _decayed(lambda N: 2.0)(*case)[0]]],
    "decay_missing": lambda *case: [_decayed_in(layers, *case) for layers in SOME_LAYERS],
    "decay_averaged": _decayed(lambda N: 2.0 / N),
    "decay_without_two": _decayed(lambda N: 1.0),
    "decay_turned": _decayed(lambda N: -2.0),
}


def decayed_together() -> Iterator[tuple[tuple[str, ...], Callable[..., list[Array]]]]:
    """Return what several slips in the weight-decay term lead to, or one of them with another E before it."""
    factors = {
        ("decay_averaged", "decay_without_two"): lambda N: 1.0 / N,
        ("decay_turned", "decay_without_two"): lambda N: -1.0,
        ("decay_turned", "decay_averaged"): lambda N: -2.0 / N,
        ("decay_turned", "decay_averaged", "decay_without_two"): lambda N: -1.0 / N,
    }
    for ids, factor in factors.items():
        yield ids, lambda *case, factor=factor: _decayed(factor)(*case)[0]
    factors |= {("decay_without_two",): lambda N: 1.0, ("decay_averaged",): lambda N: 2.0 / N}
    for ids, factor in factors.items():
        yield ("sum_over_samples", *ids), lambda *case, factor=factor: _summed(factor, *case)


def _summed(factor: Callable[[int], float], *case: Any) -> list[Array]:
    """Return the gradients summed over the samples, and the decay with a factor of its own."""
    weights, X, D, weight_decay = case
    pairs = zip(gradients(weights, X, D), weights, strict=True)
    return [len(X) * g + factor(len(X)) * weight_decay * W for g, W in pairs]
