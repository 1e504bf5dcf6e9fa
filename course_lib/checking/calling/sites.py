"""Where the expressions of a notebook stand: the table of all that are recorded."""

from __future__ import annotations

import ast
from typing import NamedTuple


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
