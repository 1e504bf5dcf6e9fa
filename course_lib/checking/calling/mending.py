"""A mended function: the text of it in the answer's own cell, and the function that this text alone makes.

So nothing that the notebook has under another name can take its place, and what was changed can be counted.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import linecache
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from types import FunctionType
from typing import Any

from course_lib.checking.calling.call import call
from course_lib.checking.calling.notebook_functions import source_of
from course_lib.checking.calling.outcome import Outcome, Status
from course_lib.inputs import is_nothing

# A longer cell is not read: a parser may take a thousand times the memory of what it reads.
MOST_CELL = 20_000
# Of Python's own functions those that a gradient may need; none that runs a text or looks into the notebook.
BUILTINS = (
    *("abs", "all", "any", "bool", "dict", "enumerate", "float", "int", "len", "list", "map", "max", "min"),
    *("print", "range", "reversed", "round", "sorted", "sum", "tuple", "zip"),
)
# Under this name a traceback of it shows the student's own line.
FILE = "<ipython-input mended function>"


@dataclass(frozen=True)
class InCell:
    """What the cell of an answer has under one of its names: the text of a function, or "" where none stands there."""

    text: str


def gives_value(cell: str, name: str) -> bool:
    """Tell whether a cell gives `name` its value, at its outermost level."""
    body = _statements(cell)[0] if name in cell else []
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in body if isinstance(node, ast.AnnAssign)]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def text_in(cell: str, answer: str, entry: str) -> str | None:
    """Return the text of the function that a cell puts under `entry` into the dict `answer`.

    It is "" where no function of that name stands in the cell, or the cell cannot be read, and None where nothing is
    put there yet.
    """
    body, cell = _statements(cell)
    value = next(filter(None, (_entry(node, answer, entry) for node in reversed(body))), None)
    if isinstance(value, ast.Constant) and is_nothing(value.value):
        return None
    functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    if isinstance(value, ast.Name):
        node = functions.get(value.id)
    else:  # the dict is made in some other way
        node = next(iter(functions.values())) if len(functions) == 1 else None
    return ast.get_source_segment(cell, node) if node else ""


def _statements(cell: str) -> tuple[list[ast.stmt], str]:
    """Return the statements of a cell, and its text, with the commands of IPython's own blanked where they stand."""
    plain = "\n".join("" if line[:1] in ("%", "!", "?") else line for line in cell.splitlines())
    for text in (cell, plain) if len(cell) <= MOST_CELL else ():
        try:
            return ast.parse(text).body, text
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
    return [], ""


def _entry(node: ast.stmt, answer: str, entry: str) -> ast.expr | None:
    """Return what a statement puts under `entry` into `answer`; None if it puts nothing there."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return None
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Name) and target.id == answer:
            return _under(node.value, entry)
        if (
            isinstance(target, ast.Subscript)
            and isinstance(target.value, ast.Name)
            and target.value.id == answer
            and isinstance(target.slice, ast.Constant)
            and target.slice.value == entry
        ):
            return node.value
    return None


def _under(value: ast.expr, entry: str) -> ast.expr | None:
    if isinstance(value, ast.Dict):
        pairs = zip(value.keys, value.values, strict=True)
        return next((v for k, v in pairs if isinstance(k, ast.Constant) and k.value == entry), None)
    if isinstance(value, ast.Call):
        return next((word.value for word in value.keywords if word.arg == entry), None)
    return None


def text_of(function: Any) -> str:
    """Return the text of a function, where it is known."""
    source = source_of(function) if isinstance(function, FunctionType) else None
    return ast.unparse(source.node) if source and isinstance(source.node, ast.FunctionDef) else ""


def made(text: str, tools: str) -> Callable[..., Any]:
    """Return a function that calls the one which `text` defines, with what `tools` define and nothing else."""

    def mended(*arguments: Any) -> Any:
        return _function(text, tools)(*arguments)

    return mended


def _function(text: str, tools: str) -> Callable[..., Any]:
    given: dict[str, Any] = {}
    exec(_compiled(tools, "tools"), given)
    own = given | {"__builtins__": {name: getattr(builtins, name) for name in BUILTINS}, "__name__": "mended"}
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    exec(_compiled(text, FILE), own)
    return own[text.partition("(")[0].removeprefix("def").strip()]


@lru_cache(maxsize=64)
def _compiled(text: str, file: str) -> Any:
    # What is annotated is not looked up.
    return compile(text, file, "exec", __future__.annotations.compiler_flag, dont_inherit=True)


def call_mended(tools: str, given: Any, case: tuple, closes: frozenset[str]) -> Outcome:
    """Call what was handed in as a mended function on one case, made anew from its text; the outcome has the text."""
    if is_nothing(given):
        return Outcome(status=Status.UNANSWERED)
    if not isinstance(given, InCell) and not callable(given):
        return Outcome(given, status=Status.WRONG_TYPE)
    text = given.text if isinstance(given, InCell) else text_of(given)
    if not text:
        return Outcome(status=Status.ELSEWHERE)
    return replace(call(made(text, tools), case, closes), source=text)
