"""A wrong expression may be right, and what it is given wrong: then the line that defines that is a place, too.

By the rule alone the place is where a value loses its meaning. ``y = net`` has one, that of the net input, and only
``y @ W12`` has none. So each value that enters a place is asked: is nothing right made of it anywhere, and would the
place be right if something stood there that the answer nowhere has? Only then its definition is pointed at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from course_lib.checking.calling.sites import Site
from course_lib.checking.judging.again import Again
from course_lib.checking.judging.blaming import Blame, Spot
from course_lib.checking.judging.defining import Names, Span
from course_lib.checking.judging.matching import Index, slices
from course_lib.checking.judging.reading import SELECTING, SUMS, Reading

# So many values are tried in place of one.
MOST_TRIED = 500


class Use(NamedTuple):
    """A value that goes into an expression: which event is made there, by which site, as which operand, and its own."""

    by: int
    site: int
    operand: int
    value: int


class _Origin(NamedTuple):
    """A definition: the site of the value, its line, and where the value is used."""

    site: int
    uses: tuple[Use, ...]


class Origins:
    """Finds the definitions that are to blame for places, until the processor time of the thread is `end`."""

    def __init__(self, reading: Reading, blame: Blame, names: Names, end: float) -> None:
        self.end = end
        self.reading, self.blame, self.names = reading, blame, names
        self.again = Again(reading)
        own = reading.recording.own
        self.own = [site.filename == own for site in reading.sites]
        self.name_of = [
            names.of(_span(site)) if mine else "" for site, mine in zip(reading.sites, self.own, strict=True)
        ]

    def of(self, spots: Sequence[Spot]) -> list[Spot]:
        """Return the definitions to be pointed at beside these places."""
        taken = {self.reading.sites[spot.site].line for spot in spots}
        found: dict[int, Spot] = {}
        for spot in spots:
            for origin in self._entering(spot):
                if time.thread_time() > self.end:
                    break
                line = self.reading.sites[origin.site].line
                if line not in taken and self._is_to_blame(origin, spot):
                    found[origin.site] = Spot(origin.site, self._operands(origin.site))
                    taken.add(line)
        return list(found.values())

    def _operands(self, site: int) -> tuple[tuple[int, str], ...]:
        events = self.reading.events
        event = next((each for each in events if each.site == site and each.how != "read"), None)
        return self.blame.named(self.reading, event.operands) if event else ()

    # ---- what enters a place

    def _entering(self, spot: Spot) -> Iterator[_Origin]:
        """Yield the definitions of the values that enter a place, or are handed in there."""
        seen: set[int] = set()
        asked: set[int] = set()
        entering = (
            (self._operand_sites[use], use.value) for use in self.uses if self._is_in(use.site, spot.site)
        )
        for operand, value in (*self._handed_in(spot), *entering):
            if operand in asked:
                continue
            asked.add(operand)
            origin = self._origin(operand, value)
            if origin and origin.site not in seen:
                seen.add(origin.site)
                yield origin

    def _handed_in(self, spot: Spot) -> list[tuple[int, int]]:
        """Return the names in a place whose values are handed in as they are, each with its value."""
        if not self._only_hands_in(spot):
            return []
        named = [
            n
            for n, site in enumerate(self.reading.sites)
            if self.name_of[n] and spot.site in (n, site.parent)
        ]
        pieces = [piece[0] for piece in self.reading.recording.result if len(piece) == 1]
        meant = [n for n in pieces if spot.operands[0][1] in self.reading.names(n) and not self._is_given(n)]
        named = [n for n in named if n == spot.site or self.name_of[n].startswith(".")]
        return [(site, number) for site in named for number in meant]

    @staticmethod
    def _only_hands_in(spot: Spot) -> bool:
        return len(spot.operands) == 1 and spot.operands[0][0] == spot.site

    def _origin(self, operand: int, value: int) -> _Origin | None:
        """Return the definition of a value: by its name, and where it came as an argument, by what made it."""
        at, lines = self._definition(operand)
        if at is not None:
            if not self._was_made(value, at, lines):
                return None
            name = self.name_of[operand]
            uses = [use for use in self.uses if self.name_of[self._operand_sites[use]] == name]
            uses = [use for use in uses if self._definition(self._operand_sites[use])[0] == at]
            return _Origin(at, tuple(use for use in uses if self._line(use) not in lines))
        site = self.again.site_of(value)
        if (
            self.names.is_local(_span(self.reading.sites[operand]))
            or not self.own[site]
            or self._is_given(value)
        ):
            return None
        return _Origin(site, tuple(use for use in self.uses if use.value == value))

    def _was_made(self, value: int, at: int, lines: range) -> bool:
        """Tell whether a value comes from its definition, and was not put there later."""
        site = self.again.site_of(value)
        return (
            self.reading.sites[at].syntax in SELECTING
            or self._is_given(value)
            or (self.own[site] and self.reading.sites[site].line in lines)
        )

    def _definition(self, site: int) -> tuple[int | None, range]:
        """Return the site of the value that a name was given, and the lines of that; None where it is not known."""
        if site not in self._definitions:
            found = self.names.definition(_span(self.reading.sites[site])) if self.name_of[site] else None
            at = self._site_at.get(found.value) if found else None
            self._definitions[site] = at, found.lines if found else range(0)
        return self._definitions[site]

    @cached_property
    def _definitions(self) -> dict[int, tuple[int | None, range]]:
        return {}

    @cached_property
    def _site_at(self) -> dict[Span, int]:
        return {_span(site): n for n, site in enumerate(self.reading.sites) if self.own[n]}

    @cached_property
    def _operand_sites(self) -> dict[Use, int]:
        return dict(self._pairs())

    @cached_property
    def uses(self) -> list[Use]:
        """Every value that goes into an expression of the answer's own cell, but for what only hands it on."""
        return list(self._operand_sites)

    def _pairs(self) -> Iterator[tuple[Use, int]]:
        for number, site, operands in self.again.made():
            for position, (operand, group) in enumerate(operands):
                handed_on = self.name_of[site] and self.name_of[site] == self.name_of[operand]
                if self.own[site] and not handed_on:
                    yield from ((Use(number, site, position, each), operand) for each in group[:1])

    def _line(self, use: Use) -> int:
        return self.reading.sites[use.site].line

    def _is_in(self, site: int, other: int) -> bool:
        while site >= 0:
            if site == other:
                return True
            site = self.reading.sites[site].parent
        return False

    # ---- is it to blame?

    def _is_to_blame(self, origin: _Origin, spot: Spot) -> bool:
        if any(self._is_right(use, spot) for use in origin.uses):
            return False
        if self._only_hands_in(spot) and all(self._is_in(use.site, spot.site) for use in origin.uses):
            as_it_is = self.name_of[spot.site]
            if as_it_is or self._syntax(self.reading.sites[origin.site].parent).startswith("AugAssign"):
                return True
        sure = [use for use in origin.uses if self._is_sure(use.value)]
        if (
            len({self._line(use) for use in sure if self._shows(use) and not self.again.is_called(use.by)})
            > 1
        ):
            return True
        here = [use for use in sure if self._is_in(use.site, spot.site)]
        return any(self._would_be_right(use, spot) for use in here[:1])

    def _syntax(self, site: int) -> str:
        return self.reading.sites[site].syntax if site >= 0 else ""

    def _is_right(self, use: Use, spot: Spot) -> bool:
        """Tell whether something right is made of a value; a constant takes no part in it, and this place is wrong."""
        if use.site == spot.site or self.reading.constant[use.value]:
            return False
        reading = self.reading
        if reading.constant[use.by] or not reading.is_right_in_itself(use.by):
            return False
        others = [each for each in self.again.sources(use.by) if each != use.value]
        if all(reading.constant[each] for each in others) and set(reading.names(use.by)) & set(
            reading.names(use.value)
        ):
            return False  # only scaled
        # A product that the chain rule makes on its way may be one by chance.
        names = reading.meanings[use.by].right
        return not names or reading.leads_at_first[use.by] or not all(map(_is_weak, names))

    def _is_sure(self, number: int) -> bool:
        """Tell whether a value is what it is by itself, not because of another that is wrong."""
        reading = self.reading
        return number not in reading.accepted and (number in reading.first_known or reading.constant[number])

    def _shows(self, use: Use) -> bool:
        """Tell whether what is computed of a value is wrong by nothing else, and the value is not what was given."""
        if self.reading.has_meaning(use.by):
            return False
        return not self._is_given(use.value) and all(map(self._is_sure, self.again.sources(use.by)))

    def _is_given(self, number: int) -> bool:
        """Tell whether a value was there before, or was picked out of one that was."""
        reading = self.reading
        while reading.syntax(number) in SELECTING and reading.sources(number):
            number = reading.sources(number)[0]
        return reading.events[number].how == "read"

    def _would_be_right(self, use: Use, spot: Spot) -> bool:
        """Tell whether a place gets the meaning that it stands for once another one, missing so far, enters it."""
        old = self.reading.events[use.value].value
        if old.size == 1 and self._is_given(use.value):
            return False  # one number among many is soon another one
        wanted = self._wanted(use, spot)
        chain = self.again.up_to(use) if wanted else []
        for name, array in self._missing.items() if chain else ():
            alike = (row.reshape(old.shape) for rows in slices(array, old.size) for row in rows[:MOST_TRIED])
            for value in (array, *alike):
                if any(self._means(made, wanted - {name}) for made in self.again.values(chain, value)):
                    return True
        return self._lacks_a_term(use)

    def _wanted(self, use: Use, spot: Spot) -> set[str]:
        """Return what a place may stand for; whatever is missing if a constant entered it."""
        if self.reading.constant[use.value]:
            return set(self._missing)
        here = {self.reading.accepted.get(use.by, "")}
        for number, name in self.reading.accepted.items():
            if self._is_in(self.again.site_of(number), spot.site):
                here.add(name)
        return (here | set(self.reading.walk.asked)) & set(self._missing)

    @cached_property
    def _missing(self) -> dict[str, np.ndarray]:
        """The values of the walk that the answer's own cell nowhere has."""
        reading = self.reading
        own = [n for n in reading.first_known if self.own[self.again.site_of(n)]]
        seen = {name for number in own for name in reading.meanings[number].right}
        nodes = reading.walk.nodes.items()
        return {name: node for name, node in nodes if name not in seen and not _is_on_the_way(name)}

    def _means(self, made: np.ndarray, wanted: set[str]) -> bool:
        return bool(wanted) and not wanted.isdisjoint(self._meanings_of(made))

    def _meanings_of(self, made: np.ndarray) -> set[str]:
        """Return what an array means, as a whole or as a part of a sum."""
        row, index = made.reshape(1, -1), self.reading.indexes[0]
        if not row.size or Index.trivial_rows(row)[0]:
            return set()
        known = [index.known[owner] for owner, ratio in index.of_many(row)[0] if index.is_plain(ratio)]
        return {each.meaning.removeprefix("part_of_") for each in known if not each.mistake}

    def _lacks_a_term(self, use: Use) -> bool:
        """Tell whether a sum would be right with a value another number of times in it, or one for a constant."""
        reading = self.reading
        if reading.syntax(use.by) not in SUMS:
            return False
        old, made = (reading.events[n].value for n in (use.value, use.by))
        turned = use.operand > 0 and "Sub" in reading.syntax(use.by)
        rest = made + old if turned else made - old
        for node in self._missing.values():
            term = node - rest if node.shape == rest.shape else np.zeros(1)
            names = self._meanings_of(term)
            alike = reading.constant[use.value] or bool(names & set(reading.meanings[use.value].right))
            if names and alike and not (term.shape == old.shape and np.allclose(np.abs(term), np.abs(old))):
                return True
        return False


def _is_weak(meaning: str) -> bool:
    return meaning.startswith(("from_w_", "through_"))


def _is_on_the_way(meaning: str) -> bool:
    return _is_weak(meaning) or meaning.startswith("part_of_")


def _span(site: Site) -> Span:
    return site[1:5]
