"""Which events happened, which of them made which object, and what the numbers of that object were."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from course_lib.checking.calling.events import Event, Operands
from course_lib.execution import SLOWER, thread_time

# A recording ends at the first of these. 4,000 events take a tenth of a second; the seconds, of processor time, are
# for what computes long between two of them.
MOST_EVENTS, MOST_NUMBERS, SECONDS = 4_000, 400_000, 0.4 * SLOWER
# A larger array is no value that a lesson asks about. A list of values is followed as far as this.
LARGEST, MOST_ELEMENTS, DEEPEST = 6_000, 400, 3

# A shape, and numbers as bytes of float64.
Data = tuple[tuple[int, ...], bytes]


class EnoughError(BaseException):
    """Raised inside an answer when a bound is reached."""


def data_of(value: Any) -> Data | None:
    """Return shape and numbers; None for what is not data, whole numbers among it."""
    kind = type(value)
    if kind is float or kind is np.float64:
        return (), np.float64(value).tobytes()
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "fb" or not 0 < value.size <= LARGEST or value.ndim > 5:
            return None
        plain = value if value.dtype == np.float64 else value.astype(np.float64)
        return value.shape, plain.tobytes()
    if isinstance(value, np.floating):
        return (), np.float64(value).tobytes()
    return None


def data_of_list(value: Any) -> Data | None:
    """Return shape and numbers of a list of numbers, as those of an array; None for any other list."""
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError):
        return None
    if not 0 < array.size <= LARGEST or not all(
        isinstance(each, float | np.ndarray | list) for each in value
    ):
        return None
    return array.shape, array.tobytes()


class EventLog:
    """The events so far. Every object that has one is kept, so that no number is given to two of them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.full = False
        self._made: dict[int, tuple[int, bytes]] = {}
        self._pending: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        self._entries: dict[tuple, tuple[int, ...]] = {}
        self._kept: list[Any] = []
        self._numbers = 0
        self._end = 0.0

    # ---- bounds

    def start(self) -> None:
        """Set the clock."""
        self._end = thread_time() + SECONDS

    def stop(self) -> bool:
        """Take away the bounds, and return whether none was reached."""
        complete, self.full, self._end = not self.full, False, float("inf")
        return complete

    def look_at_the_clock(self) -> None:
        """Raise if the time is up."""
        if thread_time() > self._end:
            self.full = True
            raise EnoughError

    def _is_enough(self, number: int) -> bool:
        if number >= MOST_EVENTS or self._numbers >= MOST_NUMBERS:
            return True
        return not number % 32 and thread_time() > self._end

    # ---- events

    def add(self, site: int, operands: Operands, data: Data, value: Any, how: str = "made") -> int:
        """Enter an event that gave `value`, and return its number."""
        number = len(self.events)
        self.events.append(Event(site, operands, *data, how))
        self._made[id(value)] = number, data[1]
        self._kept.append(value)
        self._numbers += len(data[1]) // 8
        if self.full or self._is_enough(number):
            self.full = True
            raise EnoughError
        return number

    def made(self, value: Any) -> tuple[int, bytes] | None:
        """Return the event that made an object, and the numbers that it had then; None if no event did."""
        return self._made.get(id(value))

    def changed(self, site: int, known: int, operands: Operands, value: Any, data: Data) -> int:
        """Enter an event for an object that has other numbers than event `known` gave it."""
        operands = (*operands, *self._pending.pop(id(value), ()))
        if not any(known in group for _, group in operands):
            operands = ((site, (known,)), *operands)
        return self.add(site, operands, data, value, "changed")

    def put_into(self, base: np.ndarray, site: int, came: tuple[int, ...]) -> None:
        """Remember what went into an array: no event until the array is read again."""
        for each in (base, base.base):
            if isinstance(each, np.ndarray):
                self._kept.append(each)
                self._pending.setdefault(id(each), []).append((site, came))

    def put_entry(self, base: np.ndarray, index: Any, made: tuple[int, ...]) -> None:
        """Remember which event an entry of an array is."""
        with contextlib.suppress(TypeError):  # a slice
            self._entries[id(base), index] = made

    def entry(self, base: np.ndarray, index: Any, old: Any) -> tuple[int, ...]:
        """Return the event that put an entry into an array, if it is still what stands there."""
        try:
            known = self._entries.get((id(base), index), ())
        except TypeError:
            return ()
        data = data_of(old)
        return known if known and data and self.events[known[0]].data == data[1] else ()

    # ---- what a value comes from

    def sources(self, site: int, value: Any) -> tuple[int, ...]:
        """Return the events that a value comes from; of what was there before, an event of its own."""
        if isinstance(value, list | tuple | dict):
            return self.elements(site, value)
        known = self._made.get(id(value))
        data = data_of(value)
        if data is None:
            return ()
        if known is None:
            return (self.add(site, (), data, value, "read"),)
        if known[1] == data[1]:
            return (known[0],)
        operands = ((site, (known[0],)), *self._pending.pop(id(value), ()))
        return (self.add(site, operands, data, value, "changed"),)

    def elements(self, site: int, value: Any, depth: int = DEEPEST) -> tuple[int, ...]:
        """Return the events that the values in a list, tuple or dict come from."""
        known = self._made.get(id(value))
        if known is not None and isinstance(value, list):
            with contextlib.suppress(TypeError, ValueError):
                if np.array(value, dtype=float).tobytes() == known[1]:
                    return (known[0],)
        if not depth:
            return ()
        found: list[int] = []
        for each in list(value.values() if isinstance(value, dict) else value)[:MOST_ELEMENTS]:
            if isinstance(each, list | tuple | dict):
                found += self.elements(site, each, depth - 1)
            else:
                found += self.sources(site, each)
            if len(found) >= MOST_ELEMENTS:
                break
        return tuple(found)
