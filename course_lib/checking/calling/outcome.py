"""What calling an answer on one case gave: a value, or why there is none."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple


class Status(Enum):
    """How calling an answer ended."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    RAISED = "raised"
    STUB_LEFT = "the stub's raise is still in it"
    STUB_CALLED = "it calls a function that is still a stub"
    TIMED_OUT = "timed out"
    WRONG_TYPE = "wrong type"
    UNREADABLE = "could not be read"
    DIED = "ended its kernel"
    ELSEWHERE = "not in the answer's own cell"


# An answer that ends like this ends like this on every case, or must not be tried again.
FINAL = frozenset({Status.UNANSWERED, Status.TIMED_OUT, Status.WRONG_TYPE, Status.DIED, Status.ELSEWHERE})


class Error(NamedTuple):
    """What an answer raised.

    `line` is the student's own line that raised it; `name` is the name that is not defined (of a NameError), or the
    function that is still a stub (of a NotImplementedError).
    """

    type: str
    message: str = ""
    line: str = ""
    name: str = ""


@dataclass(frozen=True)
class Outcome:
    """What calling an answer on one case gave.

    Parameters
    ----------
    value : object
        What it returned (or what was handed in, for answers that are data, and for what cannot be called).
    error : Error or str, optional
        What it raised; a text such as ``"ValueError: no"`` is read as type and message.
    warnings : tuple of str
    mutated : bool
        Whether it changed its arguments.
    changed : tuple of tuple of int
        Which of them: the number of an argument, and in a list the number of the entry.
    printed : str
        The beginning of what it printed.
    reads : tuple of str
        The variables of the notebook that a wrong answer reads in place of its arguments.
    status : Status, optional
        How it ended; left out, it follows from `error`.
    missing : tuple of str
        Where a dict of functions is asked for: the names under which there is none.
    source : str
        The text of the function that was called, where it counts what in it was changed.
    """

    value: Any = None
    error: Error | str | None = None
    warnings: tuple[str, ...] = ()
    mutated: bool = False
    printed: str = ""
    reads: tuple[str, ...] = ()
    status: Status | None = None
    missing: tuple[str, ...] = ()
    source: str = ""
    changed: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.error, str):
            object.__setattr__(self, "error", _read(self.error))
        if self.status is None:
            object.__setattr__(self, "status", Status.RAISED if self.error else Status.ANSWERED)

    @property
    def failed(self) -> bool:
        """Whether it gave no value."""
        return self.status is not Status.ANSWERED


def _read(text: str) -> Error:
    name, colon, message = text.partition(": ")
    return Error(name, message) if colon and name.isidentifier() else Error("", text)
