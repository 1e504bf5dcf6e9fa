"""An expression computed again with another value in it, as far as its numbers tell what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from course_lib.checking.judging.reading import Reading


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-z))


def _slope(z: np.ndarray) -> np.ndarray:
    return _sigmoid(z) * (1.0 - _sigmoid(z))


_OPERATORS: dict[str, Callable] = {
    "BinOp Mult": np.multiply,
    "BinOp MatMult": np.matmul,
    "BinOp Add": np.add,
    "BinOp Sub": np.subtract,
    "BinOp Div": np.divide,
}
# Which of these a call is, its numbers tell.
_CALLS: dict[int, tuple[Callable, ...]] = {
    1: (_sigmoid, _slope, np.transpose),
    2: (np.multiply, np.outer, np.dot, np.matmul),
}
# A step of a computation: what is done, with which values, and where among them the one before enters.
Step = tuple[Callable, list[np.ndarray], int]


class Again:
    """What the expressions of a recording do; a call of a helper is an expression like others."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @cached_property
    def _calls(self) -> dict[int, Any]:
        own = self.reading.recording.own
        calls = self.reading.recording.calls
        return {
            call.result: call
            for call in calls
            if call.result >= 0 and self.reading.sites[call.site].filename == own
        }

    def site_of(self, number: int) -> int:
        """Return the expression that made a value, of one that a helper gave the call in the answer's own cell."""
        return self._calls[number].site if number in self._calls else self.reading.events[number].site

    def made(self) -> Iterator[tuple[int, int, tuple]]:
        """Yield every value that was made: its event, the site, the operands."""
        for number, event in enumerate(self.reading.events):
            if event.how != "read":
                yield number, event.site, event.operands
        for number, call in self._calls.items():
            if self.reading.events[number].site != call.site:
                yield number, call.site, call.operands

    def sources(self, number: int) -> list[int]:
        """Return the events that went into one; of a call of a helper, what it was given."""
        return [each for _, group in self._of(number) for each in group]

    def _of(self, number: int) -> tuple:
        return self._calls[number].operands if number in self._calls else self.reading.events[number].operands

    def is_called(self, number: int) -> bool:
        """Tell whether a value is what a helper gave."""
        return number in self._calls

    def up_to(self, use: Any) -> list[Step]:
        """Return the steps from a value to the end of the whole expression that it enters."""
        steps: list[Step] = []
        number, value = use.by, use.value
        while number >= 0:
            sources = self.sources(number)
            if value not in sources:
                break
            values = [self.reading.events[each].value for each in sources]
            operation = self._operation(number, values)
            if operation is None:
                break
            at = min(use.operand, len(sources) - 1) if not steps else sources.index(value)
            steps.append((operation, values, at if sources[at] == value else sources.index(value)))
            number, value = self.reading.outer(number), number
        return steps

    @staticmethod
    def values(steps: Iterable[Step], value: np.ndarray) -> Iterator[np.ndarray]:
        """Yield what each step gives when another value enters the first."""
        for operation, values, at in steps:
            try:
                with np.errstate(all="ignore"):
                    value = np.asarray(operation(*values[:at], value, *values[at + 1 :]), dtype=float)
            except ValueError:
                return
            yield value

    def _operation(self, number: int, values: Sequence[np.ndarray]) -> Callable | None:
        """Return what an expression does with its operands; a number that is no data is a factor."""
        kind, made = self.reading.syntax(number), self.reading.events[number].value
        if number not in self._calls and len(values) == 2 and kind in _OPERATORS:
            return _OPERATORS[kind]
        if number not in self._calls and len(values) == 1 and kind in ("BinOp Mult", "BinOp Div"):
            return np.asarray
        return next((each for each in _CALLS.get(len(values), ()) if _gives(each, values, made)), None)


def _gives(operation: Callable, values: Sequence[np.ndarray], made: np.ndarray) -> bool:
    try:
        with np.errstate(all="ignore"):
            found = operation(*values)
    except ValueError:
        return False
    return found.shape == made.shape and np.allclose(found, made, rtol=1e-12, atol=0)
