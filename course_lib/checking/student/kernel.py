"""`check` in the notebook's own kernel: public inputs, the full explanation, at once."""

import contextlib
import inspect
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from course_lib import answers
from course_lib.checking.calling import Error, Outcome, Status
from course_lib.checking.calling.by_kind import in_file, is_automatic, outcomes_of
from course_lib.checking.calling.call import call
from course_lib.checking.calling.global_names import data_read_by
from course_lib.checking.cards import Verdict, judge, verdict
from course_lib.checking.cards.essays import card_of_essay
from course_lib.checking.cards.verdict import NOT_SUBMITTED, NOT_YET, verdict_on_file, words
from course_lib.checking.judging import Judgement, Reason, judgement
from course_lib.checking.judging.comparing import compare
from course_lib.checking.judging.functions import is_to_be_probed, judge_probed
from course_lib.checking.student import cells
from course_lib.checking.student.cells import HISTORY
from course_lib.checking.student.essays import is_written
from course_lib.checking.student.mending import as_asked_here, from_its_cell
from course_lib.checking.student.placing import with_places
from course_lib.execution import nbgrader_step
from course_lib.exercises import Exercise, find

# nbgrader's Validate cuts lines near 90 characters.
VALIDATE_WIDTH = 80


class CheckFailedError(AssertionError):
    """Raised in Validate only: its traceback is the card in words."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.card.headline)
        self.verdict = verdict

    def _render_traceback_(self) -> list[str]:
        return words(self.verdict.card, self.verdict.score, VALIDATE_WIDTH).splitlines()


def check(exercise_id: str, answer: Any = None) -> Verdict:
    """Try `answer` on public inputs and say what is wrong with it.

    Parameters
    ----------
    exercise_id : str
        Such as ``"dE_dw11_12"``.
    answer : callable or dict
        What the exercise asks for. For a diagram it is left out: what stands in answers.json is read.

    Returns
    -------
    Verdict
        Shows as a card; its number is the points. An answer never makes `check` raise, except in nbgrader's
        Validate, which can only be told of a wrong answer by an error.

    Raises
    ------
    TypeError, ValueError
        If there is no such exercise.
    """
    exercise = find(exercise_id)
    cells.CHECKED[exercise.lesson] = None
    try:
        given = verdict_on(exercise, answer)
    except Exception as error:  # an answer's own methods may raise wherever it is looked at
        unread = Outcome(error=Error(type(error).__name__), status=Status.UNREADABLE)
        given = judge(exercise, [()], [unread])
    failure = HISTORY.about_failure(exercise.answer_name)
    if failure:
        given = replace(given, card=replace(given.card, lines=(failure, *given.card.lines)))
    if not given.right and is_automatic(exercise) and nbgrader_step() == "validate":
        raise CheckFailedError(given)
    return given


def verdict_on(exercise: Exercise, answer: Any) -> Verdict:
    """Return the verdict on `answer`, on the public inputs of `exercise`."""
    if not is_automatic(exercise) and not nbgrader_step():
        found = verdict(exercise, judgement(exercise, (), ()))
        return replace(found, card=card_of_essay(exercise, answer is not None or is_written(exercise)))
    exercise = as_asked_here(exercise)
    cases = [(own_name(),)] if exercise.personal else public_cases(exercise)
    if in_file(exercise) and answer is None:
        missing = NOT_SUBMITTED if nbgrader_step() == "autograde" else NOT_YET
        return verdict_on_file(exercise, cases, answers.load(), missing)
    answer = from_its_cell(exercise, answer)
    outcomes = outcomes_of(exercise, answer, cases)
    found = judgement(exercise, cases, outcomes)
    if is_to_be_probed(exercise, found):
        found = judge_probed(exercise, found, outcomes, outcomes_of(exercise, answer, probe_cases(exercise)))
    reads = variables_read(exercise, answer) if _is_unexplained(found) and callable(answer) else ()
    if reads:
        found = judgement(exercise, cases, [replace(outcome, reads=reads) for outcome in outcomes])
    if found.reason is not Reason.RIGHT:
        with contextlib.suppress(Exception):  # a help that does not come is no harm
            found = with_places(exercise, answer, found)
    return verdict(exercise, found)


def _is_unexplained(found: Judgement) -> bool:
    return found.reason not in (Reason.RIGHT, Reason.UNANSWERED) and not found.diagnosis.ids


@lru_cache(maxsize=256)
def public_cases(exercise: Exercise) -> list[tuple]:
    """Draw the inputs that everybody's check uses, the same on every machine."""
    rng = np.random.default_rng(zlib.crc32(exercise.id.encode()))
    return exercise.cases(rng)


@lru_cache(maxsize=16)
def probe_cases(exercise: Exercise) -> list[tuple]:
    """Draw the cases that tell what a wrong answer does, the same on every machine."""
    rng = np.random.default_rng(zlib.crc32(f"{exercise.id} probed".encode()))
    return [draw(rng) for draw in exercise.probes]


def own_name() -> str:
    """Return the name by which exercises with numbers of one's own draw them: the notebook's NAME, if it has one."""
    name = getattr(sys.modules["__main__"], "NAME", None)
    return name if isinstance(name, str) and name.strip() else "self-study"


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
