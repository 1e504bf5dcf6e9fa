"""Takes the student's name out of what a marker reads: an answer is marked, not a person."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable

from markupsafe import Markup, escape
from nbformat.notebooknode import NotebookNode

HIDDEN = "[name hidden]"
# Shorter ones are initials, and would be found in half of all words.
LEAST, MOST_SOURCE = 3, 20_000
# What the lesson itself writes there.
UNNAMED = frozenset({"self-study"})
_ASSIGNED = re.compile(r"""^\s*NAME\s*=\s*(["'])(.{1,200}?)\1""", re.MULTILINE)
_TAG = re.compile(r"(<[^>]*>)")


class Names:
    """The names of one student, and ways to take them out of prose, code and the grader's own HTML.

    Given are those that the gradebook knows; what the notebook calls NAME comes with `of`.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        found = {name.strip() for name in names if name} - UNNAMED
        words = found | {word for name in found for word in name.split()}
        longest_first = sorted((word for word in words if len(word) >= LEAST), key=len, reverse=True)
        patterns = [re.escape(word) for word in longest_first]
        self._any = (
            re.compile(rf"(?<![\w\\])(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE) if words else None
        )

    @classmethod
    def of(cls, nb: NotebookNode, names: Iterable[str]) -> Names:
        """Return the names of the student who wrote a notebook."""
        sources = (cell.source[:MOST_SOURCE] for cell in nb.cells if cell.cell_type == "code")
        return cls([*names, *(match[2] for source in sources for match in _ASSIGNED.finditer(source))])

    def prose(self, text: str) -> str:
        """Return a text without the names."""
        return self._any.sub(HIDDEN, text) if self._any else text

    def code(self, source: str) -> str:
        """Return code without the names: in its strings and comments, since `max` is also somebody's name."""
        if not self._any or not self._any.search(source):
            return source
        lines = source.splitlines(keepends=True)
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        except (tokenize.TokenError, SyntaxError, ValueError):
            return self.prose(source)  # no Python: better a word too many than a name
        for token in reversed(tokens):
            (row, start), (last, end) = token.start, token.end
            if token.type in _WITH_WORDS and row == last:
                line = lines[row - 1]
                lines[row - 1] = line[:start] + self.prose(line[start:end]) + line[end:]
            elif token.type in _WITH_WORDS:
                for number in range(row - 1, last):
                    lines[number] = self.prose(lines[number])
        return "".join(lines)

    def html(self, html: str) -> Markup:
        """Return HTML that the grader wrote without the names, which stand escaped in it."""
        if not self._any:
            return Markup(html)
        pieces = _TAG.split(html)
        pieces[::2] = (escape(self.prose(Markup(text).unescape())) for text in pieces[::2])
        return Markup("".join(pieces))


_WITH_WORDS = {tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
