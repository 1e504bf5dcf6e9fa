"""One call of an answer with every value in it recorded: which expression made it, from what, and what it is.

No meanings here, and nothing that is true: what comes out is plain, bounded data.
"""

from __future__ import annotations

import contextlib
import operator
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from course_lib.checking.calling.instrumenting import Site, Sites, instrumented
from course_lib.checking.calling.notebook_functions import reached, source_of
from course_lib.checking.calling.outcome import Outcome
from course_lib.checking.calling.traces import as_before, leaves_traces

# A recording ends at the first of these. 4,000 events take a tenth of a second; the seconds, of processor time, are
# for what computes long between two of them.
MOST_EVENTS, MOST_NUMBERS, SECONDS = 4_000, 400_000, 0.4
# A larger array is no value that a lesson asks about. A list of values is followed as far as this.
LARGEST, MOST_ELEMENTS, DEEPEST = 6_000, 400, 3


class Event(NamedTuple):
    """A value that came to be.

    `site` is the expression; `operands` has, for each operand, its site and the events whose values went into it
    (none for a constant). `shape` and `data` are the value, numbers as bytes of float64. `how` tells what happened:
    "read" for what was there before, "made", "changed" for an object that is no longer what it was.
    """

    site: int
    operands: tuple[tuple[int, tuple[int, ...]], ...]
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
    operands: tuple[tuple[int, tuple[int, ...]], ...]
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
    raising_operands: tuple[tuple[int, tuple[int, ...]], ...]
    complete: bool
    numbers: tuple[float, ...] = ()
    own: str = ""
    first_line: int = 0


# A site, its value, how many events there were then, and for an array the events that it came from.
Entry = tuple[int, Any, int, tuple[int, ...] | None]


class _EnoughError(BaseException):
    """Raised inside an answer when a bound is reached."""


def record(answer: Any, run: Callable[[], Outcome]) -> Recording | None:
    """Call ``run()``, which calls `answer` under the usual guards, and return what happened in it.

    None where nothing can be recorded: no source, or code that leaves traces that cannot be put back.
    """
    functions = reached(answer)
    if not functions or any(leaves_traces(function) for function in functions):
        return None
    sites = Sites()
    recorder = Recorder(sites)
    codes = _codes(functions, sites, recorder)
    if not codes:
        return None
    recorder.table = sites.table
    with as_before(functions) as can_be_put_back:
        if not can_be_put_back:
            return None
        old = [(function, function.__code__) for function in codes]
        try:
            for function, code in codes.items():
                function.__code__ = code
            recorder.start()
            outcome = run()
        finally:
            for function, code in old:
                function.__code__ = code
    own = functions[0].__code__
    return replace(recorder.recording(outcome, own.co_filename), first_line=own.co_firstlineno)


def _codes(functions: list[FunctionType], sites: Sites, recorder: Recorder) -> dict[FunctionType, Any]:
    found = {}
    for function in functions:
        with contextlib.suppress(SyntaxError, ValueError, TypeError, RecursionError):
            source = source_of(function)
            code = source and instrumented(function, source, sites, recorder.calls_in_code())
            if code:
                found[function] = code
    return found


_IN_PLACE = {
    "Add": operator.iadd,
    "Sub": operator.isub,
    "Mult": operator.imul,
    "Div": operator.itruediv,
    "FloorDiv": operator.ifloordiv,
    "Mod": operator.imod,
    "Pow": operator.ipow,
    "MatMult": operator.imatmul,
    "LShift": operator.ilshift,
    "RShift": operator.irshift,
    "BitOr": operator.ior,
    "BitXor": operator.ixor,
    "BitAnd": operator.iand,
}


