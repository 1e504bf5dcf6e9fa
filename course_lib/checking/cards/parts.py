"""The cards of answers in parts: each part with its sign, and nothing that gives a part away."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_lib.checking.cards.content import Card, number, state_of
from course_lib.checking.cards.diagnoses import formulas, look_at_term, suggestion
from course_lib.checking.cards.findings import in_words
from course_lib.checking.cards.hints import hint_folds
from course_lib.checking.judging import Finding, Judgement, Reason
from course_lib.checking.judging.comparing import compare
from course_lib.exercises import Exercise
from course_lib.mistakes import flat


def card_of_parts(exercise: Exercise, judgement: Judgement) -> Card:
    """Return the card of a dict: a row for each part."""
    findings, diagnosis = judgement.parts, judgement.diagnosis
    case, value = judgement.decisive.case, judgement.decisive.outcome.value
    state = state_of(judgement.right, len(findings))
    rows = [("", "yours", ""), *((key, _yours(value.get(key)), _mark(f)) for key, f in findings.items())]
    others = [str(key)[:30] for key in value if key not in findings]
    lines = [*_told(exercise, findings), *suggestion(diagnosis, scaled=not judgement.right)]
    lines += look_at_term(diagnosis)
    if judgement.exchanged:
        lines.append("{} and {} have each other's value.".format(*judgement.exchanged))
    lines += [f"Not asked for, so not read: {', '.join(others[:5])}."] if others else []
    compared = [f"Made for NAME = {case[0]!r}."] if exercise.personal else []
    compared += [_how_close(exercise)] if any(map(_digits, findings.values())) else []
    return Card(
        state,
        f"{judgement.right} of {len(findings)} parts right.",
        tuple(lines),
        tuple(rows),
        title=exercise.heading,
        folds=() if state == "right" else (*hint_folds(exercise), *formulas(diagnosis)),
        comparison=tuple(compared),
    )


def _yours(value: Any) -> str:
    if isinstance(value, str):
        return value[:40]
    array = flat(value) if not isinstance(value, bool) else None
    return number(float(array[0])) if array is not None and array.size == 1 else ""


def _mark(finding: Finding | None) -> str:
    if finding is None:
        return "✓ right"
    if finding.reason is Reason.UNANSWERED:
        return f"○ {in_words(finding)}"
    if finding.reason is not Reason.VALUE:
        return f"✗ {in_words(finding)}"
    digits = _digits(finding)
    if digits:
        return f"✗ right to {digits} digits; more are asked for"
    return "✗ off" + _familiar(finding.got / finding.expected if finding.expected else np.nan)


def _told(exercise: Exercise, findings: Mapping[str, Finding | None]) -> list[str]:
    """Say what is known of wrong values."""
    return [
        f"{key} {_yours(finding.got)}: {words}."
        for key, known in exercise.telling.items()
        for value, words in known
        if (finding := findings[key])
        and finding.reason in (Reason.VALUE, Reason.WORD)
        and compare(finding.got, value, exercise.tolerance) is None
    ]


def _how_close(exercise: Exercise) -> str:
    return f"A number counts if it is off by no more than {100 * exercise.tolerance.relative:g} %: four digits or more."


def _digits(finding: Finding | None) -> int:
    """Return how many digits a number that was only rounded has, or 0; one digit is too few to tell."""
    if finding is None or finding.reason is not Reason.VALUE or not finding.got:
        return 0
    digits = len(f"{abs(finding.got):.9e}".partition("e")[0].replace(".", "").rstrip("0"))
    unit = 10.0 ** (np.floor(np.log10(abs(finding.got))) - digits + 1)
    return digits if 2 <= digits <= 4 and abs(finding.got - finding.expected) < unit else 0


def _familiar(ratio: float) -> str:
    """Name a ratio that tells something; any other would only give the number away."""
    names = {
        2.0: "twice the finite difference",
        0.5: "half the finite difference",
        -1.0: "the sign is reversed",
    }
    return next((f": {name}" for known, name in names.items() if abs(ratio / known - 1) < 1e-3), "")
