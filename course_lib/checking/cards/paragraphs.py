"""Paragraphs of a card that begin with what a hurried reader should find first."""

from __future__ import annotations


class Lead(str):
    """A paragraph, `lead` and then `rest`; the page shows the lead in bold."""

    lead: str
    rest: str

    def __new__(cls, lead: str, rest: str) -> Lead:
        """Join both to one text."""
        line = super().__new__(cls, lead + rest)
        line.lead, line.rest = lead, rest
        return line
