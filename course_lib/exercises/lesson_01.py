"""Lesson 01: gradient descent on functions that can be seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.descent import gradient_descent
from course_lib.exercises import given
from course_lib.exercises.base import CASES, Draw, Lesson, Tolerance, no_inputs
from course_lib.exercises.hints_01 import HINTS
from course_lib.exercises.kinds import FunctionExercise, NumbersExercise
from course_lib.exercises.stationary import SORTS, ZERO, kind_of_point
from course_lib.inputs import Array, as_array
from course_lib.mistakes import descent_steps

ID = "01_gradient_descent"
OPEN = frozenset({"numdiff"})
# What is not there while the lesson is graded is closed in its checks too.
CLOSES = frozenset({"activations", "backprop", "descent", "network", "slopes", "symbols"})

# `downhill`: f(x) = x1^2 / 2 + 3 x2^2 at POINT. Arrow e points at the minimum, f is the step, d and h are level.
POINT = (2.0, 1.0)
STEEPEST = float(np.degrees(np.arctan2(-6.0, -2.0))) % 360
ARROWS = dict(zip("abcdefgh", sorted((STEEPEST + 45.0 * turn) % 360 for turn in range(8)), strict=True))

# `two_basins`: what the notebook states.
RATE, STEPS = 0.05, 400
FLAT, APART = 1e-6, 0.1


def _point(rng: np.random.Generator) -> tuple[Array]:
    # Nowhere near 0, so that no term vanishes, and with either sign.
    return (rng.uniform(0.4, 1.6, size=3) * rng.choice([-1.0, 1.0], size=3),)


def _descent(n: int, steps: int) -> Draw:
    def draw(rng: np.random.Generator) -> tuple:
        gradient = given.slope(rng, n)
        return gradient, rng.normal(size=n), float(rng.uniform(0.05, 0.2)), steps

    return draw


def _bowl(n: int) -> Draw:
    return lambda rng: (given.rotated(rng, rng.uniform(0.3, 9.0, size=n)),)


BOWLS = tuple(map(_bowl, (2, 4, 3)))


def step_down() -> dict[str, Any]:
    """Return the arrow along the negative gradient of `downhill`, and the slope along it."""
    gradient = np.array([POINT[0], 6.0 * POINT[1]])
    along = {
        name: float(gradient @ [np.cos(np.radians(a)), np.sin(np.radians(a))]) for name, a in ARROWS.items()
    }
    arrow = min(along, key=along.get)
    return {"arrow": arrow, "slope": along[arrow]}


def wrong_kind(case: tuple, value: Any) -> str | None:
    """Say what is wrong with the answer of `classify`."""
    kinds = ("minimum", "maximum", "saddle", "undecided")
    if value is None:
        return f"expected one of {', '.join(map(repr, kinds))}, got None: is a `return` missing?"
    if not isinstance(value, str) or value not in kinds:
        return f"expected one of {', '.join(map(repr, kinds))}, got {value!r:.60}"
    if value == kind_of_point(*case):
        return None
    values = np.linalg.eigvalsh(case[0])
    values[np.abs(values) <= ZERO * np.abs(values).max()] = 0.0
    found = ", ".join(f"{v:.3g}" for v in values).replace("-", "−")
    return f"a Hessian with the eigenvalues {found} was called {value!r}"


def not_two_basins(case: tuple, value: Any) -> str | None:
    """Run the descent from both starts and say why they are not two starts into two minima."""
    if not isinstance(value, tuple | list | np.ndarray) or len(value) != 2:
        return "expected a pair of starts, `return a, b`, each with two numbers"
    ends = []
    for name, start in zip("ab", value, strict=True):
        try:
            start = as_array(name, start)
        except (TypeError, ValueError):
            start = np.empty(0)
        if start.shape != (2,) or start.dtype != float or not np.isfinite(start).all():
            return f"the start {name} is to be two finite numbers (x1, x2)"
        end = gradient_descent(given.basins_gradient, start, RATE, STEPS)[-1]
        told = _no_minimum(end)
        if told:
            return f"from {name} = {_pair(start)} the path {told}"
        ends.append(end)
    if np.linalg.norm(ends[0] - ends[1]) < APART:
        return f"both paths end in the same minimum, near {_pair(ends[0])}"
    return None


def _no_minimum(end: Array) -> str | None:
    if not np.isfinite(end).all():
        return "runs away: at this rate its first steps overshoot further and further"
    with np.errstate(over="ignore", invalid="ignore"):
        if np.linalg.norm(given.basins_gradient(end)) > FLAT:
            return f"has not come to rest after {STEPS} steps; it is at {_pair(end)}"
    if np.linalg.eigvalsh(given.basins_hessian(end)).min() <= 0:
        return f"rests on the saddle at {_pair(end)}, which is no minimum"
    return None


def _pair(x: Array) -> str:
    return f"({x[0]:.4g}, {x[1]:.4g})".replace("-", "−")


GRADIENT = FunctionExercise(
    id="gradient_by_hand",
    lesson=ID,
    points=4,
    title="the gradient of f",
    asks="gradient_by_hand(x) → array of shape (3,)",
    draws=(_point,) * CASES,
    reference=given.surface_gradient,
    mistakes=descent_steps.of_the_gradient(given.surface_gradient),
    closes=CLOSES | {"numdiff"},
    hints=HINTS["gradient_by_hand"],
)

HESSIAN = FunctionExercise(
    id="hessian_by_hand",
    lesson=ID,
    points=4,
    title="the Hessian of f",
    asks="hessian_by_hand(x) → array of shape (3, 3)",
    draws=(_point,) * CASES,
    reference=given.surface_hessian,
    mistakes=descent_steps.of_the_hessian(given.surface_hessian),
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

DESCEND = FunctionExercise(
    id="descend",
    lesson=ID,
    points=5,
    title="gradient descent, the whole path",
    asks="descend(gradient, x0, learning_rate, steps) → array of shape (steps + 1, n)",
    draws=(_descent(3, 7), _descent(2, 4), _descent(4, 1)),
    reference=gradient_descent,
    mistakes=descent_steps.DESCEND,
    closes=CLOSES,
    hints=HINTS["descend"],
)

LARGEST_RATE = FunctionExercise(
    id="largest_stable_rate",
    lesson=ID,
    points=3,
    title="the largest stable learning rate",
    asks="largest_stable_rate(hessian) → float",
    draws=BOWLS,
    reference=lambda hessian: 2.0 / float(np.linalg.eigvalsh(hessian).max()),
    mistakes=descent_steps.LARGEST_RATE,
    closes=CLOSES,
    hints=HINTS["largest_stable_rate"],
)

CLASSIFY = FunctionExercise(
    id="classify",
    lesson=ID,
    points=3,
    title="the kind of a stationary point",
    asks='classify(hessian) → "minimum", "maximum", "saddle" or "undecided"',
    draws=SORTS,
    reference=None,
    verify=wrong_kind,
    closes=CLOSES,
    hints=HINTS["classify"],
)

TWO_BASINS = FunctionExercise(
    id="two_basins",
    lesson=ID,
    points=3,
    title="two starts, two minima",
    asks="two_basins() → (a, b), two starts of two numbers each",
    draws=(no_inputs,),
    reference=None,
    verify=not_two_basins,
    closes=CLOSES,
    hints=HINTS["two_basins"],
)

LESSON = Lesson(
    id=ID,
    title="Gradient descent",
    minutes=90,
    open=OPEN,
    exercises=(GRADIENT, HESSIAN, DOWNHILL, DESCEND, LARGEST_RATE, CLASSIFY, TWO_BASINS),
)
