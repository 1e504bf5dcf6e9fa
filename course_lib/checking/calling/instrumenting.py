"""A function rewritten so that every value in it is reported, and everything else stays as it was."""

from __future__ import annotations
import __future__

import ast
import warnings
from collections.abc import Iterable
from types import CodeType, FunctionType
from typing import Any

from course_lib.checking.calling.notebook_functions import Source
from course_lib.checking.calling.rewriting import Rewriter
from course_lib.checking.calling.rewriting_expressions import STAND_IN
from course_lib.checking.calling.sites import Sites


def instrumented(
    function: FunctionType, source: Source, sites: Sites, calls: dict[str, Any]
) -> CodeType | None:
    """Return the code of `function` with every value reported to `calls`; None if that cannot be put in its place."""
    old = function.__code__
    node = Rewriter(source.filename, sites).function(source.node)
    module = _wrapped(node, source, old.co_freevars)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a constant is called
        code = compile(module, source.filename, "exec", dont_inherit=True, flags=_future(old))
    new = next((each for each in _nested(code) if _matches(each, old)), None)
    return None if new is None else _filled(new, calls).replace(co_qualname=old.co_qualname)


def _future(code: CodeType) -> int:
    return code.co_flags & __future__.annotations.compiler_flag


def _wrapped(node: ast.stmt, source: Source, free: Iterable[str]) -> ast.Module:
    """Put a function where the names that it closes over are those of a function around it."""
    body: list[ast.stmt] = [node]
    if source.class_name:
        body = [ast.ClassDef(source.class_name, [], [], body, [])]
        free = [name for name in free if name != "__class__"]
    bind = [ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in free]
    empty = ast.arguments([], [], None, [], [], None, [])
    around = ast.FunctionDef("around", empty, [*bind, *body], [])
    if hasattr(around, "type_params"):
        around.type_params = []
        for each in body:
            if isinstance(each, ast.ClassDef):
                each.type_params = []
    return ast.fix_missing_locations(ast.Module([around], []))


def _nested(code: CodeType) -> Iterable[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _nested(constant)


def _matches(new: CodeType, old: CodeType) -> bool:
    return (
        new.co_name == old.co_name
        and new.co_freevars == old.co_freevars
        and new.co_argcount == old.co_argcount
        and new.co_varnames[: new.co_argcount] == old.co_varnames[: old.co_argcount]
    )


def _filled(code: CodeType, calls: dict[str, Any]) -> CodeType:
    stand_ins = {STAND_IN.format(name): call for name, call in calls.items()}

    def filled(constant: Any) -> Any:
        if isinstance(constant, CodeType):
            return _filled(constant, calls)
        return stand_ins.get(constant, constant) if isinstance(constant, str) else constant

    return code.replace(co_consts=tuple(map(filled, code.co_consts)))
