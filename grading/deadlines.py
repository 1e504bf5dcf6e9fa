"""When a lesson is due, for everyone and for one student, in nbgrader's gradebook; and what a late hand-in costs."""

import contextlib
import math
from collections.abc import Iterator
from datetime import UTC, datetime, time

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import BasePlugin
from traitlets import Float

from grading.here import configured
from grading.lessons import LESSONS

NEVER = "none"
_DAY = 24 * 60 * 60


class DeadlineError(Exception):
    """A due date cannot be set; the message says why, and what to do."""


class ByTheDay(BasePlugin):
    """Takes a share of the points for every day that has begun since the due date.

    In nbgrader_config.py: ``c.AssignLatePenalties.plugin_class = "grading.deadlines.ByTheDay"``.
    """

    percent = Float(10.0, min=0.0, max=100.0, help="of the points reached, for each day that has begun").tag(
        config=True
    )
    grace_minutes = Float(10.0, min=0.0, help="so many minutes late cost nothing").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Return the points to take off; nbgrader asks this only of what is late."""
        if total_seconds_late <= self.grace_minutes * 60:
            return 0.0
        days = math.ceil(total_seconds_late / _DAY)
        return score * min(1.0, days * self.percent / 100)


def set_due(lesson: str, when: str, student: str = "") -> None:
    """Set when a lesson is due, or until when one student may hand it in; ``"none"`` takes that back."""
    due = None if when == NEVER else moment(when)
    with _gradebook(lesson) as gradebook:
        if not student:
            gradebook.update_or_create_assignment(lesson, duedate=due)
            return
        assignment = gradebook.find_assignment(lesson)
        if due is None:
            extension = None
        elif assignment.duedate is None:
            raise DeadlineError(f"{lesson} has no due date, so nobody needs more time. Set one first.")
        elif due <= assignment.duedate:
            raise DeadlineError(f"An extension ends after the due date, {in_words(assignment.duedate)}.")
        else:
            extension = due - assignment.duedate
        _submission(gradebook, lesson, student).extension = extension
        gradebook.db.commit()


def lines(lesson: str) -> Iterator[str]:
    """Yield when a lesson is due, and a line for everyone who has more time."""
    with _gradebook(lesson) as gradebook:
        assignment = gradebook.find_assignment(lesson)
        if assignment.duedate is None:
            yield f"{lesson} is never late: it has no due date."
            return
        yield f"{lesson} is due {in_words(assignment.duedate)}."
        for submission in sorted(assignment.submissions, key=lambda each: each.student.id):
            if submission.extension:
                yield f"{submission.student.id} has until {in_words(submission.duedate)}."


def moment(text: str) -> datetime:
    """Return a time as the gradebook keeps it, in UTC; a day alone means its end, here."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise DeadlineError(
            f"{text!r} is no time. Write 2026-12-04, or '2026-12-04 18:00', or '2026-12-04 18:00+01:00'."
        ) from error
    if when.time() == time() and len(text) <= len("2026-12-04"):
        when = datetime.combine(when, time(23, 59, 59))
    return when.astimezone(UTC).replace(tzinfo=None)


def in_words(due: datetime) -> str:
    """Return a time of the gradebook as the clock of this machine shows it."""
    return f"{due.replace(tzinfo=UTC).astimezone():%A %d %B %Y, %H:%M:%S %Z}"


def _submission(gradebook: Gradebook, lesson: str, student: str):
    """Return the submission of a student: an empty one where there is none yet, since it is what gets more time.

    nbgrader has every grade of an empty one wait for a person, though nothing has come that anybody could mark.
    """
    try:
        gradebook.find_student(student)
    except MissingEntry as error:
        raise DeadlineError(
            f"The gradebook knows no student {student!r}. `nbgrader db student list` names those that it knows; "
            f"`nbgrader db student add {student}` adds one."
        ) from error
    with contextlib.suppress(MissingEntry):
        return gradebook.find_submission(lesson, student)
    with gradebook.db.no_autoflush:  # nbgrader adds it only when it is whole
        submission = gradebook.update_or_create_submission(lesson, student)
    for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
        grade.needs_manual_grade = False
    return submission


def _gradebook(lesson: str) -> Gradebook:
    """Open the gradebook of the course in the current folder, as nbgrader's commands find it."""
    here = configured().coursedir
    gradebook = Gradebook(here.db_url, here.course_id)
    try:
        gradebook.find_assignment(lesson)
    except MissingEntry as error:
        gradebook.close()
        known = ", ".join(LESSONS)
        raise DeadlineError(
            f"The gradebook does not know {lesson!r}. Run `nbgrader generate_assignment {lesson}` first; the lessons "
            f"are: {known}."
        ) from error
    return gradebook
