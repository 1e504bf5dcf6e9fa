"""What each statement of a cell reads and changes, told from its source; nothing is run.

Whatever cannot be told from the source (`exec`, a magic, a cell that is no Python) is opaque: it may change anything.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

# Longer cells are not parsed: a parser may take a thousand times the memory of what it reads.
MOST_PARSED = 20_000
# Commands of IPython that change no name; a line that begins with ! goes to the shell.
HARMLESS_COMMAND = re.compile(
    r"^([ \t]*)(?:!|%(?:matplotlib|config|pip|conda|load_ext|precision)\b).*$", re.M
)
HARMLESS_CELL = re.compile(r"\A\s*%%(?:time|capture)\b.*$", re.M)
# Who writes one of these may reach every name of the notebook.
FUNCTIONS = "exec eval compile globals locals vars get_ipython breakpoint __import__ __builtins__"
MODULES = "builtins ctypes gc importlib inspect IPython ipykernel __main__"
ATTRIBUTES = "modules _getframe user_ns __dict__ __globals__ __code__ __closure__ __defaults__ __builtins__"
OPAQUE = frozenset(f"{FUNCTIONS} {MODULES}".split())
OPAQUE_ATTRIBUTES = frozenset(ATTRIBUTES.split())
# Functions of libraries that change what they are given, or how their own module behaves from then on.
MUTATES = (
    "setattr delattr next shuffle fill_diagonal copyto put place putmask put_along_axis at heapify heappush "
)
MUTATES += "heappop insort setitem delitem seed seterr seterrcall simplefilter filterwarnings reload"
MUTATING = frozenset(MUTATES.split())
# Methods that change nothing, whatever has them.
READS = "all any argmax argmin astype copy count dot endswith flatten format get index item items join keys lower max "
READS += "mean min prod ravel replace reshape round split startswith std strip sum tolist transpose upper values var"
READING = frozenset(READS.split())
SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
# Most of what is read binds no name.
BINDING = (
    *(ast.Name, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
)
# What a call, a sum or a comparison gives is taken for a new object.
NEW_OBJECTS = ast.Call | ast.Lambda | ast.BinOp | ast.UnaryOp | ast.Compare | ast.JoinedStr


@dataclass
class Names:
    """The names that are read, bound (each with what it is imported from, or ""), changed in place, given to calls.

    `calls` pairs the name that begins what is called with the names that the call may change.
    """

    read: set[str] = field(default_factory=set)
    bound: set[tuple[str, str]] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    calls: set[tuple[str, frozenset[str]]] = field(default_factory=set)


@dataclass
class Statement:
    """One statement at the level of a cell, and the notebook's names that it deals with.

    `now` where it runs, `later` where a function that it defines is called. `aliases` pairs names with
    those of the objects that they may stand for.
    """

    now: Names = field(default_factory=Names)
    later: Names = field(default_factory=Names)
    aliases: list[tuple[frozenset[str], frozenset[str]]] = field(default_factory=list)
    opaque: bool = False


# Most cells of a class are as they were released.
@lru_cache(maxsize=256)
def statements_of(source: str) -> tuple[Statement, ...]:
    """Return the statements of a cell; of one that cannot be parsed, a single opaque one."""
    if len(source) > MOST_PARSED:
        return (Statement(opaque=True),)
    try:
        return tuple(_statement(node) for node in _parsed(source).body)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        # IPython may make something of it that Python does not.
        return (Statement(opaque=True),)


def _statement(node: ast.stmt) -> Statement:
    reader = _Reader()
    reader.visit(node)
    return reader.found


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings(action="ignore"):
        try:
            return ast.parse(source)
        except SyntaxError:
            return ast.parse(HARMLESS_COMMAND.sub(r"\1pass", HARMLESS_CELL.sub("", source)))


def _bindings(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the names that a node binds in its own scope, each with what it is imported from, or ""."""
    match node:
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id, ""
        case ast.Import():
            yield from ((a.asname or a.name.partition(".")[0], a.name) for a in node.names)
        case ast.ImportFrom():
            yield from ((a.asname or a.name, f"{node.module}.{a.name}") for a in node.names)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name, ""
        case ast.MatchMapping(rest=str(name)):
            yield name, ""
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name, ""


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function or class that belong to its own scope; of a comprehension, what := binds."""
    left = [*ast.iter_child_nodes(scope)]
    while left:
        child = left.pop()
        if isinstance(child, COMPREHENSIONS):
            yield from (node.target for node in ast.walk(child) if isinstance(node, ast.NamedExpr))
            continue
        yield child
        if not isinstance(child, SCOPES):
            left += ast.iter_child_nodes(child)


def _reachable(node: ast.AST) -> Iterator[str]:
    """Yield the names whose objects the value of an expression may be, or hold."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, COMPREHENSIONS):
        yield from (name for part in node.generators for name in _reachable(part.iter))
    elif not isinstance(node, NEW_OBJECTS):
        yield from (name for child in ast.iter_child_nodes(node) for name in _reachable(child))


