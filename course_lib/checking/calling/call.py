"""Calling one function on one case, with what it emits captured and what its exercise closes closed."""

import copy
import linecache
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from course_lib.checking.calling.captured import CapturedOutput
from course_lib.checking.calling.outcome import Error, Outcome, Status
from course_lib.checking.calling.stubs import stub_that_raised
from course_lib.checking.calling.time_limit import TimeLimit
from course_lib.closing import closed
from course_lib.execution import SLOWER

# Most answers take milliseconds, an honest training sample by sample up to six seconds; this is for a loop that never
# ends. Processor time, as a machine may be busy, and for what sleeps or waits longer on the wall, below nbgrader's 30
# seconds for a cell.
SECONDS, WALL_SECONDS = 8.0 * SLOWER, 20.0 * SLOWER

# An argument that was moved and moved back is untouched but for rounding.
RESTORED = 1e-13


def call(function: Callable, case: tuple, closes: Iterable[str] = ()) -> Outcome:
    """Call `function` on a copy of `case`, with the modules `closes` closed and everything it emits captured."""
    arguments = copy.deepcopy(case)
    value, error, status = None, None, None
    with warnings.catch_warnings(record=True) as caught, CapturedOutput() as output:
        warnings.simplefilter("always")
        with TimeLimit(SECONDS, WALL_SECONDS) as limit:
            try:
                # Whatever the notebook did to numpy's error handling, a warning is a warning here.
                with _numpy_warns(), closed(closes):
                    value = function(*arguments)
            except BaseException as raised:  # even SystemExit costs one answer, not the notebook
                error, status = _what_was_raised(raised)
    if limit.reached:
        value, error, status = None, None, Status.TIMED_OUT
    texts = tuple(f"{w.category.__name__}: {w.message}"[:200] for w in caught)
    changed = changed_in(arguments, case, _same)
    return Outcome(value, error, texts, bool(changed), output.text, status=status, changed=changed)


def _numpy_warns() -> np.errstate:
    return np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")


def _what_was_raised(raised: BaseException) -> tuple[Error | None, Status]:
    """Return what was raised as data; nothing for a stub that is as it was given."""
    status, name = Status.RAISED, ""
    if isinstance(raised, NotImplementedError):
        status, name = stub_that_raised(raised)
        if status is Status.UNANSWERED:
            return None, status
    elif isinstance(raised, NameError):
        name = str(raised.name or "")[:60]
    try:
        message = str(raised)[:300]
    except Exception:
        message = ""
    line = _line_of(raised) if status is Status.RAISED else ""
    return Error(type(raised).__name__, message, line, name), status


def _line_of(raised: BaseException) -> str:
    """Return the deepest line of the traceback that stands in a notebook cell."""
    found, entry = "", raised.__traceback__
    while entry is not None:
        name = entry.tb_frame.f_code.co_filename
        if "ipykernel_" in name or name.startswith("<ipython-input"):
            found = linecache.getline(name, entry.tb_lineno).strip() or found
        entry = entry.tb_next
    return found[:120]


def changed_in(
    after: Any, before: Any, same: Callable[[Any, Any], bool], path: tuple[int, ...] = ()
) -> tuple[tuple[int, ...], ...]:
    """Return the ways to what is not the same any more: into a tuple or list, and the lists in it."""
    if same(after, before):
        return ()
    entered = (
        isinstance(before, list | tuple) and isinstance(after, list | tuple) and len(after) == len(before)
    )
    found = [
        each
        for n, pair in enumerate(zip(after, before, strict=True) if entered else ())
        for each in changed_in(*pair, same, (*path, n))
    ]
    return tuple(found) or (path,)


def _same(a: Any, b: Any) -> bool:
    if isinstance(b, np.ndarray):
        return type(a) is type(b) and same_numbers(a, b)
    if isinstance(b, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(_same, a, b))
    return bool(a == b)


def same_numbers(a: np.ndarray, b: np.ndarray) -> bool:
    """Tell whether two arrays are equal up to a last bit, which ``w += h; w -= 2 * h; w += h`` may leave behind."""
    if a.shape != b.shape:
        return False
    if np.array_equal(a, b):  # nearly always; to look for NaN first takes three times as long
        return True
    if not a.dtype.kind == b.dtype.kind == "f":
        return False
    largest = np.abs(b).max(initial=0.0, where=np.isfinite(b))
    return bool(np.allclose(a, b, rtol=RESTORED, atol=RESTORED * largest, equal_nan=True))
