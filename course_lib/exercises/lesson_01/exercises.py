"""The exercises of lesson 01."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from course_lib.descent import gradient_descent
from course_lib.exercises.base import CASES, Case, Draw, Lesson, Tolerance, no_inputs
from course_lib.exercises.kinds import FunctionExercise, NumbersExercise
from course_lib.exercises.lesson_01.functions import rotated, slope, surface_gradient, surface_hessian
from course_lib.exercises.lesson_01.hints import HINTS
from course_lib.exercises.lesson_01.stationary_points import HESSIANS, verify_classify
from course_lib.exercises.lesson_01.two_basins import verify_two_basins
from course_lib.mistakes import descent_steps

ID = "01_gradient_descent"
# What is not there while the lesson is graded is closed in its checks too.
CLOSES = frozenset({"activations", "backprop", "descent", "network", "slopes", "symbols"})

# `downhill`: f(x) = x1^2 / 2 + 3 x2^2 at POINT. Arrow e points at the minimum, f is the step, d and h are level.
POINT = (2.0, 1.0)
STEEPEST = float(np.degrees(np.arctan2(-6.0, -2.0))) % 360
ARROWS = dict(zip("abcdefgh", sorted((STEEPEST + 45.0 * turn) % 360 for turn in range(8)), strict=True))


def _point(rng: np.random.Generator) -> Case:
    # Nowhere near 0, so that no term vanishes, and with either sign.
    return (rng.uniform(0.4, 1.6, size=3) * rng.choice([-1.0, 1.0], size=3),)


def _descent(n: int, steps: int) -> Draw:
    return lambda rng: (slope(rng, n), rng.normal(size=n), float(rng.uniform(0.05, 0.2)), steps)


def _bowl(n: int) -> Draw:
    return lambda rng: (rotated(rng, rng.uniform(0.3, 9.0, size=n)),)


def step_down() -> dict[str, Any]:
    """Return the arrow along the negative gradient of `downhill`, and the slope along it."""
    gradient = np.array([POINT[0], 6.0 * POINT[1]])
    along = {
        name: float(gradient @ [np.cos(np.radians(a)), np.sin(np.radians(a))]) for name, a in ARROWS.items()
    }
    arrow = min(along, key=along.get)
    return {"arrow": arrow, "slope": along[arrow]}


_function = partial(FunctionExercise, lesson=ID, closes=CLOSES)

GRADIENT = _function(
    id="gradient_by_hand",
    points=4,
    title="the gradient of f",
    asks="gradient_by_hand(x) → array of shape (3,)",
    draws=(_point,) * CASES,
    reference=surface_gradient,
    mistakes=descent_steps.of_the_gradient(surface_gradient),
    closes=CLOSES | {"numdiff"},
    hints=HINTS["gradient_by_hand"],
)
HESSIAN = _function(
    id="hessian_by_hand",
    points=4,
    title="the Hessian of f",
    asks="hessian_by_hand(x) → array of shape (3, 3)",
    draws=(_point,) * CASES,
    reference=surface_hessian,
    mistakes=descent_steps.of_the_hessian(surface_hessian),
    closes=CLOSES | {"numdiff"},
    hints=HINTS["hessian_by_hand"],
)
DOWNHILL = NumbersExercise(
    id="downhill",
    lesson=ID,
    points=2,
    parts=2,
    title="the step and its slope",
    asks='downhill = {"arrow": ..., "slope": ...}, a letter and a number',
    reference=step_down,
    tiles=tuple(ARROWS),
    tolerance=Tolerance(relative=5e-4, layer=0.0),
    hints=HINTS["downhill"],
)
DESCEND = _function(
    id="descend",
    points=5,
    title="gradient descent, the whole path",
    asks="descend(gradient, x0, learning_rate, steps) → array of shape (steps + 1, n)",
    draws=(_descent(3, 7), _descent(2, 4), _descent(4, 1)),
    reference=gradient_descent,
    mistakes=descent_steps.DESCEND,
    hints=HINTS["descend"],
)
LARGEST_RATE = _function(
    id="largest_stable_rate",
    points=3,
    title="the largest stable learning rate",
    asks="largest_stable_rate(hessian) → float",
    draws=tuple(map(_bowl, (2, 4, 3))),
    reference=lambda hessian: 2.0 / float(np.linalg.eigvalsh(hessian).max()),
    mistakes=descent_steps.LARGEST_RATE,
    hints=HINTS["largest_stable_rate"],
)
CLASSIFY = _function(
    id="classify",
    points=3,
    title="the kind of a stationary point",
    asks='classify(hessian) → "minimum", "maximum", "saddle" or "undecided"',
    draws=HESSIANS,
    verify=verify_classify,
    hints=HINTS["classify"],
)
TWO_BASINS = _function(
    id="two_basins",
    points=3,
    title="two starts, two minima",
    asks="two_basins() → (a, b), two starts of two numbers each",
    draws=(no_inputs,),
    verify=verify_two_basins,
    hints=HINTS["two_basins"],
)

LESSON = Lesson(
    id=ID,
    title="Gradient descent",
    minutes=90,
    open=frozenset({"numdiff"}),
    exercises=(GRADIENT, HESSIAN, DOWNHILL, DESCEND, LARGEST_RATE, CLASSIFY, TWO_BASINS),
)
