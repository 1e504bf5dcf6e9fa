"""What a check finds."""

from enum import Enum
from typing import NamedTuple


class State(Enum):
    """How much a finding matters."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(NamedTuple):
    """How one thing stands, and what to do where it does not stand well."""

    state: State
    said: str
    remedy: str = ""


def ok(said: str) -> Finding:
    """Find that nothing needs to be done."""
    return Finding(State.OK, said)


def warn(said: str, remedy: str) -> Finding:
    """Find what works now, but not always or not for everyone."""
    return Finding(State.WARN, said, remedy)


def fail(said: str, remedy: str) -> Finding:
    """Find what stops a command."""
    return Finding(State.FAIL, said, remedy)
