"""Mistakes in a slope: left out, taken at the wrong place, or of the wrong form."""

from collections.abc import Callable

import numpy as np

from course_lib import slopes
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake
from course_lib.mistakes.recipes import Recipe, Step, carry_back


def _one(net: Array, y: Array) -> Array:
    return np.ones_like(net)


def at_output(net: Array, y: Array) -> Array:
    """Return the slope taken at y, to which S was applied already."""
    return slopes.sigmoid(y)


def _at_what_came_back(slope: Callable[[Array], Array]) -> Recipe:
    def carry(delta: Array, step: Step) -> Array:
        back = carry_back(delta, step)
        return back * slope(back)

    return Recipe(carry=carry, hidden_slope=_one)


def _of_what_came_back(delta: Array, step: Step) -> Array:
    return _short_form(carry_back(delta, step))


def _at_the_error(slope: Callable[[Array], Array]) -> Recipe:
    return Recipe(error=lambda o, d: (o - d) * slope(o - d), output_slope=_one)


def _short_form(value: Array) -> Array:
    return value * (1.0 - value)


def _everywhere(slope: Callable[[Array, Array], Array]) -> tuple[Recipe, ...]:
    """Both slopes wrong in the same way, or only one of them."""
    return (
        Recipe(output_slope=slope, hidden_slope=slope),
        Recipe(output_slope=slope),
        Recipe(hidden_slope=slope),
    )


SLOPE = "S'(z) = S(z) (1 − S(z))"
MISTAKES = (
    Mistake(
        "no_output_slope",
        "the slope at the output, S'(net^(1,2)), is missing",
        "the step from net^(1,2) to o. What does the chain rule put there?",
        "∂o_nk/∂net_nk^(1,2) = S'(net_nk^(1,2))",
        gradients=(Recipe(output_slope=_one),),
    ),
    Mistake(
        "no_hidden_slope",
        "the slope of the hidden node, S'(net^(0,1)), is missing",
        "the step from net^(0,1) to y. The error passes through S there as well.",
        "∂y_nj^(1)/∂net_nj^(0,1) = S'(net_nj^(0,1))",
        gradients=(Recipe(hidden_slope=_one),),
    ),
    Mistake(
        "no_output_slope_in_hidden",
        "S'(net^(1,2)) is dropped on the way back to the hidden layer",
        "what you carry back through w_jk: it should be the whole delta of the output, including its slope.",
        "δ_nk = 2/N (o_nk − d_nk) S'(net_nk^(1,2))",
        gradients=(Recipe(slope_carried_back=_one),),
    ),
    Mistake(
        "slope_of_output_o",
        "the slope at the output is taken at o instead of net^(1,2), so S is applied twice",
        "the argument of S' at the output. If you have o already, the slope is o (1 − o).",
        SLOPE,
        gradients=(Recipe(output_slope=at_output),),
    ),
    Mistake(
        "slope_of_output_h",
        "the hidden slope is taken at y instead of net^(0,1), so S is applied twice",
        "the argument of S' in the hidden layer. If you have y already, the slope is y (1 − y).",
        SLOPE,
        gradients=(Recipe(hidden_slope=at_output),),
    ),
    Mistake(
        "slope_is_sigmoid",
        "S itself is used where its slope S' belongs",
        "the formula for S'. It has two factors, and S is only one of them.",
        SLOPE,
        gradients=_everywhere(lambda net, y: y),
    ),
    Mistake(
        "slope_is_one_minus",
        "1 − S is used where the slope S' belongs",
        "the formula for S'. It has two factors, and 1 − S is only one of them.",
        SLOPE,
        gradients=_everywhere(lambda net, y: 1.0 - y),
    ),
    Mistake(
        "slope_on_net",
        "the slope formula is applied to net, giving net (1 − net) instead of S(net) (1 − S(net))",
        "what you put into z (1 − z). That short form is for outputs, y or o, not for net inputs.",
        SLOPE,
        gradients=_everywhere(lambda net, y: net * (1.0 - net)),
    ),
    Mistake(
        "slope_of_error",
        "the slope is taken at the error on its way back, not at the node",
        "what stands in the slope. How steep S is depends on what went forward through the node; "
        "nothing that comes back can change it.",
        "δ_nj = S'(net_nj^(0,1)) Σ_k δ_nk w_jk^(1,2)",
        gradients=(
            _at_what_came_back(_short_form),
            _at_what_came_back(slopes.sigmoid),
            Recipe(carry=_of_what_came_back, hidden_slope=_one),
            _at_the_error(_short_form),
            _at_the_error(slopes.sigmoid),
        ),
    ),
)
