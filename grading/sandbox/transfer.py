"""What goes into the sandbox and what comes out, as plain data on both ways; nothing that comes out is believed."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from course_lib import activations
from course_lib.checking.calling import NOT_ANSWERED, SECONDS, TIMED_OUT, Outcome
from course_lib.exercises import Exercise
from grading.sandbox.inside import encoding

STOPPED = f"{TIMED_OUT} after {SECONDS:g} seconds and was stopped (a loop that never ends?)"


def encoded(value: Any) -> dict:
    """Write an argument for the way in: plain data, an activation by name, or a function made of plain numbers."""
    if is_dataclass(value) and callable(value):
        kind, numbers = type(value), {f.name: getattr(value, f.name) for f in fields(value)}
        return {"made": kind.__name__, "source": inspect.getsource(kind), "fields": encoding.encode(numbers)}
    if callable(value) and getattr(activations, getattr(value, "__name__", ""), None) is value:
        return {"activation": value.__name__}
    if callable(value):
        raise TypeError(
            f"{value!r} cannot be sent into the sandbox; a case is made of numbers and dataclasses"
        )
    return {"plain": encoding.encode(value)}


def outcome_of(exercise: Exercise, reply: dict, case: tuple) -> Outcome:
    """Return what calling an answer gave, as far as the reply tells it in the form agreed on."""
    if reply.get("stopped"):
        return Outcome(error=STOPPED)
    told = reply.get("outcomes")
    if not isinstance(told, dict):
        value = decoded(reply.get("value", ["none"]))
        empty = isinstance(value, dict) and all(entry is None for entry in value.values())
        if value is None or value is ... or empty:
            return Outcome(error=NOT_ANSWERED)
        return Outcome(error=f"TypeError: `{exercise.answer_name}` is no function")
    error, warned = told.get("error"), told.get("warnings")
    after = decoded(told.get("arguments"))
    return Outcome(
        value=decoded(told.get("value")),
        error=error[:600] if isinstance(error, str) else None,
        warnings=tuple(str(w)[:200] for w in warned[:5]) if isinstance(warned, list) else (),
        mutated=not _same(after, tuple(case)),
        printed=str(told.get("printed", ""))[:300],
    )


def decoded(data: Any) -> Any:
    """Return plain data that came out, or something that equals nothing where it is none."""
    try:
        return encoding.decode(data)
    except ValueError:
        return encoding.Opaque("answer that cannot be read")


def _same(after: Any, before: Any) -> bool:
    if isinstance(before, np.ndarray):
        return (
            isinstance(after, np.ndarray)
            and after.shape == before.shape
            and np.array_equal(after, before, equal_nan=True)
        )
    if isinstance(before, list | tuple):
        return (
            isinstance(after, list | tuple) and len(after) == len(before) and all(map(_same, after, before))
        )
    if callable(before):
        return True
    return type(after) is type(before) and bool(after == before)
