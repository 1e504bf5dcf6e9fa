"""Judging a dict of numbers or of choices: part by part, or as a whole where its parts belong together."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from course_lib.checking.calling import Outcome
from course_lib.checking.judging.comparing import compare
from course_lib.checking.judging.diagnosing import diagnose
from course_lib.checking.judging.functions import is_empty
from course_lib.checking.judging.judgement import (
    NO_DIAGNOSIS,
    Diagnosis,
    Finding,
    Judgement,
    Reason,
    Trial,
    judged_unread,
)
from course_lib.exercises import ChoiceExercise, Exercise, FunctionExercise, NumbersExercise
from course_lib.inputs import is_nothing
from course_lib.mistakes import Line, flat
from course_lib.symbols import SYMBOLS

# A part that was read and is off.
OFF = frozenset({Reason.VALUE, Reason.WORD, Reason.UNKNOWN_NAME})
Findings = Mapping[str, Finding | None]


def judge_numbers(
    exercise: NumbersExercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]
) -> Judgement:
    """Judge numbers part by part; where all are numbers, together they may suggest a mistake."""
    unfit = _unfit(exercise, cases, outcomes)
    if unfit:
        return unfit
    case, value = cases[0], outcomes[0].value
    expected = exercise.reference(*case)
    findings, diagnosis = _findings(exercise, value, expected), NO_DIAGNOSIS
    wrong = [finding for finding in findings.values() if finding]
    if wrong and flat(expected) is not None and all(finding.reason in OFF for finding in wrong):
        answered = {key: value[key] for key in expected}
        diagnosis = diagnose(exercise, [case], [answered], [expected], exercise.tolerance)
        if exercise.groups and diagnosis == NO_DIAGNOSIS:
            diagnosis = _by_group(exercise, case, answered, expected)
    return _by_parts(exercise, case, outcomes[0], findings, diagnosis, _exchanged(exercise, value, expected))


def _by_group(
    exercise: NumbersExercise, case: tuple, answered: dict, expected: Mapping[str, float]
) -> Diagnosis:
    """Explain each group of numbers by itself, as the matrices of a list are explained."""

    def grouped(numbers: Any) -> Any:
        if isinstance(numbers, Line):
            return Line(*map(grouped, numbers))
        return [np.array([numbers[key] for key in keys], dtype=float) for keys in exercise.groups.values()]

    def alike(answers: Callable[..., list]) -> Callable[..., list]:
        return lambda *case: [grouped(answer) for answer in answers(*case)]

    mistakes = {mistake: alike(answers) for mistake, answers in exercise.mistakes.items()}
    # Two numbers are too few to tell hundreds of pairs of mistakes apart.
    lists = FunctionExercise(
        **{name: getattr(exercise, name) for name in ("id", "lesson", "points", "title", "asks", "hints")},
        mistakes=mistakes,
        tolerance=exercise.tolerance,
        pieces=tuple(exercise.groups),
    )
    return diagnose(lists, [case], [grouped(answered)], [grouped(expected)], exercise.tolerance)


def judge_choices(exercise: ChoiceExercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]) -> Judgement:
    """Judge choices part by part, guesses left out; or by running them, all or nothing."""
    unfit = _unfit(exercise, cases, outcomes)
    if unfit:
        return unfit
    case, outcome = cases[0], outcomes[0]
    if not exercise.verify:
        expected = exercise.reference(*case)
        findings = _without_guesses(outcome.value, expected, _findings(exercise, outcome.value, expected))
        return _by_parts(exercise, case, outcome, findings)
    sentence = exercise.verify(case, outcome.value)
    finding = Finding(Reason.REQUIREMENT, sentence=sentence) if sentence else None
    trial = Trial(case, outcome, finding=finding)
    reason = Reason.REQUIREMENT if finding else Reason.RIGHT
    return Judgement(0 if finding else exercise.parts, reason, trials=(trial,), decisive=trial)


def _unfit(exercise: Exercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]) -> Judgement | None:
    """Judge what is not a dict with something in it."""
    unread = judged_unread(cases, outcomes)
    if unread:
        return unread
    outcome = outcomes[0]
    if is_empty(outcome.value):
        return Judgement(0, Reason.UNANSWERED)
    if exercise.reference and not isinstance(outcome.value, dict):
        finding = Finding(Reason.TYPE, outcome.value, exercise.reference(*cases[0]))
        return Judgement(0, Reason.TYPE, decisive=Trial(cases[0], outcome, finding=finding))
    return None


def _by_parts(
    exercise: Exercise,
    case: tuple,
    outcome: Outcome,
    findings: Findings,
    diagnosis: Diagnosis = NO_DIAGNOSIS,
    exchanged: tuple[str, ...] = (),
) -> Judgement:
    right = sum(finding is None for finding in findings.values())
    trial = Trial(case, outcome)
    return Judgement(right, Reason.PARTS, diagnosis, (trial,), trial, parts=findings, exchanged=exchanged)


def _findings(exercise: Exercise, value: dict, expected: Mapping[str, Any]) -> Findings:
    return {key: _part(value.get(key), true, exercise) for key, true in expected.items()}


def _part(value: Any, expected: Any, exercise: Exercise) -> Finding | None:
    if is_nothing(value):
        return Finding(Reason.UNANSWERED)
    if isinstance(expected, str) and isinstance(value, str):
        unknown = _unknown_name(value.strip(), exercise.tiles)
        if unknown:
            return unknown
    return compare(value, expected, exercise.tolerance)


def _exchanged(exercise: Exercise, value: dict, expected: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the first two numbers that stand in each other's place."""
    if not all(key in value for key in expected):
        return ()

    def fits(key: str, other: str) -> bool:
        true = expected[other]
        return not isinstance(true, str) and compare(value[key], true, exercise.tolerance) is None

    pairs = combinations([key for key in expected if not fits(key, key)], 2)
    return next(((a, b) for a, b in pairs if fits(a, b) and fits(b, a)), ())


