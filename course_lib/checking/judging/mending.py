"""Judging a broken function that was mended: whether it is right, runs by itself, and is the patient still."""

import ast
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from course_lib.checking.calling import Outcome
from course_lib.checking.calling.mending import BUILTINS
from course_lib.checking.judging.changes import changes, outside_names
from course_lib.checking.judging.functions import judge_function, judge_parts
from course_lib.checking.judging.judgement import Finding, Judgement, Reason, Trial
from course_lib.exercises import MendExercise


def judge_mend(exercise: MendExercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]) -> Judgement:
    """Judge the data, which comes first in `outcomes`, and the mended function, whose calls follow."""
    if not outcomes:
        return Judgement(0, Reason.UNANSWERED)
    data, calls = outcomes[0], outcomes[1:]
    functions = {name: _judge(exercise, name, cases, calls) for name in exercise.functions}
    return judge_parts(exercise, cases[0], data, functions)


def _judge(exercise: MendExercise, name: str, cases: Sequence[tuple], calls: Sequence[Outcome]) -> Judgement:
    found = judge_function(exercise.function(name), cases, calls)
    text = calls[0].source if calls else ""
    if not text:
        return found
    changed = changes(exercise.patient, text)
    found = replace(found, changes=changed)
    outside = outside_names(text, known_names(exercise.tools))
    if outside:
        trial = Trial(cases[0], calls[0], finding=Finding(Reason.OUTSIDE_NAMES, outside))
        return replace(found, right=0, reason=Reason.OUTSIDE_NAMES, decisive=trial)
    if changed == () and found.reason is not Reason.RIGHT:  # the copy that was handed out, as it was
        return Judgement(0, Reason.UNANSWERED)
    if found.reason is not Reason.RIGHT or (changed and len(changed) <= exercise.most):
        return found
    reason = Reason.UNCHANGED if changed == () else Reason.REWRITTEN
    return replace(found, right=0, reason=reason, decisive=Trial(cases[0], calls[0], finding=Finding(reason)))


@lru_cache(maxsize=8)
def known_names(tools: str) -> frozenset[str]:
    """Return what a mended function may call by name."""
    body = ast.parse(tools).body
    defined = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    imported = {
        alias.asname or alias.name for node in body if isinstance(node, ast.Import) for alias in node.names
    }
    return frozenset(defined | imported | set(BUILTINS))
