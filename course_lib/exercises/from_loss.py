"""An exercise from E alone: give the error as a function and how its inputs are drawn, get a gradient that is graded.

The reference is the complex step, which is exact to rounding, wherever it agrees with the central difference on inputs
that are drawn. Where E is not analytic, as through ``abs``, the central difference is the reference, with a wider
tolerance, and whoever writes the exercise is told.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_lib.exercises.kinds import Case, Draw, FunctionExercise, Loss, Tolerance
from course_lib.exercises.usable_loss import drawn_cases, require_slope, require_usable
from course_lib.numdiff import numerical_gradient

STEP = 1e-30
AGREEMENT = 1e-6
# What a central difference is good for; and how much two of them may differ before there is a kink between them.
MEASURED = Tolerance(relative=1e-5, layer=1e-6)
TRIES = 100
# How far to both sides of the inputs a kink is looked for, and which share of a gradient may change over that way.
KINK, BEND = 1e-5, 1e-3


def gradient_exercise(
    E: Callable[..., Any],
    draws: Sequence[Draw],
    *,
    samples: Callable[..., int] | None = None,
    **words: Any,
) -> FunctionExercise:
    """Return the exercise that asks for the gradient of `E` by its first argument, an array.

    Parameters
    ----------
    E : callable
        ``E(*case)`` gives the error, a number, written with numpy.
    draws : sequence of callable
        Each draws a case from ``rng``, as in `Exercise`.
    samples : callable, optional
        ``samples(*case)`` says over how many samples E is a mean; then a sum, and a mean of a mean, are named.
    **words
        The other fields of the exercise: ``id``, ``lesson``, ``points``, ``title``, ``asks``, ``hints``.

    Returns
    -------
    FunctionExercise
        Accepts every right way to write the gradient, and names a missing factor 2 and a wrong sign.

    Raises
    ------
    TypeError, ValueError
        Where E or a draw is of no use: E is no finite real number, is random, changes its arguments or does not depend
        on the first; the message names the exercise and the remedy.
    """
    name = str(words.get("id", "E"))
    tried = drawn_cases(name, draws)
    require_usable(name, E, tried, samples)
    smooth = [case for case in tried if _is_smooth(E, case)]
    measured = [_difference(E, case) for case in smooth]
    require_slope(name, measured)
    analytic = len(smooth) == len(tried) and all(
        _agree(_complex_step(E, case), difference) for case, difference in zip(tried, measured, strict=True)
    )
    if not analytic:
        warnings.warn(
            f"{name}: the complex step and the central difference of E disagree, so E is not analytic. "
            f"The central difference is the reference, and {MEASURED.relative:g} of an entry counts as rounding.",
            stacklevel=2,
        )

    def reference(*case: Any) -> np.ndarray:
        return _complex_step(E, case) if analytic else _difference(E, case)

    return FunctionExercise(
        draws=tuple(draws) if analytic else tuple(_smooth(E, draw) for draw in draws),
        reference=reference,
        shown=lambda *case: _difference(E, case),
        mistakes=_mistakes(reference, samples),
        tolerance=Tolerance() if analytic else MEASURED,
        loss=Loss(E, analytic),
        **words,
    )


def _mistakes(reference: Callable[..., np.ndarray], samples: Callable[..., int] | None) -> dict[str, Any]:
    """Return what wrong factors lead to, by the ids of the catalogue."""
    found = {
        "no_factor_two": lambda *case: [reference(*case) / 2],
        "wrong_sign": lambda *case: [-reference(*case)],
    }
    if samples:
        found["sum_over_samples"] = lambda *case: [reference(*case) * samples(*case)]
        found["averaged_twice"] = lambda *case: [reference(*case) / samples(*case)]
    return found


def _difference(E: Callable[..., Any], case: Case) -> np.ndarray:
    x, *rest = case
    return numerical_gradient(lambda moved: float(E(moved, *rest)), np.asarray(x, float))


def _complex_step(E: Callable[..., Any], case: Case) -> np.ndarray:
    """Return Im E(x + ih) / h for every entry; nan where E takes no complex numbers."""
    x, *rest = case
    x = np.asarray(x, complex)
    gradient = np.full(x.shape, np.nan)
    for index in np.ndindex(x.shape):
        moved = x.copy()
        moved[index] += 1j * STEP
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", np.exceptions.ComplexWarning)  # the imaginary part shows it
                gradient[index] = np.imag(E(moved, *rest)) / STEP
        except TypeError:
            break
    return gradient


def _agree(one: np.ndarray, other: np.ndarray) -> bool:
    return bool((np.abs(one - other) <= AGREEMENT * max(1e-6, np.abs(other).max(initial=0.0))).all())


def _smooth(E: Callable[..., Any], draw: Draw) -> Draw:
    """Return a draw that keeps away from kinks, where a difference means nothing."""

    def drawn(rng: np.random.Generator) -> Case:
        for _ in range(TRIES):
            case = draw(rng)
            if _is_smooth(E, case):
                return case
        raise ValueError(
            f"E had a kink within 1e-5 of the inputs, {TRIES} times: draw them farther away from it"
        )

    return drawn


def _is_smooth(E: Callable[..., Any], case: Case) -> bool:
    """Tell whether the gradients a little before and a little behind the inputs are those of one smooth function."""
    x, *rest = case
    before, here, behind = (
        _difference(E, (np.asarray(x, float) + KINK * side, *rest)) for side in (-1, 0, 1)
    )
    change = max(1e-6, np.abs(here).max(initial=0.0)) * BEND
    return bool(
        (np.abs(behind - 2 * here + before) <= change).all() and (np.abs(behind - before) <= change).all()
    )
