"""The walks of lesson 01: the terms of a derivative, the path downhill, the largest rate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_lib.exercises.lesson_01.functions import surface_gradient, surface_hessian
from course_lib.exercises.walks.base import Walk
from course_lib.inputs import Array


def _terms(walk: Walk, x: Array) -> tuple[float, float, float, float, float]:
    walk.give("point", x)
    x1, x2, x3 = x
    s, c = np.sin(x2 * x3), np.cos(x2 * x3)
    for meaning, value in (
        ("inner", x2 * x3),
        ("cosine", c),
        ("sine", s),
        ("power_term", x1**2),
        ("power_term", x1 * x2),
        ("power_term", x1**2 * x2),
        ("inner_times_cosine", x2 * c),
        ("inner_times_cosine", x3 * c),
    ):
        walk.part(meaning, np.asarray(value))
    return x1, x2, x3, s, c


def gradient_by_hand(walk: Walk, x: Array) -> None:
    """Enter the terms of the three derivatives."""
    _terms(walk, x)
    for n, value in enumerate(surface_gradient(x), 1):
        walk.keep(f"derivative_{n}", value)
    walk.keep("derivative", surface_gradient(x))
    walk.asked = ("derivative",)


def hessian_by_hand(walk: Walk, x: Array) -> None:
    """Enter the terms of the second derivatives."""
    _, x2, x3, s, _ = _terms(walk, x)
    for value in (x2**2, x3**2):
        walk.part("power_term", np.asarray(value))
    for value in (x2 * s, x3 * s, x2**2 * s, x3**2 * s, x2 * x3 * s):
        walk.part("inner_times_sine", np.asarray(value))
    for n, value in enumerate(surface_gradient(x), 1):
        walk.part(f"derivative_{n}", value)
    walk.part("derivative", surface_gradient(x))
    H = surface_hessian(x)
    walk.keep("mixed_derivative", H[1, 2])
    walk.keep("second_derivative", H)
    walk.asked = ("second_derivative",)


def descend(walk: Walk, gradient: Callable, x0: Array, learning_rate: float, steps: int) -> None:
    """Go the whole path."""
    walk.constant(learning_rate)
    points = [np.asarray(x0, dtype=float)]
    walk.give("start", points[0])
    for _ in range(steps):
        slope = gradient(points[-1])
        walk.part("slope_at_point", slope)
        points.append(points[-1] - learning_rate * slope)
        walk.part("next_point", points[-1])
    walk.keep("path", np.array(points))
    for count in range(2, len(points)):
        walk.part("part_of_path", np.array(points[:count]))
    walk.asked = ("path",)


def largest_stable_rate(walk: Walk, hessian: Array) -> None:
    """Go from the eigenvalues to the rate."""
    for entry in hessian.ravel():
        walk.give("entry_of_hessian", entry)
    walk.give("hessian", hessian)
    for value in np.linalg.eigvalsh(hessian):
        walk.part("eigenvalue", value)
    values = walk.keep("eigenvalues", np.linalg.eigvalsh(hessian))
    walk.keep("largest_rate", 2.0 / values.max())
    walk.asked = ("largest_rate",)
