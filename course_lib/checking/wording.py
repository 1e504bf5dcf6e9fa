"""What the cards say. Plain, about the work and never about the person; it points at the term, it writes no line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.checking import pointing
from course_lib.checking.calling import TIMED_OUT, Outcome
from course_lib.checking.comparing import Finding
from course_lib.checking.diagnosing import Diagnosis
from course_lib.checking.plain_words import called_with, plain_error
from course_lib.checking.suggesting import suggestion
from course_lib.checking.verdict import Card
from course_lib.exercises import Exercise


def card_person(exercise: Exercise) -> Card:
    """Return the card of an answer that a person reads."""
    return Card("person", f"{exercise.heading}: a person reads and marks this answer.")


def card_unanswered(exercise: Exercise) -> Card:
    """Return the card of an untouched stub."""
    ask = f"Write `{exercise.asks}` above, run it, and then run this cell."
    return Card("unanswered", f"{exercise.heading}: not answered yet.", (ask, hint_line(exercise)))


def card_right(exercise: Exercise, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None = None) -> Card:
    """Return the card of a right answer; `diagnosis` may say that it was measured and not derived."""
    lines = [_agreement(exercise, len(outcomes))]
    warned = [w for outcome in outcomes for w in outcome.warnings]
    if warned:
        lines.append(f"It gave a warning, which costs nothing here: {warned[0]}")
    if diagnosis:
        lines += suggestion(diagnosis)
    return Card("right", f"{exercise.heading}: right.", (*lines, *_printed(outcomes[0])))


def _agreement(exercise: Exercise, count: int) -> str:
    if not exercise.verify:
        return f"It agrees with {pointing.truth(exercise)} on {count} inputs that it had not seen."
    if count > 1:
        return f"It was run {count} times and was right each time."
    return "It was run, and does what is asked."


def card_error(exercise: Exercise, outcome: Outcome, wanted: str = "") -> Card:
    """Return the card of an answer that raised; `wanted` says which error it is to raise, if any."""
    happened = "It was " if outcome.error.startswith(TIMED_OUT) else "Calling it gave "
    lines = [f"{happened}{plain_error(outcome.error)}.", *([f"{wanted}."] if wanted else [])]
    lines.append(f"It is called as `{exercise.asks}`.")
    lines += (
        suggestion(Diagnosis(("uses_global",)), outcome.reads) if outcome.reads else [hint_line(exercise)]
    )
    return Card("wrong", f"{exercise.heading}: it stopped with an error.", (*lines, *_printed(outcome)))


HEADLINES = {
    "type": "not a kind of value that can be compared",
    "shape": "another shape than asked",
    "finite": "not a finite number",
    "answer": "not right yet",
    "order": "right values in another order",
    "mutates": "right values, but its arguments are changed",
    "warns": "right values, but with a warning",
}


def card_form(
    exercise: Exercise,
    outcome: Outcome,
    finding: Finding,
    diagnosis: Diagnosis | None = None,
    case: tuple = (),
) -> Card:
    """Return the card of an answer whose form, not its values, is wrong; `case` is what it was called with."""
    place = pointing.place(exercise, finding)
    text = finding.text if finding.text.endswith("?") else f"{finding.text}."
    lines = [f"{place}: {text}" if place else f"{text[:1].upper()}{text[1:]}"]
    called = called_with(exercise, case)
    lines += [f"It was called with {called}."] if called else []
    lines += suggestion(diagnosis) if diagnosis else []
    if finding.kind not in ("answer", "warns", "mutates"):
        lines.append(f"The form asked for is `{exercise.asks}`.")
    if finding.kind not in ("mutates", "order") and not (diagnosis and diagnosis.ids):
        lines.append(hint_line(exercise))
    return Card("wrong", f"{exercise.heading}: {HEADLINES[finding.kind]}.", (*lines, *_printed(outcome)))


def card_value(
    exercise: Exercise,
    cases: Sequence[tuple],
    outcomes: Sequence[Outcome],
    truths: Sequence[Any],
    findings: Sequence[Finding | None],
    diagnosis: Diagnosis,
) -> Card:
    """Return the card of an answer whose values are off: the worst entry, what the numbers suggest, the bars."""
    worst = max((f for f in findings if f), key=lambda finding: float(f"{finding.relative:.6g}"))
    n = findings.index(worst)
    place = " ".join(
        filter(None, (pointing.place(exercise, worst), str(list(worst.index)) if worst.index else ""))
    )
    at = f" at {place}" if place else ""
    bound = f", and up to {_small(worst.allowed)} counts as rounding" if worst.allowed else ""
    compared = (
        f"Compared with {pointing.truth(exercise)} on {len(cases)} inputs. Worst{at}: "
        f"yours {pointing.number(worst.got)}, "
        f"{pointing.label(exercise)} {pointing.shown(exercise, cases[n], worst)}; "
        f"that is {_percent(worst.relative)} off{bound}."
    )
    lines = [
        compared,
        *pointing.known(exercise, outcomes, truths, findings),
        *suggestion(diagnosis, outcomes[n].reads),
    ]
    lines += [] if diagnosis.ids else [*pointing.sized(cases, findings), hint_line(exercise)]
    bars = pointing.bars(exercise, [outcome.value for outcome in outcomes], truths, n)
    headline = f"{exercise.heading}: the value is off."
    return Card(
        "wrong", headline, (*lines, *_printed(outcomes[n])), bars=bars, truth=pointing.label(exercise)
    )


def hint_line(exercise: Exercise) -> str:
    """Point at the hints."""
    return f"`hint({exercise.id!r})` shows where to look."


def _printed(outcome: Outcome) -> tuple[str, ...]:
    text = " ".join(outcome.printed.split()).replace("`", "'")
    return (f"It printed: `{text[:120]}{'…' if len(text) > 120 else ''}`",) if text else ()


def _small(value: float) -> str:
    return f"{value:.1e}".replace("e-0", "e-").replace("-", "−")


def _percent(relative: float) -> str:
    if not np.isfinite(relative):
        return "all of it"
    if relative >= 1000:
        return "more than 1000 times the value"
    return f"{relative:.0f} times the value" if relative >= 10 else f"{100 * relative:.3g} %"
