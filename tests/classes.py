"""Classes that were never graded: records made up, for the page of a report."""

from __future__ import annotations

import random

from course_lib.exercises import LESSONS, EssayExercise
from grading.report.submissions import Answer, LessonOfClass, State, Submission
from tests.life import LESSON

MISTAKES = (
    "no_factor_two",
    "sum_over_samples",
    "no_hidden_slope",
    "wrong_sign",
    "no_weight",
    "slope_of_output_o",
)
HOSTILE = '</td><script>document.title = 7777</script><img src=x onerror="document.title = 7777">'


def made_up(size: int, seed: int = 1, lesson: str = LESSON, handed_in: int | None = None) -> LessonOfClass:
    """Return a class in which the able ones do well, and the later exercises are harder."""
    rng = random.Random(seed)
    submissions = tuple(_submission(rng, lesson, f"{number:04}{HOSTILE}") for number in range(size))
    return LessonOfClass(LESSONS[lesson], handed_in or size, submissions)


def _submission(rng: random.Random, lesson: str, student: str) -> Submission:
    exercises, ability = LESSONS[lesson].exercises, rng.gauss(0.6, 1)
    answers = {}
    habit = rng.choice(MISTAKES)
    ends = len(exercises) if rng.random() < 0.8 else rng.randrange(2, len(exercises))
    for number, exercise in enumerate(exercises):
        right = ability - 0.12 * number + rng.gauss(0, 0.7) > -1
        answers[exercise.id] = _answer(rng, exercise, number >= ends, right, habit)
    signs = frozenset({"mended"} if rng.random() < 0.04 else ())
    late = rng.choice([0.0] * 9 + [7200.0])
    return Submission(student, answers, signs, HOSTILE if rng.random() < 0.03 else student, seconds_late=late)


def _answer(rng: random.Random, exercise: object, blank: bool, right: bool, habit: str) -> Answer:
    if isinstance(exercise, EssayExercise):
        return Answer(State.UNANSWERED, 0.0, 0.0) if blank else Answer(State.WAITING, waits=True)
    if blank:
        return Answer(State.UNANSWERED, 0.0, 0.0)
    if right:
        measured = rng.random() < 0.01
        return Answer(State.RIGHT, exercise.points, 1.0, ("numerical_only",) if measured else ())
    made = () if rng.random() < 0.3 else (habit,)
    if exercise.parts > 1:
        return Answer(State.PARTLY, exercise.points / 2, 0.5, made)
    return Answer(State.WRONG, 0.0, 0.0, made, status="TIMED_OUT" if rng.random() < 0.01 else "")