def _root(node: ast.AST) -> str:
    """Return the name that an expression such as ``a.b[0].c(1)`` begins with, or ""."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


class _Reader(ast.NodeVisitor):
    """Reads one statement.

    `_hidden` holds, for every function around, the names that are its own, `_stands_for` the notebook's names whose
    objects a name of a function may be.
    """

    def __init__(self) -> None:
        self.found = Statement()
        self._depth = 0
        self._hidden: list[set[str]] = []
        self._attributes: set[str] = set()
        self._globals: set[str] = set()
        self._stands_for: dict[str, frozenset[str]] = {}

    def visit(self, node: ast.AST) -> None:
        """Note what the node binds, and go on inside."""
        if isinstance(node, BINDING):
            for name, origin in _bindings(node):
                self._bind(name, origin)
        super().visit(node)

    @property
    def _names(self) -> Names:
        return self.found.later if self._depth else self.found.now

    def _is_local(self, name: str) -> bool:
        return name in self._attributes or any(name in names for names in self._hidden)

    def _bind(self, name: str, origin: str) -> None:
        if name == "*":
            self.found.opaque = True
        elif not self._is_local(name) and (not self._depth or name in self._globals):
            self._names.bound.add((name, origin))

    def _of_notebook(self, names: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        for name in names:
            found |= self._stands_for.get(name, frozenset()) if self._is_local(name) else {name}
        return frozenset(found)

    def _reached(self, *nodes: ast.AST) -> frozenset[str]:
        return self._of_notebook(name for node in nodes for name in _reachable(node))

    def _alias(self, target: ast.AST, value: ast.AST) -> None:
        names = self._reached(value)
        targets = frozenset(_reachable(target)) if names else frozenset()
        local = {one for one in targets if self._is_local(one)}
        for one in local:
            self._stands_for[one] = self._stands_for.get(one, frozenset()) | names
        if targets - local:
            self.found.aliases.append((targets - local, names))

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load) and not self._is_local(node.id):
            self._names.read.add(node.id)
            self.found.opaque |= node.id in OPAQUE

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        modules = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        self.found.opaque |= any(name.partition(".")[0] in OPAQUE for name in modules)

    def visit_Attribute(self, node: ast.Attribute | ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._names.touched |= self._reached(node.value)
        self.found.opaque |= getattr(node, "attr", "") in OPAQUE_ATTRIBUTES
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        names = self._reached(node.target)
        self._names.touched |= names
        self._names.read |= names
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(function, ast.Attribute):
            given.append(function.value)
        if called in MUTATING or any(keyword.arg == "out" for keyword in node.keywords):
            self._names.touched |= self._reached(*given)
        elif called not in READING or not isinstance(function, ast.Attribute):
            root = _root(function)
            self._names.calls.add(("" if self._is_local(root) else root, self._reached(*given)))
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._alias(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign | ast.NamedExpr) -> None:
        if node.value:
            self._alias(node.target, node.value)
        self.generic_visit(node)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._alias(node.target, node.iter)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        """Read decorators and defaults where it stands, the body as what runs when it is called."""
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        for part in [*getattr(node, "decorator_list", ()), *defaults]:
            self.visit(part)
        own = list(_own_nodes(node))
        declared = {name for part in own if isinstance(part, ast.Global) for name in part.names}
        names = {name for part in own if isinstance(part, BINDING) for name, _ in _bindings(part)}
        names |= {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)}
        before = self._hidden, self._attributes, self._globals
        # A name that is declared global is the notebook's, whatever the functions around call theirs.
        self._hidden = [around - declared for around in (*self._hidden, names)]
        self._attributes, self._globals = set(), declared
        self._depth += 1
        for part in node.body if isinstance(node.body, list) else [node.body]:
            self.visit(part)
        self._depth -= 1
        self._hidden, self._attributes, self._globals = before

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Read the body, which runs where it stands; the names bound in it are none that its methods see."""
        before = self._attributes
        for part in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(part)
        self._attributes = {name for part in _own_nodes(node) for name, _ in _bindings(part)}
        for part in node.body:
            self.visit(part)
        self._attributes = before

    def visit_ListComp(self, node: COMPREHENSIONS) -> None:
        """Read a comprehension; its targets are its own."""
        self.visit(node.generators[0].iter)
        self._hidden.append({name for part in node.generators for name in _reachable(part.target)})
        for part in node.generators:
            self._alias(part.target, part.iter)
        self.generic_visit(node)
        self._hidden.pop()

    visit_ImportFrom = visit_Import
    visit_Subscript = visit_Attribute
    visit_NamedExpr = visit_AnnAssign
    visit_AsyncFor = visit_For
    visit_AsyncFunctionDef = visit_Lambda = visit_FunctionDef
    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp
