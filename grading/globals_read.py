"""Notices answers that read the notebook's variables: right in one kernel at one moment, wrong when graded."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from course_lib.checking.calling import Outcome
from course_lib.checking.cards import Verdict
from course_lib.checking.judging.comparing import compare
from course_lib.exercises import Exercise

# The reference is computed on the notebook's own data outside, so that must not be work without end.
MOST_ENTRIES, MOST_NUMBER = 1000, 1000


class Reads(NamedTuple):
    """The variables that an answer reads, the notebook's own values of its arguments, and what it gives on them."""

    names: tuple[str, ...] = ()
    own: tuple | None = None
    outcome: Outcome | None = None


def is_small(value: Any) -> bool:
    """Tell whether `value` is data on which an answer and its reference may be called."""
    if isinstance(value, list | tuple):
        return len(value) <= 10 and all(map(is_small, value))
    if isinstance(value, np.ndarray):
        return value.size <= MOST_ENTRIES and value.dtype.kind in "fi"
    return isinstance(value, int | float | np.number) and abs(value) <= MOST_NUMBER


def is_proven(exercise: Exercise, reads: Reads) -> bool:
    """Tell whether the answer is right on the notebook's own data."""
    if reads.own is None or reads.outcome is None or reads.outcome.failed or not exercise.reference:
        return False
    try:
        with np.errstate(all="ignore"):
            truth = exercise.reference(*reads.own)
        return truth is not None and compare(reads.outcome.value, truth, exercise.tolerance) is None
    except Exception:  # the notebook's variables of these names are something else
        return False


def with_names(verdict: Verdict, outcomes: Sequence[Outcome], reads: Reads) -> Verdict:
    """Return a wrong verdict with a card that names the variables of the notebook that may be the reason."""
    errors = [outcome.error for outcome in outcomes if outcome.error]
    missing = next((error.name for error in errors if error.type == "NameError" and error.name), None)
    lines = []
    if missing:
        lines.append(
            f"No cell of the notebook as it was handed in, run once from the top, gives `{missing}` a value. Is its "
            "cell gone, or is it meant to be an argument?"
        )
    if reads.names and "uses_global" not in verdict.diagnosis:
        names = ", ".join(f"`{name}`" for name in reads.names[:3])
        lines.append(
            f"It reads {names} of the notebook. Here that holds what all cells, run once from the top, leave in it."
        )
    return verdict.with_lines(*lines) if verdict.card.state == "wrong" else verdict
