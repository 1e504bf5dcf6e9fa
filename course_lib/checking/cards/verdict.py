"""What a check says: a number for nbgrader, a card for the student, words for the terminal."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field, replace

from course_lib.checking.cards import card_html
from course_lib.checking.cards.content import Card
from course_lib.checking.cards.text import number


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

    def with_lines(self, *lines: str) -> Verdict:
        """Return the same verdict with more paragraphs on its card."""
        return replace(self, card=replace(self.card, lines=(*self.card.lines, *lines)))

    @property
    def score(self) -> str:
        """The points in words, or nothing where there are none to have."""
        return f"{self.points:g} of {self.max_points:g} points" if self.max_points else ""


class Shown:
    """What shows as its `card`, in a notebook as HTML under its `label`, elsewhere in words."""

    label, score = "", ""
    card: Card

    def __repr__(self) -> str:
        return words(self.card, self.score)

    def _repr_html_(self) -> str:
        return card_html.render(self.label, self.card, self.score)


def words(card: Card, score: str = "", width: int = 79) -> str:
    """Return a card as plain text, no line longer than `width`."""
    lines = textwrap.wrap(card.headline + (f" ({score})" if score else ""), width)
    for paragraph in card.lines:
        lines += textwrap.wrap(paragraph, width)
    table = card.table or bar_rows(card)
    if table:
        columns = [max(map(len, column)) for column in zip(*table, strict=True)]
        rows = ("  ".join(f"{cell:<{w}}" for cell, w in zip(row, columns, strict=True)) for row in table)
        lines += [row.rstrip()[:width] for row in rows]
    return "\n".join(lines)


def bar_rows(card: Card) -> tuple[tuple[str, ...], ...]:
    """Return the numbers of the bars as a table, for where nothing can be drawn."""
    if not card.bars:
        return ()
    rows = ((b.label, number(b.yours), number(b.true)) for b in card.bars)
    return (("", "yours", card.truth), *rows)
