"""Lets open functions pass placeholders on: one that is given what a stub returned does nothing, and raises nothing."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from course_lib.stub import PLACEHOLDER, Placeholder

# Activations are compared by identity, so they must stay what they are.
KNOWN_BY_IDENTITY = ("course_lib.activations", "course_lib.slopes")


def propagating(load: Callable[[str], Any], space: dict[str, Any]) -> Callable[[str], Any]:
    """Return a module's ``__getattr__`` like `load` whose functions return a placeholder when they are given one."""

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
        if any(isinstance(entry, Placeholder) for entry in [*given, *inside]):
            return PLACEHOLDER
        return function(*arguments, **named)

    return call
