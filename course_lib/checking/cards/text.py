"""Numbers as the cards write them, and paragraphs that begin with what a hurried reader should find first."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Return a number with six digits and a real minus sign; nothing for NaN, which stands for no number."""
    return "" if math.isnan(value) else minus(f"{value:.6g}")


def minus(text: str) -> str:
    """Return a number's text with a real minus sign."""
    return text.replace("-", "−")


class Lead(str):
    """A paragraph, `lead` and then `rest`; the page shows the lead in bold."""

    lead: str
    rest: str

    def __new__(cls, lead: str, rest: str) -> Lead:
        """Join both to one text."""
        line = super().__new__(cls, lead + rest)
        line.lead, line.rest = lead, rest
        return line
