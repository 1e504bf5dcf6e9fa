"""What the values of an error are called: as the variables that its author gave them to, or as they are written."""

from __future__ import annotations

import ast
import linecache
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from course_lib.checking.calling.sites import Site
from course_lib.checking.judging.defining import Span, assignments, span

# More of an expression than this is no name.
MOST_LETTERS = 30


def names_of(table: Sequence[Site], sites: Iterable[int]) -> dict[int, str]:
    """Return the name of each of some sites; none has that of another."""
    files = {place.filename: _file("".join(linecache.getlines(place.filename))) for place in table}
    found = {site: files[table[site].filename].name(table[site][1:5]) for site in sites}
    lines = {site: files[table[site].filename].line(table[site].line) for site in found}
    found = _told_apart(found, {site: f" in line {line}" for site, line in lines.items()})
    return _told_apart(found, {site: f", {site}" for site in found})


def _told_apart(names: dict[int, str], more: dict[int, str]) -> dict[int, str]:
    """Return the names, with more to each that another one has, too."""
    counts = Counter(names.values())
    return {site: name if counts[name] == 1 else name + more[site] for site, name in names.items()}


@lru_cache(maxsize=8)
def _file(text: str) -> _File:
    return _File(text)


class _File:
    """The text of one file, and what it assigns."""

    def __init__(self, text: str) -> None:
        self.text, self.tree = text, ast.parse(text)

    def name(self, place: Span) -> str:
        """Return what the expression in a place is called: the beginning of a long one without a variable."""
        if place in self._assigned:
            return self._assigned[place]
        node = self._expressions.get(place)
        text = " ".join((ast.get_source_segment(self.text, node) or "").split()) if node else ""
        return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"

    def line(self, number: int) -> int:
        """Return a line as it is counted in its function, from 1."""
        starts = [
            node.lineno for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.Lambda)
        ]
        return number - max((start for start in starts if start <= number), default=1) + 1

    @cached_property
    def _assigned(self) -> dict[Span, str]:
        found = {}
        for node in ast.walk(self.tree):
            for statement, name, value in assignments(node):
                # Of ``a += b`` the whole statement is what `a` is then.
                found[span(statement if isinstance(node, ast.AugAssign) else value)] = name
        return found

    @cached_property
    def _expressions(self) -> dict[Span, ast.expr]:
        return {span(node): node for node in ast.walk(self.tree) if isinstance(node, ast.expr)}
