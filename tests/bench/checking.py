"""How long a check takes, and how long it takes to say what is wrong."""

from __future__ import annotations

import numpy as np

from course_lib import EXERCISES, Outcome, judge, mistakes
from course_lib.checking.student.kernel import public_cases, verdict_on
from course_lib.exercises import Exercise
from tests.bench.measure import medians, table
from tests.wholes import whole

LIMITS = {"right": 60, "wrong": 150}  # milliseconds


def report() -> str:
    """Lay out the medians for the exercises of the lessons and for a whole gradient."""
    rows = []
    for exercise in (*_functions(), whole(3, 4, 3)):
        times = medians({"right": _right(exercise), "wrong": _wrong(exercise)})
        rows.append((exercise.id, *(f"{times[kind] * 1e3:.1f} of {LIMITS[kind]}" for kind in LIMITS)))
    return table("check, in ms of the limit", rows, ("exercise", "right answer", "wrong answer, diagnosed"))


def _functions() -> list[Exercise]:
    return [e for e in EXERCISES.values() if e.kind == "function" and e.mistakes]


def _right(exercise: Exercise) -> object:
    if exercise.id.startswith("whole"):
        return lambda: verdict_on(exercise, _by_hand)
    truths = {id(case): exercise.reference(*case) for case in public_cases(exercise)}
    outcomes = [Outcome(truths[id(case)]) for case in public_cases(exercise)]
    return lambda: judge(exercise, public_cases(exercise), outcomes)


def _by_hand(weights: list, X: np.ndarray, D: np.ndarray) -> list[np.ndarray]:
    y = 1.0 / (1.0 + np.exp(-X @ weights[0]))
    o = 1.0 / (1.0 + np.exp(-y @ weights[1]))
    delta = 2.0 / len(X) * (o - D) * o * (1.0 - o)
    return [X.T @ (delta @ weights[1].T * y * (1.0 - y)), y.T @ delta]


def _wrong(exercise: Exercise) -> object:
    """Something that no single mistake explains, so that every one and every pair is tried; nothing remembered."""
    cases = public_cases(exercise)
    outcomes = [Outcome(_bent(exercise.reference(*case))) for case in cases]

    def diagnosed() -> object:
        mistakes._cached.cache_clear()
        return judge(exercise, cases, outcomes)

    return diagnosed


def _bent(value: object) -> object:
    return [_bent(v) for v in value] if isinstance(value, list) else np.asarray(value) * 1.3 + 0.01
