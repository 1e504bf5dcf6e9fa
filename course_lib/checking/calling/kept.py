"""What a function can reach, kept as it is now, with what puts each object back; or nothing where one is unknown."""

from __future__ import annotations

import random
import types
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

# A larger array is not copied, nor are more objects than these followed.
LARGEST, MOST_OBJECTS = 100_000, 2_000
# Modules whose functions change nothing but their arguments.
HARMLESS_MODULES = frozenset(
    {"numpy", "scipy", "math", "cmath", "random", "itertools", "functools", "operator", "collections", "copy"}
    | {
        "dataclasses",
        "typing",
        "types",
        "time",
        "statistics",
        "fractions",
        "decimal",
        "numbers",
        "enum",
        "abc",
    }
    | {
        "string",
        "contextlib",
        "warnings",
        "builtins",
        "course_lib",
        "_operator",
        "_functools",
        "_collections",
    }
    | {"__future__", "_collections_abc", "array", "reprlib"}
)
# These packages of the course write files, or show things.
_SHOWING = ("course_lib.checking", "course_lib.answers", "course_lib.widgets", "course_lib.plots")
_PLAIN = (
    int,
    float,
    complex,
    str,
    bytes,
    bool,
    type(None),
    type(...),
    range,
    slice,
    np.generic,
    np.dtype,
    np.ufunc,
)
# What a class has of its own accord.
_OF_TYPES = (
    types.MemberDescriptorType,
    types.GetSetDescriptorType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
)

PutBack = Callable[[], None]


class UnknownError(Exception):
    """Raised where an object cannot be put back."""


def keep(values: Iterable[Any], space: dict[str, Any]) -> list[PutBack]:
    """Keep everything that can be reached from `values`, functions and classes of the notebook `space` among them."""
    keeper = _Keeper(str(space.get("__name__")))
    for value in values:
        keeper.keep(value)
    return keeper.put_back


