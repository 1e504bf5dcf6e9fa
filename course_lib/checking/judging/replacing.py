"""Whether a place would be right if a value of the walk that the answer nowhere has stood in it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from course_lib.checking.judging.again import Again
from course_lib.checking.judging.blaming import Spot
from course_lib.checking.judging.matching import Index, slices
from course_lib.checking.judging.reading import SUMS, Reading
from course_lib.checking.judging.uses import Use

# So many values are tried in place of one.
MOST_TRIED = 500


class Replacing:
    """Tries the values that are missing in place of one that is used."""

    def __init__(self, reading: Reading, again: Again) -> None:
        self.reading, self.again = reading, again

    def would_be_right(self, use: Use, spot: Spot) -> bool:
        """Tell whether a place gets the meaning that it stands for once another one, missing so far, enters it."""
        old = self.reading.events[use.value].value
        if old.size == 1 and self.reading.is_given(use.value):
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
            if self.reading.is_within(self.again.site_of(number), spot.site):
                here.add(name)
        return (here | set(self.reading.walk.asked)) & set(self._missing)

    @cached_property
    def _missing(self) -> dict[str, np.ndarray]:
        """The values of the walk that the answer's own cell nowhere has."""
        reading = self.reading
        own = [n for n in reading.first_known if self._is_own(self.again.site_of(n))]
        seen = {name for number in own for name in reading.meanings[number].right}
        nodes = reading.walk.nodes.items()
        return {name: node for name, node in nodes if name not in seen and not _is_on_the_way(name)}

    def _is_own(self, site: int) -> bool:
        return self.reading.sites[site].filename == self.reading.recording.own

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


def may_be_by_chance(meaning: str) -> bool:
    """Tell whether a meaning is that of a product which the chain rule makes on its way."""
    return meaning.startswith(("from_w_", "through_"))


def _is_on_the_way(meaning: str) -> bool:
    return may_be_by_chance(meaning) or meaning.startswith("part_of_")
