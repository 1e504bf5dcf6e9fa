"""The verdict on a diagram's answer in answers.json, and a plain word where that file is missing or damaged."""

from __future__ import annotations

from collections.abc import Sequence

from course_lib.answers import NAME, SavedAnswers
from course_lib.checking.calling import Outcome
from course_lib.checking.cards.judge import judge
from course_lib.checking.cards.verdict import Verdict
from course_lib.exercises import DiagramExercise

NOT_YET = f"{NAME} missing: it appears beside the notebook with the first answer given in a diagram."
NOT_SUBMITTED = (
    f"{NAME} missing: the answers given in diagrams did not come with this submission. They are in that file "
    "beside the notebook; `pack()` puts both into one zip."
)


def verdict_on_file(
    exercise: DiagramExercise, cases: Sequence[tuple], book: SavedAnswers, missing: str
) -> Verdict:
    """Judge what `book` holds for `exercise`; `missing` is what to say where there is no file."""
    verdict = judge(exercise, cases, [Outcome(book.answers.get(exercise.id, {}))])
    notice = book.message or ("" if book.present else missing)
    return verdict.with_lines(notice) if notice else verdict
