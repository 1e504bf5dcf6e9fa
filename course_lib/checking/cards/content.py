"""What a card holds, before it is written as HTML or in words; numbers and paragraphs as the cards write them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from course_lib.exercises import Exercise


class Bar(NamedTuple):
    """One row of the drawing: the student's value beside the true one; both NaN where the row only says more."""

    label: str
    yours: float
    true: float


class Fold(NamedTuple):
    """What a card keeps folded: under `title` pairs of code, its lines as they are, and what is said of it."""

    title: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Card:
    """What the student reads.

    `state` is ``"right"``, ``"partly"``, ``"wrong"``, ``"unanswered"`` or ``"manual"``; `result` says in one line what
    came out, `title` of what; `lines` are short paragraphs; `table` rows of texts with its header first, or empty;
    `bars` what is drawn side by side, with `truth` saying what the true values are; `folds` what shows when opened.
    """

    state: str
    result: str
    lines: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    bars: tuple[Bar, ...] = ()
    truth: str = "true value"
    title: str = ""
    folds: tuple[Fold, ...] = ()

    @property
    def headline(self) -> str:
        """The first line: the title and the result."""
        return f"{self.title}: {self.result}" if self.title else self.result


def state_of(right: int, parts: int) -> str:
    """Return the state of a card of which so many parts are right."""
    return "right" if right == parts else "partly" if right else "wrong"


def hint_line(exercise: Exercise) -> str:
    """Point at the hints."""
    return f"`hint({exercise.id!r})` shows where to look."


def number(value: float) -> str:
    """Return a number with six digits and a real minus sign; nothing for NaN, which stands for no number."""
    return "" if math.isnan(value) else minus(f"{value:.6g}")


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
