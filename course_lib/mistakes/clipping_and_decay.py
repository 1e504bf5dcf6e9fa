"""Mistakes in clipping gradients that explode, and in weight decay."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from course_lib.backprop import gradients
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, WrongAnswers
from course_lib.mistakes.vanishing import norms

CLIPPING = "g ← g · max_norm / ‖g‖, with ‖g‖² = Σ over all layers"
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
        "the direction. Clipping single entries changes it; one factor for all of them does not.",
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


CLIP: WrongAnswers = {
    "clipped_each_layer": lambda arrays, max_norm: [
        [g * _capped(float(norm), max_norm) for g, norm in zip(arrays, norms(arrays), strict=True)]
    ],
    "clipped_entries": lambda arrays, max_norm: [[np.clip(g, -max_norm, max_norm) for g in arrays]],
    "norms_added": lambda arrays, max_norm: [
        [g * _capped(float(norms(arrays).sum()), max_norm) for g in arrays]
    ],
    "always_scaled": _always,
    "limit_squared": _without_root,
}


def _decayed(factor: Callable[[int], float]) -> Callable[..., list[list[Array]]]:
    def answers(weights: Sequence[Array], X: Array, D: Array, weight_decay: float) -> list[list[Array]]:
        pairs = zip(gradients(weights, X, D), weights, strict=True)
        return [[g + factor(len(X)) * weight_decay * W for g, W in pairs]]

    return answers


DECAYED: WrongAnswers = {
    "decay_missing": _decayed(lambda N: 0.0),
    "decay_averaged": _decayed(lambda N: 2.0 / N),
    "decay_without_two": _decayed(lambda N: 1.0),
    "decay_turned": _decayed(lambda N: -2.0),
}


def decayed_together() -> Iterator[tuple[tuple[str, ...], Callable[..., list[Array]]]]:
    """Return what several slips in the weight-decay term lead to."""
    factors = {
        ("decay_averaged", "decay_without_two"): lambda N: 1.0 / N,
        ("decay_turned", "decay_without_two"): lambda N: -1.0,
        ("decay_turned", "decay_averaged"): lambda N: -2.0 / N,
        ("decay_turned", "decay_averaged", "decay_without_two"): lambda N: -1.0 / N,
    }
    for ids, factor in factors.items():
        yield ids, lambda *case, factor=factor: _decayed(factor)(*case)[0]
