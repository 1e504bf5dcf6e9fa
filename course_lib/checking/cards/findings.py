"""What is wrong, in words: with a value, or why there is none. It never says what the right value would be."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.checking.calling import Outcome, Status, call
from course_lib.checking.judging import Finding, Reason
from course_lib.exercises import Exercise


def in_words(finding: Finding) -> str:
    """Return what is wrong with a value, as a clause without its full stop."""
    return _WORDS[finding.reason](finding)


def _shape(finding: Finding) -> str:
    if isinstance(finding.expected, list | tuple):
        return f"expected {len(finding.expected)} values, got {len(finding.got)}"
    got = f"shape {finding.got.shape}" if finding.got.shape else "a single number"
    return f"expected {_wanted(finding.expected)}, got {got}"


def _not_finite(finding: Finding) -> str:
    at = f" at {list(finding.index)}" if finding.index else ""
    return f"expected finite numbers, got {finding.got}{at}"


def _unknown_name(finding: Finding) -> str:
    near = finding.expected
    return f"no such name; did you mean {near!r}?" if near else "no such name; see those printed above"


_WORDS: dict[Reason, Callable[[Finding], str]] = {
    Reason.UNANSWERED: lambda finding: "not answered yet",
    Reason.TYPE: lambda finding: f"expected {_wanted(finding.expected)}, got {_kind(finding.got)}",
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
        arrays = all(isinstance(piece, np.ndarray) for piece in expected)
        return f"a list or tuple of {len(expected)} {'arrays' if arrays else 'values'}"
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


def why_no_value(exercise: Exercise, outcome: Outcome) -> str:
    """Say in a sentence why an answer gave no value."""
    if outcome.status is Status.TIMED_OUT:
        return (
            f"It was not done in time: it may compute for {call.SECONDS:g} seconds, and take {call.WALL_SECONDS:g} "
            "seconds by the clock. Is there a loop that never ends?"
        )
    if outcome.status is Status.WRONG_TYPE:
        return _not_callable(exercise, outcome)
    if outcome.status is Status.UNREADABLE:
        return f"It could not be read: looking at it raised {outcome.error.type}."
    if outcome.status is Status.ELSEWHERE:
        return (
            "No `def` of it stands in the cell that makes the answer. Copy the broken function to there and mend the "
            "copy: it is read there, and a function of another cell does not count."
        )
    if outcome.status is Status.DIED:
        return f"Its kernel ended: {outcome.error.message}."
    return f"Calling it gave {_raised(outcome)}."


def _not_callable(exercise: Exercise, outcome: Outcome) -> str:
    if outcome.missing:
        return f"There is no function under {', '.join(map(repr, outcome.missing))}."
    value = f": it is {outcome.value!r:.60}" if isinstance(outcome.value, int | float | str) else ""
    wanted = "dict of functions" if exercise.functions else "function"
    return f"`{exercise.answer_name}` is not a {wanted}{value}."


def _raised(outcome: Outcome) -> str:
    error = outcome.error
    if outcome.status is Status.STUB_LEFT:
        return f"{error.type}: the stub's `raise NotImplementedError()` is still in it"
    if outcome.status is Status.STUB_CALLED:
        return f"{error.type}: `{error.name}`, which it calls, is not answered yet"
    message = f"there is no key {error.message}" if error.type == "KeyError" else _plain(error.message)
    text = ": ".join(filter(None, (error.type, message))).rstrip(" .")
    return f"{text} (in the line `{error.line}`)" if error.line else text


def _last_index(found: re.Match[str]) -> str:
    """Say which indices there are along an axis."""
    index, axis, size = map(int, found.groups())
    along = f"along axis {axis}, which has {_counted(size, 'entry', 'entries')}"
    last = f": Python counts from 0, so the last index there is {size - 1}" if size else ""
    return f"there is no index {index} {along}{last}"


def _too_many(found: re.Match[str]) -> str:
    axes, indices = map(int, found.groups())
    return f"{_counted(indices, 'index', 'indices')} for an array that has {_counted(axes, 'axis', 'axes')}"


def _no_axis(found: re.Match[str]) -> str:
    axis, axes = map(int, found.groups())
    has = f"{_counted(axes, 'axis', 'axes')}, counted from 0" if axes else "none: it is a single number"
    return f"there is no axis {axis} in an array that has {has}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


_SHAPE = r"(\([\d, ]*\))"
# What Python and numpy say, and the same in plain words; of two sizes numpy's second is the left side's.
_ERRORS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", _last_index),
    (r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed", _too_many),
    (r"axis (-?\d+) is out of bounds for array of dimension (\d+)", _no_axis),
    (
        r"(list|tuple|string)( assignment)? index out of range",
        r"the \1 has no entry with that index: Python counts from 0",
    ),
    (
        r"matmul: Input operand \d does not have enough dimensions.*",
        "`@` multiplies arrays, and one of the two is a single number; `*` multiplies by a number",
    ),
    (
        rf"could not broadcast input array from shape {_SHAPE} into shape {_SHAPE}",
        r"what has the shape \1 does not fit into a place of the shape \2",
    ),
    (
        rf"non-broadcastable output operand with shape {_SHAPE} doesn't match the broadcast shape {_SHAPE}",
        r"what comes out has the shape \2, and the array that is changed in place has the shape \1",
    ),
    (
        rf"shape mismatch: objects cannot be broadcast to a single shape\. +Mismatch is between arg \d with shape "
        rf"{_SHAPE} and arg \d with shape {_SHAPE}\.?",
        r"the shapes \1 and \2 do not fit together entry by entry",
    ),
    (
        r"boolean index did not match indexed array along axis (\d+); size of axis is (\d+) but size of corresponding "
        r"boolean axis is (\d+)",
        r"a mask has as many entries as what it picks from: along axis \1 they are \3 and \2",
    ),
    (
        r"setting an array element with a sequence\..*inhomogeneous shape.*",
        "the rows of an array are equally long, and these are not",
    ),
    (
        r"setting an array element with a sequence\.?$",
        "one entry of an array takes one number, and it was given several",
    ),
    (
        r"can't multiply sequence by non-int of type '[\w.]+'|unsupported operand type\(s\) for [-+*/@]=?: "
        r"('list' and '[\w.]+'|'[\w.]+' and 'list')",
        "a list cannot be computed with; `np.array(...)` makes an array of it",
    ),
    (
        r"'(float|int|numpy\.float64)' object is not subscriptable|invalid index to scalar variable\.?",
        "a single number has no entries to pick from",
    ),
    (
        r"only integers, slices.*are valid indices|arrays used as indices must be of integer \(or boolean\) type|"
        r"(list|tuple) indices must be integers or slices, not [\w.]+",
        "an index is a whole number",
    ),
    (
        r"'(float|numpy\.float64)' object cannot be interpreted as an integer",
        "a whole number is needed there; `//` divides to one",
    ),
    (
        r"matmul: Input operand 1 has a mismatch in its core dimension 0.*?\(size (\d+) is different from (\d+)\)",
        r"`@` wants as many columns on its left as rows on its right; here they are \2 and \1",
    ),
    (
        rf"shapes {_SHAPE} and {_SHAPE} not aligned: (\d+) \(dim \d\) != (\d+) \(dim \d\)",
        r"a product of the shapes \1 and \2 wants as many columns on its left as rows on its right; "
        r"here they are \3 and \4",
    ),
    (
        rf"operands could not be broadcast together with shapes {_SHAPE} {_SHAPE} ?$",
        r"the shapes \1 and \2 do not fit together entry by entry",
    ),
    # The gradient that `descend` is given, where it is not called: to the notebook it is a function.
    (r"'Slope'", "'function'"),
    (
        r"ufunc 'bitwise_xor' not supported.*|unsupported operand type\(s\) for \^: .*",
        "`^` is no power in Python, `**` is",
    ),
    (
        r"The truth value of an array with more than one element is ambiguous.*",
        "an array as a whole is neither true nor false; its entries are: see `np.where`, `.any()` and `.all()`",
    ),
    (
        r"only (0-dimensional|length-1|size-1) arrays can be converted to Python scalars",
        "an array was given to a function for single numbers; numpy's functions take every entry",
    ),
)


def _plain(message: str) -> str:
    for theirs, ours in _ERRORS:
        message = re.sub(theirs, ours, message)
    return message
