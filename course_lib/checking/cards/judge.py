"""The public judge, the card and the points of a judgement; and the same of what answers.json holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from course_lib.answers import NAME, SavedAnswers
from course_lib.checking.calling import Outcome
from course_lib.checking.cards.card import card
from course_lib.checking.cards.verdict import Verdict
from course_lib.checking.judging import Judgement, Reason, judgement
from course_lib.exercises import DiagramExercise, Exercise

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
        exercise.id, float(points), float(exercise.points), right, found.diagnosis.ids, card(exercise, found)
    )


def verdict_on_file(
    exercise: DiagramExercise, cases: Sequence[tuple], saved: SavedAnswers, missing: str
) -> Verdict:
    """Judge what `saved` holds for `exercise`; `missing` is what to say where there is no file."""
    given = judge(exercise, cases, [Outcome(saved.answers.get(exercise.id, {}))])
    notice = saved.message or ("" if saved.present else missing)
    return given.with_lines(notice) if notice else given
