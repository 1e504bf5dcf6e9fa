"""The form of a statement: its syntax tree without the names that were chosen for it, its comments and its layout.

This reads what students wrote, so it runs in a child with limits. It loads next to nothing.
"""

import ast
import hashlib
import json
from collections.abc import Iterator

# A parser may take a thousand times the memory of what it reads.
MOST_READ = 40_000


def forms(data: bytes) -> list[dict[str, list[str]]]:
    """Return, for each of several submissions, the forms of its statements by exercise.

    Parameters
    ----------
    data
        JSON: for each submission, the sources of its code by exercise, those of no exercise under "".
    """
    return [{name: sorted(forms_of(source)) for name, source in told.items()} for told in json.loads(data)]


def forms_of(source: str) -> set[str]:
    """Return the forms of the statements in a source; none where it is no Python, or very long."""
    if len(source) > MOST_READ:
        return set()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    own = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return {_digest(statement, own) for statement in _statements(tree)}


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not _says_nothing(node):
            yield node


def _says_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Pass | ast.Import | ast.ImportFrom):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _digest(statement: ast.stmt, own: set[str]) -> str:
    numbers: dict[str, int] = {}
    written = "".join(_written(statement, own, numbers))
    return hashlib.sha256(written.encode(errors="surrogatepass")).hexdigest()[:16]


def _written(node: object, own: set[str], numbers: dict[str, int]) -> Iterator[str]:
    """Yield a tree as text: own names by the order in which they come, and of a block only that there is one."""
    if isinstance(node, list):
        yield "["
        for one in node:
            yield from _written(one, own, numbers)
        yield "]"
    elif not isinstance(node, ast.AST):
        yield f"{numbers.setdefault(node, len(numbers))}'" if node in own else f"{node!r},"
    else:
        yield f"({type(node).__name__} "
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "type_comment", "ctx"):
                continue
            block = isinstance(value, list) and value and isinstance(value[0], ast.stmt | ast.excepthandler)
            if not block:
                yield from _written(value, own, numbers)
        yield ")"
