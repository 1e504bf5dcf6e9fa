"""Every expression that may be data, wrapped: ``e`` becomes ``note(site, mark(site), e)``, a name ``leaf(site, name)``.

The functions that are called stand among the constants of the new code, so the notebook sees no new name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from course_lib.checking.calling.sites import Sites

# What stands for a function of the recorder until the code is made; no text of a notebook is this.
STAND_IN = "\0course_lib recorder: {}"


class Expressions(ast.NodeTransformer):
    """Wraps the expressions of a function, each entered as a site."""

    def __init__(self, filename: str, sites: Sites) -> None:
        self.filename, self.sites = filename, sites
        self.parent = -1
        self.class_name = ""

    def _below(self, node: ast.expr | None, parent: int = -1) -> Any:
        """Wrap an expression as an operand of the site `parent`; -1 for one that is no operand of any."""
        if node is None:
            return None
        before, self.parent = self.parent, parent
        try:
            return self.visit(node)
        finally:
            self.parent = before

    def _call(self, name: str, at: ast.AST, *arguments: ast.expr) -> ast.Call:
        call = ast.Call(ast.Constant(STAND_IN.format(name)), list(arguments), [])
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
            node.func = self._below(node.func)
        node.keywords = [self._keyword(each, site) for each in node.keywords]
        return self._noted(node, ["args"], site)

    def _keyword(self, node: ast.keyword, site: int) -> ast.keyword:
        node.value = self._below(node.value, site)
        return node

    def _comprehension(self, node: Any) -> ast.AST:
        site = self.sites.add(self.filename, node, self.parent)
        for each in node.generators:
            each.iter = self._below(each.iter, site if not isinstance(node, ast.GeneratorExp) else -1)
            each.ifs = [self._below(test) for test in each.ifs]
        return self._noted(node, ["value"] if isinstance(node, ast.DictComp) else ["elt"], site)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Report what happens in the body when it is called."""
        node.body = self._below(node.body)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        """Report the value, for the expression around it."""
        node.value = self.visit(node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Leave texts alone."""
        return node
