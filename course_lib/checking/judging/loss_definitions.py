"""Whether an expression is wrong, or the definition of a value that enters it, in an answer made of E alone."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

import numpy as np

from course_lib.checking.judging.again import Again
from course_lib.checking.judging.blaming import UNNAMED, Spot
from course_lib.checking.judging.loss_values import patterns
from course_lib.checking.judging.loss_walks import FIRST_STAGE
from course_lib.checking.judging.matching import Index
from course_lib.checking.judging.reading import SELECTING, Reading
from course_lib.checking.judging.replacing import may_be_by_chance
from course_lib.checking.judging.uses import Use


class Blame(Enum):
    """What is to blame for a place: itself, a definition, or one of them."""

    PLACE = "place"
    DEFINITION = "definition"
    EITHER = "either"


class _Made(NamedTuple):
    """The event that is wrong in a place, and what it stands for."""

    number: int
    name: str


class Definitions:
    """Asks of every value that enters a place whether it is another one that is needed there."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.again = reading, Again(reading)
        self.stages, self.index = reading.walk.stages, reading.indexes[0]
        self.nodes = {name: node for name, node in reading.walk.nodes.items() if name in self.stages}

    def to_blame(self, spot: Spot, made: tuple[int, str]) -> Spot | None:
        """Return the place, or the one definition that is to blame in its stead; None where it is not certain."""
        if spot.times:
            return spot
        entering = dict(self._entering(made[0], self.reading.statement(spot.site)))
        blamed = [
            (n, found)
            for n, by in entering.items()
            if (found := self._blame(n, by, _Made(*made))) is not Blame.PLACE
        ]
        if not blamed:
            return spot
        (number, found), *others = blamed
        if others or found is Blame.EITHER:
            return None
        operands = ((site, UNNAMED) for site, group in self.reading.events[number].operands if group)
        return Spot(self.reading.events[number].site, tuple(operands))

    def _entering(self, number: int, statement: int) -> Iterator[tuple[int, int]]:
        """Yield the values from other statements that go into one, each with the event that is made of it."""
        for each in self.reading.sources(number):
            event = self.reading.events[each]
            if event.how == "read" or self.reading.is_given(each):
                continue
            if self.reading.statement(event.site) != statement:
                yield each, number
            else:
                yield from self._entering(each, statement)

    def _blame(self, number: int, by: int, place: _Made) -> Blame:
        """Tell what is to blame: a value that is right nowhere may be wrong if another one makes the place right.

        A derivative of E that lacks the next factor of the chain rule is right as far as it goes.
        """
        if self.reading.constant[number] or any(
            self._is_right(each, number, place) for each in self._made_of(number)
        ):
            return Blame.PLACE
        names = set(self.reading.names(number))
        needed = self._right_with(number, by, place)
        if needed is None:  # it cannot be computed again
            return Blame.PLACE if names & self.reading.walk.arguments.get(place.name, set()) else Blame.EITHER
        if not needed or any(self._is_further_back(name, than) for than in names for name in needed):
            return Blame.PLACE
        return Blame.EITHER if self._is_plain(number) else Blame.DEFINITION

    def _is_further_back(self, name: str, than: str) -> bool:
        return FIRST_STAGE <= self.stages.get(than, 0) < self.stages[name]

    # ---- is it right somewhere?

    def _made_of(self, number: int) -> Iterator[int]:
        for other in range(number + 1, len(self.reading.events)):
            if number in self.reading.sources(other):
                yield other

    def _is_right(self, number: int, value: int, place: _Made) -> bool:
        """Tell whether what is made of a value is right, and not only the same once more."""
        reading = self.reading
        if number == place.number:
            return False
        event = reading.events[number]
        if reading.constant[number]:
            return event.value.size > 1 and not reading.walk.patterns.isdisjoint(patterns(event.value))
        if number not in reading.first_known:
            return False
        names = reading.meanings[number].right
        others = [each for each in reading.sources(number) if each != value]
        if all(reading.constant[each] for each in others) and set(names) & set(reading.names(value)):
            return any(self._is_right(each, number, place) for each in self._made_of(number))
        return reading.leads_at_first[number] or not all(map(may_be_by_chance, names))

    # ---- would another value make the place right?

    def _right_with(self, number: int, by: int, place: _Made) -> list[str] | None:
        """Return the values of the walk with which the place would be right; None where it cannot be computed."""
        number, by = self._past_selecting(number, by, place)
        events = self.reading.events
        old = events[number].value
        alike = [
            (name, node.reshape(old.shape)) for name, node in self.nodes.items() if node.size == old.size
        ]
        if events[by].how == "changed" and by == place.number and old.shape == events[by].shape:
            put = events[by].value - old
            return [name for name, node in alike if self._is(node + put, place.name)]
        operand = next(n for n, (_, group) in enumerate(events[by].operands) if number in group)
        steps = self.again.up_to(Use(by, events[by].site, operand, number))
        length, at = 1, by
        while at >= 0 and at != place.number:
            at, length = self.reading.outer(at), length + 1
        if at < 0 or len(steps) < length:
            return None
        made = ((name, list(self.again.values(steps[:length], node))) for name, node in alike)
        return [name for name, each in made if len(each) == length and self._is(each[-1], place.name)]

    def _past_selecting(self, number: int, by: int, place: _Made) -> tuple[int, int]:
        """Go on from a value to one that is only laid out in another way."""
        events = self.reading.events
        while by != place.number and self.reading.syntax(by) in SELECTING:
            outer = self.reading.outer(by)
            if events[by].data != events[number].data or outer < 0:
                break
            number, by = by, outer
        return number, by

    def _is(self, value: np.ndarray, name: str) -> bool:
        row = value.reshape(1, -1)
        if Index.trivial(row):
            return False
        return any(self.index.known[owner].meaning == name for owner, _ in self.index.of_many(row)[0])

    def _is_plain(self, number: int) -> bool:
        """Tell whether a value is one of E's own up to a factor that is multiplied in anywhere."""
        row = self.reading.events[number].value.reshape(1, -1)
        return any(self.index.is_plain(ratio) for _, ratio in self.index.of_many(row)[0])
