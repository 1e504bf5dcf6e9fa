"""Judging a function: did it answer, is it right, was that reached as it should be; and data with functions in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from course_lib.checking.calling import Outcome, Status
from course_lib.checking.judging.comparing import compare, order_of
from course_lib.checking.judging.diagnosing import diagnose, diagnose_stopped, measured
from course_lib.checking.judging.judgement import NO_DIAGNOSIS, Diagnosis, Finding, Judgement, Reason, Trial
from course_lib.exercises import DataExercise, Exercise, FunctionExercise
from course_lib.inputs import is_nothing

USES_GLOBAL, MUTATES = Diagnosis(("uses_global",)), Diagnosis(("mutates_input",))
NUMERICAL = Diagnosis(("numerical_only",))
# What cannot be compared at all.
FORMLESS = frozenset({Reason.TYPE, Reason.NOT_FINITE, Reason.WORD})


def judge_function(
    exercise: FunctionExercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]
) -> Judgement:
    """Judge what a function gave on `cases`; each step that finds something ends the judging."""
    if not outcomes or any(outcome.status is Status.UNANSWERED for outcome in outcomes):
        return Judgement(0, Reason.UNANSWERED)
    failed = _failed(exercise, cases, outcomes)
    if failed:
        return failed
    if len(outcomes) < len(cases):
        raise ValueError(f"outcomes: expected one for each of {len(cases)} cases, got {len(outcomes)}")
    trials = [_compared(exercise, *pair) for pair in zip(cases, outcomes, strict=True)]
    off = [trial for trial in trials if trial.finding]
    if off:
        return _judge_wrong(exercise, trials, off)
    return _judge_verified(exercise, trials) or _judge_manners(exercise, trials)


def _failed(exercise: FunctionExercise, cases: Sequence, outcomes: Sequence[Outcome]) -> Judgement | None:
    """Judge an answer that gave no value where it should, or a value where it should have raised an error."""
    for case, outcome in zip(cases, outcomes, strict=False):
        refused = exercise.refuses(*case) if exercise.refuses else ""
        if refused and not outcome.failed:
            finding = Finding(Reason.NOT_REFUSED, outcome.value, refused)
            return Judgement(0, Reason.NOT_REFUSED, decisive=Trial(case, outcome, finding=finding))
        if outcome.failed and not (refused and outcome.error and outcome.error.type == refused):
            finding = Finding(Reason.FAILED, expected=refused)
            known = USES_GLOBAL if outcome.reads else _known_of_stopped(exercise, cases, outcomes)
            return Judgement(0, Reason.FAILED, known, decisive=Trial(case, outcome, finding=finding))
    return None


def _known_of_stopped(exercise: FunctionExercise, cases: Sequence, outcomes: Sequence[Outcome]) -> Diagnosis:
    """Return what explains an answer that has no value on some cases; one too slow may be wrong on the short ones."""
    if any(o.failed and o.status is not Status.TIMED_OUT for o in outcomes):
        return diagnose_stopped(exercise, cases, outcomes)
    trials = [_compared(exercise, *pair) for pair in zip(cases, outcomes, strict=False)]
    trials = [trial for trial in trials if trial.truth is not None]
    if not any(trial.finding for trial in trials):
        return NO_DIAGNOSIS
    return diagnose(
        exercise, [t.case for t in trials], [t.outcome.value for t in trials], [t.truth for t in trials]
    )


def _compared(exercise: FunctionExercise, case: tuple, outcome: Outcome) -> Trial:
    # Where the truth is None the case is for `verify` alone.
    truth = exercise.reference(*case) if exercise.reference and not outcome.failed else None
    finding = None if truth is None else compare(outcome.value, truth, exercise.tolerance)
    return Trial(case, outcome, truth, finding)


def _judge_wrong(exercise: FunctionExercise, trials: Sequence[Trial], off: Sequence[Trial]) -> Judgement:
    """Judge values that are off: first what cannot be compared at all, then what the numbers suggest."""
    trials = [trial for trial in trials if trial.truth is not None]
    values, truths = [t.outcome.value for t in trials], [t.truth for t in trials]
    order = order_of(values, truths, exercise.tolerance)
    formless = next((trial for trial in off if trial.finding.reason in FORMLESS), None)
    if formless and not order:
        return Judgement(0, formless.finding.reason, trials=trials, decisive=formless)
    if off[0].outcome.reads:
        diagnosis = USES_GLOBAL
    else:
        diagnosis = diagnose(exercise, [trial.case for trial in trials], values, truths)
        diagnosis = diagnosis if diagnosis.ids else replace(diagnosis, ids=_changing(trials).ids)
    if order and (not diagnosis.ids or diagnosis.pieces):
        return Judgement(0, Reason.ORDER, trials=trials, decisive=off[0], order=order)
    odd = next((trial for trial in off if trial.finding.reason is Reason.SHAPE), None)
    worst = odd or max(off, key=lambda trial: float(f"{trial.finding.relative:.6g}"))
    return Judgement(0, Reason.SHAPE if odd else Reason.VALUE, diagnosis, trials, worst)


def _changing(trials: Sequence[Trial]) -> Diagnosis:
    """Return what explains an answer that changes what it is given."""
    return MUTATES if any(trial.outcome.mutated for trial in trials) else NO_DIAGNOSIS


def _judge_verified(exercise: FunctionExercise, trials: Sequence[Trial]) -> Judgement | None:
    """Judge what the exercise itself has to verify, for which there is no single truth."""
    for trial in trials if exercise.verify else ():
        sentence = exercise.verify(trial.case, trial.outcome.value)
        if sentence:
            found = replace(trial, finding=Finding(Reason.REQUIREMENT, sentence=sentence))
            return Judgement(0, Reason.REQUIREMENT, _changing([trial]), trials, found)
    return None


def _judge_manners(exercise: FunctionExercise, trials: Sequence[Trial]) -> Judgement:
    """Judge right values by how they were reached: arguments untouched, no warning where none may be, derived."""
    for trial in trials:
        if trial.outcome.mutated:
            return Judgement(0, Reason.MUTATION, MUTATES, trials, trial)
        if trial.outcome.warnings and exercise.warning_free:
            return Judgement(0, Reason.WARNING, trials=trials, decisive=trial)
    right = Judgement(exercise.parts, Reason.RIGHT, trials=trials)
    compared = right.compared
    by_hand = "numdiff" in exercise.closes and bool(compared)
    if by_hand and measured([t.outcome.value for t in compared], [t.truth for t in compared]):
        return replace(right, diagnosis=NUMERICAL)
    return right


def judge_probed(
    exercise: FunctionExercise, found: Judgement, outcomes: Sequence[Outcome], probed: Sequence[Outcome]
) -> Judgement:
    """Add to what was found of a wrong answer what it gave on the probes of `exercise` tells of it."""
    if any(outcome.failed for outcome in (*outcomes, *probed)) or len(probed) < len(exercise.probes):
        return found
    cases = [trial.case for trial in found.trials]
    ids = exercise.told_by(cases, [o.value for o in outcomes], [o.value for o in probed])
    return replace(found, diagnosis=Diagnosis(ids)) if ids else found


def is_to_be_probed(exercise: Exercise, found: Judgement) -> bool:
    """Tell whether calling the answer on probes may tell more: it runs, is wrong, and nobody knows why."""
    return bool(exercise.probes) and found.reason is Reason.REQUIREMENT and not found.diagnosis.ids


def judge_data(exercise: DataExercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]) -> Judgement:
    """Judge the data, which comes first in `outcomes`, and its functions, whose calls follow case by case."""
    if not outcomes:
        return Judgement(0, Reason.UNANSWERED)
    data, calls, names = outcomes[0], outcomes[1:], exercise.functions
    functions = {
        name: judge_function(exercise.function(name), cases, calls[n :: len(names)])
        for n, name in enumerate(names)
    }
    return judge_parts(exercise, cases[0], data, functions)


def judge_parts(
    exercise: DataExercise, case: tuple, data: Outcome, functions: Mapping[str, Judgement]
) -> Judgement:
    """Judge the data, and count the parts that are right, with those of its judged functions."""
    if _is_unanswered(data) and all(f.reason is Reason.UNANSWERED for f in functions.values()):
        return Judgement(0, Reason.UNANSWERED)
    finding = _verified(exercise, case, data)
    trial = Trial(case, data, finding=finding)
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
