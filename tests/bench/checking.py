"""How long it takes to judge an answer, and to say what is wrong with it."""

from __future__ import annotations

from course_lib import EXERCISES
from course_lib.exercises.kinds import FunctionExercise
from tests.bench.calls import diagnosed, judged_right
from tests.bench.measure import medians, table
from tests.wholes import whole

LIMITS = {"right": 60, "wrong": 150}  # milliseconds


def report(quick: bool = False) -> str:
    """Lay out the medians for the exercises of the lessons and for a whole gradient."""
    rows = []
    for exercise in (*_functions(), whole(3, 4, 3)):
        times = medians({"right": judged_right(exercise), "wrong": diagnosed(exercise)}, quick)
        rows.append((exercise.id, *(f"{times[kind] * 1e3:.1f} of {LIMITS[kind]}" for kind in LIMITS)))
    return table("judging, in ms of the limit", rows, ("exercise", "right answer", "wrong answer, diagnosed"))


def _functions() -> list[FunctionExercise]:
    return [e for e in EXERCISES.values() if isinstance(e, FunctionExercise) and e.mistakes]
