"""From outcomes to a verdict. Pure: no kernel, no clock, no printing, so the grader can use it outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from course_lib.checking import pointing
from course_lib.checking.calling import NOT_ANSWERED, Outcome
from course_lib.checking.comparing import Finding, compare, kind_of
from course_lib.checking.data import judge_data
from course_lib.checking.diagnosing import Diagnosis, diagnose, measured
from course_lib.checking.judging_diagrams import judge_diagram
from course_lib.checking.reordering import reordered
from course_lib.checking.verdict import Card, Verdict
from course_lib.checking.wording import (
    card_error,
    card_form,
    card_parts,
    card_person,
    card_right,
    card_unanswered,
    card_value,
)
from course_lib.exercises import Exercise
from course_lib.mistakes import flat


def judge(
    exercise: Exercise, cases: Sequence[tuple], outcomes: Sequence[Outcome], numerical_only: str = "flag"
) -> Verdict:
    """Return the verdict on an answer.

    Parameters
    ----------
    exercise : Exercise
    cases : sequence of tuple
        The arguments the answer was called with.
    outcomes : sequence of Outcome
        What it gave, in the same order; fewer than cases if it was stopped.
    numerical_only : {"flag", "zero"}
        What becomes of right values whose digits are those of a finite difference where a derivation is asked for:
        "flag" says so and gives the points, "zero" says so and gives none.

    Returns
    -------
    Verdict
        Points, and the card that explains them.
    """
    if exercise.kind == "person":
        return _verdict(exercise, 0, card_person(exercise))
    if exercise.kind == "data" and outcomes:
        right, card = judge_data(exercise, cases, outcomes, judge)
        return _verdict(exercise, right, card)
    if not outcomes or any(outcome.error == NOT_ANSWERED for outcome in outcomes):
        return _verdict(exercise, 0, card_unanswered(exercise))
    if exercise.kind == "diagram" and not outcomes[0].error:
        return _verdict(exercise, *judge_diagram(exercise, cases, outcomes[0].value))
    if exercise.kind in ("numbers", "choice") and not outcomes[0].error:
        by = _judge_tried if exercise.verify else _judge_parts
        return by(exercise, cases[0], outcomes[0].value)
    if numerical_only not in ("flag", "zero"):
        raise ValueError(f"numerical_only: expected 'flag' or 'zero', got {numerical_only!r}")
    verdict = _judge_function(exercise, cases, outcomes)
    if numerical_only == "zero" and verdict.right and "numerical_only" in verdict.diagnosis:
        return _verdict(exercise, 0, replace(verdict.card, state="wrong"), verdict.diagnosis)
    return verdict


def _judge_function(exercise: Exercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]) -> Verdict:
    for case, outcome in zip(cases, outcomes, strict=False):
        refused = exercise.refuses(*case) if exercise.refuses else ""
        if refused and not outcome.error:
            return _verdict(exercise, 0, card_form(exercise, outcome, _not_refused(case, outcome, refused)))
        if outcome.error and not (refused and outcome.error.startswith(refused)):
            ids = ("uses_global",) if outcome.reads else ()
            return _verdict(exercise, 0, card_error(exercise, outcome), ids)
    if len(outcomes) < len(cases):
        raise ValueError(f"outcomes: expected one for each of {len(cases)} cases, got {len(outcomes)}")
    truths = [exercise.reference(*case) if exercise.reference else None for case in cases]
    known = [n for n, truth in enumerate(truths) if truth is not None]  # the others are for `verify` alone
    truths, compared = [truths[n] for n in known], [outcomes[n] for n in known]
    pairs = zip(compared, truths, strict=True)
    findings = [compare(outcome.value, truth, exercise.tolerance) for outcome, truth in pairs]
    if any(findings):
        return _judge_wrong(exercise, [cases[n] for n in known], compared, truths, findings)
    for case, outcome in zip(cases, outcomes, strict=True):
        told = exercise.verify(case, outcome.value) if exercise.verify else None
        if told:
            diagnosis = _changing([outcome])
            card = card_form(exercise, outcome, Finding("answer", told), diagnosis)
            return _verdict(exercise, 0, card, diagnosis.ids)
    return _judge_manners(exercise, outcomes, compared, truths)


def _not_refused(case: tuple, outcome: Outcome, refused: str) -> Finding:
    given = ", ".join(pointing.number(a) if isinstance(a, float) else f"{a!s:.40}" for a in case)
    return Finding(
        "answer", f"called with {given} it is to raise a {refused}, and it gave {outcome.value!s:.40}"
    )


def _judge_wrong(
    exercise: Exercise,
    cases: Sequence[tuple],
    outcomes: Sequence[Outcome],
    truths: Sequence[Any],
    findings: Sequence[Finding | None],
) -> Verdict:
    """Judge values that are off: first what cannot be compared at all, then what the numbers suggest."""
    order = reordered(exercise, [outcome.value for outcome in outcomes], truths)
    worst = next((n for n, f in enumerate(findings) if f and f.kind in ("type", "finite")), None)
    if worst is not None and not order:
        return _verdict(exercise, 0, card_form(exercise, outcomes[worst], findings[worst]))
    worst = next(n for n, finding in enumerate(findings) if finding)
    if outcomes[worst].reads:
        diagnosis = Diagnosis(("uses_global",))
    else:
        diagnosis = diagnose(exercise, cases, [outcome.value for outcome in outcomes], truths)
        diagnosis = diagnosis if diagnosis.ids else replace(_changing(outcomes), ratio=diagnosis.ratio)
    if order and not diagnosis.ids:
        return _verdict(exercise, 0, card_form(exercise, outcomes[worst], Finding("order", order)))
    odd = next((n for n, f in enumerate(findings) if f and f.kind == "shape"), None)
    if odd is not None:
        card = card_form(exercise, outcomes[odd], findings[odd], diagnosis)
    else:
        card = card_value(exercise, cases, outcomes, truths, findings, diagnosis)
    return _verdict(exercise, 0, card, diagnosis.ids)


def _changing(outcomes: Sequence[Outcome]) -> Diagnosis:
    """Return what is to be said of an answer that changes what it is given."""
    return Diagnosis(("mutates_input",) if any(outcome.mutated for outcome in outcomes) else ())


def _judge_manners(
    exercise: Exercise, outcomes: Sequence[Outcome], compared: Sequence[Outcome], truths: Sequence[Any]
) -> Verdict:
    """Judge right values by how they were reached: arguments untouched, no warning where none may be, derived."""
    for outcome in outcomes:
        if outcome.mutated:
            finding, diagnosis = Finding("mutates", "the values are right"), Diagnosis(("mutates_input",))
            return _verdict(exercise, 0, card_form(exercise, outcome, finding, diagnosis), diagnosis.ids)
        if outcome.warnings and exercise.warning_free:
            finding = Finding("warns", f"it is to run without a warning, and gave {outcome.warnings[0]}")
            return _verdict(exercise, 0, card_form(exercise, outcome, finding))
    by_hand = "numdiff" in exercise.closes and bool(truths)
    if by_hand and measured([outcome.value for outcome in compared], truths):
        card = card_right(exercise, outcomes, Diagnosis(("numerical_only",)))
        return _verdict(exercise, exercise.parts, card, ("numerical_only",))
    return _verdict(exercise, exercise.parts, card_right(exercise, outcomes))


def _judge_parts(exercise: Exercise, case: tuple, value: Any) -> Verdict:
    """Judge a dict part by part; a choice that says the same everywhere is a guess and scores nothing."""
    expected = exercise.reference(*case)
    if _empty(value):
        return _verdict(exercise, 0, card_unanswered(exercise))
    if not isinstance(value, dict):
        keys = ", ".join(map(repr, expected))
        finding = Finding("type", f"expected a dict with the keys {keys}, got {kind_of(value)}")
        return _verdict(exercise, 0, card_form(exercise, Outcome(value), finding))
    if all(_empty(value.get(key)) for key in expected):
        return _verdict(exercise, 0, card_unanswered(exercise))
    findings = {key: _part(value, key, true, exercise) for key, true in expected.items()}
    if exercise.kind == "choice":
        findings = _without_guesses(value, expected, findings)
    right = sum(finding is None for finding in findings.values())
    diagnosis = Diagnosis()
    others = [f for f in findings.values() if f and f.kind != "value"]
    numbers = exercise.kind == "numbers" and flat(expected) is not None
    if numbers and right < len(findings) and not others:
        diagnosis = diagnose(exercise, [case], [{key: value[key] for key in expected}], [expected])
    return _verdict(exercise, right, card_parts(exercise, case, value, findings, diagnosis), diagnosis.ids)


def _judge_tried(exercise: Exercise, case: tuple, value: Any) -> Verdict:
    """Judge a dict whose parts belong together by running it: all or nothing."""
    if _empty(value) or (isinstance(value, dict) and all(map(_empty, value.values()))):
        return _verdict(exercise, 0, card_unanswered(exercise))
    told = exercise.verify(case, value)
    if told:
        return _verdict(exercise, 0, card_form(exercise, Outcome(value), Finding("answer", told)))
    return _verdict(exercise, exercise.parts, card_right(exercise, [Outcome(value)]))


def _empty(value: Any) -> bool:
    return value is None or value is ...


def _part(value: dict, key: str, expected: Any, exercise: Exercise) -> Finding | None:
    if key not in value or _empty(value[key]):
        return Finding("missing", "not answered yet")
    return compare(value[key], expected, exercise.tolerance)


def _without_guesses(value: dict, expected: dict, findings: dict) -> dict:
    """Let a later part count only with the earlier ones right, and the same word everywhere never."""
    answers = [value.get(key) for key in expected]
    same = len(answers) > 1 and all(isinstance(a, str) and a == answers[0] for a in answers)
    wrong = False
    for key, finding in findings.items():
        if same:
            findings[key] = Finding("value", "the same name in every place cannot be right")
        elif finding is None and wrong:
            findings[key] = Finding("value", "counts once the part before it is right")
        wrong = wrong or findings[key] is not None
    return findings


def _verdict(exercise: Exercise, right: int, card: Card, diagnosis: tuple[str, ...] = ()) -> Verdict:
    whole = right == exercise.parts and exercise.kind != "person"
    points = exercise.points if whole else round(exercise.points * right / exercise.parts, 2)
    return Verdict(exercise.id, float(points), float(exercise.points), whole, diagnosis, card)
