"""`classify`: stationary points of every kind, and what their Hessian says of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.exercises.kinds import Case, Draw
from course_lib.exercises.lesson_01.functions import rotated
from course_lib.inputs import Array

# What counts as zero beside the largest eigenvalue; the notebook states it.
ZERO = 1e-9
ALMOST_ZERO = 1e-12
KINDS = ("minimum", "maximum", "saddle", "undecided")


def kind_of_point(hessian: Array) -> str:
    """Both signs: a saddle. Else any zero: undecided. Else a minimum or a maximum."""
    values = np.linalg.eigvalsh(hessian)
    zero = np.abs(values) <= ZERO * np.abs(values).max()
    if (values[~zero] > 0).any() and (values[~zero] < 0).any():
        return "saddle"
    if zero.any():
        return "undecided"
    return "minimum" if values[0] > 0 else "maximum"


def verify_classify(case: Case, value: Any) -> str | None:
    """Say what is wrong with an answer to `classify`."""
    wanted = f"expected one of {', '.join(map(repr, KINDS))}"
    if value is None:
        return f"{wanted}, got None: is a `return` missing?"
    if not isinstance(value, str) or value not in KINDS:
        return f"{wanted}, got {value!r:.60}"
    if value == kind_of_point(*case):
        return None
    values = np.linalg.eigvalsh(case[0])
    zero = np.abs(values) <= ZERO * np.abs(values).max()
    found = ", ".join(f"{v:.3g}{' (counts as 0)' * bool(z and v)}" for v, z in zip(values, zero, strict=True))
    found = found.replace("-", "−")
    return f"a Hessian with the eigenvalues {found} was called {value!r}"


def _hessian(signs: Sequence[int], scale: float = 1.0) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[Array]:
        signs_here = rng.permutation(signs)
        values = rng.uniform(0.3, 4.0, size=len(signs)) * signs_here
        # Rounding may leave an exact 0, which would let an answer without the threshold pass.
        values[signs_here == 0] = ALMOST_ZERO * np.abs(values).max() * rng.choice([-1.0, 1.0])
        return (scale * rotated(rng, values),)

    return draw


# Also: a minimum so flat that a fixed threshold takes it for zero, a saddle with a zero, and no curvature at all.
HESSIANS = (
    _hessian([1, 1, 1]),
    _hessian([-1, -1]),
    _hessian([1, 1, -1]),
    _hessian([1, -1, -1, -1]),
    _hessian([1, 1, 0]),
    _hessian([-1, 0]),
    _hessian([1, 0, -1]),
    _hessian([1, 1], scale=1e-11),
    _hessian([0, 0]),
)
