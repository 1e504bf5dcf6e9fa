"""Random wrong code: right answers with one node of their syntax tree changed."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.styles import SOURCES, source_of

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.Pow)


class Mutant(NamedTuple):
    """An answer in which the statement at `line` is another one; `assigned` are the names that it assigns."""

    exercise: str
    style: str
    source: str
    line: int
    assigned: frozenset[str]


def mutants(rng: random.Random, count: int) -> list[Mutant]:
    """Return some of all mutants, in random order."""
    changes = [change for key in SOURCES for change in _changes_of(*key)]
    rng.shuffle(changes)
    return [_mutant(*change) for change in changes[:count]]


def _mutant(exercise: str, style: str, statement: ast.stmt, node: ast.expr, new: ast.expr) -> Mutant:
    source = _with(source_of(exercise, style), statement, node, new)
    return Mutant(exercise, style, source, statement.lineno, frozenset(_assigned(statement)))


def _changes_of(exercise: str, style: str) -> Iterator[tuple]:
    tree = ast.parse(source_of(exercise, style))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = _names(function)
        for statement in (n for n in ast.walk(function) if isinstance(n, ast.stmt) and n is not function):
            for node in _own_expressions(statement):
                yield from ((exercise, style, statement, node, new) for new in _instead_of(node, names))


def _names(function: ast.FunctionDef) -> set[str]:
    stored = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {argument.arg for argument in function.args.args}


def _own_expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield the expressions of a statement, without those of the statements in it."""
    waiting = [child for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.stmt)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.expr):
            yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def _instead_of(node: ast.expr, names: set[str]) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from (ast.BinOp(node.left, op(), node.right) for op in OPERATORS if not isinstance(node.op, op))
        yield from (node.left, node.right)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        others = names - {node.id} if node.id in names else {"S": {"dS"}, "dS": {"S"}}.get(node.id, ())
        yield from (ast.Name(other, ast.Load()) for other in sorted(others))
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("S", "dS"):
        yield node.args[0]


def _with(source: str, statement: ast.stmt, node: ast.expr, new: ast.expr) -> str:
    """Return the source with one expression of a statement changed; the statement stays on its line."""

    class Change(ast.NodeTransformer):
        def visit(self, each: ast.AST) -> ast.AST:
            return new if each is marked else super().visit(each)

    both = copy.deepcopy((statement, node))
    marked = both[1]
    text = ast.unparse(ast.fix_missing_locations(Change().visit(both[0])))
    lines, at = source.splitlines(), statement.lineno - 1
    head = text.splitlines()[0] if isinstance(statement, ast.For | ast.If) else text
    lines[at] = lines[at][: len(lines[at]) - len(lines[at].lstrip())] + head
    return "\n".join(lines) + "\n"


def _assigned(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr


def is_right_up_to_a_factor(value: object, truth: object, close: Callable[[object, object], bool]) -> bool:
    """Tell whether a value is right up to a factor, a sign or a transpose, piece by piece."""
    if isinstance(truth, list | tuple):
        return (
            isinstance(value, list | tuple)
            and len(value) == len(truth)
            and all(is_right_up_to_a_factor(v, t, close) for v, t in zip(value, truth, strict=True))
        )
    return close(value, truth)
