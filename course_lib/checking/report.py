"""What `hint` and `summary` show, and the error that carries a card into nbgrader's Validate."""

from __future__ import annotations

from dataclasses import dataclass

from course_lib.checking import card_html
from course_lib.checking.verdict import Card, Verdict, words
from course_lib.exercises import Exercise

STEPS = ("where to look", "which term", "a sibling, derived")
# nbgrader's Validate cuts lines near 90 characters.
VALIDATE_WIDTH = 80


class CheckFailedError(AssertionError):
    """Raised in Validate only: its traceback is the card in words."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.card.headline)
        self.verdict = verdict

    def _render_traceback_(self) -> list[str]:
        return words(self.verdict.card, self.verdict.score, VALIDATE_WIDTH).splitlines()


@dataclass(frozen=True)
class Hint:
    """One hint of an exercise, shown as text or as HTML."""

    exercise: Exercise
    step: int

    @property
    def _more(self) -> str:
        last = self.step == len(self.exercise.hints)
        return "" if last else f"`hint({self.exercise.id!r}, {self.step + 1})` says more."

    def __repr__(self) -> str:
        text = self.exercise.hints[self.step - 1]
        return "\n".join(filter(None, (f"Hint {self.step} ({STEPS[self.step - 1]}): {text}", self._more)))

    def _repr_html_(self) -> str:
        text, step = self.exercise.hints[self.step - 1], STEPS[self.step - 1]
        body = f"<b>Hint {self.step}, {step}.</b> {card_html.inline(text)} {card_html.inline(self._more)}"
        return f'<div style="max-width:46em;line-height:1.45;margin:.3em 0">{body}</div>'


@dataclass(frozen=True)
class Summary:
    """Every exercise of a lesson with its points, and what is left to do."""

    verdicts: tuple[Verdict, ...]

    @property
    def card(self) -> Card:
        """The list as a card."""
        automatic = [v for v in self.verdicts if v.card.state != "person"]
        rows = [("exercise", "points", "")]
        rows += [(v.exercise, _points(v), card_html.STATES[v.card.state][1].lower()) for v in self.verdicts]
        done = sum(v.right for v in automatic)
        lines = [_left(automatic), _by_person(self.verdicts), "Save the notebook, then submit it."]
        state = "right" if done == len(automatic) else "partly" if done else "unanswered"
        headline = f"{done} of {len(automatic)} exercises right."
        return Card(state, headline, tuple(filter(None, lines)), tuple(rows))

    @property
    def score(self) -> str:
        """The points reached, those of a person's mark not counted."""
        automatic = [v for v in self.verdicts if v.card.state != "person"]
        most = sum(v.max_points for v in automatic)
        return f"{sum(v.points for v in automatic):g} of {most:g} points" if most else ""

    def __repr__(self) -> str:
        return words(self.card, self.score)

    def _repr_html_(self) -> str:
        return card_html.render("Summary of this lesson", self.card, self.score)


def _points(verdict: Verdict) -> str:
    if not verdict.max_points:
        return "practice"
    if verdict.card.state == "person":
        return f"up to {verdict.max_points:g}"
    return f"{verdict.points:g} of {verdict.max_points:g}"


def _left(verdicts: list[Verdict]) -> str:
    left = [v.exercise for v in verdicts if not v.right]
    return f"Still open: {', '.join(left)}." if left else "Every check agrees. Well done."


def _by_person(verdicts: tuple[Verdict, ...]) -> str:
    read = [v.exercise for v in verdicts if v.card.state == "person"]
    return f"Read and marked by a person: {', '.join(read)}." if read else ""
