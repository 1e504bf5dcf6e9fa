"""Mistakes in taming gradients that explode: clipping, and the decay of the weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_lib.backprop import gradients
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, catalogue
from course_lib.mistakes.vanishing import norms

LESSON = "05_vanishing_and_exploding_gradients"
CLIPPING = "g ← g · max_norm / ‖g‖, with ‖g‖² = Σ over all layers"
DECAY = "E_λ = E + λ Σ w²"
MISTAKES = catalogue(
    Mistake(
        "clipped_each_layer",
        "each layer is clipped by itself, with a norm of its own",
        "the norm. Taken over all layers together, and one factor for all of them, it leaves the direction as it was.",
        LESSON,
        CLIPPING,
    ),
    Mistake(
        "clipped_entries",
        "each entry is clipped by itself",
        "the direction. Cutting single entries turns it; one factor for all of them does not.",
        LESSON,
        CLIPPING,
    ),
    Mistake(
        "always_scaled",
        "small gradients are scaled up to max_norm as well",
        "a gradient whose norm is below max_norm. Nothing is to happen to it.",
        LESSON,
        CLIPPING,
    ),
    Mistake(
        "limit_squared",
        "the norm that is held against max_norm has lost its root",
        "the norm. After the sum of squares comes one thing more.",
        LESSON,
        CLIPPING,
    ),
    Mistake(
        "decay_missing",
        "the term of the weight decay is not there",
        "the second part of E. It depends on the weights too, so it has a derivative.",
        LESSON,
        DECAY,
    ),
    Mistake(
        "decay_averaged",
        "the term of the weight decay is divided by N",
        "the 1/N. The decay stands outside the mean over the samples.",
        LESSON,
        DECAY,
    ),
    Mistake(
        "decay_without_two",
        "the 2 is missing in the term of the weight decay",
        "the derivative of w². What comes down in front?",
        LESSON,
        DECAY,
    ),
    Mistake(
        "decay_turned",
        "the term of the weight decay has its sign turned round",
        "the sign of the decay. It is added to E, so its derivative is added to that of E.",
        LESSON,
        DECAY,
    ),
)
RECIPES: dict = {}
Wrong = Mapping[str, Callable[..., list[Any]]]


def _capped(norm: float, max_norm: float) -> float:
    return max_norm / norm if norm > max_norm else 1.0


def _always(arrays: Sequence[Array], max_norm: float) -> list[list[Array]]:
    norm = float(np.linalg.norm(norms(arrays)))
    return [[g * (max_norm / norm if norm else 1.0) for g in arrays]]


def _without_root(arrays: Sequence[Array], max_norm: float) -> list[list[Array]]:
    factor = _capped(float((norms(arrays) ** 2).sum()), max_norm)
    return [[g * factor for g in arrays]]


CLIP: Wrong = {
    "clipped_each_layer": lambda arrays, max_norm: [
        [g * _capped(float(norm), max_norm) for g, norm in zip(arrays, norms(arrays), strict=True)]
    ],
    "clipped_entries": lambda arrays, max_norm: [[np.clip(g, -max_norm, max_norm) for g in arrays]],
    "always_scaled": _always,
    "limit_squared": _without_root,
}


def _decayed(factor: Callable[[int], float]) -> Callable[..., list[list[Array]]]:
    def answers(weights: Sequence[Array], X: Array, D: Array, weight_decay: float) -> list[list[Array]]:
        pairs = zip(gradients(weights, X, D), weights, strict=True)
        return [[g + factor(len(X)) * weight_decay * W for g, W in pairs]]

    return answers


DECAYED: Wrong = {
    "decay_missing": _decayed(lambda N: 0.0),
    "decay_averaged": _decayed(lambda N: 2.0 / N),
    "decay_without_two": _decayed(lambda N: 1.0),
    "decay_turned": _decayed(lambda N: -2.0),
}
