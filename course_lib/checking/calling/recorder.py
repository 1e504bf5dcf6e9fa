"""What the rewritten code calls: the value of each expression, as it comes, becomes an event."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from course_lib.checking.calling.event_log import EventLog, data_of, data_of_list
from course_lib.checking.calling.events import Called, Operands
from course_lib.checking.calling.sites import Sites

# What only holds values together, or hands one of them on: no event of its own.
_HANDING_ON = ("Tuple", "List", "Dict", "IfExp", "BoolOp And", "BoolOp Or", "GeneratorExp")
IN_PLACE = {
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


class Evaluated(NamedTuple):
    """An expression that has a value and waits for the one around it.

    `before` is how many events there were then, `now` the events that an array came from, if it may be changed later.
    """

    site: int
    value: Any
    before: int
    now: tuple[int, ...] | None


class Recorder:
    """Keeps the expressions that are being evaluated, and enters in `log` what each of them gave.

    Values are told apart as objects: a name, an attribute, a parameter or a list hands on the object, and the event
    that made it comes along.
    """

    def __init__(self, sites: Sites) -> None:
        self.sites, self.log = sites, EventLog()
        self.table, self.events = sites.table, self.log.events
        self.calls: list[Called] = []
        self.stack: list[Evaluated] = []
        # Those that have begun, each with the height of the stack then.
        self.open: list[tuple[int, int]] = []
        # What was returned last: the site of it, the value, and the pieces that it was put together of.
        self.returns: tuple[int, Any, list[Evaluated]] = (-1, None, [])
        self._marks = 0

    def calls_in_code(self) -> dict[str, Callable]:
        """Return the functions that stand in the code, by the names that the rewriting uses."""
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

    # ---- called by the code

    def mark(self, site: int) -> tuple[int, int, int]:
        """Remember where an expression begins."""
        height = len(self.stack)
        self._marks += 1
        if not self._marks % 256:  # much is computed, and nothing of it may be data
            self.log.look_at_the_clock()
        self.open.append((site, height))
        return height, len(self.open) - 1, len(self.events)

    def leaf(self, site: int, value: Any) -> Any:
        """Report a name that is read."""
        self._push(site, value, [])
        return value

    def note(self, site: int, mark: tuple[int, int, int], value: Any) -> Any:
        """Report an expression that begins at `mark` and has this value."""
        height, opened, first = mark
        operands = self.operands_on_stack(site, height)
        del self.stack[height:], self.open[opened:]
        kind = self.table[site].syntax
        if kind not in _HANDING_ON:
            before = self.log.made(value)
            result = self._made(site, kind, value, operands)
            if kind == "Call":
                self._called(site, result, before, operands, first)
        self._push(site, value, operands if kind in ("Tuple", "List", "Dict") else [])
        return value

    def augment(self, site: int, name: str, old: Any, value: Any) -> Any:
        """Do ``old += value``."""
        before = self.log.sources(site + 1, old)
        new = IN_PLACE[name](old, value)
        self._augmented(site, before, new)
        return new

    def augment_item(self, site: int, name: str, base: Any, index: Any, value: Any) -> None:
        """Do ``base[index] += value``."""
        old = base[index]
        array = isinstance(base, np.ndarray)
        before = self.log.entry(base, index, old) if array else ()
        before = before or self.log.sources(site + 1, old)
        new = IN_PLACE[name](old, value)
        base[index] = new
        made = self._augmented(site, before, new)
        if array:
            self.log.put_into(base, site, made)
            self.log.put_entry(base, index, made)

    def augment_attribute(self, site: int, name: str, base: Any, attribute: str, value: Any) -> None:
        """Do ``base.attribute += value``."""
        old = getattr(base, attribute)
        before = self.log.sources(site + 1, old)
        new = IN_PLACE[name](old, value)
        setattr(base, attribute, new)
        self._augmented(site, before, new)

    def store(self, site: int, base: Any) -> Any:
        """Report that what `site` assigns goes into `base`."""
        if isinstance(base, np.ndarray):
            at = self._last_operand(site)
            self.log.put_into(base, site, _events_in(self.operands(self.stack[at : at + 1])))
        return base

    # ---- the stack

    def _push(self, site: int, value: Any, pieces: list[Evaluated]) -> None:
        """Leave a value to the expression around it."""
        parent = self.table[site].parent
        around = self.table[parent].syntax if parent >= 0 else ""
        if around == "Return":
            self.returns = (site, value, pieces)
        # An array as it is now: a call that it goes into may change it.
        goes_into_call = around == "Call" and isinstance(value, np.ndarray)
        now = self.log.sources(site, value) if goes_into_call else None
        self.stack.append(Evaluated(site, value, len(self.events), now))

    def operands_on_stack(self, site: int, height: int) -> list[Evaluated]:
        """Return the operands of an expression among what lies on the stack above a height."""
        return [entry for entry in self.stack[height:] if self._belongs(entry.site, site)]

    def _belongs(self, child: int, site: int) -> bool:
        parent = self.table[child].parent
        if parent == site:
            return True
        # The elements of a generator come after the generator itself.
        return (
            parent >= 0 and self.table[parent].syntax == "GeneratorExp" and self.table[parent].parent == site
        )

    def _last_operand(self, site: int) -> int:
        """Return where on the stack the last operand of a statement lies; its height if there is none."""
        above = (
            at for at in reversed(range(len(self.stack))) if self.table[self.stack[at].site].parent == site
        )
        return next(above, len(self.stack))

    def operands(self, entries: Sequence[Evaluated]) -> Operands:
        """Return operands with the events that they came from."""
        return tuple(
            (entry.site, self.log.sources(entry.site, entry.value) if entry.now is None else entry.now)
            for entry in entries
        )

    # ---- what becomes of it

    def _augmented(self, site: int, before: tuple[int, ...], new: Any) -> tuple[int, ...]:
        at = self._last_operand(site)
        taken = self.stack[at : at + 1]
        del self.stack[at:]
        operands = ((site + 1, before), *self.operands(taken))
        data = data_of(new)
        return () if data is None else (self.log.add(site, operands, data, new),)

    def _made(self, site: int, kind: str, value: Any, entries: list[Evaluated]) -> int:
        """Return the event of a value, entered unless it is there already; -1 if it is no data."""
        known, data = self.log.made(value), data_of(value)
        if data is None:
            self._made_no_data(site, kind, value, entries)
            return -1
        if known is None:
            return self.log.add(site, self.operands(entries), data, value)
        if known[1] == data[1]:
            return known[0]
        return self.log.changed(site, known[0], self.operands(entries), value, data)

    def _made_no_data(self, site: int, kind: str, value: Any, entries: list[Evaluated]) -> None:
        if kind == "ListComp":
            data = data_of_list(value)
            if data is not None:
                came = self.log.elements(site, value)
                own = [operand for operand in self.operands(entries) if operand[1]]
                self.log.add(site, ((site, came), *own), data, value)
        elif kind == "Call" and value is None:
            self._called_for_its_effect(site, entries)

    def _called_for_its_effect(self, site: int, entries: list[Evaluated]) -> None:
        """Remember which arrays a call may have changed: `np.add(a, b, out=c)`, `a.sort()`."""
        arrays = [entry.value for entry in entries if isinstance(entry.value, np.ndarray)]
        came = _events_in(self.operands(entries)) if arrays else ()
        for array in arrays:
            known = self.log.made(array)
            if data_of(array) is not None and (known is None or known[1] != array.tobytes()):
                self.log.put_into(array, site, came)

    def _called(
        self, site: int, result: int, before: tuple[int, bytes] | None, entries: list[Evaluated], first: int
    ) -> None:
        """Enter a call in which more happened than that its result came to be.

        `before` is what was known of the object that it gave.
        """
        body = max((entry.before for entry in entries), default=first)
        happened = len(self.events) - body
        if happened > 1 or (before is not None and happened):
            is_new = result >= 0 and (before is None or before[0] != result)
            operands = self.events[result].operands if is_new else self.operands(entries)
            self.calls.append(Called(site, body, len(self.events), operands, result))


def _events_in(operands: Operands) -> tuple[int, ...]:
    return tuple(event for _, group in operands for event in group)
