"""Places in an answer to an exercise that is made of E alone: only where it is certain that the mistake is there.

Such an exercise has no catalogue, and its walk does not know every value of a right answer. So an expression is a place
only if, with a value of the walk in its stead, everything behind it has a meaning, up to the result; and if nothing
that is unknown went into it from another statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from course_lib.checking.calling.events import Called, Recording
from course_lib.checking.judging.blaming import UNNAMED, Blame, Spot
from course_lib.checking.judging.defining import Names, names_in_cell
from course_lib.checking.judging.losing_meaning import first_bad, measures
from course_lib.checking.judging.loss_definitions import Definitions
from course_lib.checking.judging.loss_terms import ratio_of, term_apart
from course_lib.checking.judging.loss_values import patterns
from course_lib.checking.judging.matching import Index
from course_lib.checking.judging.meanings import symbol
from course_lib.checking.judging.places import Search
from course_lib.checking.judging.reading import Reading
from course_lib.checking.judging.standing_in import StandIns
from course_lib.execution import SLOWER
from course_lib.exercises.walks import WalkOf, walked
from course_lib.inputs import Contents

# So many values may stand for others on one way to the result.
MOST_STEPS = 6
# In a longer loop nothing is looked for.
MOST_BEHIND = 1_500
# Of processor time.
SECONDS = 0.3 * SLOWER


class _Step(NamedTuple):
    """Values that stand for one of the walk, `name`; the first unknown ones among what they come from."""

    numbers: tuple[int, ...]
    name: str
    first: tuple[int, ...]


class Kinds(NamedTuple):
    """What is tried: only what explains all that follows; values of E, too."""

    fully: bool
    values: bool


class _StandIns(StandIns):
    """Tries derivatives first: to replace a value, E has to be measured again."""

    entering: frozenset[str] = frozenset()
    kinds = Kinds(False, True)

    def __init__(self, recording: Recording, walk_of: WalkOf, case: tuple, end: float) -> None:
        super().__init__(recording, walk_of, case, end)
        self._known_indexes: dict[Contents, Index] = {}

    def _index_with(self, replaced: dict[str, np.ndarray]) -> Index:
        key = Contents(replaced)
        if key not in self._known_indexes:
            self._known_indexes[key] = super()._index_with(replaced)
        return self._known_indexes[key]

    def take(
        self, reading: Reading, numbers: Sequence[int], latest: int = 0, wrong: Collection[str] = ()
    ) -> str:
        """Take values for one of the walk that depends on what went into them."""
        named = {name for n in numbers for name in self._names_behind(reading, n)}
        self.entering = frozenset(named & self.walk.behind.keys())
        return super().take(reading, numbers, latest, wrong)

    def _names_behind(self, reading: Reading, number: int) -> Iterator[str]:
        """Yield the first names on every way back from a value."""
        for each in reading.sources(number):
            if each in reading.first_known:
                yield reading.meanings[each].right[0]
            else:
                yield from self._names_behind(reading, each)

    def _candidates(self, size: int, latest: int) -> list[tuple[str, np.ndarray]]:
        stages, behind = self.walk.stages, self.walk.behind
        found = [
            (name, array)
            for name, array in super()._candidates(size, latest)
            if name not in behind or self.entering <= behind[name]
        ]
        found = [pair for pair in found if self.kinds.values or pair[0] not in behind]
        return sorted(found, key=lambda pair: (pair[0] in behind, -stages[pair[0]]))

    def is_enough(self, gained: int, lost: int) -> bool:
        """Tell whether what follows is explained well enough."""
        return gained == lost or not self.kinds.fully


class _Blame(Blame):
    """Calls values by their shortest names: those of E's own variables."""

    @staticmethod
    def _name(reading: Reading, group: Sequence[int]) -> str:
        named = [names for names in map(reading.names, group) if names]
        shared = set(named[0]).intersection(*named[1:]) - set(reading.walk.asked) if named else set()
        if shared:
            return shortest(shared)
        return UNNAMED if named else Blame._name(reading, group)


