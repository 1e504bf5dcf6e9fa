"""The walk of an exercise that is made of E alone: E's own values, and their measured derivatives, as meanings.

It is gone again with other values by the chain rule: a derivative ∂E/∂v that is replaced changes that of every value
before v by the measured ∂v/∂u; a value that is replaced has E measured again.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from course_lib.checking.calling.event_log import data_of
from course_lib.checking.calling.replaying import Replayer
from course_lib.checking.judging.loss_names import names_of
from course_lib.checking.judging.loss_values import (
    FIRST,
    LAST,
    LossValues,
    Measured,
    UnmeasuredError,
    patterns,
    sites_on_the_way,
)
from course_lib.checking.judging.matching import Index
from course_lib.checking.judging.meanings import OF_E
from course_lib.exercises.kinds import Case, Loss
from course_lib.exercises.walks import Walk
from course_lib.inputs import Contents

# A derivative is laid out along so many axes.
MOST_AXES = 4
# From this stage on, values of the walk are derivatives of E.
FIRST_STAGE = 2


class _Pair(NamedTuple):
    """How the value `of` depends on the value `by`; `along` tells whose shape the derivative has: of, by or both."""

    of: int
    by: int
    along: str


class LossWalk:
    """Goes the walk of one error, in any case."""

    def __init__(self, loss: Loss) -> None:
        self.loss = loss
        self.replayer = Replayer(loss.E)

    def measured(self, case: Case) -> _Way | None:
        """Return the values on a case, measured once; None where they cannot be."""
        return _measured(self, Contents(case)) if self.replayer.can_run else None

    def __call__(self, walk: Walk, *case: object) -> None:
        """Enter what is measured."""
        way = self.measured(case)
        if way is not None:
            way.enter(walk)


@lru_cache(maxsize=8)
def _measured(walk: LossWalk, given: Contents) -> _Way | None:
    (case,) = given.values
    try:
        return _Way(walk, case)
    except UnmeasuredError:
        return None
    except Exception:  # whatever somebody's E does with other numbers, it costs a help and no more
        return None


class _Way:
    """The values of an error on one case, each with its name, and what of their derivatives is entered."""

    def __init__(self, walk: LossWalk, case: Case) -> None:
        self.case, self.numbers = case, walk.replayer.sites.numbers
        self.values = LossValues(walk.loss, walk.replayer, case)
        self.parameters = list(inspect.signature(walk.loss.E).parameters)
        sites = list(sites_on_the_way(self.values))
        table = walk.replayer.sites.table
        self.names = names_of(table, [site for site in sites if site != FIRST]) | {FIRST: self.parameters[0]}
        # What has a name of its own first, then what is only written.
        self.sites = sorted(sites, key=lambda site: (not self.names[site].isidentifier(), site))
        self.patterns = set(self.values.patterns)
        self.pairs = list(self._pairs(self.values.measured))
        self.through = list(self._through(self.values.measured))

    # ---- names

    def value_name(self, site: int) -> str:
        """Return the id of a value of E."""
        return OF_E + self.names[site]

    def adjoint_name(self, site: int) -> str:
        """Return the id of the derivative of E by a value."""
        return f"{OF_E}∂E/∂{_bracketed(self.names[site])}"

    def pair_name(self, pair: _Pair) -> str:
        """Return the id of the derivative of a value by another."""
        product = "through_" if pair.along == "both" else ""
        return f"{product}{OF_E}∂{_bracketed(self.names[pair.of])}/∂{_bracketed(self.names[pair.by])}"

    def through_name(self, of: int, by: int) -> str:
        """Return the id of the part of a derivative of E that comes by way of another value."""
        return f"{self.adjoint_name(by)} by way of {self.names[of]}"

    # ---- what is entered

    def _pairs(self, measured: Measured) -> Iterator[_Pair]:
        told: list[np.ndarray] = []
        for of in self.sites:
            for by in self.sites:
                if of <= by or not measured.depend(of, by):
                    continue
                along = _layout(measured, of, by)
                table = along and _laid_out(measured, of, by, along)
                if along:
                    self.patterns.update(patterns(table))
                if along and not Index.trivial(table) and not any(_is_alike(table, other) for other in told):
                    told.append(table)
                    yield _Pair(of, by, along)

    def _through(self, measured: Measured) -> Iterator[tuple[int, int]]:
        """Yield pairs of values where only a part of the derivative by the second comes by way of the first."""
        for by in self.sites:
            whole, told = measured.adjoints[by], []
            for of in self.sites:
                if of <= by or not measured.depend(of, by):
                    continue
                part = measured.adjoints[of] @ measured.table(of, by)
                known = [whole, *told]
                if part.any() and not any(np.allclose(part, each, rtol=1e-9, atol=0) for each in known):
                    told.append(part)
                    yield of, by

    def enter(self, walk: Walk) -> None:
        """Enter everything, with what the walk replaces."""
        sizes = [size for entry in self.case for size in np.shape(entry)]
        scalars = [float(entry) for entry in self.case if data_of(entry) and not np.shape(entry)]
        walk.constant(*self.numbers, *(1 / n for n in self.numbers if n), *scalars, *(2 * n for n in scalars))
        walk.constant(*(n for size in sizes if size for n in (size, 1 / size, 2 / size, size / 2)))
        for name, entry in zip(self.parameters, self.case, strict=False):
            if data_of(entry):
                walk.give(OF_E + name, entry)
        measured = self._moved(walk)
        changed = _Changed(self, measured, walk)
        for site in self.sites:
            if site != FIRST:
                before = {self.value_name(by) for by in self.sites if self.values.measured.depend(site, by)}
                walk.behind[self.value_name(site)] = before
                walk.keep(self.value_name(site), measured.value(site))
        for pair in self.pairs:
            walk.keep(self.pair_name(pair), _laid_out(measured, pair.of, pair.by, pair.along))
        # The further back a derivative of E is, the later it comes.
        for site in self.sites:
            walk.stage = FIRST_STAGE + len(self.values.shapes) - list(self.values.shapes).index(site)
            walk.arguments[self.adjoint_name(site)] = self._shifted(site)
            walk.keep(self.adjoint_name(site), changed.adjoints[site].reshape(self.values.shapes[site]))
        walk.stage = 1
        for of, by in self.through:
            walk.keep(self.through_name(of, by), changed.through(of, by).reshape(self.values.shapes[by]))
        walk.part(f"{OF_E}E", np.real(measured.flat[LAST]))
        self._enter_terms(walk, measured, changed)
        for pair in self.pairs:
            if pair.along != "both":
                table = _laid_out(measured, pair.of, pair.by, pair.along)
                walk.part(f"{OF_E}1 − {self.pair_name(pair).removeprefix(OF_E)}", 1.0 - table)
            walk.arguments[self.pair_name(pair)] = {self.value_name(pair.by), self.value_name(pair.of)}
            if pair.along != "both":
                walk.arguments.setdefault(self.value_name(pair.of), set()).add(self.value_name(pair.by))
        walk.patterns |= self.patterns
        walk.asked = (self.adjoint_name(FIRST),)

    def _shifted(self, site: int) -> set[str]:
        """Return a value, and those that differ from it by a constant: the derivatives of E by them are the same."""
        adjoints = self.values.measured.adjoints
        return {
            self.value_name(each) for each in self.sites if np.array_equal(adjoints[each], adjoints[site])
        }

    def _enter_terms(self, walk: Walk, measured: Measured, changed: _Changed) -> None:
        """Enter the sums on the way back as they grow."""
        base = self.values.measured
        for of in self.sites:
            for by in self.sites:
                shape = self.values.shapes[of]
                if of <= by or not shape or not base.depend(of, by) or _layout(base, of, by) == "by":
                    continue
                terms = changed.adjoints[of][:, None] * measured.table(of, by)
                terms = terms.reshape(shape[0], -1, *self.values.shapes[by]).sum(axis=1)
                walk.part(f"part_of_{self.adjoint_name(by)}", terms, 0)

    def _moved(self, walk: Walk) -> Measured:
        """Return the values, measured again if one of E's own is replaced."""
        base = self.values.measured
        shifts = {
            site: walk.replaced[name] - base.value(site)
            for site in self.sites
            if (name := self.value_name(site)) in walk.replaced and site != FIRST
        }
        if not shifts:
            return base
        self.values.again()
        try:
            return self.values.measure(shifts)
        except Exception:  # E does not go on from there
            return base


