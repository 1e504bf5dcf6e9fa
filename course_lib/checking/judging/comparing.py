"""Holding one answer against the truth: type, then shape, then finite, then value; and pieces in another order."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np

from course_lib.checking.judging.judgement import Finding, Reason
from course_lib.exercises import Tolerance
from course_lib.inputs import float_of

# More pieces than these are no list of results, and not worth trying in every order.
MOST_PIECES = 4


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


def _compare_list(value: Any, expected: list | tuple, tolerance: Tolerance) -> Finding | None:
    if not isinstance(value, list | tuple):
        return Finding(Reason.TYPE, value, expected)
    if len(value) != len(expected):
        return Finding(Reason.SHAPE, value, expected)
    findings = [compare(v, e, tolerance) for v, e in zip(value, expected, strict=True)]
    found = [replace(f, path=(piece, *f.path)) for piece, f in enumerate(findings) if f]
    # What cannot be compared comes before what compares badly.
    return next((f for f in found if f.reason is not Reason.VALUE), found[0] if found else None)


def _compare_word(value: Any, expected: str) -> Finding | None:
    if not isinstance(value, str):
        return Finding(Reason.TYPE, value, expected)
    return None if value.strip() == expected else Finding(Reason.WORD, value.strip(), expected)


def _compare_exactly(value: Any, expected: Any) -> Finding | None:
    wanted = (bool, np.bool_) if isinstance(expected, bool | np.bool_) else (int, np.integer)
    if not isinstance(value, wanted) or isinstance(value, bool | np.bool_) != (bool in wanted):
        return Finding(Reason.TYPE, value, expected)
    return None if value == expected else Finding(Reason.VALUE, float_of(value), float(expected), allowed=0.0)


def _compare_numbers(value: Any, expected: np.ndarray, tolerance: Tolerance) -> Finding | None:
    array = numbers(value)
    if array is None:
        return Finding(Reason.TYPE, value, expected)
    if not expected.ndim and array.size == 1:
        array = array.reshape(())  # a matrix product leaves [[0.3]]: that is the number 0.3
    if array.shape != expected.shape:
        return Finding(Reason.SHAPE, array, expected)
    allowed = tolerance.of(expected)
    difference = np.abs(array - expected)
    if (difference <= allowed).all():  # so it is finite too
        return None
    if not np.isfinite(array).all():
        index = _plain(next(iter(np.argwhere(~np.isfinite(array))), ()))
        return Finding(Reason.NOT_FINITE, float(array[index]), expected, index)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = difference / np.where(allowed > 0, allowed, 1e-300)
        index = _plain(np.unravel_index(np.nanargmax(share), expected.shape))
    got, true, bound = float(array[index]), float(expected[index]), float(allowed[index])
    return Finding(Reason.VALUE, got, true, index, allowed=bound)


def _plain(index: Any) -> tuple[int, ...]:
    return tuple(int(i) for i in index)


def order_of(values: Sequence[Any], truths: Sequence[Any], tolerance: Tolerance) -> tuple[int, ...]:
    """Return in which order the right pieces came; nothing if some piece is not right in any order."""
    count = len(truths[0]) if isinstance(truths[0], list | tuple) else 0
    if not 2 <= count <= MOST_PIECES:
        return ()
    pairs = list(zip(values, truths, strict=True))
    if not all(isinstance(v, list | tuple) and len(v) == len(truth) == count for v, truth in pairs):
        return ()

    def fits(order: Sequence[int]) -> bool:
        return all(
            compare(v[n], t[piece], tolerance) is None for v, t in pairs for n, piece in enumerate(order)
        )

    return next((order for order in list(permutations(range(count)))[1:] if fits(order)), ())
