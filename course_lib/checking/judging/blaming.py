"""From an event at which meaning is lost to the expression that is to blame for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from course_lib.checking.calling.events import Called, Recording
from course_lib.checking.judging.reading import Reading
from course_lib.exercises.walks import Walk

CONSTANT, UNNAMED = "constant", "on_the_way"


class Spot(NamedTuple):
    """A place in numbers: the site of the recording, its operands, the mistakes it is known for; see `Place`."""

    site: int
    operands: tuple[tuple[int, str], ...]
    mistakes: tuple[str, ...] = ()
    shapes: tuple[tuple[int, ...] | None, ...] = ()
    stand_ins: frozenset[int] = frozenset()  # the operands that only stand for what they are named after
    instead: str = ""
    times: float = 0.0
    ends_loop: bool = False

    @property
    def told(self) -> tuple[tuple[int, str], ...]:
        """The operands with what they are; one that only stands for something is not that."""
        return tuple((site, UNNAMED if site in self.stand_ins else name) for site, name in self.operands)


def bare(shape: Iterable[int]) -> tuple[int, ...]:
    """Return a shape up to a transpose and axes of one."""
    return tuple(sorted(n for n in shape if n != 1))


class Blame:
    """Finds whose fault a value is: its own expression's, or that of the call that handed a helper the wrong thing."""

    def __init__(self, recording: Recording, walk: Walk) -> None:
        self.recording, self.walk = recording, walk

    def spot(self, reading: Reading, number: int) -> tuple[Spot, int]:
        """Return the place of an event: its own expression, or the call that handed the wrong thing to a helper.

        The second is the event whose value is wrong there.
        """
        event = reading.events[number]
        call = self._blamed_call(reading, number)
        if self.recording.sites[call.site if call else event.site].filename != self.recording.own:
            call = self._own_call(number) or call
        site, operands = (call.site, call.operands) if call else (event.site, event.operands)
        if not call and event.how == "changed" and reading.syntax(number) != "Call":
            first = reading.events[self._first_of(reading, number)]
            if bare(event.shape) not in self._asked_shapes():
                site, operands = first.site, first.operands
            elif len(operands) > 1:
                # Put together in a loop: the last expression that was put into it.
                site, operands = operands[-1][0], operands[1:]
        entry = -1 if call else self._wrong_entry(reading, number)
        if entry >= 0:
            site, operands = reading.events[entry].site, reading.events[entry].operands
            if reading.meanings[entry].right:  # it means something, and stands in the wrong entry
                operands = ((site, (entry,)),)
        mistakes = reading.meanings[number].mistakes
        event = call.result if call and call.result >= 0 else number
        stand_ins = frozenset(site for site, group in operands if self._only_stands(reading, site, group))
        return Spot(site, self.named(reading, operands), mistakes, stand_ins=stand_ins), event

    @staticmethod
    def _only_stands(reading: Reading, site: int, group: Sequence[int]) -> bool:
        """Tell whether an operand is, or has in it as it is written, what is wrong and pointed at already."""
        accepted = reading.accepted
        stood_for = set(accepted.values())
        return any(
            number not in reading.first_known and stood_for.intersection(reading.names(number))
            for number in group
        ) or any(reading.is_within(reading.events[number].site, site) for number in accepted)

    def _wrong_entry(self, reading: Reading, number: int) -> int:
        """Return the entry that is wrong in an array put together of single numbers, or -1."""
        group = reading.sources(number)
        node = next((n for name, n in self.walk.nodes.items() if name in self.walk.asked), None)
        single = len(group) > 1 and all(reading.events[each].shape == () for each in group)
        if not single or node is None or node.shape != reading.events[number].shape or not node.ndim:
            return -1
        entries = node[node != 0.0]  # a 0 that is written down is no event
        # Written out in full, each entry has its own right value; else any of them may be meant.
        wanted = entries[:, None] if len(group) == len(entries) else [entries] * len(group)
        for each, right in zip(group, wanted, strict=True):
            near = np.isclose(right, reading.events[each].value, rtol=1e-9, atol=0.0).any()
            # What is right where it is made, on a line before, is only put in the wrong entry.
            elsewhere = reading.meanings[each].right and not self._is_within(reading, each, number)
            if not near and reading.events[each].operands and not elsewhere:
                return each
        return -1

    @staticmethod
    def _is_within(reading: Reading, part: int, whole: int) -> bool:
        inner, outer = (reading.sites[reading.events[number].site] for number in (part, whole))
        begins, ends = (outer.line, outer.column), (outer.end_line, outer.end_column)
        return begins <= (inner.line, inner.column) and (inner.end_line, inner.end_column) <= ends

    @staticmethod
    def _first_of(reading: Reading, number: int) -> int:
        """Return the event that made an array which was changed since."""
        while reading.events[number].how == "changed":
            number = reading.sources(number)[0]
        return number

    def _asked_shapes(self) -> set[tuple[int, ...]]:
        nodes = self.walk.nodes
        return {bare(nodes[name].shape) for name in self.walk.asked if name in nodes}

    def _own_call(self, number: int) -> Called | None:
        """Return the call in the answer's own cell in which an event of another cell happened."""
        own = [
            call
            for call in self.recording.calls
            if call.first <= number < call.last
            and self.recording.sites[call.site].filename == self.recording.own
        ]
        return max(own, key=lambda call: (call.first, -call.last), default=None)

    def named(self, reading: Reading, operands: Sequence[tuple]) -> tuple[tuple[int, str], ...]:
        """Return the operands with what they mean; those without data, such as a module, are left out."""
        return tuple((site, self._name(reading, group)) for site, group in operands if group)

    @staticmethod
    def shapes(reading: Reading, operands: Sequence[tuple]) -> tuple[tuple[int, ...], ...]:
        """Return the shapes of operands, one after the other; none where a loop made many of one."""
        groups = [group for _, group in operands if group]
        single = all(len(group) == 1 for group in groups)
        return tuple(reading.events[group[0]].shape for group in groups) if single else ()

    @staticmethod
    def _name(reading: Reading, group: Sequence[int]) -> str:
        asked = reading.walk.asked
        named = [names for names in map(reading.names, group) if names]
        if named:
            (name, *_), *others = named
            # Of a list of many things, what the first is says too little; and nobody is told that what is asked for
            # stands there already.
            of_many = any(name not in names for names in others)
            return UNNAMED if of_many or (len(asked) == 1 and name in asked) else name
        return CONSTANT if all(reading.constant[each] for each in group) else UNNAMED

    def _blamed_call(self, reading: Reading, number: int) -> Called | None:
        """Return the call to blame in place of what a helper does with what it is given."""
        blamed = None
        while True:
            first = blamed.first if blamed else number
            around = [
                c
                for c in reading.recording.calls
                if c.first <= first < c.last
                and (blamed is None or c.last > blamed.last or c.first < blamed.first)
            ]
            around = [c for c in around if blamed is None or c.site != blamed.site]
            if not around:
                return blamed
            call = max(around, key=lambda c: (c.first, -c.last))
            given = [each for _, group in call.operands for each in group]
            if not given or any(reading.is_bad(each) for each in given):
                return blamed
            if not (
                self._right_elsewhere(reading, number if blamed is None else blamed.result, call)
                or self._known_function(reading, number, call)
            ):
                return blamed
            blamed = call

    @staticmethod
    def _right_elsewhere(reading: Reading, number: int, call: Called) -> bool:
        """Tell whether the same expression makes something with a meaning in another call."""
        if number < 0:
            return False
        site = reading.events[number].site
        return any(
            event.site == site and not call.first <= other < call.last and reading.is_right_in_itself(other)
            for other, event in enumerate(reading.events)
        )

    @staticmethod
    def _known_function(reading: Reading, number: int, call: Called) -> bool:
        """Tell whether a call gives S, or S', of the one value it is given."""
        given = [each for _, group in call.operands for each in group if not reading.constant[each]]
        if len(given) != 1 or call.result < 0:
            return False
        z, value = reading.events[given[0]].value, reading.events[call.result].value
        if z.shape != value.shape:
            return False
        with np.errstate(all="ignore"):
            S = 1.0 / (1.0 + np.exp(-z))
            T = np.tanh(z)
            return any(np.allclose(value, f, rtol=1e-9, atol=1e-12) for f in (S, S * (1 - S), T, 1 - T * T))
