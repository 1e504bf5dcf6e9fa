"""Find out whether a wrong answer reads the notebook's variables where it should use its arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from course_lib.checking.calling.call import call
from course_lib.checking.calling.global_names import data_read_by
from course_lib.checking.judging.comparing import compare
from course_lib.exercises import Exercise


def variables_read(exercise: Exercise, answer: Callable) -> tuple[str, ...]:
    """Return the notebook's variables that `answer` reads, if it is right on the notebook's own data and only there.

    The proof is the answer itself: it is called with the notebook's variables of the same names as its parameters.
    """
    names = tuple(data_read_by(answer))
    if not names:
        return ()
    space = answer.__globals__
    parameters = list(inspect.signature(answer).parameters)
    if not all(name in space for name in parameters):
        return ()
    own = tuple(space[name] for name in parameters)
    try:
        outcome, truth = call(answer, own, exercise.closes), exercise.reference(*own)
    except Exception:  # the notebook's variables of these names are something else
        return ()
    right = not outcome.failed and compare(outcome.value, truth, exercise.tolerance) is None
    return names if right else ()
