"""What is recorded of a call: plain, bounded data. No meanings here, and nothing that is true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_lib.checking.calling.sites import Site

# For each operand, its site and the events whose values went into it: none for a constant.
Operands = tuple[tuple[int, tuple[int, ...]], ...]


class Event(NamedTuple):
    """A value that came to be.

    `site` is the expression, `operands` what went into it; `shape` and `data` are the value, numbers as bytes of
    float64. `how` tells what happened: "read" for what was there before, "made", "changed" for an object that is no
    longer what it was.
    """

    site: int
    operands: Operands
    shape: tuple[int, ...]
    data: bytes
    how: str = "made"

    @property
    def value(self) -> np.ndarray:
        """The numbers."""
        return np.frombuffer(self.data).reshape(self.shape)


class Called(NamedTuple):
    """A call in which events happened: those from `first` up to `last`; `result` is the event it gave, or -1."""

    site: int
    first: int
    last: int
    operands: Operands
    result: int


@dataclass(frozen=True)
class Recording:
    """What happened in one call of an answer.

    `result` has, for each piece of what it returned, the events that its value came from, and `returned` the site of
    each piece (or the one of the whole); `raising` is the site at which an error stopped it, or -1. `complete` tells
    whether no bound was reached; `numbers` are those written in the code; `own` is the file of the answer itself, which
    begins there at `first_line`.
    """

    sites: tuple[Site, ...]
    events: tuple[Event, ...]
    calls: tuple[Called, ...]
    result: tuple[tuple[int, ...], ...]
    returned: tuple[int, ...]
    raising: int
    raising_operands: Operands
    complete: bool
    numbers: tuple[float, ...] = ()
    own: str = ""
    first_line: int = 0
