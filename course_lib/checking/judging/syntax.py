"""The syntax tree of a function as a reader sees it: every name, number, operator, call and statement is one node."""

from __future__ import annotations

import ast
from typing import NamedTuple

_SIGNS = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Not: "not",
    ast.And: "and",
    ast.Or: "or",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.Invert: "~",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_COMPREHENSIONS = {ast.ListComp: "[ for ]", ast.SetComp: "{ for }", ast.GeneratorExp: "( for )"}
_BRACKETS = {ast.Tuple: "( , )", ast.List: "[ , ]", ast.Set: "{ , }"}


class Node(NamedTuple):
    """A node: what it is called, and the nodes below it."""

    label: str
    children: tuple[Node, ...] = ()

    @property
    def size(self) -> int:
        """The number of nodes, itself included."""
        return 1 + sum(child.size for child in self.children)


def function_tree(text: str) -> Node:
    """Return the tree of the function that `text` defines, without its name, docstring, annotations and comments."""
    function = ast.parse(text).body[0]
    body = function.body
    first = body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        body = body[1:]
    arguments = function.args
    named = [
        *arguments.posonlyargs,
        *arguments.args,
        arguments.vararg,
        *arguments.kwonlyargs,
        arguments.kwarg,
    ]
    given = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
    parts = [*(Node(each.arg) for each in named if each), *map(_node, given), *map(_node, body)]
    return Node("def", tuple(parts))


def _node(tree: ast.AST) -> Node:
    """Return the tree of a statement or an expression."""
    match tree:
        case ast.Name(id=name):
            return Node(name)
        case ast.Constant(value=value):
            return Node(repr(value))
        case ast.Attribute(value=ast.Name(id="np"), attr=name):
            return Node(f"np.{name}")
        case ast.Attribute(value=value, attr=name):
            return Node(f".{name}", (_node(value),))
        case ast.Call():
            return _call(tree)
        case ast.keyword(arg=name, value=value):
            return Node(f"{name}=", (_node(value),))
        case ast.BinOp(left=left, op=op, right=right):
            return Node(_SIGNS[type(op)], (_node(left), _node(right)))
        case ast.UnaryOp(op=op, operand=operand):
            return Node(_SIGNS[type(op)], (_node(operand),))
        case ast.BoolOp(op=op, values=values):
            return Node(_SIGNS[type(op)], tuple(map(_node, values)))
        case ast.Compare(left=left, ops=ops, comparators=others):
            return Node(" ".join(_SIGNS[type(op)] for op in ops), tuple(map(_node, (left, *others))))
        case ast.Subscript(value=value, slice=index):
            return Node("[ ]", (_node(value), _node(index)))
        case ast.Slice(lower=lower, upper=upper, step=step):
            ends = [_node(end) if end else Node("") for end in (lower, upper, step)]
            return Node(":", tuple(ends)) if lower or upper or step else Node(":")
        case ast.Assign(targets=targets, value=value):
            return Node("=", tuple(map(_node, (*targets, value))))
        case ast.AnnAssign(target=target, value=value) if value:
            return Node("=", (_node(target), _node(value)))
        case ast.AugAssign(target=target, op=op, value=value):
            return Node(f"{_SIGNS[type(op)]}=", (_node(target), _node(value)))
        case ast.Expr(value=value):
            return _node(value)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            return _comprehension(tree)
    return _other(tree)


def _call(tree: ast.Call) -> Node:
    given = tuple(map(_node, (*tree.args, *tree.keywords)))
    match tree.func:
        case ast.Name(id=name):
            return Node(f"{name}()", given)
        case ast.Attribute(value=ast.Name(id="np"), attr=name):
            return Node(f"np.{name}()", given)
        case ast.Attribute(value=value, attr=name):
            return Node(f".{name}()", (_node(value), *given))
    return Node("()", (_node(tree.func), *given))


def _comprehension(tree: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Node:
    """Return one node for the whole of it, and one more for each `for` after the first."""
    first, *more = [(each.target, each.iter, *each.ifs) for each in tree.generators]
    further = [Node("for", tuple(map(_node, parts))) for parts in more]
    return Node(_COMPREHENSIONS[type(tree)], (*map(_node, (tree.elt, *first)), *further))


def _other(tree: ast.AST) -> Node:
    """Return the tree of whatever no gradient needs, with all that it says in it."""
    children, words = [], []
    for name, value in ast.iter_fields(tree):
        several = value if isinstance(value, list) else [value]
        children += [_node(each) for each in several if isinstance(each, ast.AST) and not _is_bare(each)]
        words += [str(each) for each in several if isinstance(each, str)] if name != "type_comment" else []
    label = _BRACKETS.get(type(tree), type(tree).__name__.lower())
    return Node(" ".join([label, *words]), tuple(children))


def _is_bare(tree: ast.AST) -> bool:
    return isinstance(tree, ast.expr_context | ast.operator | ast.cmpop | ast.unaryop | ast.boolop)
