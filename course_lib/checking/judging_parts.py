"""Judging a dict: part by part, or as a whole by running it."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from course_lib.checking.calling import Outcome
from course_lib.checking.comparing import Finding, compare, kind_of
from course_lib.checking.diagnosing import Diagnosis, diagnose
from course_lib.checking.naming import no_such_name
from course_lib.checking.verdict import Card
from course_lib.checking.wording import card_form, card_right, card_unanswered
from course_lib.checking.wording_parts import card_parts
from course_lib.exercises import Exercise
from course_lib.mistakes import flat

Judged = tuple[int, Card, tuple[str, ...]]


def judge_parts(exercise: Exercise, case: tuple, value: Any) -> Judged:
    """Judge a dict part by part; a choice that says the same everywhere is a guess and scores nothing."""
    expected = exercise.reference(*case)
    if _empty(value):
        return 0, card_unanswered(exercise), ()
    if not isinstance(value, dict):
        keys = ", ".join(map(repr, expected))
        finding = Finding("type", f"expected a dict with the keys {keys}, got {kind_of(value)}")
        return 0, card_form(exercise, Outcome(value), finding), ()
    if all(map(_empty, value.values())):
        return 0, card_unanswered(exercise), ()
    findings = {key: _part(value, key, true, exercise) for key, true in expected.items()}
    if exercise.kind == "choice":
        findings = _without_guesses(value, expected, findings)
    right = sum(finding is None for finding in findings.values())
    diagnosis = Diagnosis()
    others = [f for f in findings.values() if f and f.kind != "value"]
    numbers = exercise.kind == "numbers" and flat(expected) is not None
    if numbers and right < len(findings) and not others:
        diagnosis = diagnose(exercise, [case], [{key: value[key] for key in expected}], [expected])
    exchanged = _exchanged(exercise, value, expected)
    return right, card_parts(exercise, case, value, findings, diagnosis, exchanged), diagnosis.ids


def judge_tried(exercise: Exercise, case: tuple, value: Any) -> Judged:
    """Judge a dict whose parts belong together by running it: all or nothing."""
    if _empty(value) or (isinstance(value, dict) and all(map(_empty, value.values()))):
        return 0, card_unanswered(exercise), ()
    told = exercise.verify(case, value)
    if told:
        return 0, card_form(exercise, Outcome(value), Finding("answer", told)), ()
    return exercise.parts, card_right(exercise, [Outcome(value)]), ()


def _empty(value: Any) -> bool:
    return value is None or value is ...


def _part(value: dict, key: str, expected: Any, exercise: Exercise) -> Finding | None:
    if key not in value or _empty(value[key]):
        return Finding("missing", "not answered yet")
    if isinstance(expected, str) and isinstance(value[key], str):
        unknown = no_such_name(value[key].strip(), exercise.tiles)
        if unknown:
            return Finding("value", unknown)
    return compare(value[key], expected, exercise.tolerance)


def _exchanged(exercise: Exercise, value: dict, expected: dict) -> list[str]:
    """Return the first two numbers that stand in each other's place."""
    if exercise.kind != "numbers" or not all(key in value for key in expected):
        return []

    def fits(key: str, other: str) -> bool:
        true = expected[other]
        return not isinstance(true, str) and compare(value[key], true, exercise.tolerance) is None

    pairs = combinations([key for key in expected if not fits(key, key)], 2)
    return next(([a, b] for a, b in pairs if fits(a, b) and fits(b, a)), [])


def _without_guesses(value: dict, expected: dict, findings: dict) -> dict:
    """Let a later part count only with the earlier ones right, and the same word everywhere never."""
    answers = [value.get(key) for key in expected]
    same = len(answers) > 1 and all(isinstance(a, str) and a == answers[0] for a in answers)
    wrong = ""
    for key, finding in findings.items():
        if same:
            findings[key] = Finding("value", "the same name in every place cannot be right")
        elif finding is None and wrong:
            findings[key] = Finding("value", f"counts once {wrong!r} is right")
        wrong = wrong or (key if findings[key] is not None else "")
    return findings
