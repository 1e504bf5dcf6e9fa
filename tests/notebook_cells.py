"""Cells as a kernel runs them: each with a file name of its own, its text kept where IPython keeps it."""

from __future__ import annotations

import linecache
from itertools import count
from typing import Any

from tests.styles import HEAD

_NUMBERS = count()


def run_cell(source: str, space: dict[str, Any]) -> str:
    """Run a cell in `space` and return the name of its file."""
    name = f"/tmp/ipykernel_1/{next(_NUMBERS)}.py"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), space)
    return name


def notebook(*cells: str) -> dict[str, Any]:
    """Run cells one after the other, S and dS in one before them, and return what they defined."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for source in (HEAD, *cells):
        run_cell(source, space)
    return space
