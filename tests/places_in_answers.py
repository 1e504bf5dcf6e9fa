"""The places in an answer, right or wrong, read on one small case."""

from __future__ import annotations

from functools import cache

import numpy as np

from course_lib.checking.calling.by_kind import WHOLE, call_one
from course_lib.checking.calling.recording import record
from course_lib.checking.judging import Place
from course_lib.checking.judging.places import Found, places
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES
from course_lib.exercises.gradient_cases import draw_network
from course_lib.exercises.walks import WALKS
from tests.notebook_cells import notebook


@cache
def small_case() -> tuple:
    """Draw a network with few samples: an answer in loops is read in a third of the time."""
    return draw_network(np.random.default_rng(3), (3, 4, 2), 4)


def case_of(exercise: str) -> tuple:
    """Return the case that an answer is read on."""
    return small_case() if exercise == "backprop" else public_cases(EXERCISES[exercise])[0]


def read(exercise_id: str, source: str, case: tuple, *before: str) -> Found:
    """Read an answer on a case as if it were a wrong one; `before` are the cells that were run before its own."""
    exercise = EXERCISES[exercise_id]
    answer = notebook(*before, source)[exercise.answer_name]
    recording = record(answer, lambda: call_one(exercise, answer, WHOLE, case))
    assert recording is not None
    return places(recording, WALKS[exercise_id], case, source)


def found_in(exercise_id: str, source: str, *before: str) -> tuple[Place, ...]:
    """Return the places in an answer."""
    return read(exercise_id, source, case_of(exercise_id), *before).places


def bare(text: str) -> str:
    """Return a text without spaces."""
    return "".join(text.split())
