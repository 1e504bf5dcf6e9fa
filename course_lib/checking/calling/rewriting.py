"""The statements of a function, rewritten: what is returned, assigned and looped over is reported."""

from __future__ import annotations

import ast
import copy

from course_lib.checking.calling.rewriting_expressions import Expressions


class Rewriter(Expressions):
    """Rewrites a function, statement by statement. Trees are cached, so nothing of the old one is changed."""

    def function(self, node: ast.FunctionDef | ast.Lambda) -> ast.stmt:
        """Return the definition to be compiled: no decorators, no defaults that could do anything."""
        new = copy.deepcopy(node)
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
            new.body = self._below(new.body)
            return ast.copy_location(ast.Expr(new), node)
        new.body = self._body(new.body)
        new.decorator_list, new.returns = [], None
        return new

    @staticmethod
    def _bare(argument: ast.arg) -> ast.arg:
        return ast.copy_location(ast.arg(argument.arg, None), argument)

    def _body(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [self.visit(statement) for statement in body]

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
            node.value = self._below(node.value)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """Report what is returned."""
        node.value = self._below(node.value, self.sites.add(self.filename, node, -1))
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Report the value; and of ``a[i] = value`` that it went into ``a``."""
        site = self.sites.add(self.filename, node, -1)
        node.value = self._below(node.value, site)
        node.targets = [self._target(target, site) for target in node.targets]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Report the value."""
        node.value = self._below(node.value)
        return node

    def _target(self, target: ast.expr, site: int) -> ast.expr:
        if isinstance(target, ast.Subscript):
            base = self._below(target.value)
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
        base = self._below(target.value)
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
        node.iter = self._below(node.iter)
        node.body, node.orelse = self._body(node.body), self._body(node.orelse)
        return node

    def visit_withitem(self, node: ast.withitem) -> ast.AST:
        """Report the value, not the name."""
        node.context_expr = self._below(node.context_expr)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        """Leave the pattern alone."""
        node.body = self._body(node.body)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """Leave it alone, as what is deleted and raised."""
        return node

    visit_Delete = visit_Raise = visit_Global = visit_Nonlocal = visit_Assert