def _without_guesses(value: dict, expected: Mapping[str, Any], findings: Findings) -> Findings:
    """Let a later part count only with the earlier ones right, and the same word everywhere never."""
    answers = [value.get(key) for key in expected]
    if len(answers) > 1 and all(isinstance(a, str) and a == answers[0] for a in answers):
        return dict.fromkeys(findings, Finding(Reason.GUESS))
    earlier, found = "", {}
    for key, finding in findings.items():
        found[key] = finding or (Finding(Reason.TOO_EARLY, expected=earlier) if earlier else None)
        earlier = earlier or (key if found[key] else "")
    return found


def _unknown_name(name: str, offered: Sequence[str]) -> Finding | None:
    """Return what is wrong with a `name` that is not `offered`, with the nearest one; None if nothing is."""
    if not offered or name in offered:
        return None
    spelled = {_bare(tile): tile for tile in offered}
    spelled |= {_bare(SYMBOLS[tile].latex): tile for tile in offered if tile in SYMBOLS}
    return Finding(Reason.UNKNOWN_NAME, name, _nearest(_bare(name), spelled))


def _nearest(typed: str, spelled: Mapping[str, str]) -> str:
    """Return what was meant: what is spelled or begins so, else nearly so; nothing where several begin so."""
    begun = (
        {spelled[typed]}
        if typed in spelled
        else {spelled[s] for s in spelled if typed and s.startswith(typed)}
    )
    near = begun or {spelled[s] for s in difflib.get_close_matches(typed, spelled, n=1)}
    return near.pop() if len(near) == 1 else ""


def _bare(name: str) -> str:
    """Return the letters and digits alone, which is what two spellings of one symbol share."""
    return re.sub(r"[^\w']|_", "", name[:40]).lower()
