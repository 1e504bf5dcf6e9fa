"""Which values of a walk an array is: up to a factor, a transpose, a row, a column, an entry."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations, permutations

import numpy as np

from course_lib.exercises.walks import Known

# Another order of summation differs by rounding only.
SAME = 1e-9
# Larger tables than this are matched as a whole and in their entries, not in every slice.
MOST_SLICED = 30_000

# Sorted keys, the order that sorts them, and row by row: unit vectors, whose they are, their lengths.
_Table = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
# Numbers of values in the table, each with the factor by which an array is larger.
Found = tuple[tuple[int, float], ...]


class Index:
    """All slices of the values of a walk, to look up an array among them.

    An array is looked up by its numbers in their order, whatever its shape. Several numbers may be multiplied by any
    factor; a single one only by those of `constants`, since with any factor it would be everything.
    """

    def __init__(
        self, known: Iterable[Known], constants: Iterable[float], weights_: Collection[str] = ()
    ) -> None:
        self.known = list(known)
        self.factors = sorted({1.0, *map(abs, constants)})
        self._log_factors = np.log(self.factors)
        self._tables: dict[int, _Table | None] = {}
        self._plain: dict[float, bool] = {}
        self._lacks: dict[float, bool] = {}
        weights = [each.array.ravel() for each in self.known if each.meaning in weights_]
        self._weights = np.sort(np.log(np.abs(np.concatenate([*weights, np.ones(0)]))))

    def of_many(self, rows: np.ndarray) -> list[Found]:
        """Return, for each row of a table, which of `known` it is, in their order, and how many times that."""
        with np.errstate(all="ignore"):
            return self._of_numbers(rows[:, 0]) if rows.shape[1] == 1 else self._of_arrays(rows)

    def _of_arrays(self, rows: np.ndarray) -> list[Found]:
        table = self._table(rows.shape[1])
        if table is None:
            return [()] * len(rows)
        keys, order, units, owners, lengths = table
        length = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        rows = rows / length[:, None]
        key = np.abs(rows @ _probe(rows.shape[1]))
        key = np.where(np.isfinite(key), key, -1.0)
        low, high = np.searchsorted(keys, key - SAME), np.searchsorted(keys, key + SAME)
        found: list[Found] = [()] * len(rows)
        for n in np.flatnonzero(low < high):
            near = order[low[n] : high[n]]
            unit = units[near]
            sign = np.where(unit @ rows[n] < 0, -1.0, 1.0)
            fits = np.abs(unit * sign[:, None] - rows[n]).max(axis=1) <= SAME
            near = near[fits]
            ratios = sign[fits] * length[n] / lengths[near]
            found[n] = tuple(sorted(zip(owners[near].tolist(), ratios.tolist(), strict=True)))
        return found

    def _of_numbers(self, numbers: np.ndarray) -> list[Found]:
        table = self._table(1)
        if table is None:
            return [()] * len(numbers)
        keys, order, signs, owners, _ = table
        logs = np.log(np.abs(numbers))
        wanted = np.where(np.isfinite(logs), logs, np.inf)[:, None] - self._log_factors
        low, high = np.searchsorted(keys, wanted - SAME), np.searchsorted(keys, wanted + SAME)
        found: list[Found] = [()] * len(numbers)
        for n, at in np.argwhere(low < high):
            near = order[low[n, at] : high[n, at]]
            ratios = np.sign(numbers[n]) * signs[near, 0] * self.factors[at]
            found[n] += tuple(zip(owners[near].tolist(), ratios.tolist(), strict=True))
        return [tuple(sorted(set(each))) for each in found]

    def is_plain(self, ratio: float) -> bool:
        """Tell whether a factor is one of the numbers that are multiplied in anywhere."""
        if ratio not in self._plain:
            size = abs(ratio)
            at = bisect_left(self.factors, size * (1.0 - 1e-7))
            self._plain[ratio] = at < len(self.factors) and self.factors[at] <= size * (1.0 + 1e-7)
        return self._plain[ratio]

    def lacks_a_weight(self, ratio: float) -> bool:
        """Tell whether a factor is one of the weights: then it is missing, or there twice."""
        if ratio not in self._lacks:
            logs = np.concatenate([sign * math.log(abs(ratio)) - self._log_factors for sign in (1.0, -1.0)])
            at = np.searchsorted(self._weights, logs - SAME)
            found = at < len(self._weights)
            self._lacks[ratio] = bool((self._weights[at[found]] <= logs[found] + SAME).any())
        return self._lacks[ratio]

    @classmethod
    def trivial(cls, value: np.ndarray) -> bool:
        """Tell whether an array is all the same number, or only zeros and ones."""
        return bool(cls.trivial_rows(value.reshape(1, -1))[0])

    @staticmethod
    def is_one_number(value: np.ndarray) -> bool:
        """Tell whether all entries of an array are the same."""
        return bool((value == value.ravel()[0]).all())

    @staticmethod
    def trivial_rows(rows: np.ndarray) -> np.ndarray:
        """Tell the same of each row of a table; a single number says nothing if it is 0."""
        strange = ~np.isfinite(rows).all(axis=1)
        if rows.shape[1] == 1:
            return strange | (rows[:, 0] == 0.0)
        with np.errstate(all="ignore"):
            same = (np.abs(rows - rows[:, :1]) <= 1e-14 * np.abs(rows[:, :1])).all(axis=1)
        return strange | same | ((rows == 0.0) | (rows == 1.0)).all(axis=1)

    def _table(self, size: int) -> _Table | None:
        """Return all slices of one size, sorted by a key; made when it is asked for."""
        if size not in self._tables:
            found = [
                (owner, rows) for owner, each in enumerate(self.known) for rows in slices(each.array, size)
            ]
            self._tables[size] = self._sorted(found, size) if found else None
        return self._tables[size]

    @staticmethod
    def _sorted(found: list[tuple[int, np.ndarray]], size: int) -> _Table | None:
        owners = np.repeat([owner for owner, _ in found], [len(rows) for _, rows in found])
        units = np.concatenate([rows for _, rows in found])
        lengths = np.sqrt(np.einsum("ij,ij->i", units, units))
        good = np.isfinite(lengths) & (lengths > 0)
        owners, lengths = owners[good], lengths[good]
        units = units[good] / lengths[:, None]
        keys = np.log(lengths) if size == 1 else np.abs(units @ _probe(size))
        order = np.argsort(keys, kind="stable")
        return keys[order], order, units, owners, lengths


_PROBES: dict[int, np.ndarray] = {}


def _probe(size: int) -> np.ndarray:
    """Return a fixed direction in which no two values of a lesson look alike."""
    if size not in _PROBES:
        _PROBES[size] = np.random.default_rng(size).normal(size=size)
    return _PROBES[size]


def slices(array: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """Yield tables whose rows are the slices of `size` numbers of an array, for every choice of axes in every order."""
    shape = tuple(n for n in array.shape if n != 1)
    if size == 1:
        yield array.reshape(-1, 1)
        return
    if len(shape) > 4 or array.size > MOST_SLICED:
        if size == array.size:
            yield array.reshape(1, -1)
        return
    array = array.reshape(shape)
    for count in range(1, len(shape) + 1):
        for kept in combinations(range(len(shape)), count):
            if math.prod(shape[axis] for axis in kept) != size:
                continue
            fixed = [axis for axis in range(len(shape)) if axis not in kept]
            for order in permutations(kept) if len(shape) < 4 or count < 3 else (kept,):
                yield array.transpose(*fixed, *order).reshape(-1, size)
