"""The graded submissions of a class, as a report sees them: numbers and ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from course_lib.exercises import Exercise, Lesson
from grading.intake.admit import SIGNS

# The first word of a record: its NAME is the one that the lesson came with.
NOBODY = frozenset({"", "self-study"})
STOPPED = "stopped"
ALL_SIGNS = frozenset({*SIGNS, STOPPED})


class State(StrEnum):
    """How an answer stands, in the words of the cards."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    WAITING = "manual"


@dataclass(frozen=True)
class Grade:
    """The marks of an answer in the gradebook, None where there is none; with `waits` a person is to give one."""

    auto: float | None = None
    manual: float | None = None
    extra: float = 0.0
    waits: bool = False

    @property
    def points(self) -> float | None:
        """The points as nbgrader counts them; None where nobody has given any yet."""
        given = self.auto if self.manual is None else self.manual
        return None if given is None else given + self.extra


@dataclass(frozen=True)
class Answer:
    """One exercise of one submission.

    `share` is the part of it that is right, None where nobody has marked it yet. `mistakes` are ids of the catalogue;
    with `either`, they cannot be told apart. `status` is how calling it ended. With `older_mark` a person's mark was
    given for an earlier answer.
    """

    state: State
    points: float | None = None
    share: float | None = None
    mistakes: tuple[str, ...] = ()
    either: bool = False
    status: str = ""
    waits: bool = False
    older_mark: bool = False


@dataclass(frozen=True)
class Submission:
    """One graded submission: its answers by exercise, and what was out of the ordinary.

    `forms` are the forms of its statements by exercise, for `alike`. Without `has_grounds` it was graded by a version
    of the course that kept less.
    """

    student: str
    answers: Mapping[str, Answer]
    signs: frozenset[str] = frozenset()
    name: str = ""
    penalty: float = 0.0
    seconds_late: float = 0.0
    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    has_grounds: bool = True

    @property
    def points(self) -> float:
        """All points that were given so far, less the penalty for being late."""
        given = sum(answer.points or 0.0 for answer in self.answers.values())
        return max(given - self.penalty, 0.0)


@dataclass(frozen=True)
class LessonOfClass:
    """What a class handed in for one lesson: `handed_in` submissions, of which these were graded so far."""

    lesson: Lesson
    handed_in: int
    submissions: tuple[Submission, ...]


def answer_of(exercise: Exercise, told: Mapping[str, Any], grade: Grade | None, essay: bool) -> Answer:
    """Return an answer from its record and its marks.

    Parameters
    ----------
    exercise
    told
        The record of its verdict beside the grade; empty where it could not be judged.
    grade
        Its marks; None for an exercise that is not in the gradebook, as one without points may be.
    essay
        Whether a person marks it in any case.
    """
    grade = grade or Grade(auto=float(told.get("points", 0.0)))
    right, parts = int(told.get("right_parts", 0)), exercise.parts
    by_parts = 1.0 if told.get("state") == State.RIGHT else right / parts
    share = grade.points / exercise.points if exercise.points and grade.points is not None else None
    if not exercise.points:
        share = by_parts if told else None
    return Answer(
        state=_state(told, grade, share, essay=essay),
        points=grade.points if exercise.points else 0.0,
        share=None if share is None else min(max(share, 0.0), 1.0),
        mistakes=tuple(told.get("diagnosis", ())),
        either=bool(told.get("either", False)),
        status=str(told.get("status", "")),
        waits=grade.waits,
        older_mark=grade.waits and grade.manual is not None,
    )


def _state(told: Mapping[str, Any], grade: Grade, share: float | None, *, essay: bool) -> State:
    if share is None or (essay and grade.waits):
        return State.WAITING
    if share >= 1.0:
        return State.RIGHT
    if share > 0:
        return State.PARTLY
    if grade.manual is None and (essay or told.get("state") == State.UNANSWERED):
        return State.UNANSWERED  # an essay that nbgrader gave 0 was not written
    return State.WRONG
