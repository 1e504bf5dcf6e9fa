"""What a check says: a number for nbgrader, a card for the student, words for the terminal."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field

from course_lib.checking import card_html


@dataclass(frozen=True)
class Card:
    """What the student reads.

    `state` is ``"right"``, ``"partly"``, ``"wrong"``, ``"unanswered"`` or ``"person"``; `headline` one line;
    `lines` short paragraphs; `table` rows of texts with its header first, or empty.
    """

    state: str
    headline: str
    lines: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check.

    Its ``repr`` is the points as a plain number, which is where nbgrader finds partial credit; in a notebook it
    shows as a card; ``str`` gives the same card in words.
    """

    exercise: str
    points: float
    max_points: float
    right: bool
    diagnosis: tuple[str, ...] = ()
    card: Card = field(default_factory=lambda: Card("unanswered", ""), compare=False)

    def __repr__(self) -> str:
        # A builtin float between 0 and the maximum: nbgrader gives full marks for anything it cannot read.
        return repr(float(min(max(self.points, 0.0), self.max_points)))

    def __str__(self) -> str:
        return words(self.card, self.score)

    def _repr_html_(self) -> str:
        return card_html.render(self.exercise, self.card, self.score)

    @property
    def score(self) -> str:
        """The points in words, or nothing where there are none to have."""
        return f"{self.points:g} of {self.max_points:g} points" if self.max_points else ""


def words(card: Card, score: str = "", width: int = 79) -> str:
    """Return a card as plain text, no line longer than `width`."""
    lines = textwrap.wrap(card.headline + (f" ({score})" if score else ""), width)
    for paragraph in card.lines:
        lines += textwrap.wrap(paragraph, width)
    if card.table:
        columns = [max(map(len, column)) for column in zip(*card.table, strict=True)]
        rows = ("  ".join(f"{cell:<{w}}" for cell, w in zip(row, columns, strict=True)) for row in card.table)
        lines += [row.rstrip()[:width] for row in rows]
    return "\n".join(lines)
