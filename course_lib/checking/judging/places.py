"""Places: the first expressions of an answer whose operands mean something and whose own value does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from course_lib.checking.calling.events import Recording
from course_lib.checking.calling.sites import Site
from course_lib.checking.judging.blaming import Blame, Spot, bare
from course_lib.checking.judging.defining import Names, names_in_cell
from course_lib.checking.judging.handed_in import of_another_form, other_than_asked
from course_lib.checking.judging.judgement import Place
from course_lib.checking.judging.losing_meaning import PRODUCTS, first_bad, measures
from course_lib.checking.judging.origins import Origins
from course_lib.checking.judging.reading import Reading
from course_lib.checking.judging.standing_in import StandIns
from course_lib.execution import SLOWER, thread_time
from course_lib.exercises.walks import WalkOf

MOST_PLACES = 3
# Of processor time. What is found by then is told; reading a loop over many entries may take longer.
SECONDS = 0.15 * SLOWER


class Found(NamedTuple):
    """The places in an answer; and, where they are all that is wrong with it and each is known, the mistakes' ids."""

    places: tuple[Place, ...] = ()
    mistakes: tuple[str, ...] = ()


class Search:
    """Looks for places, one behind the other."""

    def __init__(self, recording: Recording, walk_of: WalkOf, case: tuple) -> None:
        self.recording = recording
        self.end = thread_time() + self._seconds()
        self.stand_ins = StandIns(recording, walk_of, case, self.end)
        self.blame = Blame(recording, self.stand_ins.walk)
        self.explained = False
        self.of_another_form = False
        self.is_other_than_asked = False
        self._last: tuple[tuple[int, int], Reading] | None = None

    def _seconds(self) -> float:
        return SECONDS

    def all_spots(self) -> list[Spot]:
        """Return the places, of shapes where a shape is what is wrong."""
        if self.recording.raising >= 0 or self.has_odd_result():
            return self.of_shapes()
        return self.spots()

    def spots(self) -> list[Spot]:
        """Return the places, at most three."""
        found: dict[int, Spot] = {}
        for _ in range(MOST_PLACES + 1):
            reading = self._reading()
            if measures(reading):
                return []
            other = of_another_form(reading)
            if other:
                self.of_another_form = True
                return self._in_own_cell(other)
            groups: dict[int, list[int]] = {}
            for number in self._usable(reading):
                spot, event = self.blame.spot(reading, number)
                if spot.site not in found and not self._beside_another(reading, spot.site, found):
                    groups.setdefault(spot.site, []).append(event)
                    found[spot.site] = spot
                elif spot.site in groups and event not in groups[spot.site]:
                    groups[spot.site].append(event)
            if not groups:
                self.explained = bool(found) and self._is_as_asked(reading)
            if not groups or len(found) >= MOST_PLACES or thread_time() > self.end:
                break
            ahead = [
                self.stand_ins.go_on_behind(reading, numbers, found[site]) for site, numbers in groups.items()
            ]
            if not any(ahead):
                break
        if not found:
            reading = self._reading()
            found = {spot.site: spot for spot in other_than_asked(reading)}
            self.is_other_than_asked = bool(found)
        in_order = sorted(found.values(), key=lambda spot: self._first_event(spot.site))
        return self._in_own_cell(in_order)[:MOST_PLACES]

    def with_origins(self, spots: list[Spot], cell: str) -> list[Spot]:
        """Return places with the definition to blame for them, if one is; it takes the room of the last."""
        # Of what is handed in alone in place of several things, no definition is to blame.
        searched = spots and not self.of_another_form and thread_time() < self.end
        names = names_in_cell(cell) if searched else None
        if names and self.is_other_than_asked and (early := self._returned_too_early(names)):
            return [early]
        found = Origins(self._reading(), self.blame, names, self.end).of(spots) if names else []
        room = MOST_PLACES - 1 if found else MOST_PLACES
        return [*spots[:room], *found][:MOST_PLACES]

    def _returned_too_early(self, names: Names) -> Spot | None:
        """Return the place of a value that is right as far as it goes, and is returned in the first turn of a loop."""
        (site, *others) = self.recording.returned or (-1,)
        if others or site < 0 or not names.ends_a_loop(self.recording.sites[site][1:5]):
            return None
        return Spot(site, (), ends_loop=True)

    def _reading(self) -> Reading:
        known = self.stand_ins
        state = len(known.indexes), len(known.accepted)
        if self._last is None or self._last[0] != state:
            self._last = state, Reading(self.recording, known.walk, known.indexes, known.accepted)
        return self._last[1]

    def _is_as_asked(self, reading: Reading) -> bool:
        """Tell whether the result is what is asked for, once every wrong value stands for the right one."""
        asked, result = self.stand_ins.walk.asked, self.recording.result
        return len(asked) == len(result) and all(
            len(piece) == 1 and wanted in reading.names(piece[0])
            for wanted, piece in zip(asked, result, strict=True)
        )

    def _first_event(self, site: int) -> int:
        """Return when an expression was first evaluated."""
        events = self.recording.events
        calls = (call.last for call in self.recording.calls if call.site == site)
        return min(
            (n for n, event in enumerate(events) if event.site == site),
            default=min(calls, default=len(events)),
        )

    def _in_own_cell(self, found: Iterable[Spot]) -> list[Spot]:
        return [spot for spot in found if self.recording.sites[spot.site].filename == self.recording.own]

    @cached_property
    def shapes(self) -> set[tuple[int, ...]]:
        """The shapes that mean something: those of the values of the walk, and of what can be picked out of them."""
        return {shape for each in self.stand_ins.walk.known for shape in _shapes(each.array.shape)}

    def has_odd_result(self) -> bool:
        """Tell whether something of a shape that means nothing is handed in."""
        pieces = [self.recording.events[each].shape for piece in self.recording.result for each in piece]
        return any(bare(shape) not in self.shapes for shape in pieces)

    def of_shapes(self) -> list[Spot]:
        """Return the first expression whose shape means nothing, or the one at which an error of shapes was raised."""
        reading = self._reading()
        odd = [bare(event.shape) not in self.shapes for event in reading.events]
        for number, event in enumerate(reading.events):
            made = number in reading.needed and event.how == "made"
            if odd[number] and made and not any(odd[each] for each in reading.sources(number)):
                named, shapes = (f(reading, event.operands) for f in (self.blame.named, self.blame.shapes))
                met = (*shapes, event.shape) if any(shapes) else ()
                return self._in_own_cell([Spot(event.site, named, shapes=met)])
        operands = self.blame.named(reading, self.recording.raising_operands)
        shapes = self.blame.shapes(reading, self.recording.raising_operands)
        met = (*shapes, None) if all(shapes[:2]) and len(shapes) > 1 else ()
        return self._in_own_cell([Spot(self.recording.raising, operands, shapes=met)] if operands else [])

    def _beside_another(self, reading: Reading, site: int, others: Iterable[int]) -> bool:
        """Tell whether a place is a factor of the same product as one before it."""
        parent = reading.sites[site].parent
        product = parent >= 0 and reading.sites[parent].syntax in PRODUCTS
        return product and any(reading.sites[other].parent == parent for other in others)

    def _usable(self, reading: Reading) -> list[int]:
        first = first_bad(reading)
        if self.recording.complete:
            return first
        # What was made last may have been on its way to a meaning; so may what is only partly put together.
        before = 0.8 * len(reading.events)
        return [
            n
            for n in first
            if n < before and not reading.syntax(n).startswith("AugAssign") and not reading.is_put_together(n)
        ]


