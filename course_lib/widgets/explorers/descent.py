"""A walk down a surface, and how it ends: numbers only."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_lib.descent import gradient_descent
from course_lib.exercises.lesson_01 import functions
from course_lib.inputs import Array, as_array, as_count, as_number
from course_lib.widgets.formatting import format_number, format_steps, from_to

# The part of the plane that is shown, and in which a walk may start.
X1, X2 = (-2.5, 2.5), (-2.0, 2.0)
# At rest: flatter than this. Away: much further out than anything that is shown.
FLAT, AWAY = 1e-3, 1e3


class Surface(NamedTuple):
    """A function of x = (x1, x2) with its gradient; `f` takes arrays x1 and x2 as well.

    In three dimensions what lies above `top` is cut off, or its valleys could not be seen.
    """

    words: str
    f: Callable[[Array, Array], Array]
    gradient: Callable[[Array], Array]
    top: float


# The ones the lesson uses.
SURFACES = {
    "two valleys": Surface(
        "b, two valleys", lambda *x: functions.basins(x), functions.basins_gradient, top=5.0
    ),
    "long valley": Surface(
        "v, a long valley",
        lambda x1, x2: x1**2 / 2 + 3 * x2**2,
        lambda x: np.array([x[0], 6 * x[1]]),
        top=16.0,
    ),
    "saddle": Surface(
        "s, with a saddle",
        lambda x1, x2: (x1**2 - 1) ** 2 + x2**2,
        lambda x: np.array([4 * x[0] * (x[0] ** 2 - 1), 2 * x[1]]),
        top=4.0,
    ),
}


class Walk:
    """Gradient descent on one of SURFACES, from a `start` (2,) in the part shown; at most `last` steps."""

    def __init__(self, surface: str, start: Array, learning_rate: float, last: int = 400) -> None:
        if surface not in SURFACES:
            raise ValueError(f"surface: expected one of {', '.join(map(repr, SURFACES))}; got {surface!r}")
        start = as_array("start", start)
        if start.shape != (2,):
            raise ValueError(f"start: expected two numbers (x1, x2), got shape {start.shape}")
        for name, x, (low, high) in zip(("x1", "x2"), start, (X1, X2), strict=True):
            if not low <= x <= high:
                raise ValueError(f"start: expected {name} between {low:g} and {high:g}, got {x:g}")
        self.surface = SURFACES[surface]
        self.learning_rate = as_number("learning_rate", learning_rate, positive=True)
        self.last = as_count("last", last, least=1)
        self.path = start[None, :].astype(float)

    @property
    def step(self) -> int:
        """Steps taken."""
        return len(self.path) - 1

    @property
    def settings(self) -> str:
        """Start and rate, in words."""
        return f"from {_point(self.path[0])} at rate {self.learning_rate:g}"

    @property
    def heights(self) -> Array:
        """The function after each step, (steps + 1,)."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.surface.f(*self.path.T)

    @property
    def steepness(self) -> float:
        """The norm of the gradient where the walk is."""
        with np.errstate(over="ignore", invalid="ignore"):
            return float(np.linalg.norm(self.surface.gradient(self.path[-1])))

    @property
    def away(self) -> bool:
        """Whether it has left for good."""
        return not (np.abs(self.path[-1]) < AWAY).all()

    @property
    def over(self) -> bool:
        """Whether it is at rest, has run away, or has used up its steps."""
        return self.away or self.steepness <= FLAT or self.step >= self.last

    def advance(self, steps: int = 1) -> None:
        """Take up to `steps` steps."""
        while steps > 0 and not self.over:
            step = gradient_descent(self.surface.gradient, self.path[-1], self.learning_rate, 1)
            self.path = np.vstack([self.path, step[1:]])
            steps -= 1

    def outcome(self) -> str:
        """Return "rests", "runs away" or "moves"."""
        if self.away:
            return "runs away"
        return "rests" if self.steepness <= FLAT else "moves"

    def sentence(self) -> str:
        """Say where it went."""
        f, walk = self.heights, f"{self.settings.capitalize()} the walk"
        if self.outcome() == "runs away":
            return f"{walk} ran away: after {format_steps(self.step)} f had gone {from_to(f)}."
        here = f"at {_point(self.path[-1])}, where f = {format_number(f[-1])}"
        if self.outcome() == "rests":
            return f"{walk} came to rest after {format_steps(self.step)}, {here}."
        back = int((np.diff(f) > 0).sum())
        rose = f"; f rose in {back} of the steps" if back else ""
        slope = f"and the slope is still {format_number(self.steepness)}"
        return f"{walk} had not come to rest after {format_steps(self.step)}: it is {here}, {slope}{rose}."

    def progress(self) -> str:
        """Say where it is."""
        return (
            f"Step {self.step}: x = {_point(self.path[-1])}, f = {format_number(self.heights[-1])}, "
            f"length of the gradient {format_number(self.steepness)}."
        )


def _point(x: Array) -> str:
    # Adding zero turns -0 into 0.
    return f"({', '.join(format_number(round(v, 3) + 0.0) for v in x)})"
