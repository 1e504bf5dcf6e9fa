"""A function that is run once more leaves no trace: its code writes nothing outside the notebook's variables."""

from __future__ import annotations

import contextlib
import dis
import random
from collections.abc import Iterator
from types import CodeType, FunctionType

import numpy as np

from course_lib.checking.calling.kept import HARMLESS_MODULES, UnknownError, keep

# Built-in functions that reach what is not seen in the code.
_REACHING = frozenset(
    {
        "exec",
        "eval",
        "compile",
        "input",
        "open",
        "globals",
        "locals",
        "vars",
        "setattr",
        "delattr",
        "__import__",
    }
)
# What modules that are harmless otherwise write, or set.
_WRITING = frozenset(
    {"save", "savez", "savez_compressed", "savetxt", "tofile", "dump", "memmap", "open_memmap"}
    | {"seterr", "seterrcall", "setbufsize", "set_printoptions", "__globals__", "__dict__", "__setattr__"}
)


def leaves_traces(function: FunctionType) -> bool:
    """Tell whether running a function once more might show elsewhere than in the notebook's variables."""
    return any(map(_leaves_a_trace, _instructions(function.__code__)))


def _leaves_a_trace(each: dis.Instruction) -> bool:
    if each.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
        return True
    if each.opname == "IMPORT_NAME":
        return each.argval.partition(".")[0] not in HARMLESS_MODULES
    if each.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
        return each.argval in _REACHING
    return each.opname in ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM") and each.argval in _WRITING


def _instructions(code: CodeType) -> Iterator[dis.Instruction]:
    """Yield what a function does, and what the functions in it do."""
    yield from dis.get_instructions(code)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _instructions(constant)


def _globals_read(function: FunctionType) -> set[str]:
    read = (
        each.argval
        for each in _instructions(function.__code__)
        if each.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    )
    return {name for name in read if name in function.__globals__}


@contextlib.contextmanager
def as_before(functions: list[FunctionType]) -> Iterator[bool]:
    """Put random numbers, and all that the functions can reach, back as they were.

    False is given where something among it is of a kind that cannot be put back, such as an iterator or a file.
    """
    space = functions[0].__globals__
    names = sorted({name for function in functions for name in _globals_read(function)})
    try:
        kept = keep([*functions, *(space[name] for name in names)], space)
    except UnknownError:
        yield False
        return
    state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        yield True
    finally:
        random.setstate(state)
        np.random.set_state(numpy_state)  # noqa: NPY002
        for put_back in kept:
            with contextlib.suppress(Exception):
                put_back()
