"""A function that is run once more leaves no trace: what it can reach is put back, or it is not run."""

from __future__ import annotations

import contextlib
import dis
import random
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from course_lib.checking.calling.notebook_functions import names_in

# What leaves traces outside of the notebook's variables is not run once more.
_TRACES = frozenset({"exec", "eval", "input", "open", "globals", "setattr", "system", "Popen"})
# A larger array is not copied to be put back.
LARGEST = 100_000


def leaves_traces(function: FunctionType) -> bool:
    """Tell whether running a function once more might show elsewhere than in the notebook's variables."""
    code = function.__code__
    if not _TRACES.isdisjoint(names_in(code)):
        return True
    return _assigns_globals(code)


def _assigns_globals(code: CodeType) -> bool:
    if any(each.opname in ("STORE_GLOBAL", "DELETE_GLOBAL") for each in dis.get_instructions(code)):
        return True
    return any(_assigns_globals(each) for each in code.co_consts if isinstance(each, CodeType))


@contextlib.contextmanager
def as_before(functions: list[FunctionType]) -> Iterator[None]:
    """Put random numbers, and what the functions can reach of the notebook's variables, back as they were."""
    state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    space = functions[0].__globals__
    names = {name for function in functions for name in names_in(function.__code__) if name in space}
    undo = [_undo(value) for value in (space[name] for name in names)]
    try:
        yield
    finally:
        random.setstate(state)
        np.random.set_state(numpy_state)  # noqa: NPY002
        for each in undo:
            with contextlib.suppress(Exception):
                each()


def _undo(value: Any) -> Callable[[], None]:
    """Return what makes `value` again what it is now."""
    if isinstance(value, np.ndarray) and value.size <= LARGEST:
        kept = value.copy()
        return lambda: None if np.array_equal(value, kept) else np.copyto(value, kept)
    if isinstance(value, list):
        kept = list(value)
        return lambda: None if _same_objects(value, kept) else value.__setitem__(slice(None), kept)
    if isinstance(value, dict):
        kept = dict(value)
        return lambda: _refill(value, kept)
    if isinstance(value, np.random.Generator | np.random.RandomState):
        bits = getattr(value, "bit_generator", None) or value._bit_generator
        kept = bits.state
        return lambda: setattr(bits, "state", kept)
    if isinstance(value, random.Random):
        kept = value.getstate()
        return lambda: value.setstate(kept)
    if hasattr(value, "__dict__") and not isinstance(value, type | FunctionType) and not callable(value):
        if type(value).__module__ == "builtins" or isinstance(value, type(sys)):
            return lambda: None
        return _undo(vars(value))
    return lambda: None


def _same_objects(some: list, others: list) -> bool:
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))


def _refill(some: dict, kept: dict) -> None:
    if list(some) != list(kept) or not _same_objects(list(some.values()), list(kept.values())):
        some.clear()
        some.update(kept)
