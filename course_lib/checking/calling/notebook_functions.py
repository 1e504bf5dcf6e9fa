"""Which functions of the notebook an answer can reach, and the syntax tree of each."""

from __future__ import annotations

import ast
import contextlib
import functools
import linecache
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, MethodType
from typing import Any, NamedTuple

# More functions than these are not an answer, but a library.
MOST_FUNCTIONS = 60
# A list or dict of functions is looked into if it has no more entries than these.
MOST_ENTRIES = 20


class Source(NamedTuple):
    """Where a function stands: its file, its node there, and the class that it is a method of, if any."""

    filename: str
    node: ast.FunctionDef | ast.Lambda
    class_name: str


def reached(answer: Any) -> list[FunctionType]:
    """Return the functions that `answer` can reach and that live where it does, itself first."""
    found: dict[int, FunctionType] = {}
    waiting, seen = [answer], set()
    space = None
    while waiting and len(found) < MOST_FUNCTIONS:
        value = waiting.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, FunctionType):
            space = value.__globals__ if space is None else space
            if value.__globals__ is space:
                found[id(value)] = value
                waiting += _named_in(value)
        else:
            waiting += _inside(value, space)
    return list(found.values())


def _named_in(function: FunctionType) -> Iterator[Any]:
    """Yield what the code of a function names: globals, what it closes over, its defaults."""
    space = function.__globals__
    yield from (space[name] for name in names_in(function.__code__) if name in space)
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not filled yet
            continue
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    yield getattr(function, "__wrapped__", None)


def names_in(code: CodeType) -> Iterator[str]:
    """Yield every global name in a code object and in those nested in it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_in(constant)


def _inside(value: Any, space: dict | None) -> Iterator[Any]:
    """Yield what may hold a function of the notebook inside something that is none."""
    if isinstance(value, MethodType):
        yield from (value.__func__, value.__self__)
    elif isinstance(value, functools.partial):
        yield from (value.func, *value.args, *value.keywords.values())
    elif isinstance(value, staticmethod | classmethod):
        yield value.__func__
    elif isinstance(value, property):
        yield value.fget
    elif isinstance(value, dict | list | tuple):
        if len(value) <= MOST_ENTRIES:
            yield from value.values() if isinstance(value, dict) else value
    elif isinstance(value, type):
        if _is_ours(value, space):
            yield from (*vars(value).values(), *value.__mro__[1:-1])
    elif _is_ours(type(value), space):
        yield type(value)
        yield from list(getattr(value, "__dict__", {}).values())[:MOST_ENTRIES]


def _is_ours(cls: type, space: dict | None) -> bool:
    """Tell whether a class was made in the notebook; an answer may be an object of one, before any function is seen."""
    name = getattr(cls, "__module__", "")
    if space is not None:
        return name == space.get("__name__")
    return name == "__main__" or any(isinstance(entry, FunctionType) for entry in vars(cls).values())


def source_of(function: Callable) -> Source | None:
    """Return the tree of a function; None where its source is not kept, or does not say which function it is."""
    code = function.__code__
    text = "".join(linecache.getlines(code.co_filename))
    found = _index(text).get((code.co_name, code.co_firstlineno), [])
    if len(found) > 1:  # several lambdas in a line
        found = [each for each in found if _starts(each[0].body) == _first_position(code)]
    return Source(code.co_filename, *found[0]) if len(found) == 1 else None


@functools.lru_cache(maxsize=64)
def _index(text: str) -> dict[tuple[str, int], list[tuple[ast.FunctionDef | ast.Lambda, str]]]:
    """Return every function in a text by its name and first line, as a code object has them."""
    found: dict = {}
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        for node, class_name in _functions(ast.parse(text), ""):
            found.setdefault(_name_and_line(node), []).append((node, class_name))
    return found


def _functions(tree: ast.AST, class_name: str) -> Iterator[tuple[ast.FunctionDef | ast.Lambda, str]]:
    for node in ast.iter_child_nodes(tree):
        inside = node.name if isinstance(node, ast.ClassDef) else class_name
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            yield node, class_name
            inside = ""
        yield from _functions(node, inside)


def _name_and_line(node: ast.FunctionDef | ast.Lambda) -> tuple[str, int]:
    if isinstance(node, ast.Lambda):
        return "<lambda>", node.lineno
    return node.name, min([node.lineno, *(each.lineno for each in node.decorator_list)])


def _starts(body: ast.expr) -> tuple[int, int]:
    """Return where the code of a lambda begins: at the leftmost place of its body."""
    return min((n.lineno, n.col_offset) for n in ast.walk(body) if isinstance(n, ast.expr))


def _first_position(code: CodeType) -> tuple[int, int]:
    places = [
        (line, column)
        for line, _, column, end in code.co_positions()
        if line is not None and column is not None and end  # not what belongs to the lambda as a whole
    ]
    return min(places, default=(0, 0))
