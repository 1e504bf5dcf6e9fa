"""Calling an answer on one case, whatever it prints, warns, raises, changes or never finishes."""

from __future__ import annotations

import copy
import linecache
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from course_lib.checking.quiet import Quiet
from course_lib.checking.stubs import left_by
from course_lib.checking.timing import TimeLimit
from course_lib.closing import closed

if TYPE_CHECKING:  # the grader's sandbox has no exercises
    from course_lib.exercises import Exercise

# Answers take milliseconds; this is for a loop that never ends, below nbgrader's 30 seconds for a cell.
SECONDS = 5.0
NOT_ANSWERED = "not answered"
TIMED_OUT = "still running"


class Outcome(NamedTuple):
    """What calling an answer on one case gave.

    `value` is what it returned (or what was handed in, for answers that are data); `error` says in words what it
    raised, or is None; `warnings` are the texts of its warnings; `mutated` tells whether it changed its arguments;
    `printed` is the beginning of what it printed; `reads` names the variables of the notebook that a wrong answer
    reads in place of its arguments.
    """

    value: Any = None
    error: str | None = None
    warnings: tuple[str, ...] = ()
    mutated: bool = False
    printed: str = ""
    reads: tuple[str, ...] = ()


def call_all(exercise: Exercise, answer: Callable, cases: list[tuple]) -> list[Outcome]:
    """Call `answer` on every case; after a time-out the rest is not tried."""
    outcomes: list[Outcome] = []
    for case in cases:
        outcomes.append(call(exercise, answer, case))
        if outcomes[-1].error and outcomes[-1].error.startswith(TIMED_OUT):
            break
    return outcomes


def call(exercise: Exercise, answer: Callable, case: tuple) -> Outcome:
    """Call `answer` on a copy of `case`, with the exercise's modules closed and everything it emits kept."""
    arguments = copy.deepcopy(case)
    value, error = None, None
    with warnings.catch_warnings(record=True) as caught, Quiet() as quiet:
        warnings.simplefilter("always")
        with TimeLimit(SECONDS) as limit:
            try:
                # Whatever the notebook did to numpy's error handling, a warning is a warning here.
                with _numpy_warns(), closed(exercise.closes):
                    value = _given(exercise, answer, arguments)
            except BaseException as raised:  # even SystemExit costs one answer, not the notebook
                error = _told(raised)
    if limit.reached:
        error = f"{TIMED_OUT} after {SECONDS:g} seconds and was stopped (a loop that never ends?)"
    texts = tuple(f"{w.category.__name__}: {w.message}"[:200] for w in caught)
    return Outcome(value, error, texts, not _same(arguments, case), quiet.text)


def missing_functions(exercise: Exercise, answer: Any) -> list[str]:
    """Return the names in a dict of functions under which there is none yet."""
    return [name for name in exercise.functions if not callable(answer.get(name))]


def _given(exercise: Exercise, answer: Any, arguments: tuple) -> Any:
    if not exercise.functions:
        return answer(*arguments)
    return [answer[name](*arguments) for name in exercise.functions]


def _numpy_warns() -> np.errstate:
    return np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")


def _told(raised: BaseException) -> str:
    """Return type, message and the student's line, as one sentence."""
    if isinstance(raised, NotImplementedError):
        left = left_by(raised)
        return f"NotImplementedError: {left}" if left else NOT_ANSWERED
    try:
        message = str(raised)[:300]
    except Exception:
        message = ""
    told = type(raised).__name__ + (f": {message}" if message else "")
    line = _line_of(raised)
    return f"{told} (in the line `{line}`)" if line else told


def _line_of(raised: BaseException) -> str:
    """Return the deepest line of the traceback that stands in a notebook cell."""
    found, entry = "", raised.__traceback__
    while entry is not None:
        name = entry.tb_frame.f_code.co_filename
        if "ipykernel_" in name or name.startswith("<ipython-input"):
            found = linecache.getline(name, entry.tb_lineno).strip() or found
        entry = entry.tb_next
    return found[:120]


def _same(a: Any, b: Any) -> bool:
    if isinstance(b, np.ndarray):
        return type(a) is type(b) and a.shape == b.shape and np.array_equal(a, b, equal_nan=True)
    if isinstance(b, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(_same, a, b))
    return bool(a == b)
