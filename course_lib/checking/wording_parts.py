"""What the card of an answer in parts says: each part with its sign, and nothing that gives a part away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.checking import pointing
from course_lib.checking.comparing import Finding
from course_lib.checking.diagnosing import Diagnosis
from course_lib.checking.suggesting import suggestion
from course_lib.checking.verdict import Card
from course_lib.checking.wording import hint_line
from course_lib.exercises import Exercise
from course_lib.mistakes import flat


def card_parts(
    exercise: Exercise,
    case: tuple,
    value: dict,
    findings: dict[str, Finding | None],
    diagnosis: Diagnosis,
    exchanged: Sequence[str] = (),
) -> Card:
    """Return the card of an answer in parts: each part with its sign, no truth given away.

    `exchanged` are two keys whose numbers stand in each other's place.
    """
    right = sum(finding is None for finding in findings.values())
    state = "right" if right == len(findings) else "partly" if right else "wrong"
    rows = [("", "yours", "")] + [(key, _said(value.get(key)), _mark(f)) for key, f in findings.items()]
    foreign = [str(key)[:30] for key in value if key not in findings]
    lines = [f"Made for NAME = {case[0]!r}."] if exercise.personal else []
    lines += [f"Not asked for, so not read: {', '.join(foreign[:5])}."] if foreign else []
    if exchanged:
        lines.append(f"{exchanged[0]} and {exchanged[1]} have each other's value.")
    rounded = any(finding and _digits(finding) for finding in findings.values())
    lines += [_how_close(exercise)] if rounded else []
    lines += suggestion(diagnosis)
    lines += [hint_line(exercise)] if state != "right" and not diagnosis.ids else []
    return Card(
        state, f"{exercise.heading}: {right} of {len(findings)} parts right.", tuple(lines), tuple(rows)
    )


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value[:40]
    array = flat(value) if not isinstance(value, bool) else None
    return pointing.number(float(array[0])) if array is not None and array.size == 1 else ""


def _mark(finding: Finding | None) -> str:
    if finding is None:
        return "✓ right"
    if finding.kind == "missing":
        return "○ not answered yet"
    if finding.kind != "value":
        return f"✗ {finding.text}"
    if not np.isfinite(finding.got):
        return f"✗ {finding.text}"
    digits = _digits(finding)
    if digits:
        return f"✗ right to {digits} digits; more are asked for"
    return "✗ off" + _familiar(finding.got / finding.expected if finding.expected else np.nan)


def _how_close(exercise: Exercise) -> str:
    return f"A number counts if it is off by no more than {100 * exercise.tolerance.relative:g} %: four digits or more."


def _digits(finding: Finding) -> int:
    """Return how many digits a number that was only rounded has, or 0; one digit is too few to tell."""
    if finding.kind != "value" or not np.isfinite([finding.got, finding.expected]).all() or not finding.got:
        return 0
    digits = len(f"{abs(finding.got):.9e}".partition("e")[0].replace(".", "").rstrip("0"))
    unit = 10.0 ** (np.floor(np.log10(abs(finding.got))) - digits + 1)
    return digits if 2 <= digits <= 4 and abs(finding.got - finding.expected) < unit else 0


def _familiar(ratio: float) -> str:
    """Name a ratio that tells something; any other would only give the number away."""
    names = {
        2.0: "twice the finite difference",
        0.5: "half the finite difference",
        -1.0: "the sign is turned round",
    }
    return next((f": {name}" for known, name in names.items() if abs(ratio / known - 1) < 1e-3), "")
