"""The exercises of lesson 01."""

from functools import partial
from typing import Any

import numpy as np

from course_lib.descent import gradient_descent
from course_lib.exercises.kinds import (
    CASES,
    Case,
    Draw,
    FunctionExercise,
    Lesson,
    NumbersExercise,
    Tolerance,
    no_inputs,
)
from course_lib.exercises.lesson_01.functions import rotated, slope, surface_gradient, surface_hessian
from course_lib.exercises.lesson_01.stationary_points import HESSIANS, verify_classify
from course_lib.exercises.lesson_01.two_basins import verify_two_basins
from course_lib.mistakes import calculus, descent_steps

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


def _slope_along(arrow: str, length: float = 1.0) -> float:
    angle = np.radians(ARROWS[arrow])
    return float(np.array([POINT[0], 6.0 * POINT[1]]) @ [length * np.cos(angle), length * np.sin(angle)])


def step_down() -> dict[str, Any]:
    """Return the arrow along the negative gradient of `downhill`, and the slope along it."""
    arrow = min(ARROWS, key=_slope_along)
    return {"arrow": arrow, "slope": _slope_along(arrow)}


def _telling() -> dict[str, tuple[tuple[Any, str], ...]]:
    level = "it runs along the contour line, where v does not change"
    steepest = step_down()["slope"]
    return {
        "arrow": (
            ("e", "it points at the minimum, and the steepest way down does not"),
            ("b", "it points the way the gradient does, and that is uphill"),
            ("d", level),
            ("h", level),
        ),
        "slope": (
            (_slope_along("e"), "it is the slope along the arrow to the minimum"),
            (_slope_along("f", length=-steepest), "∇f · (−∇f) takes an arrow as long as ∇f; u has length 1"),
        ),
    }


_function = partial(FunctionExercise, lesson=ID, closes=CLOSES)

