"""Behind a wrong value: it is taken for the value of the walk that it stands for, and the walk goes on from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from course_lib.checking.calling.events import Recording
from course_lib.checking.judging.blaming import Spot
from course_lib.checking.judging.looking_up import meanings_in
from course_lib.checking.judging.matching import Index
from course_lib.checking.judging.reading import Reading
from course_lib.execution import thread_time
from course_lib.exercises.walks import WalkOf, walked

# So many of the numbers written in an answer may be factors that it multiplies in.
MOST_WRITTEN = 12


class StandIns:
    """The walk, and what stands for its values: `indexes` to look values up in, `accepted` events with their names.

    From `end` on, in processor time of the thread, nothing more is tried.
    """

    def __init__(self, recording: Recording, walk_of: WalkOf, case: tuple, end: float) -> None:
        self.walk_of, self.case, self.end = walk_of, case, end
        self.walk = walked(walk_of, case)
        self.constants = self.walk.constants | _written(recording.numbers)
        weights = {name for name in self.walk.nodes if name.startswith("w_")}
        self.indexes = [Index(self.walk.known, self.constants, weights)]
        self.replaced: dict[str, np.ndarray] = {}
        self.accepted: dict[int, str] = {}

    def go_on_behind(self, reading: Reading, numbers: Sequence[int], spot: Spot) -> bool:
        """Take what is wrong at one place for a value of the walk, and go on from it.

        It is that value which gives what follows a meaning; if none does, what the expression around it gives is tried.
        """
        wrong = {name for n in numbers for name in reading.meanings[n].wrong}
        latest = max((self.walk.stages.get(name, 0) for _, name in spot.operands), default=0)
        while numbers:
            if self.take(reading, numbers, latest, wrong):
                return True
            around = [reading.outer(number) for number in numbers]
            numbers = list(dict.fromkeys(around)) if min(around) >= 0 else []
        return False

    def take(
        self, reading: Reading, numbers: Sequence[int], latest: int = 0, wrong: Collection[str] = ()
    ) -> str:
        """Take values for the one of the walk that gives what follows a meaning; return its name, if one does."""
        best = self._stands_for(reading, numbers, latest, wrong)
        if not best:
            return ""
        name, value, index = best
        self.replaced[name] = value
        self.indexes.append(index)
        self.accepted |= dict.fromkeys(numbers, name)
        return name

    def _stands_for(
        self, reading: Reading, numbers: Sequence[int], latest: int, wrong: Collection[str]
    ) -> tuple[str, np.ndarray, Index] | None:
        values = [reading.events[n].value for n in numbers]
        batch = np.concatenate([value.ravel() for value in values])
        behind = self._behind(reading, numbers)
        lost = [n for n in behind if not reading.has_meaning(n) and not reading.constant[n]]
        best, gained = None, 0
        for name, array in self._candidates(batch.size, latest):
            if wrong and name not in wrong:
                continue
            if thread_time() > self.end:
                return best
            for value in self._laid_out(batch, values, array.shape):
                index = self._index_with({**self.replaced, name: value})
                known = self._known(reading, index, lost)
                count = len(known) if self._all_lead(reading, numbers, known) else 0
                if count > gained and self.is_enough(count, len(lost)):
                    best, gained = (name, value, index), count
                if gained == len(lost) > 0:  # there is no more to gain
                    return best
        return best

    def is_enough(self, gained: int, lost: int) -> bool:
        """Tell whether it is enough that so many of the lost values behind get a meaning."""
        return True

    @staticmethod
    def _known(reading: Reading, index: Index, numbers: Sequence[int]) -> set[int]:
        return {n for n, meaning in meanings_in(index, reading.events, numbers).items() if meaning.right}

    @staticmethod
    def _all_lead(reading: Reading, numbers: Sequence[int], known: set[int]) -> bool:
        """Tell whether something known is computed from every one of `numbers`."""
        leads = set(known)
        for number in range(len(reading.events) - 1, min(numbers), -1):
            if number in leads:
                leads.update(reading.sources(number))
        return all(number in leads for number in numbers)

    def _candidates(self, size: int, latest: int) -> list[tuple[str, np.ndarray]]:
        """Return the values of the walk that a wrong one may stand for: none that its operands come from."""
        return [
            (name, array)
            for name, array in self.walk.nodes.items()
            if array.size == size and self.walk.stages.get(name, -1) >= latest and name not in self.walk.given
        ]

    @staticmethod
    def _laid_out(batch: np.ndarray, values: list[np.ndarray], shape: tuple[int, ...]) -> list[np.ndarray]:
        """Return the ways in which the numbers may fill an array of this shape."""
        found = [batch.reshape(shape)]
        if len(shape) == 2 and 1 not in shape:
            turned = batch.reshape(shape[::-1]).T
            if len(values) == 1 and values[0].ndim == 2 and values[0].shape == shape[::-1]:
                return [turned]
            if len(values) != 1 or values[0].shape != shape:
                found.append(turned)
        return found

    def _index_with(self, replaced: dict[str, np.ndarray]) -> Index:
        again = walked(self.walk_of, self.case, replaced)
        before = [each.array for each in self.walk.known]
        changed = [
            each
            for each, old in zip(again.known, before, strict=False)
            if not np.array_equal(each.array, old)
        ]
        return Index([each for each in changed if not each.mistake], self.constants)

    def _behind(self, reading: Reading, group: Sequence[int]) -> list[int]:
        behind = set(group)
        for number in range(min(group) + 1, len(reading.events)):
            if any(each in behind for each in reading.sources(number)):
                behind.add(number)
        return sorted(behind - set(group))


def _written(numbers: Sequence[float]) -> set[float]:
    """Return the numbers that are written in an answer, and one over each."""
    found = sorted({abs(n) for n in numbers if n and np.isfinite(n)})[:MOST_WRITTEN]
    return {*found, *(1.0 / n for n in found)}
