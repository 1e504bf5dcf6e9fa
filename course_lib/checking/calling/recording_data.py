"""A recording as plain data, to be sent out of a sandbox; and back, from what nobody need believe.

What comes back is bounded, and every number in it points at something that is there. It may be forged all the same:
then it is the student's own card that says something odd.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from course_lib.checking.calling.event_log import LARGEST, MOST_ELEMENTS, MOST_EVENTS, MOST_NUMBERS
from course_lib.checking.calling.events import Called, Event, Operands, Recording
from course_lib.checking.calling.sites import Site

OWN, OTHER = "own", "other"
HOW = ("made", "changed", "read")
# More numbers than these tell of no events, however many values each came from.
MOST_LINKS = 400_000
# Far more than a cell has, or a value axes, or a list pieces.
MOST_SITES, MOST_AXES, MOST_PIECES, MOST_WRITTEN = 20_000, 5, 50, 200


def plain(recording: Recording) -> dict[str, Any]:
    """Return a recording as a dict of texts, numbers and arrays; of file names only which is the answer's own."""
    places = [
        (site.filename == recording.own, *site[1:5], site.parent) for site in recording.sites[:MOST_SITES]
    ]
    return {
        "places": np.array(places, dtype=np.int64).reshape(-1, 6),
        "syntax": "\n".join(site.syntax for site in recording.sites[:MOST_SITES]),
        "events": _ints(_of_event(event) for event in recording.events),
        "values": np.frombuffer(b"".join(event.data for event in recording.events)),
        "calls": _ints((*call[:3], call.result, *_of_groups(call.operands)) for call in recording.calls),
        "result": _ints((len(piece), *piece) for piece in recording.result),
        "returned": _ints([recording.returned]),
        "raising": _ints([(recording.raising, *_of_groups(recording.raising_operands))]),
        "complete": recording.complete,
        "first_line": recording.first_line,
        "numbers": np.array(recording.numbers[:MOST_WRITTEN], dtype=float),
    }


def _ints(rows: Iterable[Iterable[int]]) -> np.ndarray:
    return np.array([int(number) for row in rows for number in row], dtype=np.int64)


def _of_event(event: Event) -> tuple[int, ...]:
    return (event.site, HOW.index(event.how), len(event.shape), *event.shape, *_of_groups(event.operands))


def _of_groups(groups: Operands) -> tuple[int, ...]:
    return (len(groups), *(n for site, events in groups for n in (site, len(events), *events)))


def from_plain(data: Any) -> Recording | None:
    """Return the recording that `plain` wrote; None for anything it never writes."""
    try:
        return _Reader(data).recording()
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return None


class _Numbers:
    """Whole numbers, read one after the other; each must lie within its bounds."""

    def __init__(self, array: Any) -> None:
        if not (isinstance(array, np.ndarray) and array.ndim == 1 and array.dtype == np.int64):
            raise TypeError("expected whole numbers")
        if array.size > MOST_LINKS:
            raise ValueError("too many numbers")
        self._numbers, self._at = array.tolist(), 0

    def __bool__(self) -> bool:
        return self._at < len(self._numbers)

    def next(self, least: int, below: int) -> int:
        """Return the next number, which is at least `least` and less than `below`."""
        number = self._numbers[self._at]
        self._at += 1
        if not least <= number < below:
            raise ValueError("a number out of its bounds")
        return number

    def groups(self, sites: int, events: int) -> Operands:
        """Return operands: sites, and events before a given one."""
        return tuple(
            (self.next(0, sites), tuple(self.next(0, events) for _ in range(self.next(0, MOST_ELEMENTS + 1))))
            for _ in range(self.next(0, MOST_ELEMENTS + 1))
        )


class _Reader:
    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.sites = self._sites()
        self.events = self._events()

    def recording(self) -> Recording:
        """Return it, every part read with its bounds."""
        sites, events = len(self.sites), len(self.events)
        raising = _Numbers(self.data["raising"])
        return Recording(
            self.sites,
            self.events,
            tuple(self._calls()),
            result := tuple(self._result()),
            self._returned(len(result)),
            raising.next(-1, sites),
            raising.groups(sites, events),
            self.data["complete"] is True,
            tuple(self._table("numbers", float)[:MOST_WRITTEN].tolist()),
            OWN,
            self.data["first_line"] if type(self.data["first_line"]) is int else 0,
        )

    def _table(self, name: str, dtype: type) -> np.ndarray:
        array = self.data[name]
        if not (isinstance(array, np.ndarray) and array.ndim == 1 and array.dtype == dtype):
            raise TypeError("expected an array of numbers")
        return array

    def _sites(self) -> tuple[Site, ...]:
        places, syntax = self.data["places"], self.data["syntax"].split("\n")
        if places.dtype != np.int64 or places.ndim != 2 or places.shape[1] != 6 or len(places) > MOST_SITES:
            raise ValueError("expected a table of places")
        found = []
        for number, (own, *place, parent) in enumerate(places.tolist()):
            # The parent of an expression comes before it, so there are no rings.
            if not -1 <= parent < number or min(place) < 0:
                raise ValueError("a place that is none")
            found.append(Site(OWN if own else OTHER, *place, syntax[number][:40], parent))
        return tuple(found)

    def _events(self) -> tuple[Event, ...]:
        numbers, values = _Numbers(self.data["events"]), self._table("values", float)
        if values.size > MOST_NUMBERS + LARGEST:
            raise ValueError("too many numbers")
        found: list[Event] = []
        start = 0
        while numbers:
            site, how = numbers.next(0, len(self.sites)), HOW[numbers.next(0, len(HOW))]
            shape = tuple(numbers.next(0, LARGEST + 1) for _ in range(numbers.next(0, MOST_AXES + 1)))
            operands = numbers.groups(len(self.sites), len(found))
            size = math.prod(shape)
            data = values[start : start + size].tobytes()
            start += size
            if not 0 < size <= LARGEST or len(data) != 8 * size or len(found) > MOST_EVENTS:
                raise ValueError("an event that is none")
            found.append(Event(site, operands, shape, data, how))
        return tuple(found)

    def _calls(self) -> Iterable[Called]:
        numbers, sites, events = _Numbers(self.data["calls"]), len(self.sites), len(self.events)
        while numbers:
            site, first, last = (
                numbers.next(0, sites),
                numbers.next(0, events + 1),
                numbers.next(0, events + 1),
            )
            result = numbers.next(-1, events)
            yield Called(site, first, last, numbers.groups(sites, events), result)

    def _result(self) -> Iterable[tuple[int, ...]]:
        numbers, events = _Numbers(self.data["result"]), len(self.events)
        while numbers:
            yield tuple(numbers.next(0, events) for _ in range(numbers.next(0, MOST_ELEMENTS + 1)))

    def _returned(self, count: int) -> tuple[int, ...]:
        numbers = _Numbers(self.data["returned"])
        if count > MOST_PIECES:
            raise ValueError("too many pieces")
        return tuple(numbers.next(-1, len(self.sites)) for _ in range(count))
