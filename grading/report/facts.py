"""Everything that a report says of one lesson, found out once: for the page, and for the tables."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from course_lib.exercises import EssayExercise, PlainExercise
from grading.report.alike import alike
from grading.report.looks import Look, looks
from grading.report.statistics import OfExercise, OfMistake, exercises_of, mistakes_of
from grading.report.submissions import LessonOfClass


@dataclass(frozen=True)
class Facts:
    """What a class knows of one lesson."""

    told: LessonOfClass
    exercises: Sequence[OfExercise]
    mistakes: Sequence[OfMistake]
    looks: Sequence[Look]

    @property
    def to_look_at(self) -> frozenset[str]:
        """The students whose submission a person should look at."""
        return frozenset(look.student for look in self.looks)

    @property
    def essays_to_mark(self) -> int:
        """How many essays wait for a mark."""
        essays = {e.id for e in self.told.lesson.exercises if isinstance(e, EssayExercise)}
        answers = (pair for submission in self.told.submissions for pair in submission.answers.items())
        return sum(answer.waits and name in essays for name, answer in answers)

    @property
    def plain(self) -> Sequence[PlainExercise]:
        """The exercises whose points come from a test in the student's own kernel."""
        return [e for e in self.told.lesson.exercises if isinstance(e, PlainExercise)]


def facts_of(told: LessonOfClass, known: Mapping[str, Set[str]]) -> Facts:
    """Return what can be said of a lesson; `known` are the forms that everybody was given, see `alike`."""
    pairs = alike({submission.student: submission.forms for submission in told.submissions}, known)
    return Facts(told, exercises_of(told), mistakes_of(told.submissions), looks(told, pairs))


class Names:
    """What each student is called in a report: as in the gradebook, or by a number that stands for nobody elsewhere."""

    def __init__(self, students: Iterable[str], *, shown: bool, rng: random.Random) -> None:
        students = sorted(set(students))
        called = list(students)
        if not shown:
            width = len(str(len(students)))
            called = [f"student {number:0{width}}" for number in range(1, len(students) + 1)]
            rng.shuffle(called)
        self.shown, self._called = shown, dict(zip(students, called, strict=True))

    def __call__(self, student: str) -> str:
        """Return what a student is called."""
        return self._called[student]
