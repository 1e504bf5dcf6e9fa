"""Judging data with functions in it: the data is verified, each function is judged as an exercise of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_lib.checking.calling import Outcome, Status
from course_lib.checking.judging.functions import judge_function
from course_lib.checking.judging.judgement import Finding, Judgement, Reason, Trial
from course_lib.exercises import DataExercise
from course_lib.inputs import is_nothing


def judge_data(exercise: DataExercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]) -> Judgement:
    """Judge the data, which comes first in `outcomes`, and its functions, whose calls follow case by case."""
    if not outcomes:
        return Judgement(0, Reason.UNANSWERED)
    data, calls, names = outcomes[0], outcomes[1:], exercise.functions
    functions = {
        name: judge_function(exercise.function(name), cases, calls[n :: len(names)])
        for n, name in enumerate(names)
    }
    if _is_unanswered(data) and all(f.reason is Reason.UNANSWERED for f in functions.values()):
        return Judgement(0, Reason.UNANSWERED)
    finding = _verified(exercise, cases[0], data)
    trial = Trial(cases[0], data, finding=finding)
    right = (not finding) + sum(function.reason is Reason.RIGHT for function in functions.values())
    reason = Reason.PARTS if functions else finding.reason if finding else Reason.RIGHT
    return Judgement(right, reason, trials=(trial,), decisive=trial, functions=functions)


def _verified(exercise: DataExercise, case: tuple, data: Outcome) -> Finding | None:
    if data.failed and data.status is not Status.UNANSWERED:
        return Finding(Reason.FAILED)
    sentence = exercise.verify(case, data.value)
    return Finding(Reason.REQUIREMENT, sentence=sentence) if sentence else None


def _is_unanswered(data: Outcome) -> bool:
    return data.status is Status.UNANSWERED or (not data.failed and is_empty(data.value))


def is_empty(value: Any) -> bool:
    """Tell whether nothing was handed in: no value, or a dict without one."""
    if isinstance(value, dict):
        return all(map(is_nothing, value.values()))
    return is_nothing(value)
