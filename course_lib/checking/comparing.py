"""Holding one answer against the truth: type, then shape, then finite, then value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course_lib.exercises import Tolerance


@dataclass(frozen=True)
class Finding:
    """What is wrong with one part of an answer.

    `kind` is ``"type"``, ``"shape"``, ``"finite"``, ``"value"``, ``"answer"`` (not a matter of numbers) or
    ``"missing"``; `text` says it in words. For a value, `index` is the worst entry and the numbers stand beside it;
    `path` leads to the piece of a list or tuple that it is in.
    """

    kind: str
    text: str
    index: tuple[int, ...] = ()
    got: float = np.nan
    expected: float = np.nan
    allowed: float = np.nan
    path: tuple[int, ...] = ()

    @property
    def relative(self) -> float:
        """The error of the worst entry relative to the truth."""
        return abs(self.got - self.expected) / abs(self.expected) if self.expected else np.inf


def compare(value: Any, expected: Any, tolerance: Tolerance) -> Finding | None:
    """Return the first thing that is wrong with `value`, or None if it is right.

    `expected` says what is wanted: a bool, int or str exactly; a float or array within `tolerance`; a list or tuple
    piece by piece.
    """
    if isinstance(expected, list | tuple):
        return _compare_list(value, expected, tolerance)
    if isinstance(expected, str):
        return _compare_word(value, expected)
    if isinstance(expected, bool | np.bool_ | int):
        return _compare_exactly(value, expected)
    return _compare_numbers(value, np.asarray(expected, dtype=float), tolerance)


def numbers(value: Any) -> np.ndarray | None:
    """Return `value` as a float array, or None if it is not made of real numbers."""
    try:
        array = np.asarray(value)
        return array.astype(float) if array.dtype.kind in "iuf" else None
    except Exception:  # an answer's own conversion may raise anything
        return None


def as_compared(value: Any, expected: Any) -> Any:
    """Return `value` with every list of numbers that stands for an array as that array, as `compare` reads it."""
    if isinstance(expected, dict) and isinstance(value, dict):
        return {key: as_compared(v, expected[key]) if key in expected else v for key, v in value.items()}
    if isinstance(expected, list | tuple) and isinstance(value, list | tuple):
        if len(value) != len(expected):
            return value
        return [as_compared(v, e) for v, e in zip(value, expected, strict=True)]
    array = numbers(value) if isinstance(value, list | tuple) else None
    return value if array is None else array


def kind_of(value: Any) -> str:
    """Name what was handed in, for a card."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    return f"{'an' if type(value).__name__[0] in 'aeiou' else 'a'} {type(value).__name__}"


def _compare_list(value: Any, expected: list | tuple, tolerance: Tolerance) -> Finding | None:
    if not isinstance(value, list | tuple):
        return Finding("type", f"expected {len(expected)} values in a list or tuple, got {kind_of(value)}")
    if len(value) != len(expected):
        return Finding("shape", f"expected {len(expected)} values, got {len(value)}")
    findings = [compare(v, e, tolerance) for v, e in zip(value, expected, strict=True)]
    found = [replace(f, path=(piece, *f.path)) for piece, f in enumerate(findings) if f]
    # What cannot be compared comes before what compares badly.
    return next((f for f in found if f.kind != "value"), found[0] if found else None)


def _compare_word(value: Any, expected: str) -> Finding | None:
    if not isinstance(value, str):
        return Finding("type", f"expected one of the printed names as text, got {kind_of(value)}")
    if value.strip() != expected:
        return Finding("value", f"{value.strip()[:40]!r} is not it")
    return None


def _compare_exactly(value: Any, expected: Any) -> Finding | None:
    wanted = (bool, np.bool_) if isinstance(expected, bool | np.bool_) else (int, np.integer)
    if not isinstance(value, wanted) or isinstance(value, bool | np.bool_) != (bool in wanted):
        return Finding("type", f"expected {kind_of(expected)}, got {kind_of(value)}")
    if value != expected:
        return Finding("value", f"expected {expected}, got {value}", (), float(value), float(expected), 0.0)
    return None


def _compare_numbers(value: Any, expected: np.ndarray, tolerance: Tolerance) -> Finding | None:
    array = numbers(value)
    wanted = "one number" if not expected.ndim else f"an array of shape {expected.shape}"
    if array is None:
        return Finding("type", f"expected {wanted}, got {kind_of(value)}")
    if not expected.ndim and array.size == 1:
        array = array.reshape(())  # a matrix product leaves [[0.3]]: that is the number 0.3
    if array.shape != expected.shape:
        return Finding("shape", f"expected {wanted}, got shape {array.shape}")
    if not np.isfinite(array).all():
        index = next(iter(np.argwhere(~np.isfinite(array))), ())
        at = f" at {list(map(int, index))}" if len(index) else ""
        return Finding("finite", f"expected finite numbers, got {array[tuple(index)]}{at}")
    return _worst(array, expected, tolerance)


def _worst(array: np.ndarray, expected: np.ndarray, tolerance: Tolerance) -> Finding | None:
    allowed = tolerance.of(expected)
    difference = np.abs(array - expected)
    if (difference <= allowed).all():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.unravel_index(
            np.nanargmax(difference / np.where(allowed > 0, allowed, 1e-300)), expected.shape
        )
    index = tuple(int(i) for i in index)
    got, true, bound = float(array[index]), float(expected[index]), float(allowed[index])
    return Finding("value", f"expected {true:.6g}, got {got:.6g}", index, got, true, bound)
