"""Stands for every module of course_lib that the lesson being graded does not open: its names exist and do nothing."""

from __future__ import annotations


class Nothing:
    """Whatever is done with it, nothing happens, so that a lesson's own cells run to their end."""

    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("_"):  # IPython asks for `_repr_html_` and its kin, Python for its own
            raise AttributeError(name)
        return self

    def _itself(self, *args: object, **kwargs: object) -> Nothing:
        return self

    __call__ = __getitem__ = __enter__ = __neg__ = __abs__ = _itself
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _itself
    __pow__ = __rpow__ = __matmul__ = __rmatmul__ = _itself

    def _in_vain(self, *args: object) -> None:
        pass

    __setitem__ = __delitem__ = __exit__ = _in_vain

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> object:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "(not there while this is graded)"

    def __format__(self, spec: str) -> str:
        return repr(self)


NOTHING = Nothing()


def __getattr__(name: str) -> Nothing:
    if name.startswith("__"):
        raise AttributeError(name)
    return NOTHING
