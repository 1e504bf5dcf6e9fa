"""`judge`, and what a check says: a number for nbgrader, a card for the student, words for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from course_lib.answers import NAME, SavedAnswers
from course_lib.checking.calling import Outcome
from course_lib.checking.cards import card_html
from course_lib.checking.cards.card import card
from course_lib.checking.cards.content import Card, number
from course_lib.checking.judging import Grounds, Judgement, Place, Reason, grounds, judgement
from course_lib.exercises import DiagramExercise, Exercise


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
    places: tuple[Place, ...] = field(default=(), compare=False)
    grounds: Grounds = field(default=Grounds(), compare=False)

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
        unit = "point" if self.max_points == 1 else "points"
        return f"{self.points:g} of {self.max_points:g} {unit}" if self.max_points else ""


NOT_YET = f"{NAME} missing: it appears beside the notebook with the first answer given in a diagram."
NOT_SUBMITTED = (
    f"{NAME} missing: the answers given in diagrams did not come with this submission. They are in that file "
    "beside the notebook; `pack()` puts both into one zip."
)


def judge(
    exercise: Exercise, cases: Sequence[tuple], outcomes: Sequence[Outcome], numerical_only: str = "flag"
) -> Verdict:
    """Return the verdict on an answer.

    Parameters
    ----------
    exercise : Exercise
    cases : sequence of tuple
        The arguments the answer was called with.
    outcomes : sequence of Outcome
        What it gave, in the same order; fewer than cases if it was stopped.
    numerical_only : {"flag", "zero"}
        What becomes of right values whose digits are those of a finite difference where a derivation is asked for:
        "flag" says so and gives the points, "zero" says so and gives none.

    Returns
    -------
    Verdict
        Points, and the card that explains them.
    """
    return verdict(exercise, with_policy(judgement(exercise, cases, outcomes), numerical_only))


def with_policy(found: Judgement, numerical_only: str) -> Judgement:
    """Return the judgement as an instructor wants derivatives judged that were measured; see `judge`."""
    if numerical_only not in ("flag", "zero"):
        raise ValueError(f"numerical_only: expected 'flag' or 'zero', got {numerical_only!r}")
    measured = found.reason is Reason.RIGHT and "numerical_only" in found.diagnosis.ids
    if measured and numerical_only == "zero":
        return replace(found, right=0, reason=Reason.MEASURED)
    return found


def verdict(exercise: Exercise, found: Judgement) -> Verdict:
    """Return the points of a judgement, and its card."""
    right = found.right == exercise.parts
    points = exercise.points if right else round(exercise.points * found.right / exercise.parts, 2)
    return Verdict(
        exercise.id,
        float(points),
        float(exercise.points),
        right,
        found.diagnosis.ids,
        card(exercise, found),
        found.places,
        grounds(found),
    )


def verdict_on_file(
    exercise: DiagramExercise, cases: Sequence[tuple], saved: SavedAnswers, missing: str
) -> Verdict:
    """Judge what `saved` holds for `exercise`; `missing` is what to say where there is no file."""
    given = judge(exercise, cases, [Outcome(saved.answers.get(exercise.id, {}))])
    notice = saved.message or ("" if saved.present else missing)
    return given.with_lines(notice) if notice else given


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
    for paragraph in (*card.lines, *card.comparison):
        lines += textwrap.wrap(paragraph, width)
    table = card.table or bar_rows(card)
    if table:
        columns = [max(map(len, column)) for column in zip(*table, strict=True)]
        rows = ("  ".join(f"{cell:<{w}}" for cell, w in zip(row, columns, strict=True)) for row in table)
        lines += [row.rstrip()[:width] for row in rows]
    if card.folds:
        folded = ", ".join(fold.elsewhere or fold.title for fold in card.folds)
        lines += textwrap.wrap(f"Folded in the card of the notebook: {folded}.", width)
    return "\n".join(lines)


def bar_rows(card: Card) -> tuple[tuple[str, ...], ...]:
    """Return the numbers of the bars as a table, for where nothing can be drawn."""
    if not card.bars:
        return ()
    rows = ((b.label, number(b.yours), number(b.true), b.mark) for b in card.bars)
    return (("", "yours", card.truth, ""), *rows)
