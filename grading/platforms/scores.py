"""The points of a class as nbgrader counts them, with extra credit and penalties; none where a person has to mark."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from nbgrader.api import Assignment, Grade, Gradebook, Student, SubmittedNotebook
from nbgrader.api import SubmittedAssignment as Submitted
from sqlalchemy import select
from sqlalchemy.orm import selectinload, undefer

from grading.platforms.tables import TableError


class State(Enum):
    """How far a submission is."""

    GRADED = "graded"
    WAITS = "waits for a person"
    UNGRADED = "not graded"
    MISSING = "missing"


@dataclass(frozen=True)
class Score:
    """The points of a student in a lesson; `points` is None where they are not known yet."""

    student: Student
    lesson: str
    max_score: float
    state: State
    points: float | None = None
    submission: Submitted | None = None


def lessons_of(gradebook: Gradebook, wanted: Collection[str]) -> list[Assignment]:
    """Return the lessons of a gradebook with these names, all of them where there is no name.

    Raises
    ------
    TableError
        If there is no lesson of a name.
    """
    there = {assignment.name: assignment for assignment in gradebook.assignments}
    unknown = [name for name in wanted if name not in there]
    if unknown:
        raise TableError(
            f"The gradebook has no lesson {', '.join(unknown)}. It has: {', '.join(sorted(there)) or 'none'}."
        )
    return [there[name] for name in sorted(wanted or there)]


def scores_of(gradebook: Gradebook, lesson: Assignment, students: Collection[str]) -> Iterator[Score]:
    """Yield the points of everyone in the gradebook, or of those with these ids, in one lesson."""
    # At once, what nbgrader would ask for submission by submission.
    counted = [
        undefer(column)
        for column in (Submitted.score, Submitted.late_submission_penalty, Submitted.needs_manual_grade)
    ]
    details = selectinload(Submitted.notebooks).selectinload(SubmittedNotebook.grades)
    wanted = select(Submitted).where(Submitted.assignment_id == lesson.id).options(*counted, details)
    submissions = {one.student_id: one for one in gradebook.db.scalars(wanted)}
    for student in gradebook.students:
        if not students or student.id in students:
            yield _score(student, lesson, submissions.get(student.id))


def _score(student: Student, lesson: Assignment, submission: Submitted | None) -> Score:
    facts = (student, lesson.name, lesson.max_score)
    if submission is None:
        return Score(*facts, State.MISSING)
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    if not grades:
        return Score(*facts, State.UNGRADED, submission=submission)
    if not any(map(_is_scored, grades)):
        return Score(*facts, State.MISSING, submission=submission)
    if submission.needs_manual_grade:
        return Score(*facts, State.WAITS, submission=submission)
    points = max(0.0, submission.score - submission.late_submission_penalty)
    return Score(*facts, State.GRADED, points, submission)


def _is_scored(grade: Grade) -> bool:
    """Tell whether a grade has points, or waits for them; of one who only has more time none does."""
    given = (grade.auto_score, grade.manual_score, grade.extra_credit)
    return grade.needs_manual_grade or given != (None, None, None)
