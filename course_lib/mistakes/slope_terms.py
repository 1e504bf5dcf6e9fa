"""Mistakes in a slope: left out, taken at the wrong place, or of the wrong form."""

from __future__ import annotations

import numpy as np

from course_lib import slopes
from course_lib.mistakes.base import Mistake, catalogue
from course_lib.mistakes.recipes import Recipe

MISTAKES = catalogue(
    Mistake(
        "no_output_slope",
        "the slope at the output, S'(net^(1,2)), is missing",
        "the step from net^(1,2) to o. What does the chain rule put there?",
        formula="∂o_nk/∂net_nk^(1,2) = S'(net_nk^(1,2))",
    ),
    Mistake(
        "no_hidden_slope",
        "the slope of the hidden node, S'(net^(0,1)), is missing",
        "the step from net^(0,1) to y. The error passes through S there as well.",
        formula="∂y_nj^(1)/∂net_nj^(0,1) = S'(net_nj^(0,1))",
    ),
    Mistake(
        "no_output_slope_in_hidden",
        "S'(net^(1,2)) is dropped on the way back to the hidden layer",
        "what you carry back through w_jk: the whole delta of the output, its slope included.",
        formula="δ_nk = 2/N (o_nk − d_nk) S'(net_nk^(1,2))",
    ),
    Mistake(
        "slope_of_output_o",
        "the slope at the output is taken at o and not at net^(1,2), so S is applied twice",
        "the argument of S' at the output. If you have o already, the slope is o (1 − o).",
        formula="S'(z) = S(z) (1 − S(z))",
    ),
    Mistake(
        "slope_of_output_h",
        "the hidden slope is taken at y and not at net^(0,1), so S is applied twice",
        "the argument of S' in the hidden layer. If you have y already, the slope is y (1 − y).",
        formula="S'(z) = S(z) (1 − S(z))",
    ),
    Mistake(
        "slope_is_sigmoid",
        "S itself stands where its slope S' belongs",
        "the formula of S'. It has two factors, and S is only one of them.",
        formula="S'(z) = S(z) (1 − S(z))",
    ),
    Mistake(
        "slope_is_one_minus",
        "1 − S stands where the slope S' belongs",
        "the formula of S'. It has two factors, and 1 − S is only one of them.",
        formula="S'(z) = S(z) (1 − S(z))",
    ),
    Mistake(
        "slope_on_net",
        "the slope formula is fed with net: net (1 − net) stands where S(net) (1 − S(net)) belongs",
        "what you put into z (1 − z). That short form is for outputs, y or o, and not for net inputs.",
        formula="S'(z) = S(z) (1 − S(z))",
    ),
)


def _one(net: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.ones_like(net)


def _at_output(net: np.ndarray, y: np.ndarray) -> np.ndarray:
    return slopes.sigmoid(y)


def _everywhere(slope: object) -> tuple[Recipe, ...]:
    """Both slopes wrong in the same way, or only one of them."""
    return (
        Recipe(output_slope=slope, hidden_slope=slope),
        Recipe(output_slope=slope),
        Recipe(hidden_slope=slope),
    )


RECIPES: dict[str, tuple[Recipe, ...]] = {
    "no_output_slope": (Recipe(output_slope=_one),),
    "no_hidden_slope": (Recipe(hidden_slope=_one),),
    "no_output_slope_in_hidden": (Recipe(back_slope=_one),),
    "slope_of_output_o": (Recipe(output_slope=_at_output),),
    "slope_of_output_h": (Recipe(hidden_slope=_at_output),),
    "slope_is_sigmoid": _everywhere(lambda net, y: y),
    "slope_is_one_minus": _everywhere(lambda net, y: 1.0 - y),
    "slope_on_net": _everywhere(lambda net, y: net * (1.0 - net)),
}