def shortest(names: Iterable[str]) -> str:
    """Return the meaning that is the shortest to say."""
    return min(names, key=lambda name: (len(symbol(name)), name))


class CertainSearch(Search):
    """Looks for the places that are certain."""

    def __init__(self, recording: Recording, walk_of: WalkOf, case: tuple) -> None:
        walked(walk_of, case)  # what is measured there is kept, and does not count
        super().__init__(recording, walk_of, case)
        self.stand_ins = _StandIns(recording, walk_of, case, self.end)
        self.blame = _Blame(recording, self.stand_ins.walk)
        self.asked = self.stand_ins.walk.asked
        self._made_at: dict[int, tuple[int, str]] = {}

    def _seconds(self) -> float:
        return SECONDS

    def spots(self) -> list[Spot]:
        """Return the places; none as soon as anything is in doubt."""
        reading = self._reading()
        if not self.recording.complete or len(self.recording.result) != 1 or not self.asked:
            return []
        if self._is_as_asked(reading) or measures(reading):
            return []
        steps = self._steps()
        if not steps:
            return []
        found = [self._spot(step) for step in steps if not self._follows(step, steps)]
        if None in found or self._share_a_value(steps):
            return []
        self.explained = True
        return self._in_own_cell(found) if len(self._in_own_cell(found)) == len(found) else []

    def with_origins(self, spots: list[Spot], cell: str) -> list[Spot]:
        """Return the places, or the definitions that are to blame for them in their stead."""
        if any(spot.site not in self._made_at for spot in spots):  # it stopped in an error of shapes
            return spots
        names = names_in_cell(cell)
        if names is None or any(self._has_an_alias(names, spot) for spot in spots):
            return []
        definitions = Definitions(
            Reading(self.recording, self.stand_ins.walk, self.stand_ins.indexes[:1], {})
        )
        found = [definitions.to_blame(spot, self._made_at[spot.site]) for spot in spots]
        return [] if None in found else self._in_own_cell(dict.fromkeys(found))

    def _has_an_alias(self, names: Names, spot: Spot) -> bool:
        """Tell whether a name in a place was only given to what has another one: ``y = net``."""
        return any(
            names.is_alias(site[1:5])
            for n, site in enumerate(self.recording.sites)
            if site.syntax == "Name" and self._reading().is_within(n, spot.site)
        )

    # ---- from one unknown value to the next

    def _steps(self) -> list[_Step] | None:
        """Return what has to stand for what until the result is as asked; None if that does not lead there."""
        steps: list[_Step] = []
        while not self._is_as_asked(reading := self._reading()):
            first = first_bad(reading)
            if not first:
                return None if steps else self._other_than_asked(reading)
            site = reading.events[first[0]].site
            step = self._accepted(reading, self._unknown_at(reading, site))
            if step is None or len(steps) == MOST_STEPS:
                return None
            if steps and step.name in self.asked and self._follows(step, steps):
                return None  # it was no explanation
            steps.append(step)
        return steps

    def _accepted(self, reading: Reading, first: list[int]) -> _Step | None:
        """Take the values behind the first unknown ones, as early as they stand for a value of the walk, for that.

        At first only in the statement of these, and only for what explains all that follows; derivatives before values
        of E, since with one of those replaced E has to be measured again.
        """
        behind = self._behind(reading, first)
        if len(behind) > MOST_BEHIND:
            return None
        begins = reading.statement(reading.events[first[0]].site)
        ways = list(_on_every_way(reading, first, behind))
        here = [site for site in ways if reading.statement(site) == begins]
        for sites, kinds in (
            (here, Kinds(True, False)),
            (here, Kinds(True, True)),
            (ways, Kinds(False, True)),
        ):
            for site in sites:
                numbers = [n for n in behind if reading.events[n].site == site and not reading.has_meaning(n)]
                ends = bool(set(self.recording.result[0]) & set(numbers))
                if ends and kinds.fully:
                    continue
                if ends:
                    self.stand_ins.accepted |= dict.fromkeys(self.recording.result[0], self.asked[0])
                    return _Step(tuple(numbers), self.asked[0], tuple(first))
                self.stand_ins.kinds = kinds
                name = self.stand_ins.take(reading, numbers) if numbers else ""
                if name:
                    return _Step(tuple(numbers), name, tuple(first))
        return None

    def _other_than_asked(self, reading: Reading) -> list[_Step]:
        """Return the step from what means something else to what is asked for: where it was made, not only scaled."""
        number = self.recording.result[0][0]
        while True:
            sources = [each for each in reading.sources(number) if not reading.constant[each]]
            if len(sources) != 1 or not set(reading.names(sources[0])) & set(reading.names(number)):
                break
            (number,) = sources
        self.stand_ins.accepted[number] = self.asked[0]
        return [] if reading.is_given(number) else [_Step((number,), self.asked[0], (number,))]

    @staticmethod
    def _unknown_at(reading: Reading, site: int) -> list[int]:
        """Return all values without a meaning of one expression: in the first turn of a loop much means something."""
        made = (n for n, event in enumerate(reading.events) if event.site == site and n in reading.needed)
        return [n for n in made if not reading.has_meaning(n) and not reading.constant[n]]

    @staticmethod
    def _behind(reading: Reading, first: Iterable[int]) -> list[int]:
        """Return what comes of some values, themselves included, as far as the result needs it."""
        behind = set(first)
        for number in range(min(behind), len(reading.events)):
            if number in reading.needed and any(each in behind for each in reading.sources(number)):
                behind.add(number)
        return sorted(behind)

    # ---- is it certain?

    def _follows(self, step: _Step, steps: Sequence[_Step]) -> bool:
        """Tell whether a step is only needed since what goes into it stands for something else."""
        before = {n for each in steps if each is not step for n in each.numbers}
        return not before.isdisjoint(self._ancestors(step.first))

    def _ancestors(self, numbers: Iterable[int]) -> set[int]:
        found: set[int] = set()
        waiting = [each for number in numbers for each in self._reading().sources(number)]
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += self._reading().sources(number)
        return found

    def _share_a_value(self, steps: Sequence[_Step]) -> bool:
        """Tell whether a value that the answer made goes into two places: it may be the one that is wrong."""
        reading = self._reading()
        seen: set[int] = set()
        for step in steps:
            if self._follows(step, steps):
                continue
            entering = {each for n in step.first for each in reading.sources(n) if not reading.constant[each]}
            entering = {each for each in entering if not reading.is_given(each)}
            if seen & entering:
                return True
            seen |= entering
        return False

    def _spot(self, step: _Step) -> Spot | None:
        """Return the place of a step; None where it may be in another statement."""
        reading = self._reading()
        call, inside = self._call(reading, step)
        if call is None and inside is None:
            return None
        made = [*self._unknown(reading, step), *step.numbers[-1:]]
        sites = {site for number in made for site in self._sites(reading, number, call)}
        if len({reading.statement(site) for site in sites}) > 1:
            return None
        if call is not None:
            self._made_at[call.site] = step.numbers[-1], step.name
            return Spot(call.site, self.blame.named(reading, call.operands), instead=self._told(step.name))
        result = self.recording.result[0][0]
        apart = term_apart(reading, step.first[0], result) if len(step.first) == 1 else []
        if len(apart) > 1:
            return None
        if apart:
            ((number, name, times),) = apart
        else:
            number = step.first[-1] if self._is_the_first(reading, step) else step.numbers[-1]
            name, times = self._told(step.name), 0.0
        site = min(self._sites(reading, number, None))
        self._made_at[site] = number, step.name
        operands = self.blame.named(reading, reading.events[number].operands)
        return Spot(site, operands, instead=name, times=times)

    def _is_the_first(self, reading: Reading, step: _Step) -> bool:
        """Tell whether the first unknown value is only scaled in a place, or there is no better one."""
        first, last = (reading.events[each[-1]].value for each in (step.first, step.numbers))
        return step.name in self.asked or ratio_of(last, first) != 0.0

    def _told(self, name: str) -> str:
        """Return what is needed in a place, by its shortest name, unless it is what the exercise asks for."""
        index, node = self.stand_ins.indexes[0], self.stand_ins.walk.nodes[name].reshape(1, -1)
        known = [] if Index.trivial(node) else [index.known[owner] for owner, _ in index.of_many(node)[0]]
        same = [each.meaning for each in known if each.array.size == node.size]
        return "" if name in self.asked else shortest([*same, name])

    def _unknown(self, reading: Reading, step: _Step) -> set[int]:
        """Return the values that go into those of a step and of which it is not known whether they are right."""
        into = self._ancestors(step.numbers) | set(step.numbers)
        behind = self._behind(reading, step.first)
        found = {n for n in behind if n in into and not reading.constant[n] and n not in reading.first_known}
        entering = [each for n in found for each in reading.sources(n) if each not in found]
        while entering:
            number = entering.pop()
            if self._is_in_doubt(reading, number):
                found.add(number)
                entering += reading.sources(number) if reading.constant[number] else []
        return found

    def _is_in_doubt(self, reading: Reading, number: int) -> bool:
        """Tell whether a value may be wrong that a wrong place is made of: one without a meaning, a table of zeros."""
        event = reading.events[number]
        if not reading.constant[number]:
            return not reading.has_meaning(number)
        if event.how == "read" or event.value.size == 1:
            return False
        if Index.is_one_number(event.value):  # it may have been meant to be more
            return bool(reading.sources(number))
        return self.stand_ins.walk.patterns.isdisjoint(patterns(event.value)[:1])

    def _sites(self, reading: Reading, number: int, call: Called | None) -> set[int]:
        """Return the expressions that made a value: of an array that was changed, those that went into it."""
        event = reading.events[number]
        if call is not None and call.first <= number < call.last:
            return {call.site}
        if event.how == "changed" and len(event.operands) > 1:
            return {site for site, _ in event.operands[1:]}
        return {event.site}

    def _call(self, reading: Reading, step: _Step) -> tuple[Called | None, bool | None]:
        """Return the call that is to blame for what a helper made of it, or that the helper itself is."""
        number = step.numbers[-1]
        around = [call for call in self.recording.calls if call.first <= number < call.last]
        if not around:
            return None, True
        call = max(around, key=lambda each: (each.first, -each.last))
        given = [each for _, group in call.operands for each in group if not reading.constant[each]]
        if all(map(reading.is_given, given)):
            return None, True
        of = self.stand_ins.walk.arguments.get(step.name)
        if len(given) != 1 or not of or not reading.names(given[0]):
            return None, None
        return (None, True) if of & set(reading.names(given[0])) else (call, None)


def _on_every_way(reading: Reading, start: Sequence[int], behind: Sequence[int]) -> Iterator[int]:
    """Yield the expressions that `start` goes through on every way to the result, in their order."""
    after: dict[int, list[int]] = {}
    for number in behind:
        for each in reading.sources(number):
            after.setdefault(each, []).append(number)
    ends = {number for piece in reading.recording.result for number in piece}
    for site in dict.fromkeys(reading.events[number].site for number in behind):
        if not ends & _reached(after, {n for n in start if reading.events[n].site != site}, reading, site):
            yield site


def _reached(after: dict[int, list[int]], start: set[int], reading: Reading, without: int) -> set[int]:
    """Return what is made of some values, but for what an expression makes."""
    found, waiting = set(start), list(start)
    while waiting:
        for number in after.get(waiting.pop(), ()):
            if number not in found and reading.events[number].site != without:
                found.add(number)
                waiting.append(number)
    return found
