"""A function run again and again with its own values moved: how what follows depends on each of them is measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from course_lib.checking.calling.notebook_functions import reached
from course_lib.checking.calling.recorder import IN_PLACE, Recorder
from course_lib.checking.calling.recording import in_place, rewritten
from course_lib.checking.calling.sites import Sites

# ``visit(site, turn, value)`` is given every value that an expression makes, and gives what the function goes on with.
Visit = Callable[[int, int, Any], Any]


class Replayer(Recorder):
    """Rewrites a function as a recording does, and hands each value on to a visitor in place of keeping it."""

    def __init__(self, function: Callable) -> None:
        super().__init__(Sites())
        self.function = function
        self._codes = rewritten(reached(function), self)
        self._visit: Visit = _as_it_is
        self._turns: Counter = Counter()

    @property
    def can_run(self) -> bool:
        """Whether the source of the function is there."""
        return any(function is self.function for function in self._codes)

    def run(self, case: tuple, visit: Visit) -> Any:
        """Call the function with every value handed to `visit`."""
        self._visit = visit
        self._turns.clear()
        with in_place(self._codes):
            return self.function(*case)

    # ---- called by the code

    def mark(self, site: int) -> tuple[int, int, int]:
        """Nothing begins that has to be remembered."""
        return 0, 0, 0

    def leaf(self, site: int, value: Any) -> Any:
        """Hand on a name that is read."""
        return value

    def note(self, site: int, mark: tuple[int, int, int], value: Any) -> Any:
        """Have an expression visited."""
        self._turns[site] += 1
        return self._visit(site, self._turns[site] - 1, value)

    def augment(self, site: int, name: str, old: Any, value: Any) -> Any:
        """Do ``old += value``, and have the new value visited."""
        return self.note(site, (0, 0, 0), IN_PLACE[name](old, value))

    def augment_item(self, site: int, name: str, base: Any, index: Any, value: Any) -> None:
        """Do ``base[index] += value``."""
        base[index] = IN_PLACE[name](base[index], value)

    def augment_attribute(self, site: int, name: str, base: Any, attribute: str, value: Any) -> None:
        """Do ``base.attribute += value``."""
        setattr(base, attribute, IN_PLACE[name](getattr(base, attribute), value))

    def store(self, site: int, base: Any) -> Any:
        """Let what is assigned go into `base`."""
        return base


def _as_it_is(site: int, turn: int, value: Any) -> Any:
    return value
