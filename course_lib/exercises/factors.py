"""The factors of one derivative, chosen from tiles in the diagram; what counts is their product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_lib.exercises.kinds import DiagramExercise

# Longer than any sensible product, y (1 - y) written out in place of S' and a minus sign included.
MOST = 10
# Enough for the product in any spelling, and for every slip of the catalogue that concerns one weight.
TILES = (
    *("2", "-1", "o_n1 - d_n1", "d_n1 - o_n1"),
    *("S'(net_n1_12)", "S'(net_n1_01)", "S'(net_n2_01)"),
    *("x_n1", "x_n2", "y_n1", "y_n2", "o_n1"),
    *("1 - y_n1", "1 - y_n2", "1 - o_n1"),
    *("w11_01", "w12_01", "w21_01", "w22_01", "w11_12", "w21_12"),
)


def factors_of(name: str, spelled: str, reference: Callable[..., float], **more: Any) -> DiagramExercise:
    """Return the exercise ``factors_<name>``: which factors make dE/d`spelled`, before 1/N sum over n is taken.

    Its answer is ``{"factor_1": "2", ...}`` in any order and any spelling; it is multiplied out on drawn
    networks and held against `reference`.
    """
    return DiagramExercise(
        id=f"factors_{name}",
        points=2,
        title=f"the factors of ∂E/∂{spelled}",
        asks=f'place("factors_{name}", "factor_1", "2"), and so on',
        reference=reference,
        slots=tuple(f"factor_{place}" for place in range(1, MOST + 1)),
        tiles=TILES,
        **more,
    )
