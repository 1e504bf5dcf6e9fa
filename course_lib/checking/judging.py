"""From outcomes to a verdict. Pure: no kernel, no clock, no printing, so the grader can use it outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from course_lib.checking.calling import NOT_ANSWERED, Outcome
from course_lib.checking.comparing import Finding, compare
from course_lib.checking.data import judge_data
from course_lib.checking.diagnosing import Diagnosis, diagnose, measured
from course_lib.checking.judging_diagrams import judge_diagram
from course_lib.checking.judging_parts import judge_parts, judge_tried
from course_lib.checking.plain_words import called_with
from course_lib.checking.reordering import reordered
from course_lib.checking.verdict import Card, Verdict
from course_lib.checking.wording import (
    card_error,
    card_form,
    card_person,
    card_right,
    card_unanswered,
    card_value,
)
from course_lib.exercises import Exercise


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
    if exercise.kind == "essay":
        return _verdict(exercise, 0, card_person(exercise))
    if exercise.kind == "data" and outcomes:
        right, card = judge_data(exercise, cases, outcomes, judge)
        return _verdict(exercise, right, card)
    if not outcomes or any(outcome.error == NOT_ANSWERED for outcome in outcomes):
        return _verdict(exercise, 0, card_unanswered(exercise))
    if exercise.kind == "diagram" and not outcomes[0].error:
        return _verdict(exercise, *judge_diagram(exercise, cases, outcomes[0].value))
    if exercise.kind in ("numbers", "choice") and not outcomes[0].error:
        by = judge_tried if exercise.verify else judge_parts
        return _verdict(exercise, *by(exercise, cases[0], outcomes[0].value))
    if numerical_only not in ("flag", "zero"):
        raise ValueError(f"numerical_only: expected 'flag' or 'zero', got {numerical_only!r}")
    verdict = _judge_function(exercise, cases, outcomes)
    if numerical_only == "zero" and verdict.right and "numerical_only" in verdict.diagnosis:
        return _verdict(exercise, 0, replace(verdict.card, state="wrong"), verdict.diagnosis)
    return verdict


def _judge_function(exercise: Exercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]) -> Verdict:
    for case, outcome in zip(cases, outcomes, strict=False):
        refused = exercise.refuses(*case) if exercise.refuses else ""
        wanted = f"Called with {called_with(exercise, case)} it is to raise a {refused}" if refused else ""
        if refused and not outcome.error:
            finding = Finding("answer", wanted + _instead(outcome.value, refused))
            return _verdict(exercise, 0, card_form(exercise, outcome, finding))
        if outcome.error and not (refused and outcome.error.startswith(refused)):
            ids = ("uses_global",) if outcome.reads else ()
            return _verdict(exercise, 0, card_error(exercise, outcome, wanted), ids)
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


def _instead(value: Any, refused: str) -> str:
    # Outside the grader's sandbox an object is known by the name of its type.
    if type(value).__name__ == refused:
        return f", and it returned one: an error takes effect by `raise {refused}(...)`"
    return f", and it gave {value!s:.40}"


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
        case = cases[worst] if findings[worst].kind == "finite" else ()
        return _verdict(exercise, 0, card_form(exercise, outcomes[worst], findings[worst], case=case))
    worst = next(n for n, finding in enumerate(findings) if finding)
    if outcomes[worst].reads:
        diagnosis = Diagnosis(("uses_global",))
    else:
        diagnosis = diagnose(exercise, cases, [outcome.value for outcome in outcomes], truths)
        diagnosis = diagnosis if diagnosis.ids else replace(diagnosis, ids=_changing(outcomes).ids)
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


def _verdict(exercise: Exercise, right: int, card: Card, diagnosis: tuple[str, ...] = ()) -> Verdict:
    whole = right == exercise.parts and exercise.kind != "essay"
    points = exercise.points if whole else round(exercise.points * right / exercise.parts, 2)
    return Verdict(exercise.id, float(points), float(exercise.points), whole, diagnosis, card)
