"""A wrong expression may be right, and what it is given wrong: then the line that defines that is a place, too.

By the rule alone the place is where a value loses its meaning. ``y = net`` has one, that of the net input, and only
``y @ W12`` has none. So each value that enters a place is asked: is nothing right made of it anywhere, and would the
place be right if something stood there that the answer nowhere has? Only then its definition is pointed at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from course_lib.checking.calling.instrumenting import Site
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
    """Finds the definitions that are to blame for places."""

    def __init__(self, reading: Reading, blame: Blame, names: Names) -> None:
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
        for use in self.uses:
            if self._is_in(use.site, spot.site):
                for origin in self._origin(use):
                    if origin.site not in seen:
                        seen.add(origin.site)
                        yield origin
        for piece in self.reading.recording.result:
            if (
                self._is_handed_in(spot)
                and len(piece) == 1
                and spot.operands[0][1] in self.reading.names(piece[0])
            ):
                site = self.reading.events[piece[0]].site
                named = self._definition(spot.operands[0][0])
                yield from (_Origin(at, ()) for at in (named if named is not None else site,) if self.own[at])

    @staticmethod
    def _is_handed_in(spot: Spot) -> bool:
        return len(spot.operands) == 1 and spot.operands[0][0] == spot.site

    def _origin(self, use: Use) -> Iterator[_Origin]:
        """Yield the definition of a value: by its name, and where none is found by what made it."""
        operand = self._operand_sites[use]
        at = self._definition(operand)
        if at is not None:
            name, lines = self.name_of[operand], self._lines[at]
            uses = [u for u in self.uses if self.name_of[self._operand_sites[u]] == name]
            uses = [
                u
                for u in uses
                if self._definition(self._operand_sites[u]) == at and self._line(u) not in lines
            ]
            yield _Origin(at, tuple(uses))
        else:
            event = self.reading.events[use.value]
            elsewhere = self.reading.sites[event.site].line != self._line(use)
            if self.own[event.site] and event.how != "read" and elsewhere:
                yield _Origin(event.site, tuple(u for u in self.uses if u.value == use.value))

    def _definition(self, site: int) -> int | None:
        """Return the site of the value that a name was given; None where that is not known."""
        if site not in self._definitions:
            found = self.names.definition(_span(self.reading.sites[site])) if self.name_of[site] else None
            at = self._site_at.get(found.value) if found else None
            if at is not None:
                self._lines[at] = found.lines
            self._definitions[site] = at
        return self._definitions[site]

    @cached_property
    def _definitions(self) -> dict[int, int | None]:
        return {}

    @cached_property
    def _lines(self) -> dict[int, range]:
        return {}

    @cached_property
    def _site_at(self) -> dict[Span, int]:
        return {_span(site): n for n, site in enumerate(self.reading.sites) if self.own[n]}

    @cached_property
    def _operand_sites(self) -> dict[Use, int]:
        return dict(self._pairs())

    @property
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
        if self._is_handed_in(spot) and all(self._is_in(use.site, spot.site) for use in origin.uses):
            return True
        sure = [use for use in origin.uses if self._is_sure(use.value)]
        if len({self._line(use) for use in sure if self._shows(use)}) > 1:
            return True
        here = [use for use in sure if self._is_in(use.site, spot.site)]
        return any(self._would_be_right(use, spot) for use in here[:1])

    def _is_right(self, use: Use, spot: Spot) -> bool:
        """Tell whether something right is made of a value; a constant takes no part in it, and this place is wrong."""
        if self._is_in(use.site, spot.site) or self.reading.constant[use.value]:
            return False
        return self.reading.is_right_in_itself(use.by) and not self.reading.constant[use.by]

    def _is_sure(self, number: int) -> bool:
        """Tell whether a value is what it is by itself, not because of another that is wrong."""
        reading = self.reading
        return number not in reading.accepted and (number in reading.first_known or reading.constant[number])

    def _shows(self, use: Use) -> bool:
        """Tell whether what is computed of a value is wrong by nothing else, and the value is not what was given."""
        return not self._is_given(use.value) and all(map(self._is_sure, self.again.sources(use.by)))

    def _is_given(self, number: int) -> bool:
        """Tell whether a value was there before, or was picked out of one that was."""
        reading = self.reading
        while reading.syntax(number) in SELECTING and reading.sources(number):
            number = reading.sources(number)[0]
        return reading.events[number].how == "read"

    def _would_be_right(self, use: Use, spot: Spot) -> bool:
        """Tell whether a place gets a meaning that is missing once another one that is missing stands in a name."""
        old = self.reading.events[use.value].value
        if old.size == 1 and self._is_given(use.value):
            return False  # one number among many is soon another one
        chain = self.again.up_to(use, lambda site: self._is_in(site, spot.site))
        for array in self._missing.values() if chain else ():
            alike = (row.reshape(old.shape) for rows in slices(array, old.size) for row in rows[:MOST_TRIED])
            for value in (array, *alike):
                if any(map(self._is_missing, self.again.values(chain, value))):
                    return True
        return self._lacks_a_term(use)

    @cached_property
    def _missing(self) -> dict[str, np.ndarray]:
        """The values of the walk that the answer's own cell nowhere has."""
        reading = self.reading
        own = [n for n in reading.first_known if self.own[reading.events[n].site] or self.again.is_called(n)]
        seen = {name for number in own for name in reading.meanings[number].right}
        return {name: node for name, node in reading.walk.nodes.items() if name not in seen}

    def _is_missing(self, made: np.ndarray) -> bool:
        row, index = made.reshape(1, -1), self.reading.indexes[0]
        if not row.size or Index.trivial_rows(row)[0]:
            return False
        known = [index.known[owner] for owner, ratio in index.of_many(row)[0] if index.is_plain(ratio)]
        return any(each.meaning in self._missing and not each.mistake for each in known)

    def _lacks_a_term(self, use: Use) -> bool:
        """Tell whether a sum would be right with the same value in it another number of times."""
        if self.reading.syntax(use.by) not in SUMS:
            return False
        old, made = (self.reading.events[n].value for n in (use.value, use.by))
        rest = made + old if use.operand and "Sub" in self.reading.syntax(use.by) else made - old
        for node in self._missing.values():
            if node.shape == rest.shape == old.shape:
                times = np.abs((node - rest) / old)
                if np.allclose(times, times.flat[0], rtol=1e-7, atol=0) and not np.isclose(
                    times.flat[0], 1.0
                ):
                    return True
        return False


def _span(site: Site) -> Span:
    return site[1:5]