class _Changed:
    """The derivatives of E, with what replaces some of them carried back."""

    def __init__(self, way: _Way, measured: Measured, walk: Walk) -> None:
        self.way, self.measured, self.replaced = way, measured, walk.replaced
        self.adjoints = {site: measured.adjoints[site].copy() for site in way.sites}
        if walk.replaced:
            self._carry_back()

    def through(self, of: int, by: int) -> np.ndarray:
        """Return what comes to one value by way of another."""
        return self.adjoints[of] @ self.measured.table(of, by)

    def _carry_back(self) -> None:
        way = self.way
        for by in sorted(way.sites, reverse=True):
            for pair in way.pairs:
                if pair.by == by and way.pair_name(pair) in self.replaced:
                    old = self.measured.table(pair.of, by)
                    new = _table_of(self.replaced[way.pair_name(pair)], pair.along, old)
                    self._change(by, self.adjoints[pair.of] @ (new - old))
            for of, to in way.through:
                if to == by and way.through_name(of, by) in self.replaced:
                    new = self.replaced[way.through_name(of, by)].ravel()
                    self._change(by, new - self.through(of, by))
            if way.adjoint_name(by) in self.replaced:
                self._change(by, self.replaced[way.adjoint_name(by)].ravel() - self.adjoints[by])

    def _change(self, site: int, by: np.ndarray) -> None:
        """Change a derivative, and those of all values before it."""
        for before in self.way.sites:
            if before < site and self.measured.depend(site, before):
                self.adjoints[before] += by @ self.measured.table(site, before)
        self.adjoints[site] += by


