"""Replaces every module of course_lib that the lesson being graded does not open: its names exist and do nothing."""

from __future__ import annotations

import dis
import math
import sys
from collections.abc import Iterator


class Placeholder:
    """Stands for anything: whatever is done with it does nothing, so that a lesson's own cells run to their end."""

    def __getattr__(self, name: str) -> Placeholder:
        if name.startswith("_"):  # IPython asks for `_repr_html_` and its kin, Python for its own
            raise AttributeError(name)
        return self

    def _itself(self, *args: object, **kwargs: object) -> Placeholder:
        return self

    __call__ = __getitem__ = __enter__ = __neg__ = __abs__ = __round__ = _itself
    __lt__ = __le__ = __gt__ = __ge__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _itself
    # What numpy is asked to do with it is not done either.
    __array_ufunc__ = __array_function__ = _itself
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _itself
    __pow__ = __rpow__ = __matmul__ = __rmatmul__ = _itself

    def _ignore(self, *args: object) -> None:
        pass

    __setitem__ = __delitem__ = __exit__ = _ignore

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[Placeholder]:
        return iter([self] * _count_of_targets())

    def __float__(self) -> float:
        return math.nan

    def __index__(self) -> int:
        return 0

    def __len__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "(not there while this is graded)"

    def __format__(self, spec: str) -> str:
        return repr(self)


def _count_of_targets() -> int:
    """Return how many names are on the left of ``a, b = placeholder``; a loop over a placeholder has no rounds."""
    frame = sys._getframe(2)
    code, at = frame.f_code.co_code, frame.f_lasti
    return code[at + 1] if dis.opname[code[at]] == "UNPACK_SEQUENCE" else 0


PLACEHOLDER = Placeholder()


def __getattr__(name: str) -> Placeholder:
    if name.startswith("__"):
        raise AttributeError(name)
    return PLACEHOLDER
