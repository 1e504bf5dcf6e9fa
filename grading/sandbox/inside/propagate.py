"""In the sandbox, an open function that is handed nothing, by a stub, gives nothing: lessons run to their end."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from course_lib.stub import NOTHING, Nothing

# An activation is told from another by being it.
KNOWN_BY_IDENTITY = ("course_lib.activations", "course_lib.slopes")


def propagating(load: Callable[[str], Any], space: dict[str, Any]) -> Callable[[str], Any]:
    """Return a module's ``__getattr__`` like `load` that makes the functions it loads pass nothing on."""

    def load_propagating(name: str) -> Any:
        value = load(name)
        if isinstance(value, types.FunctionType) and value.__module__ not in KNOWN_BY_IDENTITY:
            value = space[name] = _propagates(value)
        return value

    return load_propagating


def _propagates(function: Callable) -> Callable:
    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        given = [*arguments, *named.values()]
        inside = [piece for entry in given if isinstance(entry, list | tuple) for piece in entry]
        if any(isinstance(entry, Nothing) for entry in [*given, *inside]):
            return NOTHING
        return function(*arguments, **named)

    return call
