"""The room of the student: `check`, `hint` and `summary` in the notebook's own kernel."""

from __future__ import annotations

import os
import sys
import zlib
from functools import lru_cache
from typing import Any

import numpy as np

from course_lib.checking.calling import NOT_ANSWERED, Outcome, call_all, missing_functions
from course_lib.checking.data import call_data
from course_lib.checking.judging import judge
from course_lib.checking.kept import verdict_on_kept
from course_lib.checking.reading import reads_notebook
from course_lib.checking.report import CheckFailedError, Hint, Summary
from course_lib.checking.verdict import Verdict
from course_lib.exercises import LESSONS, Exercise, find
from course_lib.inputs import as_count

# The lessons whose exercises were checked in this kernel; `summary` is about these.
_lessons_seen: dict[str, None] = {}


def check(exercise_id: str, answer: Any = None) -> Verdict:
    """Try `answer` on public inputs and say what is wrong with it.

    Parameters
    ----------
    exercise_id : str
        Such as ``"dE_dw11_12"``.
    answer : callable or dict
        What the exercise asks for. For a diagram it is left out: what stands in answers.json is read.

    Returns
    -------
    Verdict
        Shows as a card; its number is the points. An answer never makes `check` raise, except in nbgrader's
        Validate, which can only be told of a wrong answer by an error.

    Raises
    ------
    TypeError, ValueError
        If there is no such exercise.
    """
    exercise = find(exercise_id)
    _lessons_seen[exercise.lesson] = None
    try:
        verdict = verdict_on(exercise, answer)
    except Exception as error:  # an answer's own methods may raise wherever it is looked at
        verdict = judge(exercise, [()], [Outcome(error=f"{type(error).__name__}: it could not be read")])
    if not verdict.right and os.environ.get("NBGRADER_EXECUTION") == "validate":
        raise CheckFailedError(verdict)
    return verdict


def verdict_on(exercise: Exercise, answer: Any) -> Verdict:
    """Return the verdict on `answer`, on the public inputs of `exercise`."""
    cases = [(_name(),)] if exercise.personal else public_cases(exercise)
    if exercise.kind == "diagram" and answer is None:
        return verdict_on_kept(exercise, cases)
    if exercise.kind == "data":
        return judge(exercise, cases, call_data(exercise, answer, cases))
    if exercise.kind != "function":
        return judge(exercise, cases, [Outcome(answer)])
    if answer is None or answer is ...:
        return judge(exercise, cases, [Outcome(error=NOT_ANSWERED)])
    error = _cannot_be_called(exercise, answer)
    if error:
        return judge(exercise, cases, [Outcome(error=error)])
    outcomes = call_all(exercise, answer, cases)
    verdict = judge(exercise, cases, outcomes)
    reads = () if verdict.right or verdict.diagnosis else reads_notebook(exercise, answer)
    if reads:
        return judge(exercise, cases, [outcome._replace(reads=reads) for outcome in outcomes])
    return verdict


def _cannot_be_called(exercise: Exercise, answer: Any) -> str | None:
    if exercise.functions and isinstance(answer, dict):
        missing = missing_functions(exercise, answer)
        if len(missing) == len(exercise.functions) and not any(answer.get(name) for name in missing):
            return NOT_ANSWERED
        return f"TypeError: there is no function under {', '.join(map(repr, missing))}" if missing else None
    wanted = "dict of functions" if exercise.functions else "function"
    if callable(answer) and not exercise.functions:
        return None
    told = f": it is {answer!r:.60}" if isinstance(answer, int | float | str) else ""
    return f"TypeError: `{exercise.answer_name}` is no {wanted}{told}"


@lru_cache(maxsize=256)
def public_cases(exercise: Exercise) -> list[tuple]:
    """Draw the inputs that everybody's check uses, the same on every machine."""
    rng = np.random.default_rng(zlib.crc32(exercise.id.encode()))
    return exercise.cases(rng)


def hint(exercise_id: str, step: int = 1) -> Hint:
    """Show a hint: step 1 says where to look, 2 names the term, 3 derives a sibling. Hints cost nothing."""
    exercise = find(exercise_id)
    step = as_count("step", step, least=1)
    if step > len(exercise.hints):
        raise ValueError(f"step: expected 1, 2 or 3, got {step}")
    return Hint(exercise, step)


def summary() -> Summary:
    """Check every answer of this lesson again and list them, with what is left to do."""
    namespace = vars(sys.modules["__main__"])
    verdicts = [
        verdict_on(exercise, namespace.get(exercise.answer_name))
        for lesson in seen_lessons()
        for exercise in LESSONS[lesson].exercises
    ]
    return Summary(tuple(verdicts))


def seen_lessons() -> tuple[str, ...]:
    """Return the lessons that this kernel works on."""
    namespace = vars(sys.modules["__main__"])
    return tuple(_lessons_seen) or tuple(lesson for lesson in LESSONS if _started(lesson, namespace))


def _started(lesson: str, namespace: dict) -> bool:
    return any(exercise.answer_name in namespace for exercise in LESSONS[lesson].exercises)


def _name() -> str:
    name = getattr(sys.modules["__main__"], "NAME", None)
    return name if isinstance(name, str) and name.strip() else "self-study"
