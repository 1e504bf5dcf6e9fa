"""What judging works out once and remembers, worked out before the first submission of a class is judged."""

from __future__ import annotations

import contextlib
import json

import numpy as np

from course_lib.answers import SavedAnswers
from course_lib.checking.calling import Outcome
from course_lib.checking.calling.by_kind import in_file
from course_lib.checking.student.kernel import probe_cases, public_cases
from course_lib.exercises import DiagramExercise, Exercise
from grading import diagrams, score
from grading.lessons import LESSONS
from grading.statements import statements_of

# Whatever the exercise, no mistake of the catalogue gives this times the right answer.
NO_MISTAKE = np.pi / 10


def warm(order: bytes) -> None:
    """Judge an answer to each exercise that no mistake explains, so that every one of them was tried.

    Parameters
    ----------
    order
        JSON with the id of a ``lesson``, the ``secret`` of its inputs and the ``texts`` of its released cells.
    """
    told = json.loads(order)
    secret, exercises = told["secret"].encode(), LESSONS[told["lesson"]].exercises
    for text in told["texts"]:
        statements_of(text)
    for exercise, _, _ in score.questions(exercises, secret):
        with contextlib.suppress(Exception):  # whoever judges a submission meets it again, and says so
            if in_file(exercise):
                _judge_one_symbol(exercise)
            else:
                _judge_nothing_known(exercise, secret)


def _judge_one_symbol(exercise: DiagramExercise) -> None:
    saved = SavedAnswers({exercise.id: {exercise.slots[0]: exercise.tiles[0]}}, present=True)
    score.verdict_on_diagram(exercise, saved)
    diagrams.figure(exercise, saved)


def _judge_nothing_known(exercise: Exercise, secret: bytes) -> None:
    outcomes, probed = (
        [Outcome(_times(exercise.reference(*case), NO_MISTAKE)) for case in cases]
        for cases in (public_cases(exercise), probe_cases(exercise))
    )
    score.verdict_on(exercise, secret, outcomes, "", probed=probed)


def _times(value: object, factor: float) -> object:
    if isinstance(value, list | tuple):
        return type(value)(_times(entry, factor) for entry in value)
    return value * factor
