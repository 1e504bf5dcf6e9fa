"""What the values of a recording mean, held against a walk; and which of them are no evidence of anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from course_lib.checking.calling.events import Recording
from course_lib.checking.judging.looking_up import NOTHING, Meaning, meanings_in
from course_lib.checking.judging.matching import Index
from course_lib.exercises.walks import Walk

# Expressions that pick out, or hand on, what is there.
SELECTING = frozenset({"Subscript", "Attribute", "Name"})
SUMS = frozenset({"BinOp Add", "BinOp Sub", "AugAssign Add", "AugAssign Sub"})


class Reading:
    """A recording with the meaning of every event.

    Parameters
    ----------
    recording : Recording
    walk : Walk
    indexes : sequence of Index
        Where values are looked up: the walk's own first, then those of walks gone on behind a wrong value.
    accepted : mapping of int to str
        Events that are wrong, are pointed at already, and stand for this value of the walk.
    """

    def __init__(
        self, recording: Recording, walk: Walk, indexes: Sequence[Index], accepted: dict[int, str]
    ) -> None:
        self.recording, self.walk, self.indexes, self.accepted = recording, walk, indexes, accepted
        self.events, self.sites = recording.events, recording.sites
        self.first_known: set[int] = set()
        self.meanings = self._meanings()
        self._updated()
        self.constant = self._constants()
        self.leads = self._leading(self.has_meaning)
        self.needed = self._needed()

    # ---- one event

    def syntax(self, number: int) -> str:
        """Return the kind of the expression that made an event."""
        return self.sites[self.events[number].site].syntax

    def has_meaning(self, number: int) -> bool:
        """Tell whether an event is a right value, or one that stands for it."""
        return bool(self.meanings[number].right) or number in self.accepted

    def names(self, number: int) -> tuple[str, ...]:
        """Return what an event is, or stands for."""
        return (self.accepted[number],) if number in self.accepted else self.meanings[number].right

    def sources(self, number: int) -> list[int]:
        """Return the events that went into one."""
        return [each for _, group in self.events[number].operands for each in group]

    def is_bad(self, number: int) -> bool:
        """Tell whether an event means nothing, leads to nothing, and the result depends on it."""
        return (
            number in self.needed
            and not self.constant[number]
            and not self.has_meaning(number)
            and (bool(self.meanings[number].mistakes) or not self.leads[number])
        )

    def is_right_in_itself(self, number: int) -> bool:
        """Tell whether an event is a right value, or leads to one, without going on behind a wrong one."""
        return number in self.first_known or (
            self.leads_at_first[number] and not self.meanings[number].mistakes
        )

    def is_put_together(self, number: int) -> bool:
        """Tell whether an event is an array of several values, or one that was filled bit by bit."""
        event = self.events[number]
        return event.how == "changed" or any(len(group) > 1 for _, group in event.operands)

    def is_given(self, number: int) -> bool:
        """Tell whether a value was there before, or was picked out of one that was."""
        while self.syntax(number) in SELECTING and self.sources(number):
            number = self.sources(number)[0]
        return self.events[number].how == "read"

    def outer(self, number: int) -> int:
        """Return the event of the expression around one, or -1."""
        around = self.sites[self.events[number].site].parent
        return next(
            (each for each in self._consumers.get(number, ()) if self.events[each].site == around), -1
        )

    def is_within(self, site: int, other: int) -> bool:
        """Tell whether an expression is another one, or stands in it."""
        while site >= 0:
            if site == other:
                return True
            site = self.sites[site].parent
        return False

    def statement(self, site: int) -> int:
        """Return the statement, or the outermost expression, that an expression stands in."""
        while self.sites[site].parent >= 0:
            site = self.sites[site].parent
        return site

    # ---- all events

    def _meanings(self) -> list[Meaning]:
        """Return the meaning of every event; the later indexes are for what the earlier ones do not know."""
        found = [NOTHING] * len(self.events)
        left = list(range(len(self.events)))
        for index in self.indexes:
            for number, meaning in meanings_in(index, self.events, left).items():
                if meaning.right or found[number] is NOTHING:
                    found[number] = meaning
            left = [n for n in left if not found[n].right]
            self.first_known = self.first_known or {n for n, meaning in enumerate(found) if meaning.right}
        return found

    def _updated(self) -> None:
        """Name a weight that was moved by its gradient: right in itself, and no weight of this pass any more."""
        for number in range(len(self.events)) if self.walk.names_updated else ():
            sources = self.sources(number)
            if self.meanings[number].right:
                continue
            if len(sources) == 1 and self._is_the_same(number, sources[0]):
                self.meanings[number] = self.meanings[sources[0]]
            elif self.syntax(number) in SUMS and len(sources) == 2:
                one, other = (self.meanings[each].right for each in sources)
                moved = [name for name in one if name.startswith("w_") and f"gradient_{name[2:]}" in other]
                if moved:
                    self.meanings[number] = Meaning((f"updated_{moved[0]}",))

    def _is_the_same(self, number: int, source: int) -> bool:
        """Tell whether an event is an updated weight, transposed or copied."""
        name = "".join(self.meanings[source].right[:1])
        some, others = self.events[number].value, self.events[source].value
        return (
            name.startswith("updated_")
            and some.size == others.size
            and np.array_equal(np.sort(some.ravel()), np.sort(others.ravel()))
        )

    def _constants(self) -> list[bool]:
        """Tell which events are no evidence: zeros, ones, what is made of constants, what nobody knows."""
        found: list[bool] = []
        for number, event in enumerate(self.events):
            if self.meanings[number] is not NOTHING and self.meanings[number].right:
                found.append(False)
            elif event.how == "read" or (Index.trivial(event.value) and not self._is_lost(number)):
                found.append(True)
            else:
                found.append(all(found[each] for each in self.sources(number)))
        return found

    @cached_property
    def leads_at_first(self) -> list[bool]:
        """Tell what leads to a value of the walk itself."""
        return self.leads if len(self.indexes) == 1 else self._leading(self.first_known.__contains__)

    def _is_lost(self, number: int) -> bool:
        """Tell whether arithmetic left nothing of two values but zeros, or no numbers at all."""
        values = [self.events[each].value for each in self.sources(number)]
        made = self.events[number].value
        if not np.isfinite(made).all():
            return bool(values) and all(np.isfinite(value).all() for value in values)
        binary = self.syntax(number).startswith("BinOp") and len(values) == 2
        return binary and not made.any() and all(value.any() for value in values)

    def _leading(self, is_known: Callable[[int], bool]) -> list[bool]:
        """Tell from which events something with a meaning is computed later."""
        count = len(self.events)
        leads, by_computing = [False] * count, [False] * count
        for number in range(count - 1, -1, -1):
            event = self.events[number]
            named = is_known(number) or bool(self.meanings[number].mistakes)
            selects = self.syntax(number) in SELECTING
            for _, group in event.operands:
                # One of many that were put together, or of what changed: the whole says little about it.
                weak = len(group) > 1 or event.how == "changed"
                for each in group:
                    mixed = self.is_put_together(each)
                    if (named and not (selects and mixed)) or (
                        by_computing[number] if weak else leads[number]
                    ):
                        leads[each] = True
                        by_computing[each] = by_computing[each] or not selects or by_computing[number]
        return leads

    def _needed(self) -> set[int]:
        """Return the events that the result depends on; all of them where the result cannot be traced."""
        waiting = [each for piece in self.recording.result for each in piece]
        if not waiting:
            return set(range(len(self.events)))
        found: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += self.sources(number)
        return found

    @cached_property
    def _consumers(self) -> dict[int, list[int]]:
        """The events that each one went into."""
        found: dict[int, list[int]] = {}
        for number in range(len(self.events)):
            for each in self.sources(number):
                found.setdefault(each, []).append(number)
        return found
