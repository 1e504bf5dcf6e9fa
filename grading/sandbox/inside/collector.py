"""Calls the student's answers and reports what they returned, as plain data. Runs in the student's own process.

Forging a report gains nothing: it is only another way to answer. No right answer is known here, and outside a report
is never taken for more than data.
"""

from __future__ import annotations
import __future__

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import encoding
import missing_modules
import numpy as np
from closed_modules import closed

from course_lib.checking.calling import Outcome
from course_lib.checking.calling.call import call
from course_lib.checking.calling.global_names import data_read_by
from course_lib.checking.calling.mending import made
from course_lib.checking.calling.recording import record
from course_lib.checking.calling.recording_data import plain

MOST_FILE = 2**20
UNREADABLE = ["other", "answer that cannot be read"]
# Where the kernel is started; what is preloaded is somewhere else until then.
HERE = Path(os.environ["HOME"])


def answer_to(request: dict, namespace: dict) -> dict:
    """Carry out one request of the grader; there is a reply in any case, as without one the kernel would be ended."""
    try:
        return _answer_to(request, namespace)
    except BaseException:  # an answer may fail at whatever is asked of it, even at what its class is
        return {"value": UNREADABLE, "callable": False}


def _answer_to(request: dict, namespace: dict) -> dict:
    """Call an answer, read a value or a file, name missing modules."""
    if request["do"] == "read":
        return {"text": _read(HERE / request["file"])}
    if request["do"] == "missing":
        return {"missing": missing_modules.wanted}
    value = _wanted(request, namespace.get(request["name"]))
    if request["do"] == "reads":
        return _reads(value, namespace)
    if request["do"] == "record":
        return {"recording": _recorded(namespace.get(request["name"]), value, request)}
    if request["do"] == "value" or not callable(value):
        return {"value": _encoded(value), "callable": callable(value)}
    return {"outcomes": _call(value, request["closes"], tuple(map(_argument, request["case"])))}


def _wanted(request: dict, value: Any) -> Any:
    """Return the answer, or the entries of it that are asked for, or what a text that was sent makes."""
    if "text" in request:
        return made(request["text"], request["tools"])
    if not isinstance(value, dict):
        return value
    if "member" in request:
        return value.get(request["member"])
    if "without" in request:
        return {key: entry for key, entry in value.items() if key not in request["without"]}
    functions = [value.get(name) for name in request.get("functions", ())]
    if not functions or not all(map(callable, functions)):
        return value
    return lambda *arguments: [function(*arguments) for function in functions]


def _argument(sent: dict) -> Any:
    """Return one argument of a case: plain data, or a function that the grader sent as a class and its numbers."""
    if "plain" in sent:
        return encoding.decode(sent["plain"])
    if "activation" in sent:
        from course_lib import activations  # not at the top: most lessons close it

        return getattr(activations, sent["activation"])
    space = {"dataclass": dataclass, "np": np, "__name__": __name__}
    flags = __future__.annotations.compiler_flag
    exec(compile(sent["source"], "given", "exec", flags, dont_inherit=True), space)
    return space[sent["made"]](**encoding.decode(sent["fields"]))


def _call(answer: Callable, closes: list[str], case: tuple) -> dict:
    seen: list[tuple] = []

    def watched(*arguments: Any) -> Any:
        seen.append(arguments)
        return answer(*arguments)

    with closed(closes):
        outcome = call(watched, case, closes)
    # Whether the arguments were changed is compared outside.
    return _as_data(outcome) | {"arguments": _encoded(tuple(seen[0]) if seen else ())}


def _recorded(answer: Any, function: Callable, request: dict) -> list:
    """Call an answer once more, and return what values came to be in it; no case is secret then."""
    case, closes = tuple(map(_argument, request["case"])), request["closes"]
    with closed(closes):
        found = record(answer, lambda: call(function, case, closes))
    return _encoded(None if found is None else plain(found))


def _reads(answer: Any, namespace: dict) -> dict:
    """Return which of the notebook's variables an answer reads, and the variables that have its arguments' names."""
    names: list[str] = []
    try:
        names = [name[:60] for name in data_read_by(answer)][:5]
        own = [namespace[name] for name in inspect.signature(answer).parameters] if names else None
    except Exception:  # it is not a function, or the notebook has no such names
        return {"reads": names}
    return {"reads": names, "own": _encoded(own)}


def _as_data(outcome: Outcome) -> dict:
    return {
        "status": outcome.status.value,
        "value": _encoded(outcome.value),
        "error": [_text(text, 300) for text in outcome.error or ()],
        "warnings": [_text(text, 200) for text in outcome.warnings[:5]],
        "printed": _text(outcome.printed, 300),
    }


def _encoded(value: Any) -> list:
    try:
        return encoding.encode(value)
    except encoding.TooMuchError:
        return ["other", "answer too large to be read"]
    except (
        BaseException
    ):  # an answer's own methods may raise wherever it is looked at, and whatever they like
        return UNREADABLE


def _text(value: Any, most: int) -> str:
    """Return the beginning of a text, of no class of the student's, with signs that every file can hold."""
    return str.encode(str(value), "utf-8", "replace").decode()[:most]


def _read(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_FILE + 1)
        return content.decode() if len(content) <= MOST_FILE else None
    except (OSError, UnicodeDecodeError):
        return None