class _Keeper:
    def __init__(self, notebook: str) -> None:
        self.notebook = notebook
        self.put_back: list[PutBack] = []
        self._seen: dict[int, Any] = {}

    def keep(self, value: Any) -> None:
        """Keep a value and what is in it."""
        if isinstance(value, _PLAIN) or id(value) in self._seen:
            return
        self._seen[id(value)] = value
        if len(self._seen) > MOST_OBJECTS:
            raise UnknownError
        if not (self._collection(value) or self._callable(value) or self._random(value)):
            self._instance(value)

    def _all(self, values: Iterable[Any]) -> bool:
        for each in values:
            self.keep(each)
        return True

    def _collection(self, value: Any) -> bool:
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, tuple | frozenset):
            return self._all(value)
        if isinstance(value, list | set | deque | bytearray):
            kept = list(value)
            self.put_back.append(lambda: _refill(value, kept))
            return self._all(() if isinstance(value, bytearray) else kept)
        if isinstance(value, dict):
            return self._dict(value)
        return False

    def _array(self, value: np.ndarray) -> bool:
        if value.size > LARGEST or value.dtype.hasobject:
            raise UnknownError
        kept = value.copy()
        self.put_back.append(lambda: None if _same_numbers(value, kept) else np.copyto(value, kept))
        return True

    def _dict(self, value: dict) -> bool:
        kept = dict(value)
        self.put_back.append(lambda: _refill_dict(value, kept))
        return self._all(kept.values())

    def _callable(self, value: Any) -> bool:
        if isinstance(value, FunctionType):
            return self._function(value)
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, MethodType):
            return self._all([value.__func__, value.__self__])
        if isinstance(value, partial):
            return self._all([value.func, value.args, value.keywords])
        if isinstance(value, staticmethod | classmethod):
            return self._all([value.__func__])
        if isinstance(value, property):
            return self._all([value.fget, value.fset, value.fdel])
        if isinstance(value, CellType):
            return self._cell(value)
        if isinstance(value, ModuleType):
            return self._module(value)
        if isinstance(value, _OF_TYPES):
            return True
        return isinstance(value, BuiltinFunctionType) and self._is_harmless(value)

    def _function(self, value: FunctionType) -> bool:
        if value.__globals__.get("__name__") != self.notebook:
            return self._is_harmless(value)
        if value.__code__.co_filename == "<string>":  # made by `dataclass`
            return True
        return self._all(
            [value.__dict__, value.__defaults__, value.__kwdefaults__, *(value.__closure__ or ())]
        )

    def _cell(self, value: CellType) -> bool:
        try:
            kept = value.cell_contents
        except ValueError:  # not filled yet
            return True

        def put_back() -> None:
            value.cell_contents = kept

        self.put_back.append(put_back)
        return self._all([kept])

    def _class(self, value: type) -> bool:
        if value.__module__ != self.notebook:
            return self._is_harmless(value)
        kept = dict(vars(value))
        self.put_back.append(lambda: _reset(value, kept))
        own = [
            each for name, each in kept.items() if not name.startswith("__") or isinstance(each, FunctionType)
        ]
        return self._all([*own, *value.__bases__])

    def _module(self, value: ModuleType) -> bool:
        if not self._is_harmless(value):
            raise UnknownError
        kept = dict(vars(value))
        self.put_back.append(lambda: _set_again(value, kept))
        return True

    @staticmethod
    def _is_harmless(value: Any) -> bool:
        if isinstance(value, ModuleType):
            name = value.__name__
        else:
            name = str(getattr(value, "__globals__", {}).get("__name__") or value.__module__ or "builtins")
        if name.partition(".")[0] not in HARMLESS_MODULES or name.startswith(_SHOWING):
            raise UnknownError
        return True

    def _random(self, value: Any) -> bool:
        if isinstance(value, random.Random):
            kept = value.getstate()
            self.put_back.append(lambda: value.setstate(kept))
            return True
        if isinstance(value, np.random.Generator | np.random.RandomState):
            bits = getattr(value, "bit_generator", None) or value._bit_generator
            state = bits.state
            self.put_back.append(lambda: setattr(bits, "state", state))
            return True
        return False

    def _instance(self, value: Any) -> None:
        """Keep an object of a class of the notebook; every other one is unknown."""
        cls = type(value)
        if cls.__module__ != self.notebook and not isinstance(value, SimpleNamespace):
            raise UnknownError
        self.keep(cls)
        slots = {name for each in cls.__mro__ for name in _slots(each) if hasattr(value, name)}
        kept = {name: getattr(value, name) for name in slots}
        self.put_back.append(lambda: [setattr(value, name, each) for name, each in kept.items()] and None)
        self._all(kept.values())
        if hasattr(value, "__dict__"):
            self._dict(vars(value))


def _slots(cls: type) -> Iterable[str]:
    slots = vars(cls).get("__slots__", ())
    names = (slots,) if isinstance(slots, str) else slots
    return [name for name in names if name not in ("__dict__", "__weakref__")]


def _same_numbers(some: np.ndarray, others: np.ndarray) -> bool:
    return some.tobytes() == others.tobytes()


def _same(some: Iterable[Any], others: Iterable[Any]) -> bool:
    some, others = list(some), list(others)
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))


def _refill(some: Any, kept: list) -> None:
    if not _same(some, kept):
        some.clear()
        getattr(some, "update" if isinstance(some, set) else "extend")(kept)


def _refill_dict(some: dict, kept: dict) -> None:
    if list(some) != list(kept) or not _same(some.values(), kept.values()):
        some.clear()
        some.update(kept)


def _reset(cls: type, kept: dict[str, Any]) -> None:
    for name in vars(cls).keys() - kept.keys():
        delattr(cls, name)
    _set_again(cls, kept)


def _set_again(value: type | ModuleType, kept: dict[str, Any]) -> None:
    """Set what is another object now; what a module has loaded meanwhile stays."""
    now = dict(vars(value))
    for name, each in kept.items():
        if now.get(name) is not each:
            setattr(value, name, each)
