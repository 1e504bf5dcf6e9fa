"""What a card holds, before it is written as HTML or in words; numbers and paragraphs as the cards write them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple


class Bar(NamedTuple):
    """One row of the drawing: the student's value beside the true one; both NaN where the row only says more."""

    label: str
    yours: float
    true: float
    right: bool = False

    @property
    def mark(self) -> str:
        """What says whether the value is right; nothing in a row that only says more."""
        if math.isnan(self.yours) and math.isnan(self.true):
            return ""
        return "✓ right" if self.right else "✗ off"


class Fold(NamedTuple):
    """What a card keeps folded: under `title` pairs of code, its lines as they are, and what is said of it.

    `inner` are folds inside of it, and `elsewhere` is how to come to it where there is nothing to unfold.
    """

    title: str
    parts: tuple[tuple[str, str], ...]
    inner: tuple[Fold, ...] = ()
    elsewhere: str = ""


@dataclass(frozen=True)
class Card:
    """What the student reads.

    `state` is ``"right"``, ``"partly"``, ``"wrong"``, ``"unanswered"`` or ``"manual"``; `result` says in one line what
    came out, `title` of what; `lines` are short paragraphs of what is known and where to look; `comparison` are those
    about the numbers, which follow in `table`, rows of texts with its header first, or in `bars`, drawn side by side,
    with `truth` saying what the true values are; `folds` is what shows when opened.
    """

    state: str
    result: str
    lines: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    bars: tuple[Bar, ...] = ()
    truth: str = "true value"
    title: str = ""
    folds: tuple[Fold, ...] = ()
    comparison: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The first line: the title and the result."""
        return f"{self.title}: {self.result}" if self.title else self.result


def state_of(right: int, parts: int) -> str:
    """Return the state of a card of which so many parts are right."""
    return "right" if right == parts else "partly" if right else "wrong"


def number(value: float) -> str:
    """Return a number with six digits and a real minus sign; nothing for NaN, which stands for no number."""
    # Of the two zeros of floating point only one is known to people.
    return "" if math.isnan(value) else minus(f"{value + 0.0:.6g}")


def minus(text: str) -> str:
    """Return a number's text with a real minus sign."""
    return text.replace("-", "−")


class Lead(str):
    """A paragraph that begins with what a hurried reader should find first; the page shows the `lead` in bold."""

    lead: str
    rest: str

    def __new__(cls, lead: str, rest: str) -> Lead:
        """Join both to one text."""
        line = super().__new__(cls, lead + rest)
        line.lead, line.rest = lead, rest
        return line
