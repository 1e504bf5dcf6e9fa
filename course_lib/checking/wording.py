"""What the cards say. Plain, about the work and never about the person; it points at the term, it writes no line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_lib.checking.calling import TIMED_OUT, Outcome
from course_lib.checking.comparing import Finding
from course_lib.checking.verdict import Card
from course_lib.exercises import Exercise

HINT = "`hint({id!r})` shows where to look."


def card_person(exercise: Exercise) -> Card:
    """Return the card of an answer that a person reads."""
    return Card("person", f"{exercise.title}: a person reads and marks this answer.")


def card_unanswered(exercise: Exercise) -> Card:
    """Return the card of an untouched stub."""
    ask = f"Write `{exercise.asks}` above, run it, and then run this cell."
    return Card("unanswered", f"{exercise.title}: not answered yet.", (ask, HINT.format(id=exercise.id)))


def card_right(exercise: Exercise, outcomes: Sequence[Outcome]) -> Card:
    """Return the card of a right answer."""
    lines = [f"It agrees with {_truth(exercise)} on {len(outcomes)} inputs that it had not seen."]
    warned = [w for outcome in outcomes for w in outcome.warnings]
    if warned:
        lines.append(f"It gave a warning, which costs nothing here: {warned[0]}")
    return Card("right", f"{exercise.title}: right.", tuple(lines) + _printed(outcomes[0]))


def card_error(exercise: Exercise, outcome: Outcome) -> Card:
    """Return the card of an answer that raised."""
    happened = "It was " if outcome.error.startswith(TIMED_OUT) else "Calling it gave "
    lines = (f"{happened}{outcome.error.rstrip('.')}.", f"It is called as `{exercise.asks}`.")
    return Card("wrong", f"{exercise.title}: it stopped with an error.", lines + _printed(outcome))


HEADLINES = {
    "type": "not a kind of value that can be compared",
    "shape": "another shape than asked",
    "finite": "not a finite number",
    "value": "the value is off",
    "mutates": "right values, but its arguments are changed",
    "warns": "right values, but with a warning",
}


def card_wrong(exercise: Exercise, case: tuple, outcome: Outcome, finding: Finding) -> Card:
    """Return the card of a wrong answer: the worst entry with both values and the tolerance."""
    headline = f"{exercise.title}: {HEADLINES[finding.kind]}."
    if finding.kind != "value":
        lines = (f"{_sentence(finding.text)}.", _remedy(exercise, finding))
        return Card("wrong", headline, tuple(filter(None, lines)) + _printed(outcome))
    at = f" Worst entry: {list(finding.index)}." if finding.index else ""
    lines = (
        f"Compared with {_truth(exercise)} on inputs drawn for this check.{at}",
        f"Off by {_percent(finding.relative)}; up to {_small(finding.allowed)} would count as rounding.",
        HINT.format(id=exercise.id),
    )
    table = (
        ("", "value"),
        ("yours", _number(finding.got)),
        (_label(exercise), _shown(exercise, case, finding)),
    )
    return Card("wrong", headline, lines + _printed(outcome), table)


def card_parts(
    exercise: Exercise, case: tuple, value: dict, expected: dict, findings: dict[str, Finding | None]
) -> Card:
    """Return the card of an answer in parts: each part with its sign, no truth given away."""
    right = sum(finding is None for finding in findings.values())
    state = "right" if right == len(findings) else "partly" if right else "wrong"
    headline = f"{exercise.title}: {right} of {len(findings)} parts right."
    if exercise.kind == "numbers":
        rows = [("", "yours", "", "")] + [_number_row(k, value, expected, f) for k, f in findings.items()]
    else:
        rows = [("", "yours", "")] + [_choice_row(key, value, f) for key, f in findings.items()]
    foreign = [str(key)[:30] for key in value if key not in expected]
    lines = [f"Made for NAME = {case[0]!r}."] if exercise.personal else []
    if foreign:
        lines.append(f"Not asked for, so not read: {', '.join(foreign[:5])}.")
    if state != "right":
        lines.append(HINT.format(id=exercise.id))
    return Card(state, headline, tuple(lines), tuple(rows))


def _number_row(key: str, value: dict, expected: dict, finding: Finding | None) -> tuple[str, ...]:
    if finding is None:
        return key, _number(float(np.asarray(value[key]).item())), "✓ right", ""
    if finding.kind != "value":
        return key, "", "○" if finding.kind == "missing" else "✗", finding.text
    return key, _number(finding.got), "✗ off", _familiar(finding.got / finding.expected)


def _familiar(ratio: float) -> str:
    """Name a ratio that tells something; any other would only give the number away."""
    names = {
        2.0: "twice the finite difference",
        0.5: "half the finite difference",
        -1.0: "the sign is turned round",
    }
    return next((name for known, name in names.items() if abs(ratio / known - 1) < 1e-3), "")


def _choice_row(key: str, value: dict, finding: Finding | None) -> tuple[str, ...]:
    said = value.get(key)
    yours = said[:40] if isinstance(said, str) else ""
    return key, yours, "✓ right" if finding is None else f"✗ {finding.text}"


def _remedy(exercise: Exercise, finding: Finding) -> str:
    if finding.kind == "mutates":
        return "Work on copies: `W = W - step` makes a new array, `W -= step` changes the caller's."
    if finding.kind == "warns":
        return HINT.format(id=exercise.id)
    return f"The form asked for is `{exercise.asks}`."


def _truth(exercise: Exercise) -> str:
    return "the finite difference of E" if exercise.shown else "the true value"


def _label(exercise: Exercise) -> str:
    return "finite difference" if exercise.shown else "true value"


def _shown(exercise: Exercise, case: tuple, finding: Finding) -> str:
    if exercise.shown is None:
        return _number(finding.expected)
    return _number(float(np.asarray(exercise.shown(*case))[finding.index]))


def _printed(outcome: Outcome) -> tuple[str, ...]:
    text = " ".join(outcome.printed.split())
    return (f"It printed: `{text[:120]}{'…' if len(text) > 120 else ''}`".replace("``", "`"),) if text else ()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _number(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


def _small(value: float) -> str:
    return f"{value:.1e}".replace("e-0", "e-").replace("-", "−")


def _percent(relative: float) -> str:
    if not np.isfinite(relative):
        return "more than can be said relative to 0"
    if relative >= 10:
        return f"a factor of {relative:.3g}"
    return f"{100 * relative:.3g} %"
