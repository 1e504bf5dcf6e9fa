"""A function rewritten so that every value in it is reported, and everything else stays as it was.

Each expression ``e`` that may be data becomes ``note(site, mark(site), e)``. The three functions that are called
stand among the constants of the new code, so the notebook sees no new name.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from course_lib.checking.calling.notebook_functions import Source

# What stands for a function of the recorder until the code is made; no text of a notebook is this.
_STAND_IN = "\0course_lib recorder: {}"
CALLED = ("mark", "note", "leaf", "augment", "augment_item", "augment_attribute", "store", "slice")


class Site(NamedTuple):
    """An expression in the notebook: its file, its place there, and which expression it is an operand of.

    `syntax` is the name of its node, and of its operator where it has one; `parent` is the expression or statement that
    it is an operand of, or -1.
    """

    filename: str
    line: int
    column: int
    end_line: int
    end_column: int
    syntax: str
    parent: int = -1


class Sites:
    """The table of all sites, and the numbers that are written in the code."""

    def __init__(self) -> None:
        self.table: list[Site] = []
        self.numbers: set[float] = set()

    def add(self, filename: str, node: ast.AST, parent: int) -> int:
        """Enter a node and return its number."""
        place = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        operator = getattr(node, "op", None)
        kind = type(node).__name__ + (f" {type(operator).__name__}" if operator else "")
        self.table.append(Site(filename, *place, kind, parent))
        return len(self.table) - 1


def instrumented(
    function: FunctionType, source: Source, sites: Sites, calls: dict[str, Any]
) -> CodeType | None:
    """Return the code of `function` with every value reported to `calls`; None if that cannot be put in its place."""
    old = function.__code__
    node = _Rewriter(source.filename, sites).function(source.node)
    module = _wrapped(node, source, old.co_freevars)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a constant is called
        code = compile(module, source.filename, "exec", dont_inherit=True, flags=_future(old))
    new = next((each for each in _nested(code) if _matches(each, old)), None)
    return None if new is None else _filled(new, calls).replace(co_qualname=old.co_qualname)


def _future(code: CodeType) -> int:
    import __future__

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
    stand_ins = {_STAND_IN.format(name): call for name, call in calls.items()}

    def filled(constant: Any) -> Any:
        if isinstance(constant, CodeType):
            return _filled(constant, calls)
        return stand_ins.get(constant, constant) if isinstance(constant, str) else constant

    return code.replace(co_consts=tuple(map(filled, code.co_consts)))


class _Rewriter(ast.NodeTransformer):
    """Wraps every expression that may be data. Trees are cached, so nothing of the old one is changed."""

    def __init__(self, filename: str, sites: Sites) -> None:
        self.filename, self.sites = filename, sites
        self.parent = -1
        self.class_name = ""

    def function(self, node: ast.FunctionDef | ast.Lambda) -> ast.stmt:
        """Return the definition to be compiled: no decorators, no defaults that could do anything."""
        new = self._copied(node)
        none = ast.Constant(None)
        arguments = new.args
        new.args = ast.arguments(
            *(
                [self._bare(a) for a in arguments.posonlyargs],
                [self._bare(a) for a in arguments.args],
                arguments.vararg and self._bare(arguments.vararg),
                [self._bare(a) for a in arguments.kwonlyargs],
                [none if default else None for default in arguments.kw_defaults],
                arguments.kwarg and self._bare(arguments.kwarg),
                [none for _ in arguments.defaults],
            )
        )
        if isinstance(node, ast.Lambda):
            new.body = self._outermost(new.body)
            return ast.copy_location(ast.Expr(new), node)
        new.body = self._body(new.body)
        new.decorator_list, new.returns = [], None
        return new

    @staticmethod
    def _copied(node: ast.AST) -> Any:
        import copy

        return copy.deepcopy(node)

    @staticmethod
    def _bare(argument: ast.arg) -> ast.arg:
        return ast.copy_location(ast.arg(argument.arg, None), argument)

    # ---- statements

    def _body(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [self.visit(statement) for statement in body]

    def _outermost(self, node: ast.expr | None, parent: int = -1) -> ast.expr | None:
        if node is None:
            return None
        before, self.parent = self.parent, parent
        try:
            return self.visit(node)
        finally:
            self.parent = before

    def _below(self, node: ast.AST, parent: int) -> Any:
        return self._outermost(node, parent)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Rewrite the body of a nested function; its decorators and defaults stay as they are."""
        before, self.parent = self.parent, -1
        node.body = self._body(node.body)
        self.parent = before
        return node

    def visit_AsyncFunctionDef(self, node: ast.AST) -> ast.AST:
        """Leave what runs elsewhere alone."""
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Rewrite the methods of a nested class."""
        before, self.class_name = self.class_name, node.name
        node.body = [self.visit(s) if isinstance(s, ast.FunctionDef) else s for s in node.body]
        self.class_name = before
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """Leave texts alone."""
        if not isinstance(node.value, ast.Constant):
            node.value = self._outermost(node.value)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """Report what is returned."""
        node.value = self._outermost(node.value, self.sites.add(self.filename, node, -1))
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Report the value; and of ``a[i] = value`` that it went into ``a``."""
        site = self.sites.add(self.filename, node, -1)
        node.value = self._outermost(node.value, site)
        node.targets = [self._target(target, site) for target in node.targets]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Report the value."""
        node.value = self._outermost(node.value)
        return node

    def _target(self, target: ast.expr, site: int) -> ast.expr:
        if isinstance(target, ast.Subscript):
            base = self._below(target.value, -1)
            target.value = self._call("store", target.value, ast.Constant(site), base)
        elif isinstance(target, ast.Tuple | ast.List):
            target.elts = [self._target(each, site) for each in target.elts]
        return target

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """Report old value, operand and new value of ``a += b``."""
        site = self.sites.add(self.filename, node, -1)
        self.sites.add(self.filename, node.target, site)  # the next number: what stands there before
        value, target = self._below(node.value, site), node.target
        start = [ast.Constant(site), ast.Constant(type(node.op).__name__)]
        if isinstance(target, ast.Name):
            old = ast.copy_location(ast.Name(target.id, ast.Load()), target)
            new = self._call("augment", node, *start, old, value)
            return ast.copy_location(ast.Assign([target], new), node)
        base = self._below(target.value, -1)
        if isinstance(target, ast.Attribute):
            name = ast.Constant(self._mangled(target.attr))
            return self._statement(node, self._call("augment_attribute", node, *start, base, name, value))
        if any(isinstance(each, ast.Starred) for each in ast.walk(target.slice)):
            return node
        index = self._index(target.slice)
        return self._statement(node, self._call("augment_item", node, *start, base, index, value))

    def _mangled(self, name: str) -> str:
        private = name.startswith("__") and not name.endswith("__") and self.class_name.strip("_")
        return f"_{self.class_name.lstrip('_')}{name}" if private else name

    @staticmethod
    def _statement(node: ast.AST, value: ast.expr) -> ast.stmt:
        return ast.copy_location(ast.Expr(value), node)

    def _index(self, index: ast.expr) -> ast.expr:
        """Return an index as a value: its slices as calls."""
        if isinstance(index, ast.Slice):
            parts = [part or ast.Constant(None) for part in (index.lower, index.upper, index.step)]
            return self._call("slice", index, *parts)
        if isinstance(index, ast.Tuple):
            index.elts = [self._index(each) for each in index.elts]
        return index

    def visit_For(self, node: ast.For) -> ast.AST:
        """Report what is looped over, and go on in the body."""
        node.iter = self._outermost(node.iter)
        node.body, node.orelse = self._body(node.body), self._body(node.orelse)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """Leave it alone, as what is deleted and raised."""
        return node

    visit_Delete = visit_Raise = visit_Global = visit_Nonlocal = visit_Assert

    def visit_withitem(self, node: ast.withitem) -> ast.AST:
        """Report the value, not the name."""
        node.context_expr = self._outermost(node.context_expr)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        """Leave the pattern alone."""
        node.body = self._body(node.body)
        return node

    # ---- expressions

    def _call(self, name: str, at: ast.AST, *arguments: ast.expr) -> ast.Call:
        call = ast.Call(ast.Constant(_STAND_IN.format(name)), list(arguments), [])
        for node in (call, call.func, *(a for a in arguments if not hasattr(a, "lineno"))):
            ast.copy_location(node, at)
        return call

    def _noted(self, node: ast.expr, fields: Iterable[str], site: int | None = None) -> ast.expr:
        """Wrap an expression, and the operands that stand in `fields`."""
        site = self.sites.add(self.filename, node, self.parent) if site is None else site
        for name in fields:
            value = getattr(node, name)
            if isinstance(value, list):
                setattr(node, name, [self._below(each, site) for each in value])
            elif value is not None:
                setattr(node, name, self._below(value, site))
        number = ast.Constant(site)
        return self._call("note", node, number, self._call("mark", node, ast.Constant(site)), node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Report a name that is read."""
        if not isinstance(node.ctx, ast.Load):
            return node
        site = self.sites.add(self.filename, node, self.parent)
        return self._call("leaf", node, ast.Constant(site), node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Remember a number that is written down."""
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            self.sites.numbers.add(float(node.value))
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Report an attribute that is read."""
        return self._noted(node, ["value"]) if isinstance(node.ctx, ast.Load) else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Report an entry that is read; not what stands in the index."""
        return self._noted(node, ["value"]) if isinstance(node.ctx, ast.Load) else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Report both operands and the result."""
        return self._noted(node, ["left", "right"])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """Report the operand and the result; a number with a minus is a number."""
        if isinstance(node.operand, ast.Constant):
            return self.generic_visit(node)
        return self._noted(node, ["operand"])

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Report what is compared, and a mask that comes out."""
        return self._noted(node, ["left", "comparators"])

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        """Report what comes out."""
        return self._noted(node, ["values"])

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """Report what comes out."""
        return self._noted(node, ["test", "body", "orelse"])

    def visit_List(self, node: ast.List) -> ast.AST:
        """Report what is put into a list."""
        return self._noted(node, ["elts"]) if isinstance(node.ctx, ast.Load) else node

    visit_Tuple = visit_List

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """Report what is put into a dict."""
        return self._noted(node, ["values"])

    def visit_Starred(self, node: ast.Starred) -> ast.AST:
        """Report what is spread out, for the expression around it."""
        if isinstance(node.ctx, ast.Load):
            node.value = self.visit(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Report the receiver of a method, every argument and the result."""
        site = self.sites.add(self.filename, node, self.parent)
        if isinstance(node.func, ast.Attribute):
            node.func.value = self._below(node.func.value, site)
        elif not isinstance(node.func, ast.Name):
            node.func = self._below(node.func, -1)
        node.keywords = [self._keyword(each, site) for each in node.keywords]
        return self._noted(node, ["args"], site)

    def _keyword(self, node: ast.keyword, site: int) -> ast.keyword:
        node.value = self._below(node.value, site)
        return node

    def _comprehension(self, node: Any) -> ast.AST:
        site = self.sites.add(self.filename, node, self.parent)
        for each in node.generators:
            each.iter = self._below(each.iter, site if not isinstance(node, ast.GeneratorExp) else -1)
            each.ifs = [self._below(test, -1) for test in each.ifs]
        return self._noted(node, ["value"] if isinstance(node, ast.DictComp) else ["elt"], site)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Report what happens in the body when it is called."""
        node.body = self._outermost(node.body)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        """Report the value, for the expression around it."""
        node.value = self.visit(node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Leave texts alone."""
        return node
