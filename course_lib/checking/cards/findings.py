"""What is wrong with one value, in words; it never says what the right one would be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.checking.judging import Finding, Reason


def said(finding: Finding) -> str:
    """Return what `finding` says, as a clause without its full stop."""
    return _SAID[finding.reason](finding)


def _type(finding: Finding) -> str:
    return f"expected {_wanted(finding.expected)}, got {_kind(finding.got)}"


def _shape(finding: Finding) -> str:
    if isinstance(finding.expected, list | tuple):
        return f"expected {len(finding.expected)} values, got {len(finding.got)}"
    return f"expected {_wanted(finding.expected)}, got shape {finding.got.shape}"


def _not_finite(finding: Finding) -> str:
    at = f" at {list(finding.index)}" if finding.index else ""
    return f"expected finite numbers, got {finding.got}{at}"


def _unknown_name(finding: Finding) -> str:
    if finding.expected:
        return f"no such name; did you mean {finding.expected!r}?"
    return "no such name; see those printed above"


_SAID: dict[Reason, Callable[[Finding], str]] = {
    Reason.UNANSWERED: lambda finding: "not answered yet",
    Reason.TYPE: _type,
    Reason.SHAPE: _shape,
    Reason.NOT_FINITE: _not_finite,
    Reason.WORD: lambda finding: f"{finding.got[:40]!r} is not it",
    Reason.UNKNOWN_NAME: _unknown_name,
    Reason.GUESS: lambda finding: "the same name in every place cannot be right",
    Reason.TOO_EARLY: lambda finding: f"counts once {finding.expected!r} is right",
    Reason.REQUIREMENT: lambda finding: finding.sentence,
}


def _wanted(expected: Any) -> str:
    """Name the form that is asked for."""
    if isinstance(expected, dict):
        return f"a dict with the keys {', '.join(map(repr, expected))}"
    if isinstance(expected, list | tuple):
        return f"{len(expected)} values in a list or tuple"
    if isinstance(expected, str):
        return "one of the printed names as text"
    if isinstance(expected, bool | np.bool_ | int):
        return _kind(expected)
    shape = np.shape(expected)
    return f"an array of shape {shape}" if shape else "one number"


def _kind(value: Any) -> str:
    """Name what was handed in."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    return f"{'an' if type(value).__name__[0] in 'aeiou' else 'a'} {type(value).__name__}"
