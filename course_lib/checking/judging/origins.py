"""A wrong expression may be right, and what it is given wrong: then the line that defines that is a place, too.

By the rule alone the place is where a value loses its meaning. ``y = net`` has one, that of the net input, and only
``y @ W12`` has none. So each value that enters a place is asked: is nothing right made of it anywhere, and would the
place be right if something stood there that the answer nowhere has? Only then its definition is pointed at.
"""

from __future__ import annotations

from collections.abc import Sequence

from course_lib.checking.judging.again import Again
from course_lib.checking.judging.blaming import Blame, Spot
from course_lib.checking.judging.defining import Names
from course_lib.checking.judging.reading import Reading
from course_lib.checking.judging.replacing import Replacing, may_be_by_chance
from course_lib.checking.judging.uses import Origin, Use, Uses, only_hands_in
from course_lib.execution import thread_time


class Origins:
    """Finds the definitions that are to blame for places, until the processor time of the thread is `end`."""

    def __init__(self, reading: Reading, blame: Blame, names: Names, end: float) -> None:
        self.reading, self.blame, self.end = reading, blame, end
        self.again = Again(reading)
        self.uses = Uses(reading, self.again, names)
        self.replacing = Replacing(reading, self.again)

    def of(self, spots: Sequence[Spot]) -> list[Spot]:
        """Return the definitions to be pointed at beside these places."""
        taken = {self.reading.sites[spot.site].line for spot in spots}
        found: dict[int, Spot] = {}
        for spot in spots:
            for origin in self.uses.entering(spot):
                if thread_time() > self.end:
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

    # ---- is it to blame?

    def _is_to_blame(self, origin: Origin, spot: Spot) -> bool:
        if any(self._is_right(use, spot) for use in origin.uses):
            return False
        if only_hands_in(spot) and all(self.reading.is_within(use.site, spot.site) for use in origin.uses):
            as_it_is = self.uses.name_of[spot.site]
            if as_it_is or self._syntax(self.reading.sites[origin.site].parent).startswith("AugAssign"):
                return True
        sure = [use for use in origin.uses if self._is_sure(use.value)]
        shown = [use for use in sure if self._shows(use) and not self.again.is_called(use.by)]
        if len({self.reading.sites[use.site].line for use in shown}) > 1:
            return True
        here = [use for use in sure if self.reading.is_within(use.site, spot.site)]
        return any(self.replacing.would_be_right(use, spot) for use in here[:1])

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
        return not names or reading.leads_at_first[use.by] or not all(map(may_be_by_chance, names))

    def _is_sure(self, number: int) -> bool:
        """Tell whether a value is what it is by itself, not because of another that is wrong."""
        reading = self.reading
        return number not in reading.accepted and (number in reading.first_known or reading.constant[number])

    def _shows(self, use: Use) -> bool:
        """Tell whether what is computed of a value is wrong by nothing else, and the value is not what was given."""
        if self.reading.has_meaning(use.by):
            return False
        return not self.reading.is_given(use.value) and all(map(self._is_sure, self.again.sources(use.by)))
