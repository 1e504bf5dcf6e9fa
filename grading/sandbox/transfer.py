"""What goes into the sandbox and what comes out of it: plain data both ways, and nothing that comes out is trusted."""

import inspect
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from course_lib import activations
from course_lib.checking.calling import Error, Outcome, Status
from course_lib.checking.calling.by_kind import not_callable
from course_lib.checking.calling.call import changed_in, same_numbers
from grading.sandbox.inside import encoding

# What calling an answer inside may end in, without an error and with one.
WITHOUT_ERROR = (Status.ANSWERED, Status.UNANSWERED, Status.TIMED_OUT)
WITH_ERROR = (Status.RAISED, Status.STUB_LEFT, Status.STUB_CALLED)
STATUSES = {status.value: status for status in (*WITHOUT_ERROR, *WITH_ERROR)}


def encoded(value: Any) -> dict:
    """Return an argument as it is sent: plain data, an activation by name, or a function made of plain numbers."""
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


def is_as_agreed(reply: dict) -> bool:
    """Tell whether a reply is one that the collector gives; something else may have taken its place."""
    if reply.get("stopped"):
        return True
    report = reply.get("outcomes", reply)
    if not isinstance(report, dict) or (report is not reply and str(report.get("status")) not in STATUSES):
        return False
    try:
        encoding.decode(report.get("value"))
    except ValueError:
        return False
    return True


def outcome_of(functions: Sequence[str], reply: dict, case: tuple) -> Outcome:
    """Return what calling an answer, or a dict of `functions`, gave, as far as the reply tells it as agreed on."""
    if reply.get("stopped"):
        return Outcome(status=Status.TIMED_OUT)
    report = reply.get("outcomes")
    if not isinstance(report, dict):
        value = decoded(reply.get("value", ["none"]))
        # What comes out without being data may have been a function.
        unfit = not_callable(functions, value, lambda entry: isinstance(entry, encoding.Opaque))
        return unfit or Outcome(value, status=Status.WRONG_TYPE)
    changed = changed_in(decoded(report.get("arguments")), tuple(case), _same)
    status, warned = STATUSES.get(str(report.get("status")), Status.RAISED), report.get("warnings")
    return Outcome(
        value=decoded(report.get("value")),
        error=None if status in WITHOUT_ERROR else _error(report.get("error")),
        warnings=tuple(str(w)[:200] for w in warned[:5]) if isinstance(warned, list) else (),
        mutated=bool(changed),
        changed=changed,
        printed=str(report.get("printed", ""))[:300],
        status=status,
    )


def _error(texts: Any) -> Error:
    texts = texts[: len(Error._fields)] if isinstance(texts, list) and texts else ["Exception"]
    error = Error(*(str(text)[:300] for text in texts))
    return error if error.name.isidentifier() else error._replace(name="")


def decoded(data: Any) -> Any:
    """Return the data that came out, or an `Opaque` where it is not data."""
    try:
        return encoding.decode(data)
    except ValueError:
        return encoding.Opaque("answer that cannot be read")


def _same(after: Any, before: Any) -> bool:
    if isinstance(before, np.ndarray):
        return isinstance(after, np.ndarray) and same_numbers(after, before)
    if isinstance(before, list | tuple):
        return (
            isinstance(after, list | tuple) and len(after) == len(before) and all(map(_same, after, before))
        )
    if callable(before):
        return True
    return type(after) is type(before) and bool(after == before)
