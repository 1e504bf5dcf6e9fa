"""The values of an error that somebody wrote, and how each depends on those before it: measured, not derived."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from course_lib.checking.calling.event_log import LARGEST, data_of
from course_lib.checking.calling.replaying import Replayer, Visit
from course_lib.execution import SLOWER, thread_time
from course_lib.exercises.from_loss import STEP
from course_lib.exercises.kinds import Case, Loss

# With more numbers than these on the way to E, or after so much processor time, nothing is measured.
MOST_NUMBERS, SECONDS = 1_500, 0.5 * SLOWER
# A difference of the fourth order over this step is good for ten digits, a complex step for all; less is rounding.
DIFFERENCE, ROUNDING = 3e-4, 1e-9
# What changes another value by no more than this share of it does not change it.
NOTHING = 1e-11
_WEIGHTS = ((1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0))
# What is differentiated by, and what is differentiated.
FIRST, LAST = -1, -2

Shifts = dict[int, np.ndarray]


class UnmeasuredError(Exception):
    """Raised where the values of an error cannot be measured: too many, no source, another way at other inputs."""


class LossValues:
    """The values on the way from the first argument of an error to the error, by their sites, in their order.

    Of an expression in a loop all values are one, with an axis for the turns. `FIRST` stands for the argument itself.
    """

    def __init__(self, loss: Loss, replayer: Replayer, case: Case) -> None:
        self.loss, self.replayer = loss, replayer
        self.case = (np.asarray(case[0], float), *case[1:])
        self._end = thread_time() + SECONDS
        self.patterns: set[bytes] = set()
        self.on_the_way = [FIRST]
        self.shapes = self._shapes()
        self.measured = self.measure({})
        self.on_the_way = [s for s in self.shapes if s == FIRST or self.measured.depend(s, FIRST)]

    def again(self) -> None:
        """Set the clock."""
        self._end = thread_time() + SECONDS

    def measure(self, shifts: Shifts) -> Measured:
        """Return all values and derivatives, with some of the values moved by a constant."""
        values = self._run(shifts)
        found = Measured(values, self.shapes, [FIRST])
        for site in self.shapes:
            # Only what depends on the first argument is moved.
            if site in self.on_the_way or found.depend(site, FIRST):
                found.enter(site, self._derivatives(site, shifts))
        return found

    # ---- running E

    def _shapes(self) -> dict[int, tuple[int, ...]]:
        """Return the shape of each value that is one: numbers, and in every turn of a loop as many."""
        seen: dict[int, list] = {}

        def visit(site: int, turn: int, value: Any) -> Any:
            if np.size(value) > LARGEST:
                raise UnmeasuredError
            seen.setdefault(site, []).append(data_of(value))
            return value

        self.replayer.run(self.case, visit)
        found = {FIRST: self.case[0].shape}
        for site, turns in seen.items():
            self.patterns.update(each for data in turns if data for each in patterns(np.frombuffer(data[1])))
            if all(turns) and len({shape for shape, _ in turns}) == 1:
                found[site] = (*([len(turns)] if len(turns) > 1 else []), *turns[0][0])
        if sum(map(_size, found.values())) > 3 * MOST_NUMBERS:
            raise UnmeasuredError
        return found

    def _run(
        self, shifts: Shifts, moved: int | None = None, at: int = 0, step: complex = 0.0
    ) -> dict[int, np.ndarray]:
        """Return all values with number `at` of the value `moved` moved by `step`."""
        x = self.case[0] + shifts.get(FIRST, 0.0)
        x = _moved(x, at, step) if moved == FIRST else x
        seen: dict[int, list[np.ndarray]] = {FIRST: [np.ravel(x)]}
        result = self.replayer.run((x, *self.case[1:]), self._visit(shifts, seen, moved, at, step))
        seen[LAST] = [np.ravel(result)]
        found = {site: np.concatenate(turns) for site, turns in seen.items()}
        if any(site not in found or found[site].size != _size(shape) for site, shape in self.shapes.items()):
            raise UnmeasuredError
        return found

    def _visit(self, shifts: Shifts, seen: dict, moved: int | None, at: int, step: complex) -> Visit:
        def visit(site: int, turn: int, value: Any) -> Any:
            if site not in self.shapes:
                return value
            if site in shifts:
                value = value + shifts[site].reshape(-1, *np.shape(value))[turn]
            size = np.size(value)
            if site == moved and turn == at // size:
                value = _moved(value, at % size, step)
            seen.setdefault(site, []).append(np.array(value, order="C").ravel())
            return value

        return visit

    def _derivatives(self, site: int, shifts: Shifts) -> dict[int, np.ndarray]:
        """Return how all values depend on each number of one: a column for every number."""
        columns = [self._derivative(site, at, shifts) for at in range(_size(self.shapes[site]))]
        return {other: np.stack([each[other] for each in columns], axis=1) for other in columns[0]}

    def _derivative(self, site: int, at: int, shifts: Shifts) -> dict[int, np.ndarray]:
        if thread_time() > self._end:
            raise UnmeasuredError
        if self.loss.analytic:
            return {n: np.imag(v) / STEP for n, v in self._run(shifts, site, at, 1j * STEP).items()}
        runs = [(weight, self._run(shifts, site, at, k * DIFFERENCE)) for k, weight in _WEIGHTS]
        return {n: sum(w * run[n] for w, run in runs) / (12 * DIFFERENCE) for n in runs[0][1]}


class Measured:
    """The values of one run, and how they depend on each other."""

    def __init__(
        self, values: dict[int, np.ndarray], shapes: dict[int, tuple[int, ...]], first: list
    ) -> None:
        self.flat, self.shapes = values, shapes
        self._derivatives: dict[int, dict[int, np.ndarray]] = {}

    def enter(self, site: int, derivatives: dict[int, np.ndarray]) -> None:
        """Enter how everything depends on a value; what is only rounding is 0."""
        size = np.abs(self.flat[site]).max(initial=0.0)
        self._derivatives[site] = {
            other: _without_rounding(table, size, np.abs(self.flat[other]).max(initial=0.0))
            for other, table in derivatives.items()
        }

    def value(self, site: int) -> np.ndarray:
        """Return a value in its shape."""
        return np.real(self.flat[site]).reshape(self.shapes[site])

    def depend(self, site: int, other: int) -> bool:
        """Tell whether a value depends on another."""
        return other in self._derivatives and bool(self.table(site, other).any())

    def table(self, site: int, other: int) -> np.ndarray:
        """Return how a value depends on another: a row for each number of it, a column for each of the other."""
        return self._derivatives[other][site]

    @cached_property
    def adjoints(self) -> dict[int, np.ndarray]:
        """How the error depends on each value, number by number."""
        return {site: found[LAST][0] for site, found in self._derivatives.items()}


def _without_rounding(table: np.ndarray, size: float, of: float) -> np.ndarray:
    """Return a table with 0 for rounding; `size` is that of what was moved, `of` that of what depends on it."""
    largest = np.abs(table).max(initial=0.0)
    if largest * size <= NOTHING * of:
        return np.zeros_like(table)
    return np.where(np.abs(table) <= ROUNDING * largest, 0.0, table)


def patterns(array: np.ndarray) -> list[bytes]:
    """Return which entries of an array are not 0, and which are; nothing if all are alike in that."""
    full = array.ravel() != 0.0
    return [full.tobytes(), (~full).tobytes()] if full.any() and not full.all() else []


def _moved(value: Any, at: int, step: complex) -> Any:
    array = np.array(value, dtype=np.result_type(np.asarray(value), type(step)), order="C")
    array.reshape(-1)[at] += step
    return array if array.ndim else array[()]


def _size(shape: tuple[int, ...]) -> int:
    return math.prod(shape)


def sites_on_the_way(values: LossValues) -> Iterator[int]:
    """Yield the values that depend on the first argument and on which the error depends, but for the error itself."""
    measured = values.measured
    for site in values.on_the_way:
        adjoint = measured.adjoints[site]
        if adjoint.any() and not (
            adjoint.size == 1 and np.array_equal(measured.flat[site], measured.flat[LAST])
        ):
            yield site
