"""What numbers say about a class: difficulty and discrimination of its exercises, and how many made which mistake."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from course_lib.exercises import EssayExercise, Exercise
from grading.report.submissions import LessonOfClass, State, Submission

# With fewer submissions a correlation says nothing.
FEWEST = 5


@dataclass(frozen=True)
class OfExercise:
    """How a class did in one exercise.

    `students` are those in each state, `mean_share` the difficulty (None without a mark), `last` how many answered
    nothing after it.
    """

    exercise: Exercise
    students: Mapping[State, tuple[str, ...]]
    mean_share: float | None
    discrimination: float | None
    mistakes: tuple[tuple[str, int], ...]
    last: int

    @property
    def stuck(self) -> tuple[str, ...]:
        """Those who tried, and do not have all of it."""
        return (*self.students[State.WRONG], *self.students[State.PARTLY])


@dataclass
class OfMistake:
    """Who made a mistake, each counted once: `sure`, and `maybe` where its numbers fit another mistake as well."""

    id: str
    sure: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)
    exercises: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """How many students made it, as far as can be told."""
        return len(self.sure | self.maybe)


def mistakes_of(submissions: Sequence[Submission]) -> list[OfMistake]:
    """Return the mistakes that were made, those of most students first; a student counts once for each."""
    found: dict[str, OfMistake] = {}
    for submission in submissions:
        for exercise, answer in submission.answers.items():
            for mistake in answer.mistakes:
                one = found.setdefault(mistake, OfMistake(mistake))
                (one.maybe if answer.either else one.sure).add(submission.student)
                one.exercises[exercise] += 1
    for one in found.values():
        one.maybe -= one.sure
    return sorted(found.values(), key=lambda one: (-one.count, one.id))


def exercises_of(told: LessonOfClass) -> list[OfExercise]:
    """Return how a class did in every exercise of a lesson, in its order."""
    discriminations = discrimination_of(told)
    return [_exercise(told, exercise, discriminations[exercise.id]) for exercise in told.lesson.exercises]


def _exercise(told: LessonOfClass, exercise: Exercise, discrimination: float | None) -> OfExercise:
    answers = {s.student: s.answers[exercise.id] for s in told.submissions if exercise.id in s.answers}
    students: dict[State, list[str]] = defaultdict(list)
    for student, answer in answers.items():
        students[answer.state].append(student)
    shares = [answer.share for answer in answers.values() if answer.share is not None]
    if isinstance(exercise, EssayExercise) and students[State.WAITING]:
        shares = []  # so far only those who wrote nothing have a mark
    made = Counter(mistake for answer in answers.values() for mistake in set(answer.mistakes))
    return OfExercise(
        exercise,
        {state: tuple(students[state]) for state in State},
        float(np.mean(shares)) if shares else None,
        discrimination,
        tuple(made.most_common(3)),
        sum(_last_answered(submission, told) == exercise.id for submission in told.submissions),
    )


def _last_answered(submission: Submission, told: LessonOfClass) -> str:
    """Return the exercise after which nothing was answered; "" where all was, or nothing."""
    order = [exercise.id for exercise in told.lesson.exercises if exercise.id in submission.answers]
    tried = [name for name in order if submission.answers[name].state is not State.UNANSWERED]
    return tried[-1] if tried and tried[-1] != order[-1] else ""


def decided(told: LessonOfClass) -> list[Submission]:
    """Return the submissions of which at most essays wait for a mark: the others would count as worse than they are."""
    automatic = {exercise.id for exercise in told.lesson.exercises if not isinstance(exercise, EssayExercise)}

    def is_decided(submission: Submission) -> bool:
        return all(a.points is not None for name, a in submission.answers.items() if name in automatic)

    return [submission for submission in told.submissions if is_decided(submission)]


def discrimination_of(told: LessonOfClass) -> dict[str, float | None]:
    """Return the discrimination of every exercise that has points; None where it cannot be told.

    It is told from the `decided` submissions and the exercises that are marked in each of these. An exercise is held
    against the points of all the others: see `corrected_item_total`.
    """
    exercises = [exercise for exercise in told.lesson.exercises if exercise.points]
    rows = [[_points(submission, exercise) for exercise in exercises] for submission in decided(told)]
    points = np.array(rows, dtype=float).reshape(len(rows), len(exercises))
    marked = ~np.isnan(points).any(axis=0)
    found: dict[str, float | None] = dict.fromkeys((exercise.id for exercise in told.lesson.exercises), None)
    names = [exercise.id for exercise, whole in zip(exercises, marked, strict=True) if whole]
    return found | dict(zip(names, corrected_item_total(points[:, marked]), strict=True))


def _points(submission: Submission, exercise: Exercise) -> float:
    answer = submission.answers.get(exercise.id)
    return np.nan if answer is None or answer.points is None else answer.points


def corrected_item_total(points: np.ndarray) -> list[float | None]:
    r"""Return the corrected item-total correlation of every column.

    Parameters
    ----------
    points : ndarray, shape (N, M)
        The points of N submissions in M exercises.

    Returns
    -------
    list of float or None
        r_i = corr(x_i, T - x_i): Pearson's correlation, over the submissions, of the points x_i in exercise i with
        the points T - x_i in all other exercises together. None where one of both is the same for everybody, or
        where there are fewer than `FEWEST` submissions.
    """
    total = points.sum(axis=1)
    return [_correlation(column, total - column) for column in points.T]


def _correlation(x: np.ndarray, y: np.ndarray) -> float | None:
    if len(x) < FEWEST:
        return None
    x, y = x - x.mean(), y - y.mean()
    size = np.sqrt((x @ x) * (y @ y))
    # What rounding leaves of numbers that are all the same is no spread.
    return float(x @ y / size) if size > 1e-9 * len(x) else None
