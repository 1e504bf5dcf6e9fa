"""Where the name in a wrong expression got its value: the last statement that assigned it, in the text of the cell."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

# A longer cell is not looked through.
MOST_TEXT = 100_000

# Line, column, end line, end column, as `ast` has them.
Span = tuple[int, int, int, int]
_Function = ast.FunctionDef | ast.Lambda | ast.Module


class Definition(NamedTuple):
    """A statement that gives a name its value: the place of that value, and the lines of the whole statement."""

    name: str
    value: Span
    lines: range
    in_function: Span | None


class Names:
    """The names of a cell: where each is read, and where it got its value."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree

    @cached_property
    def _nodes(self) -> dict[Span, ast.expr]:
        return {span(node): node for node in ast.walk(self.tree) if isinstance(node, ast.expr)}

    @cached_property
    def _functions(self) -> list[ast.FunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]

    @cached_property
    def _statements(self) -> list[tuple[ast.stmt, str, ast.expr]]:
        return [found for node in ast.walk(self.tree) for found in assignments(node)]

    def of(self, place: Span) -> str:
        """Return the name that an expression hands on, with a dot before that of an attribute; or nothing."""
        node = self._nodes.get(place)
        while isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr == "T"):
            node = node.value
        if isinstance(node, ast.Name):
            return node.id
        return f".{node.attr}" if isinstance(node, ast.Attribute) else ""

    def definition(self, place: Span) -> Definition | None:
        """Return the last statement before an expression that assigned the name in it; None where that is not sure."""
        name, function = self.of(place), self._around(place)
        if not name or function is None:
            return None
        looped = self._looped(name, place)
        if looped is not None:
            return self.definition(span(looped)) if isinstance(looped, ast.Name) else None
        if name.startswith("."):
            found = [each for each in self._statements if each[1] == name]
            inside = None
            if len({each[0].lineno for each in found}) != 1:
                return None
        else:
            found = [
                each
                for each in self._statements
                if each[1] == name and self._around(span(each[2])) is function and each[0].lineno < place[0]
            ]
            inside = span(function)
        if not found:
            return None
        statement, _, value = max(found, key=lambda each: each[0].lineno)
        return Definition(name, span(value), _lines(statement), inside)

    def ends_a_loop(self, place: Span) -> bool:
        """Tell whether an expression is returned by a statement that every loop ends at in its first turn."""
        return any(
            isinstance(statement, ast.Return) and statement.value and span(statement.value) == place
            for loop in ast.walk(self.tree)
            if isinstance(loop, ast.For | ast.While) and not any(map(_goes_on, ast.walk(loop)))
            for statement in loop.body
        )

    def is_alias(self, place: Span) -> bool:
        """Tell whether the name in an expression was only given to what has another name."""
        found = self.definition(place)
        return found is not None and isinstance(self._nodes.get(found.value), ast.Name)

    def is_local(self, place: Span) -> bool:
        """Tell whether the name in an expression is that of a loop around it."""
        return self._looped(self.of(place), place) is not None

    def _looped(self, name: str, place: Span) -> ast.expr | None:
        """Return what a loop around an expression takes the values of a name from."""
        found = [
            (where, values)
            for where, target, values in self._loops
            if _holds(where, place) and not _holds(span(values), place) and name in _names(target)
        ]
        if not found:
            return None
        where, values = max(found, key=lambda each: each[0][:2])
        target = next(t for w, t, v in self._loops if w == where and v is values)
        return next((value for each, value in _each(target, values) if each == name), values)

    @cached_property
    def _loops(self) -> list[tuple[Span, ast.expr, ast.expr]]:
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.For):
                found.append((span(node), node.target, node.iter))
            for each in getattr(node, "generators", ()):
                found.append((span(node), each.target, each.iter))
        return found

    def _around(self, place: Span) -> ast.FunctionDef | None:
        """Return the innermost function that a place lies in."""
        around = [each for each in self._functions if _holds(span(each), place)]
        return max(around, key=lambda each: each.lineno, default=None)


@lru_cache(maxsize=4)
def names_in_cell(cell: str) -> Names | None:
    """Return the names of a cell; None where it is no Python, or too long."""
    if len(cell) > MOST_TEXT:
        return None
    try:
        return Names(ast.parse(cell))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def span(node: ast.expr | ast.stmt) -> Span:
    """Return where a node stands."""
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _holds(outer: Span, inner: Span) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]


def _lines(statement: ast.stmt) -> range:
    return range(statement.lineno, statement.end_lineno + 1)


def assignments(node: ast.AST) -> Iterator[tuple[ast.stmt, str, ast.expr]]:
    """Yield each name that a statement assigns, with the expression that it gets."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            for name, value in _paired(target, node.value):
                yield node, name, value
    elif isinstance(node, ast.AugAssign | ast.AnnAssign) and node.value is not None:
        for name in _names(node.target):
            yield node, name, node.value
    elif isinstance(node, ast.Expr) and _fills(node.value):
        for name in _names(node.value.func.value):
            yield node, name, node.value.args[-1]


def _goes_on(node: ast.AST) -> bool:
    return isinstance(node, ast.Continue)


def _fills(node: ast.expr) -> bool:
    """Tell whether a call puts something into a list."""
    filling = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
    return bool(filling) and node.func.attr in ("append", "insert", "appendleft")


def _each(target: ast.expr, values: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Pair the names of a loop with the collections that they run over, as far as `zip` and `enumerate` say so."""
    called = values.func.id if isinstance(values, ast.Call) and isinstance(values.func, ast.Name) else ""
    elements = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    if called == "zip" and len(elements) == len(values.args):
        for each, of_it in zip(elements, values.args, strict=True):
            yield from ((name, of_it) for name in _names(each))
    elif called == "enumerate" and len(elements) == 2 and values.args:
        yield from ((name, values.args[0]) for name in _names(elements[1]))


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    several = isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List)
    if several and len(target.elts) == len(value.elts):
        for each, of_it in zip(target.elts, value.elts, strict=True):
            yield from _paired(each, of_it)
    else:
        yield from ((name, value) for name in _names(target))


def _names(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Attribute):
        yield f".{target.attr}"
    elif isinstance(target, ast.Subscript | ast.Starred):
        yield from _names(target.value)
    elif isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            yield from _names(each)
