"""What was changed in a function: the fewest nodes of its syntax tree to add, take out or rename (Zhang and Shasha)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from course_lib.checking.judging.syntax import Node, function_tree

# A function of more nodes is no mended one, and is not compared.
MOST_NODES = 400


class Change(NamedTuple):
    """A changed node: what it was, and what it became; "" where there was none, or none is left."""

    was: str
    became: str


@lru_cache(maxsize=64)
def changes(patient: str, mended: str) -> tuple[Change, ...] | None:
    """Return what was changed to make of one function another, both given as text; None if it is far too much."""
    try:
        before, after = function_tree(patient), function_tree(mended)
    except (SyntaxError, ValueError, RecursionError, KeyError, IndexError):
        return None
    if after.size > MOST_NODES:
        return None
    return tuple(_Trees(*_where_they_differ(before, after)).changed())


def outside_names(mended: str, known: frozenset[str]) -> tuple[str, ...]:
    """Return the names that a function uses and that are neither its own nor `known`, and underscored attributes."""
    tree = ast.parse(mended)
    own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    own |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    used = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name)]
    hidden = [n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr.startswith("_")]
    imported = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    return tuple(dict.fromkeys([*(name for name in used if name not in own | known), *hidden, *imported]))


def _where_they_differ(before: Node, after: Node) -> tuple[Node, Node]:
    """Return the smallest parts in which all that differs lies; most of a mended function is as it was."""
    while before.label == after.label:
        some, others = list(before.children), list(after.children)
        for end in (0, -1):
            while some and others and some[end] == others[end]:
                some.pop(end)
                others.pop(end)
        before, after = Node(before.label, tuple(some)), Node(after.label, tuple(others))
        if len(some) != 1 or len(others) != 1 or some[0].label != others[0].label:
            break
        before, after = some[0], others[0]
    return before, after


class _Ordered:
    """The nodes of a tree, children before their parent: their labels, and the leftmost leaf below each."""

    def __init__(self, tree: Node) -> None:
        self.labels: list[str] = []
        self.leftmost: list[int] = []
        self._add(tree)
        last = {leaf: number for number, leaf in enumerate(self.leftmost)}
        self.roots = sorted(last.values())

    def _add(self, node: Node) -> int:
        leaves = [self._add(child) for child in node.children]
        leaf = leaves[0] if leaves else len(self.labels)
        self.labels.append(node.label)
        self.leftmost.append(leaf)
        return leaf


class _Trees:
    """Two trees, and how far every part of one is from every part of the other."""

    def __init__(self, before: Node, after: Node) -> None:
        self._a, self._b = _Ordered(before), _Ordered(after)
        self._apart = [[0] * len(self._b.labels) for _ in self._a.labels]
        for i in self._a.roots:
            for j in self._b.roots:
                self._compare(i, j)

    def _compare(self, i: int, j: int) -> list[list[int]]:
        """Return how far the beginnings of two parts are from each other, and keep it for the parts within."""
        a, b, apart = self._a, self._b, self._apart
        left, right = a.leftmost[i], b.leftmost[j]
        rows, columns = i - left + 2, j - right + 2
        table = [[row + column for column in range(columns)] for row in range(rows)]
        for row in range(1, rows):
            x = left + row - 1
            above, here = table[row - 1], table[row]
            for column in range(1, columns):
                y = right + column - 1
                if a.leftmost[x] == left and b.leftmost[y] == right:
                    both = above[column - 1] + (a.labels[x] != b.labels[y])
                    here[column] = apart[x][y] = min(above[column] + 1, here[column - 1] + 1, both)
                else:
                    both = table[a.leftmost[x] - left][b.leftmost[y] - right] + apart[x][y]
                    here[column] = min(above[column] + 1, here[column - 1] + 1, both)
        return table

    def changed(self) -> list[Change]:
        """Return the changes, in the order of the text."""
        found, waiting = [], [(len(self._a.labels) - 1, len(self._b.labels) - 1)]
        while waiting:
            for change, part in self._along(*waiting.pop()):
                if part:
                    waiting.append(part)
                else:
                    found.append(change)
        return [change for _, change in sorted(found, key=lambda each: each[0])]

    def _along(self, i: int, j: int) -> Iterator[tuple]:
        """Yield what changes between two parts, with where it stands, or two parts that are still to be compared."""
        a, b = self._a, self._b

        def at(y: int) -> tuple[int, int]:
            return (b.leftmost[y], -y) if y >= 0 else (-1, 0)

        left, right, table = a.leftmost[i], b.leftmost[j], self._compare(i, j)
        x, y = i, j
        while x >= left or y >= right:
            row, column = x - left + 1, y - right + 1
            here = table[row][column]
            if x >= left and y >= right:
                whole = a.leftmost[x] == left and b.leftmost[y] == right
                if whole and here == table[row - 1][column - 1] + (a.labels[x] != b.labels[y]):
                    if a.labels[x] != b.labels[y]:
                        yield (at(y), Change(a.labels[x], b.labels[y])), None
                    x, y = x - 1, y - 1
                    continue
                before = table[a.leftmost[x] - left][b.leftmost[y] - right]
                if not whole and here == before + self._apart[x][y]:
                    yield None, (x, y)
                    x, y = a.leftmost[x] - 1, b.leftmost[y] - 1
                    continue
            if y >= right and here == table[row][column - 1] + 1:
                yield (at(y), Change("", b.labels[y])), None
                y -= 1
            else:
                yield (at(y), Change(a.labels[x], "")), None
                x -= 1
