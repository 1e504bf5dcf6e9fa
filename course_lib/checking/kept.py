"""The verdict on what a diagram kept in answers.json, and a plain word where that file is missing or damaged."""

from __future__ import annotations

import os
from dataclasses import replace

from course_lib import answers
from course_lib.checking.calling import Outcome
from course_lib.checking.judging import judge
from course_lib.checking.verdict import Verdict
from course_lib.exercises import Exercise

MISSING = f"{answers.NAME} missing"
NOT_SUBMITTED = (
    f"{MISSING}: the answers given in diagrams did not come with this submission. They lie in that file "
    "beside the notebook; `pack()` puts both into one zip."
)


def verdict_on_kept(exercise: Exercise, cases: list[tuple]) -> Verdict:
    """Judge what stands in answers.json; what is the matter with the file is said on the card."""
    return verdict_on_book(exercise, cases, answers.book(), _missing())


def verdict_on_book(exercise: Exercise, cases: list[tuple], kept: answers.Book, missing: str) -> Verdict:
    """Judge what `kept` holds for `exercise`; `missing` is what to say where there is no file."""
    verdict = judge(exercise, cases, [Outcome(kept.answers.get(exercise.id, {}))])
    notice = kept.message or (not kept.present and missing)
    if not notice:
        return verdict
    return replace(verdict, card=replace(verdict.card, lines=(*verdict.card.lines, notice)))


def _missing() -> str:
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        return NOT_SUBMITTED
    return f"{MISSING}: it appears beside the notebook with the first answer given in a diagram."
