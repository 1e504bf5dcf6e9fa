"""What the gradebook knows of one submission: its grades, its comments, and what a person has not marked yet."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from course_lib.checking.cards.card_html import STATES


class Mark(NamedTuple):
    """The points of one exercise, and whether a person is still to give or to confirm them."""

    score: float = 0.0
    most: float = 0.0
    waits: bool = False
    by_hand: bool = False
    given: bool = True

    @property
    def unmarked(self) -> bool:
        """Whether nobody has marked it yet."""
        return self.waits and not self.given

    def state(self, found: str) -> str:
        """Return how it stands, in the words of the cards; `found` is what the judge said where no person did."""
        if self.waits:
            return "manual"
        if found == "manual" and not self.by_hand:
            return "unanswered"  # nbgrader gives 0 for it, and asks nobody
        if found in STATES and not self.by_hand:
            return found
        if self.score >= self.most:
            return "right"
        return "partly" if self.score > 0 else "wrong"


NO_MARK = Mark()


@dataclass(frozen=True)
class Marks:
    """All marks of one submission."""

    grades: dict[str, Mark] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    score: float = 0.0
    most: float = 0.0
    late_penalty: float = 0.0


def read(submitted: Any) -> Marks:
    """Return the marks of nbgrader's `SubmittedNotebook`."""
    grades = {
        grade.name: Mark(
            grade.score or 0.0,
            grade.max_score or 0.0,
            bool(grade.needs_manual_grade),
            by_hand=grade.manual_score is not None,
            given=grade.manual_score is not None or grade.auto_score is not None,
        )
        for grade in submitted.grades
    }
    # Only what a person wrote: beside an unanswered exercise nbgrader itself says so, as if somebody had.
    comments = {one.name: one.manual_comment for one in submitted.comments if one.manual_comment}
    penalty = submitted.late_submission_penalty or 0.0
    return Marks(grades, comments, submitted.score - penalty, submitted.max_score, penalty)
