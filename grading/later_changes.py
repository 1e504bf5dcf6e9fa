"""Tells whether a cell further down changes what an answer uses: the reason to try it as things stood behind its cell.

This is told from the cells' sources alone, before anything is judged. Nothing that a kernel reports has a part in it.
"""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from grading.statements import Names, Statement, statements_of

# What is longer altogether is not read any further; the longest lesson has a tenth of it.
MOST_READ = 150_000
BUILTINS = frozenset(dir(builtins))
# A name as it is looked up, and the object that it stands for: to bind it again changes the first alone.
BINDING, OBJECT = "binding", "object"
# What can be reached from a name: sets, each of which several names may share.
Graph = dict[Any, list[Set]]


class Notebook:
    """The statements of a notebook's code cells."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._cells: list[tuple[Statement, ...]] = []
        left = MOST_READ
        for source in sources:
            left -= len(source)
            self._cells.append(statements_of(source) if left >= 0 else (Statement(opaque=True),))
        self._all = [one for cell in self._cells for one in cell]
        self._origins = _origins(self._all)
        self._imported = {name for name, found in self._origins.items() if "" not in found}

    def changed_below(self, number: int, name: str) -> frozenset[str]:
        """Return the names that the answer called `name` uses and that a cell below the one numbered `number` changes.

        Used is the answer itself, what its functions look up when they are called, and the objects that either was
        made of. A name counts that stands for something when the cell has run. Where it cannot be told what a cell
        below does, all of them count.
        """
        before = [one for cell in self._cells[: number + 1] for one in cell]
        below = [one for cell in self._cells[number + 1 :] for one in cell]
        used, origins = _closure([(BINDING, name)], _uses(before)), _origins(before)
        if not any(one.opaque for one in before):  # what cannot be read may have bound any of them
            used = {(what, one) for what, one in used if one in origins or one in BUILTINS}
        changed = self._changed_by(below)
        if changed is None:
            return frozenset(one for _, one in used)
        again = {one for one, origin in changed.bound if not origin or origins[one] != {origin}}
        packages = _packages(changed.touched & self._imported, self._origins)
        return frozenset(
            one
            for what, one in used
            if (
                one in again
                if what == BINDING
                else one in changed.touched or _packages([one], origins) & packages
            )
        )

    def _changed_by(self, statements: list[Statement]) -> Names | None:
        """Return what these statements bind, and what they change in place; None for whatever it may be."""
        mentioned = _closure((n for one in statements for n in _read(one)), _readers(self._all))
        # Who mentions a function may call it.
        called = [one for one in self._all if any(name in mentioned for name, _ in one.now.bound)]
        if any(one.opaque for one in (*statements, *called)):
            return None
        names = [*(one.now for one in statements), *(one.later for one in called)]
        aliases: Graph = defaultdict(list)
        for targets, values in (pair for one in self._all for pair in one.aliases):
            for target in targets:
                aliases[target].append(values)
        touched = _closure((name for one in names for name in self._touched(one)), aliases)
        return Names(bound={pair for one in names for pair in one.bound}, touched=touched)

    def _touched(self, names: Names) -> Iterable[str]:
        """Yield what is changed in place; functions imported, or Python's own, leave alone what they are given."""
        yield from names.touched
        for root, given in names.calls:
            if root not in self._imported and root not in BUILTINS:
                yield from given


def _read(statement: Statement) -> set[str]:
    return statement.now.read | statement.later.read


def _readers(statements: Iterable[Statement]) -> Graph:
    """Return what the statements that bind a name read."""
    graph: Graph = defaultdict(list)
    for one in statements:
        read = _read(one)
        for name, _ in one.now.bound:
            graph[name].append(read)
    return graph


def _origins(statements: Iterable[Statement]) -> dict[str, set[str]]:
    """Return what the bound names are imported from, "" for one that is bound otherwise."""
    found = defaultdict(set)
    for one in statements:
        for name, origin in one.now.bound | one.later.bound:
            found[name].add(origin)
    return found


def _uses(statements: Iterable[Statement]) -> Graph:
    """Return what a name and an object depend on: a function looks its names up when it is called."""
    graph: Graph = defaultdict(list)
    for one in statements:
        made_of = {(OBJECT, read) for read in one.now.read} | {(BINDING, read) for read in one.later.read}
        for names in (one.now, one.later):
            for name in names.touched.union(name for name, _ in names.bound):
                graph[BINDING, name].append({(OBJECT, name)})
                graph[OBJECT, name].append(made_of)
    return graph


def _packages(names: Iterable[str], origins: Mapping[str, set[str]]) -> set[str]:
    return {origin.partition(".")[0] for name in names for origin in origins.get(name, ()) if origin}


def _closure(start: Iterable, graph: Graph) -> set:
    """Return what can be reached; many names may lead to the same set, which is looked at once."""
    found, seen, left = set(), set(), list(start)
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            for others in graph.get(one, ()):
                if id(others) not in seen:
                    seen.add(id(others))
                    left += others
    return found