def _layout(measured: Measured, of: int, by: int) -> str:
    """Tell along which shape a derivative can be laid out: number by number, or along both; "" along none."""
    table = measured.table(of, by) != 0.0
    if (table.sum(axis=0) <= 1).all():
        return "by"
    if (table.sum(axis=1) <= 1).all():
        return "of"
    axes = [n for n in (*measured.shapes[of], *measured.shapes[by]) if n != 1]
    return "both" if len(axes) <= MOST_AXES else ""


def _laid_out(measured: Measured, of: int, by: int, along: str) -> np.ndarray:
    table, shapes = measured.table(of, by), measured.shapes
    if along == "both":
        return table.reshape(*shapes[of], *shapes[by])
    return table.sum(axis=0).reshape(shapes[by]) if along == "by" else table.sum(axis=1).reshape(shapes[of])


def _table_of(derivative: np.ndarray, along: str, old: np.ndarray) -> np.ndarray:
    """Return the table of a derivative that was laid out; where there was nothing there is nothing."""
    if along == "both":
        return derivative.reshape(old.shape)
    row = derivative.reshape(1, -1) if along == "by" else derivative.reshape(-1, 1)
    return np.where(old != 0.0, row, 0.0)


def _is_alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Tell whether two arrays are the same up to a factor."""
    if one.size != other.size:
        return False
    one, other = one.ravel(), other.ravel()
    at = np.abs(other).argmax()
    return bool(other[at] and np.allclose(one * other[at], other * one[at], rtol=1e-9, atol=1e-12))


def _bracketed(name: str) -> str:
    return name if name.isidentifier() else f"({name})"


@lru_cache(maxsize=32)
def walk_of_loss(loss: Loss) -> Callable[..., None]:
    """Return the walk to the gradient of an error."""
    return LossWalk(loss)
