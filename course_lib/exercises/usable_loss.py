"""Whether an error E and the draws of its inputs make an exercise; whatever does not is refused with its remedy."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_lib.exercises.kinds import Case, Draw
from course_lib.inputs import as_array

# From each draw, so that what holds on one case by chance is noticed.
SEEDS = 3


def drawn_cases(name: str, draws: Sequence[Draw]) -> list[Case]:
    """Return some cases of each draw.

    Raises
    ------
    TypeError, ValueError
        Where nothing is drawn, or no tuple that begins with an array of numbers. `name` is the exercise's.
    """
    if callable(draws) or not len(draws):
        raise ValueError(
            f"{name}: draws is a tuple of functions, at least one: draw(rng) gives a case, (w, X, d)"
        )
    for draw in draws:
        if not callable(draw):
            raise TypeError(
                f"{name}: draws holds {draw!r}; give a function: draw(rng) gives a case, (w, X, d)"
            )
    cases = [draw(np.random.default_rng(seed)) for draw in draws for seed in range(SEEDS)]
    for case in cases:
        if not isinstance(case, tuple) or not case:
            raise TypeError(
                f"{name}: a draw gave {type(case).__name__}; a case is a tuple, (w,) where E takes only w"
            )
        if not as_array(f"{name}: the first of a case", case[0]).size:
            raise ValueError(f"{name}: the first of a case has no entries; draw at least one number")
    return cases


def require_usable(
    name: str, E: Callable[..., Any], cases: Sequence[Case], samples: Callable[..., int] | None
) -> None:
    """Refuse an error whose gradient cannot be asked for on `cases`.

    Raises
    ------
    TypeError, ValueError
        Where E is no real number, not finite, different each time, changes what it is given, or `samples` counts none.
    """
    for case in cases:
        given = copy.deepcopy(case)
        value = _number(name, E, given)
        changed = next((n for n, pair in enumerate(zip(given, case, strict=True)) if not _same(*pair)), None)
        if changed is not None:
            raise ValueError(f"{name}: E changes its argument number {changed + 1}; let it work on a copy")
        if not math.isfinite(value):
            raise ValueError(
                f"{name}: E is {value} on a case that was drawn; draw where E is a finite number"
            )
        if _number(name, E, given) != value:
            raise ValueError(
                f"{name}: E gives another number each time on one case; draw what is random in `draws`"
            )
        if samples is not None and not samples(*case) > 0:
            raise ValueError(
                f"{name}: samples(*case) gave {samples(*case)!r}; it counts the samples E is a mean over"
            )


def require_slope(name: str, gradients: Sequence[np.ndarray]) -> None:
    """Refuse an error that does not depend on its first argument: a function that returns zeros would be right.

    `gradients` are those on cases away from kinks; where there is none, nothing is known.
    """
    if gradients and not any(gradient.any() for gradient in gradients):
        raise ValueError(
            f"{name}: the derivative of E by its first argument is 0 on every case that was drawn, so an answer that "
            "returns zeros would be right; let E depend on it, and not by steps"
        )


def _number(name: str, E: Callable[..., Any], case: Case) -> float:
    try:
        value = np.asarray(E(*case))
    except Exception as error:
        raise ValueError(
            f"{name}: E raised {type(error).__name__} on a case that was drawn ({error}); try E(*draw(rng)) by itself"
        ) from error
    if value.ndim or value.dtype.kind not in "biuf":
        got = f"an array of shape {value.shape}" if value.ndim else f"one of type {value.dtype}"
        raise TypeError(f"{name}: E has to give one real number, for example np.mean(...), and gave {got}")
    return float(value)


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(np.array_equal(one, other))
    except (TypeError, ValueError):  # nothing that numpy compares
        return True
