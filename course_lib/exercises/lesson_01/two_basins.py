"""`two_basins`: gradient descent from two starts, as the notebook states it, and where each path ends."""

from typing import Any

import numpy as np

from course_lib.descent import gradient_descent
from course_lib.exercises.kinds import Case
from course_lib.exercises.lesson_01.functions import basins_gradient, basins_hessian
from course_lib.inputs import Array, as_array

RATE, STEPS = 0.05, 400
# A path is at rest where the gradient's norm is below FLAT; minima nearer to each other than APART are one.
FLAT, APART = 1e-6, 0.1


def verify_two_basins(case: Case, value: Any) -> str | None:
    """Run the descent from both starts and say why they do not lead into two minima."""
    pair = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        return "expected a pair of starts, `return a, b`, each with two numbers"
    ends = []
    for name, start in zip("ab", pair, strict=True):
        try:
            start = as_array(name, start)
        except (TypeError, ValueError):
            start = np.empty(0)
        if start.shape != (2,) or start.dtype != float or not np.isfinite(start).all():
            return f"the start {name} should be two finite numbers, (x1, x2)"
        end = gradient_descent(basins_gradient, start, RATE, STEPS)[-1]
        problem = not_a_minimum(end)
        if problem:
            return f"from {name} = {_pair(start)} the path {problem}"
        ends.append(end)
    if np.linalg.norm(ends[0] - ends[1]) < APART:
        return f"both paths end in the same minimum, near {_pair(ends[0])}"
    return None


def not_a_minimum(end: Array) -> str | None:
    """Say what a path does that does not end in a minimum."""
    if not np.isfinite(end).all():
        return "runs away: at this rate its first steps overshoot further and further"
    with np.errstate(over="ignore", invalid="ignore"):
        if np.linalg.norm(basins_gradient(end)) > FLAT:
            return f"has not come to rest after {STEPS} steps; it is at {_pair(end)}"
    if np.linalg.eigvalsh(basins_hessian(end)).min() <= 0:
        return f"comes to rest on the saddle at {_pair(end)}, which is not a minimum"
    return None


def _pair(x: Array) -> str:
    return f"({x[0]:.4g}, {x[1]:.4g})".replace("-", "−")