GRADIENT = _function(
    id="gradient_by_hand",
    points=4,
    title="the gradient of f",
    asks="gradient_by_hand(x) → array of shape (3,)",
    draws=(_point,) * CASES,
    reference=surface_gradient,
    mistakes=descent_steps.of_the_gradient(surface_gradient) | calculus.of_the_surface(surface_gradient),
    pieces=("∂f/∂x₁", "∂f/∂x₂", "∂f/∂x₃"),
    closes=CLOSES | {"numdiff"},
    hints=(
        "Three numbers, one for each variable. For each of them, which of the two terms of f contains it at all?",
        "x₂ appears in both terms, so its derivative has two. The sine contains a product: the chain rule brings out "
        "the other factor.",
        "A similar case: g(x) = x₁ x₃² + cos(x₁ x₂). Then ∂g/∂x₁ = x₃² − x₂ sin(x₁ x₂), ∂g/∂x₂ = −x₁ sin(x₁ x₂), "
        "∂g/∂x₃ = 2 x₁ x₃.",
    ),
)
HESSIAN = _function(
    id="hessian_by_hand",
    points=4,
    title="the Hessian of f",
    asks="hessian_by_hand(x) → array of shape (3, 3)",
    draws=(_point,) * CASES,
    reference=surface_hessian,
    mistakes=descent_steps.of_the_hessian(surface_hessian) | calculus.of_the_bends(surface_hessian),
    pieces=tuple(f"entry ({i}, {j})" for i in (1, 2, 3) for j in (1, 2, 3)),
    closes=CLOSES | {"numdiff"},
    hints=(
        "Row i is the gradient of the i-th entry of the gradient. Write the three entries down first.",
        "The entry of x₂ and x₃ needs the product rule: in x₂ cos(x₂ x₃) the variable x₂ appears twice. The matrix is "
        "symmetric, so there are only six entries to work out.",
        "A similar case: for g with ∂g/∂x₂ = −x₁ sin(x₁ x₂), ∂²g/∂x₁∂x₂ = −sin(x₁ x₂) − x₁ x₂ cos(x₁ x₂), "
        "and ∂²g/∂x₂² = −x₁² cos(x₁ x₂).",
    ),
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
    telling=_telling(),
    hints=(
        "The step is taken along −∇f. Work out ∇f at P first; the arrow need not point at the minimum.",
        "An arrow at the angle θ is the unit vector u = (cos θ, sin θ). The slope along it is ∇f · u, and downhill "
        "it is below zero.",
        "A similar case: with ∇f = (3, −4) the step points along (−3, 4), at 126.9°. As a unit vector that is (−0.6, "
        "0.8), and the slope is 3 · (−0.6) + (−4) · 0.8 = −5.",
    ),
)
DESCEND = _function(
    id="descend",
    points=5,
    title="gradient descent, the whole path",
    asks="descend(gradient, x0, learning_rate, steps) → array of shape (steps + 1, n)",
    draws=(_descent(3, 7), _descent(2, 4), _descent(4, 1)),
    reference=gradient_descent,
    mistakes=descent_steps.DESCEND,
    together=descent_steps.descend_together,
    hints=(
        "The path has steps + 1 rows: the start is row 0, and every step adds one.",
        "Each new point is made from the last: x − learning_rate · gradient(x). Make a new array each time; "
        "`x -= ...` would change the caller's start, and every row that is a view of it.",
        "A similar case: climbing one step from (1, 2) with the gradient (4, −2) and the rate 0.1 leads to (1.4, 1.8), "
        "and the path is [[1, 2], [1.4, 1.8]]. Descending goes the other way.",
    ),
)
LARGEST_RATE = _function(
    id="largest_stable_rate",
    points=3,
    title="the largest stable learning rate",
    asks="largest_stable_rate(hessian) → float",
    draws=tuple(map(_bowl, (2, 4, 3))),
    reference=lambda hessian: 2.0 / float(np.linalg.eigvalsh(hessian).max()),
    mistakes=descent_steps.LARGEST_RATE,
    together=descent_steps.rates_together,
    hints=(
        "Take f(x) = ½ a x² first. One step turns x into x − rate · a x. When does that shrink?",
        "It shrinks while |1 − rate · a| < 1. A Hessian has such an a in the direction of each eigenvector, and one "
        "of them is the first to fail. `np.linalg.eigvalsh` gives them.",
        "A similar case: with the curvatures 1 and 8, the rate 0.2 turns the two parts into 0.8 and −0.6 of "
        "themselves, the rate 0.3 into 0.7 and −1.4. The steep direction is the one that explodes.",
    ),
)
CLASSIFY = _function(
    id="classify",
    points=3,
    title="the kind of a stationary point",
    asks='classify(hessian) → "minimum", "maximum", "saddle" or "undecided"',
    draws=HESSIANS,
    verify=verify_classify,
    hints=(
        "Along an eigenvector f bends by its eigenvalue: up if it is above zero, down if below.",
        "Decide in the order of the text: both signs first, then zeros. An eigenvalue that ought to be 0 comes out as "
        "1e-17 or so, which is why zero is measured against the largest one.",
        "A similar case: the eigenvalues 2, −3 and 1e-16 have both signs, so it is a saddle and the zero does not "
        "matter. With 2 and 1e-16 the second derivative cannot tell.",
    ),
)
TWO_BASINS = _function(
    id="two_basins",
    points=3,
    title="two starts, two minima",
    asks="two_basins() → (a, b), two starts of two numbers each",
    draws=(no_inputs,),
    verify=verify_two_basins,
    hints=(
        "Look at the contours: there are two valleys, one left and one right. Start one path in each.",
        "Far out, f is so steep that the first step overshoots. And on the ridge between the valleys the path may "
        "still be under way after all its steps.",
        "A similar case: for f(x) = (x² − 4)², x = 1 and x = −1 lie left and right of the ridge at 0, and descend to 2 "
        "and −2.",
    ),
)

LESSON = Lesson(
    id=ID,
    title="Gradient descent",
    minutes=115,
    open=frozenset({"numdiff"}),
    exercises=(GRADIENT, HESSIAN, DOWNHILL, DESCEND, LARGEST_RATE, CLASSIFY, TWO_BASINS),
)
