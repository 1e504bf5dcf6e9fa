"""Mistakes that multiply a whole gradient by one number."""

from __future__ import annotations

import numpy as np

from course_lib.mistakes.base import Mistake, catalogue
from course_lib.mistakes.recipes import Recipe

MISTAKES = catalogue(
    Mistake(
        "no_factor_two",
        "the 2 is missing: every number is exactly half of what it should be",
        "the derivative of a square. What comes down in front of (o − d) when (o − d)² is differentiated?",
        formula="∂E/∂o_nk = 2/N (o_nk − d_nk)",
        scale=True,
    ),
    Mistake(
        "wrong_sign",
        "the sign is turned round: every number is exactly −1 times what it should be",
        "which way round o and d stand, and whether the minus of the update is already inside. "
        "The slides ask for −∂E/∂w, this exercise for ∂E/∂w.",
        formula="∂E/∂o_nk = 2/N (o_nk − d_nk)",
        scale=True,
    ),
    Mistake(
        "sum_over_samples",
        "the samples are summed and not averaged: every number is too large by exactly N",
        "the 1/N in front of E. Where does it go when E is differentiated?",
        formula="E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        scale=True,
    ),
    Mistake(
        "averaged_twice",
        "the mean over the samples is taken twice: every number is too small by exactly N",
        "where you divide by N. It happens once in E, so it must happen once in the gradient.",
        formula="E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        scale=True,
    ),
    Mistake(
        "two_n_twice",
        "2/N stands there twice: every number is off by exactly the factor 2/N",
        "where 2/N comes in. It is in ∂E/∂o, and so it is in everything that ∂E/∂o is multiplied into.",
        formula="∂E/∂o_nk = 2/N (o_nk − d_nk)",
        scale=True,
    ),
    Mistake(
        "averaged_over_outputs",
        "there is a mean over the outputs as well: every number is too small by exactly K",
        "the sum over k in E. It is a sum and no mean (`np.mean` without an axis divides by both).",
        lesson="04_backpropagation",
        formula="E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        scale=True,
    ),
    Mistake(
        "rate_inside",
        "a constant factor, such as a learning rate, is multiplied in",
        "whether a learning rate has slipped in. The gradient knows nothing of it; it belongs in the update.",
        formula="Δw = −learning rate · ∂E/∂w",
        scale=True,
    ),
)


def _turned(o: np.ndarray, d: np.ndarray) -> np.ndarray:
    return d - o


RECIPES: dict[str, tuple[Recipe, ...]] = {
    "no_factor_two": (Recipe(scale=lambda N, K: 0.5),),
    "wrong_sign": (Recipe(error=_turned),),
    "sum_over_samples": (Recipe(scale=lambda N, K: float(N)),),
    "averaged_twice": (Recipe(scale=lambda N, K: 1.0 / N),),
    "two_n_twice": (Recipe(scale=lambda N, K: 2.0 / N),),
    "rate_inside": (),  # any constant that nothing else explains
    "averaged_over_outputs": (Recipe(scale=lambda N, K: 1.0 / K),),
}
