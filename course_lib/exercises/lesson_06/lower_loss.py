"""`lower_loss`: a mistake with which training ends at a lower E, found out by running the training."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from course_lib.exercises.kinds import Case
from course_lib.exercises.lesson_06.reading import read_names
from course_lib.inputs import Array
from course_lib.mistakes import Line, wrong_gradients
from course_lib.mistakes.recipes import RIGHT
from course_lib.network import loss, random_network

# The training that the notebook states. One lucky start would prove nothing.
SIZES, SAMPLES, STARTS = (3, 4, 2), 7, (1, 2, 3)
RATE, STEPS = 1.0, 300
Gradient = Callable[[list[Array], Array, Array], list[Array]]


@lru_cache(maxsize=4)
def _starts() -> tuple[tuple, ...]:
    return tuple(random_network(np.random.default_rng(start), SIZES, SAMPLES) for start in STARTS)


def _ends(gradient: Gradient) -> list[float]:
    """Train from every start and return where E ends; a wrong gradient may run away, so NaN is no accident."""
    ends = []
    for weights, X, D in _starts():
        with np.errstate(all="ignore"):
            for _ in range(STEPS):
                moves = gradient(weights, X, D)
                weights = [W - RATE * g for W, g in zip(weights, moves, strict=True)]
            ends.append(float(loss(weights, X, D)))
    return ends


@lru_cache(maxsize=1)
def right_ends() -> list[float]:
    """Return where E ends with the right gradient."""
    return _ends(RIGHT)


@lru_cache(maxsize=64)
def wrong_ends(mistake: str) -> tuple[list[float], ...]:
    """Return where E ends with the mistake, for each way to make it that runs on this network."""
    ends = []
    for way in range(len(wrong_gradients(mistake, *_starts()[0]))):

        def gradient(weights: list[Array], X: Array, D: Array, way: int = way) -> list[Array]:
            found = wrong_gradients(mistake, weights, X, D)[way]
            if isinstance(found, Line):
                return [base - RATE * slope for base, slope in zip(*found, strict=True)]
            return found

        try:
            ends.append(_ends(gradient))
        except ValueError:  # shapes that do not fit, here or in the update
            continue
    return tuple(ends)


def _is_multiple(mistake: str) -> bool:
    weights, X, D = _starts()[0]
    right = np.concatenate([g.ravel() for g in RIGHT(weights, X, D)])
    for wrong in wrong_gradients(mistake, weights, X, D):
        if isinstance(wrong, Line):
            continue
        if any(g.shape != W.shape for g, W in zip(wrong, weights, strict=True)):
            continue
        ratio = np.concatenate([g.ravel() for g in wrong]) / right
        if ratio[0] > 0 and np.allclose(ratio, ratio[0]):
            return True
    return False


def verify_lower_loss(case: Case, value: Any) -> str | None:
    """Run the training with the named mistake, and say why it is not an answer to `lower_loss`."""
    names, problem = read_names(value, most=1)
    if problem:
        return problem
    mistake = names.pop()
    if _is_multiple(mistake):
        return f"{mistake!r} only multiplies the right gradient; that is the right direction at another rate"
    ways = wrong_ends(mistake)
    if not ways:
        return f"a gradient with {mistake!r} does not even fit this network"
    right = right_ends()
    if any(all(w < r for w, r in zip(way, right, strict=True)) for way in ways):
        return None
    best = min(ways, key=lambda way: sum(not w < r for w, r in zip(way, right, strict=True)))
    start, w, r = next((s, w, r) for s, w, r in zip(STARTS, best, right, strict=True) if not w < r)
    end = f"ends at {w:.4f}" if np.isfinite(w) else "runs away"
    return f"from start {start}, E {end} with {mistake!r} and ends at {r:.4f} with the right gradient"