class Recorder:
    """What the rewritten code calls.

    Values are told apart as objects: a name, an attribute, a parameter or a list hands on the object, and the event
    that made it comes along. Every object that has an event is kept, so that no number is given twice.
    """

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self.table: list[Site] = []
        self.events: list[Event] = []
        self.calls: list[Called] = []
        self.stack: list[Entry] = []
        self.open: list[tuple[int, int]] = []
        self.made: dict[int, tuple[int, bytes]] = {}
        self.pending: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        self.entries: dict[tuple, tuple[int, ...]] = {}
        self.kept: list[Any] = []
        self.numbers = self.marks = 0
        self.full = False
        self.end = 0.0
        self.returned: list[tuple[int, Any]] = []
        self.returns: tuple[int, Any, list] | None = None

    def calls_in_code(self) -> dict[str, Callable]:
        """Return the functions that stand in the code, by the names that `instrumenting` uses."""
        return {
            "mark": self.mark,
            "note": self.note,
            "leaf": self.leaf,
            "augment": self.augment,
            "augment_item": self.augment_item,
            "augment_attribute": self.augment_attribute,
            "store": self.store,
            "slice": slice,
        }

    def start(self) -> None:
        """Set the clock."""
        self.end = time.thread_time() + SECONDS

    # ---- called by the code

    def mark(self, site: int) -> tuple[int, int, int]:
        """Remember where an expression begins."""
        height = len(self.stack)
        self.marks += 1
        if (
            not self.marks % 256 and time.thread_time() > self.end
        ):  # much is computed, and nothing of it is data
            self.full = True
            raise _EnoughError
        self.open.append((site, height))
        return height, len(self.open) - 1, len(self.events)

    def leaf(self, site: int, value: Any) -> Any:
        """Report a name that is read."""
        parent = self.table[site].parent
        if parent >= 0 and self.table[parent].syntax == "Return":
            self.returns = (site, value, [])
        # An array as it is now: a call that it goes into may change it.
        called = parent >= 0 and self.table[parent].syntax == "Call" and isinstance(value, np.ndarray)
        now = self._resolved(site, value) if called else None
        self.stack.append((site, value, len(self.events), now))
        return value

    def note(self, site: int, mark: tuple[int, int, int], value: Any) -> Any:
        """Report an expression that begins at `mark` and has this value."""
        height, opened, first = mark
        stack, table = self.stack, self.table
        operands = [entry for entry in stack[height:] if self._belongs(entry[0], site)]
        del stack[height:], self.open[opened:]
        kind = table[site].syntax
        if kind not in ("Tuple", "List", "Dict", "IfExp", "BoolOp And", "BoolOp Or", "GeneratorExp"):
            self._made(site, kind, value, operands, first)
        parent = table[site].parent
        if parent >= 0 and table[parent].syntax == "Return":
            self.returns = (site, value, operands if kind in ("Tuple", "List", "Dict") else [])
        called = parent >= 0 and table[parent].syntax == "Call" and isinstance(value, np.ndarray)
        stack.append((site, value, len(self.events), self._resolved(site, value) if called else None))
        return value

    def augment(self, site: int, name: str, old: Any, value: Any) -> Any:
        """Do ``old += value``."""
        before = self._resolved(site + 1, old)
        new = _IN_PLACE[name](old, value)
        self._augmented(site, before, new)
        return new

    def augment_item(self, site: int, name: str, base: Any, index: Any, value: Any) -> None:
        """Do ``base[index] += value``."""
        old = base[index]
        array = isinstance(base, np.ndarray)
        before = self._entry(base, index, old) if array else ()
        before = before or self._resolved(site + 1, old)
        new = _IN_PLACE[name](old, value)
        base[index] = new
        made = self._augmented(site, before, new)
        if array:
            self._put_into(base, site, made)
            with contextlib.suppress(TypeError):  # a slice
                self.entries[id(base), index] = made

    def augment_attribute(self, site: int, name: str, base: Any, attribute: str, value: Any) -> None:
        """Do ``base.attribute += value``."""
        old = getattr(base, attribute)
        before = self._resolved(site + 1, old)
        new = _IN_PLACE[name](old, value)
        setattr(base, attribute, new)
        self._augmented(site, before, new)

    def store(self, site: int, base: Any) -> Any:
        """Report that what `site` assigns goes into `base`."""
        if isinstance(base, np.ndarray):
            came = [event for _, group in self._operands(self._taken(site, clear=False)) for event in group]
            self._put_into(base, site, tuple(came))
        return base

    def _entry(self, base: np.ndarray, index: Any, old: Any) -> tuple[int, ...]:
        """Return the event that put an entry into an array, if it is still what stands there."""
        try:
            known = self.entries.get((id(base), index), ())
        except TypeError:
            return ()
        data = self._data(old)
        return known if known and data and self.events[known[0]].data == data[1] else ()

    # ---- what becomes of it

    def _belongs(self, child: int, site: int) -> bool:
        parent = self.table[child].parent
        if parent == site:
            return True
        # The elements of a generator come after the generator itself.
        return (
            parent >= 0 and self.table[parent].syntax == "GeneratorExp" and self.table[parent].parent == site
        )

    def _taken(self, site: int, clear: bool = True) -> list[Entry]:
        found = []
        for at in range(len(self.stack) - 1, -1, -1):
            if self.table[self.stack[at][0]].parent == site:
                found.append(self.stack[at])
                if clear:
                    del self.stack[at:]
                break
        return found

    def _augmented(self, site: int, before: tuple[int, ...], new: Any) -> tuple[int, ...]:
        operands = list(self._operands(self._taken(site)))
        operands.insert(0, (site + 1, before))
        data = self._data(new)
        return () if data is None else (self._event(site, tuple(operands), data, new),)

    def _put_into(self, base: np.ndarray, site: int, came: tuple[int, ...]) -> None:
        for each in (base, base.base):
            if isinstance(each, np.ndarray):
                self.kept.append(each)
                self.pending.setdefault(id(each), []).append((site, came))

    def _made(self, site: int, kind: str, value: Any, entries: list, first: int) -> None:
        known = self.made.get(id(value))
        data = self._data(value)
        operands = None
        if data is None:
            if kind == "ListComp":
                self._list(site, value, entries)
            elif kind == "Call" and value is None:
                self._called_for_its_effect(site, entries)
        elif known is None:
            operands = self._operands(entries)
            self._event(site, operands, data, value)
        elif known[1] != data[1]:
            operands = (*self._operands(entries), *self.pending.pop(id(value), ()))
            if not any(known[0] in group for _, group in operands):
                operands = ((site, (known[0],)), *operands)
            self._event(site, operands, data, value, "changed")
        if kind == "Call":
            body = max((entry[2] for entry in entries), default=first)
            if len(self.events) > body + 1 or (known is not None and len(self.events) > body):
                operands = self._operands(entries) if operands is None else operands
                result = self.made.get(id(value), (-1,))[0] if data is not None else -1
                self.calls.append(Called(site, body, len(self.events), operands, result))

    def _called_for_its_effect(self, site: int, entries: list) -> None:
        """Remember which arrays a call may have changed: `np.add(a, b, out=c)`, `a.sort()`."""
        arrays = [entry[1] for entry in entries if isinstance(entry[1], np.ndarray)]
        if arrays:
            came = tuple(event for _, group in self._operands(entries) for event in group)
            for array in arrays:
                if self._data(array) is not None and self.made.get(id(array), (0, b""))[1] != array.tobytes():
                    self._put_into(array, site, came)

    def _list(self, site: int, value: Any, entries: list) -> None:
        """Report a list of numbers as an array."""
        try:
            array = np.array(value, dtype=float)
        except (TypeError, ValueError):
            return
        if not 0 < array.size <= LARGEST or not all(
            isinstance(each, float | np.ndarray | list) for each in value
        ):
            return
        came = self._elements(site, value)
        own = [entry for entry in self._operands(entries) if entry[1]]
        self._event(site, ((site, came), *own), (array.shape, array.tobytes()), value)

    def _operands(self, entries: list) -> tuple[tuple[int, tuple[int, ...]], ...]:
        return tuple(
            (site, self._resolved(site, value) if now is None else now) for site, value, _, now in entries
        )

    def _resolved(self, site: int, value: Any) -> tuple[int, ...]:
        """Return the events that a value comes from; of what was there before, an event of its own."""
        if isinstance(value, list | tuple | dict):
            return self._elements(site, value)
        known = self.made.get(id(value))
        data = self._data(value)
        if data is None:
            return ()
        if known is None:
            return (self._event(site, (), data, value, "read"),)
        if known[1] == data[1]:
            return (known[0],)
        operands = ((site, (known[0],)), *self.pending.pop(id(value), ()))
        return (self._event(site, operands, data, value, "changed"),)

    def _elements(self, site: int, value: Any, depth: int = DEEPEST) -> tuple[int, ...]:
        known = self.made.get(id(value))
        if known is not None and isinstance(value, list):
            with contextlib.suppress(TypeError, ValueError):
                if np.array(value, dtype=float).tobytes() == known[1]:
                    return (known[0],)
        if not depth:
            return ()
        found: list[int] = []
        for each in list(value.values() if isinstance(value, dict) else value)[:MOST_ELEMENTS]:
            if isinstance(each, list | tuple | dict):
                found += self._elements(site, each, depth - 1)
            else:
                found += self._resolved(site, each)
            if len(found) >= MOST_ELEMENTS:
                break
        return tuple(found)

    @staticmethod
    def _data(value: Any) -> tuple[tuple[int, ...], bytes] | None:
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

    def _event(self, site: int, operands: tuple, data: tuple, value: Any, how: str = "made") -> int:
        number = len(self.events)
        self.events.append(Event(site, operands, *data, how))
        self.made[id(value)] = number, data[1]
        self.kept.append(value)
        self.numbers += len(data[1]) // 8
        if self.full or self._is_enough(number):
            self.full = True
            raise _EnoughError
        return number

    def _is_enough(self, number: int) -> bool:
        if number >= MOST_EVENTS or self.numbers >= MOST_NUMBERS:
            return True
        return not number % 32 and time.thread_time() > self.end

    # ---- what comes out

    def recording(self, outcome: Outcome, own: str) -> Recording:
        """Return what was recorded of a call that ended like this."""
        complete, self.full, self.end = not self.full, False, float("inf")
        raising, at_it = -1, ()
        result, returned = (), ()
        with contextlib.suppress(_EnoughError):
            if outcome.failed:
                if complete and self.open:
                    raising, height = self.open[-1]
                    entries = [e for e in self.stack[height:] if self._belongs(e[0], raising)]
                    at_it = self._operands(entries)
            else:
                result, returned = self._result(outcome.value)
        return Recording(
            tuple(self.table),
            tuple(self.events),
            tuple(self.calls),
            result,
            returned,
            raising,
            at_it,
            complete,
            tuple(sorted(self.sites.numbers)),
            own,
        )

    def _result(self, value: Any) -> tuple[tuple, tuple]:
        site, whole, entries = self.returns or (-1, None, [])
        pieces = list(value.values()) if isinstance(value, dict) else value
        if isinstance(pieces, list | tuple) and not all(isinstance(each, float) for each in pieces):
            if whole is not value:  # put together by whoever called
                sites = (-1,) * len(pieces)
            else:
                apart = len(entries) == len(pieces)
                sites = tuple(entry[0] for entry in entries) if apart else (site,) * len(pieces)
            return tuple(map(self._resolved, sites, pieces)), sites
        return (self._resolved(site, value),), (site,)
