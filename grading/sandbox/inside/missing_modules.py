"""An import of a package that is not here costs what uses it, and not the rest of its cell."""

from __future__ import annotations

import ast
import importlib.util
import sys

MOST_NAMES = 20
# Names of modules that the cells of this notebook wanted and did not find, in order.
wanted: list[str] = []


class Missing:
    """Stands for what an import would have given; whoever uses it is told which module is missing."""

    def __init__(self, module: str) -> None:
        self.__dict__["_module"] = module

    def _used(self, *arguments: object, **named: object) -> None:
        raise ModuleNotFoundError(f"No module named {self._module!r}", name=self._module)

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):  # Python and IPython look for their own names on everything
            raise AttributeError(name)
        self._used()

    __call__ = __getitem__ = __iter__ = __setattr__ = _used

    def __repr__(self) -> str:
        return f"(the missing module {self._module})"


def is_missing(package: str) -> bool:
    """Tell whether there is no package or module of that name; nothing is imported to find out."""
    try:
        return package not in sys.modules and importlib.util.find_spec(package) is None
    except ValueError:  # it is there, without what Python keeps about a module
        return False


def stand_in(module: str) -> Missing:
    """Return what takes the place of a missing module, and remember its name."""
    if module not in wanted and len(wanted) < MOST_NAMES:
        wanted.append(module)
    return Missing(module)


def tell() -> None:
    """Say in the cell's output, while its error is handled, what its reader has to know."""
    print(f"ModuleNotFoundError: {sys.exception()}. The rest of this cell was run.", file=sys.stderr)


class SkipMissing(ast.NodeTransformer):
    """Rewrites a cell so that imports of missing modules, and statements that use them, do not end it."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Return the cell as it is to run."""
        body = [new for statement in node.body for new in self._statements(statement)]
        return ast.Module(body, node.type_ignores)

    def _statements(self, statement: ast.stmt) -> list[ast.stmt]:
        if isinstance(statement, ast.Import):
            return [self._import(statement, alias) for alias in statement.names]
        if isinstance(statement, ast.ImportFrom) and not statement.level:
            package = str(statement.module).partition(".")[0]
            if is_missing(package):
                names = [alias.asname or alias.name for alias in statement.names]
                return [self._stand_in(statement, name, package) for name in names]
        defines = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        uses = self._names and not defines and self._names & _names_in(statement)
        return [_guarded(statement) if uses else statement]

    def _import(self, statement: ast.Import, alias: ast.alias) -> ast.stmt:
        package = alias.name.partition(".")[0]
        if is_missing(package):
            return self._stand_in(statement, alias.asname or package, package)
        return ast.copy_location(ast.Import([alias]), statement)

    def _stand_in(self, statement: ast.stmt, name: str, package: str) -> ast.stmt:
        self._names.add(name)
        target = name if name.isidentifier() else "_nothing"  # `from seaborn import *` names nothing
        made = ast.parse(f"{target} = __import__('missing_modules').stand_in({package!r})").body[0]
        return ast.copy_location(made, statement)


def _names_in(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _guarded(statement: ast.stmt) -> ast.stmt:
    # A handler that names its error would take that name away from the notebook.
    made = ast.parse("try: pass\nexcept ModuleNotFoundError: __import__('missing_modules').tell()").body[0]
    made.body = [statement]
    return ast.copy_location(made, statement)
