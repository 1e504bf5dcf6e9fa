"""Which variables of the notebook an answer reads; the grader's sandbox has this too."""

from collections.abc import Callable, Iterator
from types import CodeType

import numpy as np


def data_read_by(answer: Callable) -> Iterator[str]:
    """Yield the global names in the code of `answer` that hold data: arrays, numbers, lists."""
    code, space = getattr(answer, "__code__", None), getattr(answer, "__globals__", {})
    for name in dict.fromkeys(_names(code) if code else ()):
        if isinstance(space.get(name), np.ndarray | np.number | float | int | list | tuple):
            yield name


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
