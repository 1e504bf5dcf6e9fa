"""The error that carries a card into nbgrader's Validate."""

from __future__ import annotations

from course_lib.checking.cards.verdict import Verdict, words

# nbgrader's Validate cuts lines near 90 characters.
WIDTH = 80


class CheckFailedError(AssertionError):
    """Raised in Validate only: its traceback is the card in words."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.card.headline)
        self.verdict = verdict

    def _render_traceback_(self) -> list[str]:
        return words(self.verdict.card, self.verdict.score, WIDTH).splitlines()
