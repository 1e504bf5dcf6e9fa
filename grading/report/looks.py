"""What a person should look at, and why: ids of reasons, with what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from course_lib.exercises import EssayExercise
from grading.report.alike import Pair, groups
from grading.report.submissions import NOBODY, STOPPED, LessonOfClass, Submission


class Reason(StrEnum):
    """Why a person should look at a submission; the most urgent first."""

    ZERO_FOR_FORM = "zero_for_form"
    WAITING = "waiting"
    OLDER_MARK = "older_mark"
    VERSION = "version"
    MENDED = "mended"
    TIMED_OUT = "timed_out"
    MEASURED = "measured"
    NAME_SHARED = "name_shared"
    ALIKE = "alike"


class Look(NamedTuple):
    """A submission to look at: in which exercises, where that is known, and beside which others."""

    reason: Reason
    student: str
    exercises: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


ENDED = frozenset({"TIMED_OUT", "DIED"})


def looks(told: LessonOfClass, pairs: Sequence[Pair]) -> list[Look]:
    """Return what a person should look at in the submissions of a lesson, reason by reason."""
    found = [look for submission in told.submissions for look in _of_one(submission, told)]
    found += _names_shared(told.submissions)
    found += _alike(pairs)
    order = list(Reason)
    return sorted(found, key=lambda look: (order.index(look.reason), look.student))


def _of_one(submission: Submission, told: LessonOfClass) -> Iterator[Look]:
    essays = {exercise.id for exercise in told.lesson.exercises if isinstance(exercise, EssayExercise)}
    answers = {name: answer for name, answer in submission.answers.items() if name not in essays}
    waiting = tuple(name for name, answer in answers.items() if answer.waits)
    if waiting:
        zero = not any(answer.points for answer in submission.answers.values())
        yield Look(Reason.ZERO_FOR_FORM if zero else Reason.WAITING, submission.student, waiting)
    older = tuple(name for name, answer in submission.answers.items() if answer.older_mark)
    if older:
        yield Look(Reason.OLDER_MARK, submission.student, older)
    ended = tuple(name for name, answer in answers.items() if answer.status in ENDED)
    if ended or STOPPED in submission.signs:
        yield Look(Reason.TIMED_OUT, submission.student, ended)
    measured = tuple(name for name, answer in answers.items() if "numerical_only" in answer.mistakes)
    if measured:
        yield Look(Reason.MEASURED, submission.student, measured)
    for reason in (Reason.VERSION, Reason.MENDED):
        if reason.value in submission.signs:
            yield Look(reason, submission.student)


def _names_shared(submissions: Sequence[Submission]) -> Iterator[Look]:
    bearers: dict[str, list[str]] = defaultdict(list)
    for submission in submissions:
        name = " ".join(submission.name.split()).casefold()
        if name not in NOBODY:
            bearers[name].append(submission.student)
    for students in bearers.values():
        if len(students) > 1:
            yield from (Look(Reason.NAME_SHARED, one, (), _without(students, one)) for one in students)


def _alike(pairs: Sequence[Pair]) -> Iterator[Look]:
    exercises: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        exercises[pair.first] |= {*pair.exercises}
        exercises[pair.second] |= {*pair.exercises}
    for group in groups(list(pairs)):
        for one in group:
            yield Look(Reason.ALIKE, one, tuple(sorted(exercises[one])), _without(group, one))


def _without(students: Sequence[str], one: str) -> tuple[str, ...]:
    return tuple(student for student in students if student != one)
