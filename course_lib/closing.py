"""What an exercise closes: the library must not answer the question it asks.

Every public function that some exercise asks a student to write begins with ``guard``. While ``check``
calls an answer, the modules which that exercise closes are listed here, and the guard raises. A guard inside
the function, unlike patching the module, also holds for a reference that was taken earlier.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

_closed: frozenset[str] = frozenset()


class ClosedError(RuntimeError):
    """Raised by a library function that the exercise being checked asks the student to write."""


def guard(module: str, name: str) -> None:
    """Raise `ClosedError` if `module` (its ``__name__``) is closed at the moment."""
    if _closed and module.rpartition(".")[2] in _closed:
        raise ClosedError(
            f"course_lib's `{name}` is closed while this answer is checked: "
            "it is what the exercise asks you to write."
        )


def is_closed(name: str) -> bool:
    """Tell whether `name` is among what is closed at the moment, for names that are not modules."""
    return name in _closed


@contextmanager
def closed(modules: Iterable[str]) -> Iterator[None]:
    """Close `modules` (short names such as ``"backprop"``) inside a ``with`` block, beside what is closed."""
    global _closed
    if isinstance(modules, str):  # its letters would close nothing, and nobody would notice
        raise TypeError(f"modules: expected a list of names such as ['backprop'], got str {modules!r}")
    before, _closed = _closed, _closed | frozenset(modules)
    try:
        yield
    finally:
        _closed = before