def _shapes(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    for count in range(len(shape) + 1):
        yield from map(bare, combinations(shape, count))


def spots(recording: Recording, walk_of: WalkOf, case: tuple) -> tuple[list[Spot], bool]:
    """Return where meaning is lost in a recording, at most three places in their order; and whether that is all."""
    search = Search(recording, walk_of, case)
    return search.all_spots(), search.explained


def places(recording: Recording, walk_of: WalkOf, case: tuple, cell: str) -> Found:
    """Return the places in a recording as the student wrote them, and the mistakes that explain the answer.

    Parameters
    ----------
    recording : Recording
    walk_of : callable
        The exercise's own walk.
    case : tuple
        What the answer was called with.
    cell : str
        The text of the answer's own cell. What a recording says of it are lines and columns, nothing else.
    """
    return told(Search(recording, walk_of, case), cell)


def told(search: Search, cell: str) -> Found:
    """Return what a search finds, its text cut from the answer's own cell."""
    lines = _lines(cell)
    at = search.all_spots()
    spots_ = search.with_origins(at, cell)
    found = [_place(search.recording, lines, spot, spot not in at) for spot in spots_]
    known = search.explained and all(len(spot.mistakes) == 1 for spot in at)
    ids = tuple(dict.fromkeys(spot.mistakes[0] for spot in at)) if known else ()
    return Found(tuple(place for place in found if place.source), ids)


def _place(recording: Recording, lines: Sequence[str], spot: Spot, is_definition: bool) -> Place:
    site = recording.sites[spot.site]
    source = cut(lines, site)
    operands = tuple((cut(lines, recording.sites[each]), meaning) for each, meaning in spot.told)
    line = lines[site.line - 1] if source else ""
    return Place(
        site.line,
        source,
        tuple(pair for pair in operands if pair[0]),
        spot.mistakes,
        line.strip(),
        is_definition,
        spot.shapes,
        _column(line, site),
        spot.instead,
        spot.times,
        spot.ends_loop,
    )


def _column(line: str, site: Site) -> int:
    """Return where an expression begins in its line, spaces in front left out."""
    before = line.encode()[: site.column].decode(errors="replace")
    return len(before) - (len(line) - len(line.lstrip()))


def _lines(cell: str) -> list[str]:
    """Return the lines of a cell as Python counts them: other characters that end a line elsewhere end none here."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def cut(lines: Sequence[str], site: Site) -> str:
    """Return the text of an expression; nothing where there is none."""
    if not 1 <= site.line <= site.end_line <= len(lines):
        return ""
    rows = [line.encode() for line in lines[site.line - 1 : site.end_line]]
    rows[-1] = rows[-1][: site.end_column]
    rows[0] = rows[0][site.column :]
    return " ".join(b" ".join(rows).decode(errors="replace").split())
