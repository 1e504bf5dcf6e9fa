"""The values that go into the expressions of an answer: each with its definition, and where else it is used."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from course_lib.checking.calling.sites import Site
from course_lib.checking.judging.again import Again
from course_lib.checking.judging.blaming import Spot
from course_lib.checking.judging.defining import Names, Span
from course_lib.checking.judging.reading import SELECTING, Reading


class Use(NamedTuple):
    """A value that goes into an expression: which event is made there, by which site, as which operand, and its own."""

    by: int
    site: int
    operand: int
    value: int


class Origin(NamedTuple):
    """A definition: the site of the value, and where that is used."""

    site: int
    uses: tuple[Use, ...]


class Uses:
    """What goes into which expression of the answer's own cell."""

    def __init__(self, reading: Reading, again: Again, names: Names) -> None:
        self.reading, self.again, self.names = reading, again, names
        own = reading.recording.own
        self.own = [site.filename == own for site in reading.sites]
        self.name_of = [
            names.of(_span(site)) if mine else "" for site, mine in zip(reading.sites, self.own, strict=True)
        ]
        self._definitions: dict[int, tuple[int | None, range]] = {}

    def entering(self, spot: Spot) -> Iterator[Origin]:
        """Yield the definitions of the values that enter a place, or are handed in there."""
        seen: set[int] = set()
        asked: set[int] = set()
        entering = (
            (operand, use.value)
            for use, operand in self._operand_of.items()
            if self.reading.is_within(use.site, spot.site)
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
        if not only_hands_in(spot):
            return []
        named = [
            n
            for n, site in enumerate(self.reading.sites)
            if self.name_of[n] and spot.site in (n, site.parent)
        ]
        pieces = [piece[0] for piece in self.reading.recording.result if len(piece) == 1]
        meant = [
            n for n in pieces if spot.operands[0][1] in self.reading.names(n) and not self.reading.is_given(n)
        ]
        named = [n for n in named if n == spot.site or self.name_of[n].startswith(".")]
        return [(site, number) for site in named for number in meant]

    def _origin(self, operand: int, value: int) -> Origin | None:
        """Return the definition of a value: by its name, and where it came as an argument, by what made it."""
        at, lines = self._definition(operand)
        if at is not None:
            if not self._was_made(value, at, lines):
                return None
            name = self.name_of[operand]
            uses = [use for use in self._operand_of if self.name_of[self._operand_of[use]] == name]
            uses = [use for use in uses if self._definition(self._operand_of[use])[0] == at]
            return Origin(at, tuple(use for use in uses if self.reading.sites[use.site].line not in lines))
        site = self.again.site_of(value)
        if (
            self.names.is_local(_span(self.reading.sites[operand]))
            or not self.own[site]
            or self.reading.is_given(value)
        ):
            return None
        return Origin(site, tuple(use for use in self._operand_of if use.value == value))

    def _was_made(self, value: int, at: int, lines: range) -> bool:
        """Tell whether a value comes from its definition, and was not put there later."""
        site = self.again.site_of(value)
        return (
            self.reading.sites[at].syntax in SELECTING
            or self.reading.is_given(value)
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
    def _site_at(self) -> dict[Span, int]:
        return {_span(site): n for n, site in enumerate(self.reading.sites) if self.own[n]}

    @cached_property
    def _operand_of(self) -> dict[Use, int]:
        """Every value that goes into an expression of the answer's own cell, but for what only hands it on."""
        return dict(self._pairs())

    def _pairs(self) -> Iterator[tuple[Use, int]]:
        for number, site, operands in self.again.made():
            for position, (operand, group) in enumerate(operands):
                handed_on = self.name_of[site] and self.name_of[site] == self.name_of[operand]
                if self.own[site] and not handed_on:
                    yield from ((Use(number, site, position, each), operand) for each in group[:1])


def only_hands_in(spot: Spot) -> bool:
    """Tell whether a place is a value that is handed in as it is."""
    return len(spot.operands) == 1 and spot.operands[0][0] == spot.site


def _span(site: Site) -> Span:
    return site[1:5]
