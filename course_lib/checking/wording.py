"""What the cards say. Plain, about the work and never about the person; it points at the term, it writes no line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.checking.calling import TIMED_OUT, Outcome
from course_lib.checking.comparing import Finding, compare
from course_lib.checking.diagnosing import Diagnosis
from course_lib.checking.suggesting import suggestion
from course_lib.checking.verdict import Bar, Card
from course_lib.exercises import Exercise
from course_lib.mistakes import flat

# More rows than these and nobody reads them.
MOST_BARS = 8


def card_person(exercise: Exercise) -> Card:
    """Return the card of an answer that a person reads."""
    return Card("person", f"{_title(exercise)}: a person reads and marks this answer.")


def card_unanswered(exercise: Exercise) -> Card:
    """Return the card of an untouched stub."""
    ask = f"Write `{exercise.asks}` above, run it, and then run this cell."
    return Card("unanswered", f"{_title(exercise)}: not answered yet.", (ask, _hint(exercise)))


def card_right(exercise: Exercise, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None = None) -> Card:
    """Return the card of a right answer; `diagnosis` may say that it was measured and not derived."""
    lines = [f"It agrees with {_truth(exercise)} on {len(outcomes)} inputs that it had not seen."]
    warned = [w for outcome in outcomes for w in outcome.warnings]
    if warned:
        lines.append(f"It gave a warning, which costs nothing here: {warned[0]}")
    if diagnosis:
        lines += suggestion(diagnosis)
    return Card("right", f"{_title(exercise)}: right.", (*lines, *_printed(outcomes[0])))


def card_error(exercise: Exercise, outcome: Outcome) -> Card:
    """Return the card of an answer that raised."""
    happened = "It was " if outcome.error.startswith(TIMED_OUT) else "Calling it gave "
    lines = [f"{happened}{outcome.error.rstrip('.')}.", f"It is called as `{exercise.asks}`."]
    if outcome.reads:
        lines += suggestion(Diagnosis(("uses_global",)), outcome.reads)
    return Card("wrong", f"{_title(exercise)}: it stopped with an error.", (*lines, *_printed(outcome)))


HEADLINES = {
    "type": "not a kind of value that can be compared",
    "shape": "another shape than asked",
    "finite": "not a finite number",
    "mutates": "right values, but its arguments are changed",
    "warns": "right values, but with a warning",
}


def card_form(
    exercise: Exercise, outcome: Outcome, finding: Finding, diagnosis: Diagnosis | None = None
) -> Card:
    """Return the card of an answer whose form, not its values, is wrong."""
    lines = [f"{finding.text[:1].upper()}{finding.text[1:]}."]
    lines += suggestion(diagnosis) if diagnosis else []
    if finding.kind not in ("mutates", "warns"):
        lines.append(f"The form asked for is `{exercise.asks}`.")
    return Card("wrong", f"{_title(exercise)}: {HEADLINES[finding.kind]}.", (*lines, *_printed(outcome)))


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
    at = f" at {list(worst.index)}" if worst.index else ""
    compared = (
        f"Compared with {_truth(exercise)} on {len(cases)} inputs. Worst{at}: yours {number(worst.got)}, "
        f"{_label(exercise)} {_shown(exercise, cases[n], worst)}; that is {_percent(worst.relative)} off, "
        f"and up to {_small(worst.allowed)} counts as rounding."
    )
    lines = [
        compared,
        *_known(exercise, outcomes, truths, findings),
        *suggestion(diagnosis, outcomes[n].reads),
    ]
    lines += [] if diagnosis.ids else [_hint(exercise)]
    bars = _bars([outcome.value for outcome in outcomes], truths, n)
    headline = f"{_title(exercise)}: the value is off."
    return Card("wrong", headline, (*lines, *_printed(outcomes[n])), bars=bars, truth=_label(exercise))


def card_parts(
    exercise: Exercise, case: tuple, value: dict, findings: dict[str, Finding | None], diagnosis: Diagnosis
) -> Card:
    """Return the card of an answer in parts: each part with its sign, no truth given away."""
    right = sum(finding is None for finding in findings.values())
    state = "right" if right == len(findings) else "partly" if right else "wrong"
    rows = [("", "yours", "")] + [(key, _said(value.get(key)), _mark(f)) for key, f in findings.items()]
    foreign = [str(key)[:30] for key in value if key not in findings]
    lines = [f"Made for NAME = {case[0]!r}."] if exercise.personal else []
    lines += [f"Not asked for, so not read: {', '.join(foreign[:5])}."] if foreign else []
    lines += suggestion(diagnosis)
    lines += [_hint(exercise)] if state != "right" and not diagnosis.ids else []
    return Card(
        state, f"{_title(exercise)}: {right} of {len(findings)} parts right.", tuple(lines), tuple(rows)
    )


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value[:40]
    array = flat(value) if not isinstance(value, bool) else None
    return number(float(array[0])) if array is not None and array.size == 1 else ""


def _mark(finding: Finding | None) -> str:
    if finding is None:
        return "✓ right"
    if finding.kind == "missing":
        return "○ not answered yet"
    if finding.kind != "value":
        return f"✗ {finding.text}"
    if not np.isfinite(finding.got):
        return f"✗ {finding.text}"
    return "✗ off" + _familiar(finding.got / finding.expected if finding.expected else np.nan)


def _familiar(ratio: float) -> str:
    """Name a ratio that tells something; any other would only give the number away."""
    names = {
        2.0: "twice the finite difference",
        0.5: "half the finite difference",
        -1.0: "the sign is turned round",
    }
    return next((f": {name}" for known, name in names.items() if abs(ratio / known - 1) < 1e-3), "")


def _known(
    exercise: Exercise, outcomes: Sequence[Outcome], truths: Sequence[Any], findings: Sequence[Finding | None]
) -> list[str]:
    """Say which layers of a list are exact, and whether some of the inputs were right."""
    if not isinstance(truths[0], list):
        exact = sum(finding is None for finding in findings)
        return [f"{exact} of the {len(findings)} inputs came out right."] if exact else []
    near = [
        all(
            compare(o.value[layer], t[layer], exercise.tolerance) is None
            for o, t in zip(outcomes, truths, strict=True)
        )
        for layer in range(len(truths[0]))
    ]
    if not any(near):
        return []
    names = ["hidden"] * (len(near) - 1) + ["output"]
    off = " and ".join(dict.fromkeys(name for name, good in zip(names, near, strict=True) if not good))
    good = " and ".join(dict.fromkeys(name for name, good in zip(names, near, strict=True) if good))
    return [f"The gradient of the {good} layer is exact; that of the {off} layer is off."]


def _bars(values: Sequence[Any], truths: Sequence[Any], worst: int) -> tuple[Bar, ...]:
    """Return the pairs to draw: one an input for a number, one an entry of the worst input for an array."""
    if flat(truths[0]).size == 1:
        pairs = [
            (f"input {n + 1}", flat(v)[0], flat(t)[0])
            for n, (v, t) in enumerate(zip(values, truths, strict=True))
        ]
    else:
        pairs = list(_entries(values[worst], truths[worst], ""))
    return tuple(Bar(label, float(yours), float(true)) for label, yours, true in pairs[:MOST_BARS])


def _entries(value: Any, truth: Any, name: str) -> list[tuple[str, float, float]]:
    if isinstance(truth, list):
        return [
            e for n, (v, t) in enumerate(zip(value, truth, strict=True)) for e in _entries(v, t, f"[{n}]")
        ]
    truth = np.asarray(truth)
    value = np.asarray(value, dtype=float).reshape(truth.shape)
    return [
        (f"{name}{list(map(int, index))}", value[index], truth[index]) for index in np.ndindex(truth.shape)
    ]


def _title(exercise: Exercise) -> str:
    return exercise.title[:1].upper() + exercise.title[1:]


def _hint(exercise: Exercise) -> str:
    return f"`hint({exercise.id!r})` shows where to look."


def _truth(exercise: Exercise) -> str:
    return "the finite difference of E" if exercise.shown else "the true value"


def _label(exercise: Exercise) -> str:
    return "finite difference" if exercise.shown else "true value"


def _shown(exercise: Exercise, case: tuple, finding: Finding) -> str:
    if exercise.shown is None or isinstance(exercise.shown(*case), list):
        return number(finding.expected)
    return number(float(np.asarray(exercise.shown(*case))[finding.index]))


def _printed(outcome: Outcome) -> tuple[str, ...]:
    text = " ".join(outcome.printed.split()).replace("`", "'")
    return (f"It printed: `{text[:120]}{'…' if len(text) > 120 else ''}`",) if text else ()


def number(value: float) -> str:
    """Return a number with six digits and a real minus sign."""
    return f"{value:.6g}".replace("-", "−")


def _small(value: float) -> str:
    return f"{value:.1e}".replace("e-0", "e-").replace("-", "−")


def _percent(relative: float) -> str:
    if not np.isfinite(relative):
        return "all of it"
    return f"{relative:.3g} times the value" if relative >= 10 else f"{100 * relative:.3g} %"
