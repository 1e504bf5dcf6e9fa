"""Which entry, which piece, which numbers: what the cards of wrong values point at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.checking.calling import Outcome
from course_lib.checking.comparing import Finding, compare
from course_lib.checking.verdict import Bar
from course_lib.exercises import Exercise
from course_lib.mistakes import flat

# More rows than these and nobody reads them; a matrix of three by three is shown whole.
MOST_BARS = 9


def known(
    exercise: Exercise, outcomes: Sequence[Outcome], truths: Sequence[Any], findings: Sequence[Finding | None]
) -> list[str]:
    """Say which layers or pieces of a list are exact, and whether some of the inputs were right."""
    lists = isinstance(truths[0], list | tuple)
    most = max(map(len, truths)) if lists else 0
    # Without names of their own, layers are called by their place, and that needs networks of one depth.
    if not lists or (not exercise.pieces and most > min(map(len, truths))):
        exact = sum(finding is None for finding in findings)
        return [f"{exact} of the {len(findings)} inputs came out right."] if exact else []
    near = [
        all(
            compare(o.value[n], t[n], exercise.tolerance) is None
            for o, t in zip(outcomes, truths, strict=True)
            if n < len(t)
        )
        for n in range(most)
    ]
    if not any(near):
        return []
    layers = ["hidden"] * (len(near) - 1) + ["output"]
    off, good = (_listed(exercise.pieces or layers, near, wanted) for wanted in (False, True))
    if exercise.pieces:
        return [f"Right: {good}. Off: {off}."]
    return [f"The gradient of the {good} layer is exact; that of the {off} layer is off."]


def sized(cases: Sequence[tuple], findings: Sequence[Finding | None]) -> list[str]:
    """Ask about numbers written down, where no size of input was both right and wrong."""
    sizes = [str(_sizes(case)) for case in cases]
    right, wrong = (
        {size for size, f in zip(sizes, findings, strict=True) if (f is None) is good}
        for good in (True, False)
    )
    if not right or right & wrong:
        return []
    return ["The inputs differ in their sizes. Is a size, or an index, written as a number?"]


def _sizes(value: Any) -> Any:
    return list(map(_sizes, value)) if isinstance(value, list | tuple) else np.shape(value)


def _listed(names: Sequence[str], near: Sequence[bool], wanted: bool) -> str:
    *most, last = dict.fromkeys(name for name, is_near in zip(names, near, strict=True) if is_near is wanted)
    return f"{', '.join(most)} and {last}" if most else last


def bars(exercise: Exercise, values: Sequence[Any], truths: Sequence[Any], worst: int) -> tuple[Bar, ...]:
    """Return the pairs to draw: one an input for a number, one an entry of the worst input for an array."""
    if flat(truths[0]).size == 1:
        pairs = [
            (f"input {n + 1}", flat(v)[0], flat(t)[0])
            for n, (v, t) in enumerate(zip(values, truths, strict=True))
        ]
    else:
        pairs = list(_entries(values[worst], truths[worst], "", exercise.pieces))
        if len(pairs) > MOST_BARS:  # what is off comes first, or it might not be seen
            pairs.sort(key=lambda pair: abs(pair[1] - pair[2]) <= exercise.tolerance.relative * abs(pair[2]))
    rows = tuple(Bar(label, float(yours), float(true)) for label, yours, true in pairs)
    left = len(rows) - MOST_BARS
    # A last row that stands for one other row would only take its place.
    return rows if left <= 1 else (*rows[:MOST_BARS], Bar(f"… and {left} more", np.nan, np.nan))


def _entries(value: Any, truth: Any, name: str, pieces: Sequence[str] = ()) -> list[tuple[str, float, float]]:
    if isinstance(truth, list | tuple):
        names = pieces or [f"{name}[{n}]" for n in range(len(truth))]
        triples = zip(
            value, truth, names, strict=False
        )  # there may be more names than this network has layers
        return [entry for v, t, n in triples for entry in _entries(v, t, n)]
    truth = np.asarray(truth)
    value = np.asarray(value, dtype=float).reshape(truth.shape)
    return [
        (f"{name}{list(map(int, index))}", value[index], truth[index]) for index in np.ndindex(truth.shape)
    ]


def truth(exercise: Exercise) -> str:
    """Say what an answer is held against."""
    return "the finite difference of E" if exercise.shown else "the true value"


def label(exercise: Exercise) -> str:
    """Name the true value beside the student's."""
    return "finite difference" if exercise.shown else "true value"


def shown(exercise: Exercise, case: tuple, finding: Finding) -> str:
    """Return the true value of the worst entry, measured where the exercise is about a derivative."""
    if exercise.shown is None:
        return number(finding.expected)
    value = exercise.shown(*case)
    for piece in finding.path:
        value = value[piece]
    return number(float(np.asarray(value)[finding.index]))


def place(exercise: Exercise, finding: Finding) -> str:
    """Name the piece of a list or tuple, as the exercise calls it or by its position; nested pieces by position."""
    if not finding.path:
        return ""
    first, *rest = finding.path
    name = exercise.pieces[first] if exercise.pieces else f"[{first}]"
    return name + "".join(f"[{piece}]" for piece in rest)


def number(value: float) -> str:
    """Return a number with six digits and a real minus sign."""
    return f"{value:.6g}".replace("-", "−")
