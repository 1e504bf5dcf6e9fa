"""Tries a wrong answer again as things stood right behind its own cell: a later cell may have taken a name it uses.

This happens in fresh kernels, whose outputs are thrown away. A kernel that has seen a secret case runs no further
cell.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from course_lib.checking import judge
from course_lib.checking.calling import Outcome
from course_lib.exercises import Exercise
from grading.collect import outcomes_on
from grading.processor_time import processor_time
from grading.sandbox.kernel import KernelDiedError
from grading.submission import Replay

# Judging an answer takes a hundredth of it.
JUDGING_SECONDS = 5.0


@dataclass
class Question:
    """An answer to be tried again: its exercise, the number of its cell, its cases, and what it gave on them."""

    exercise: Exercise
    cell: int
    public: list[tuple]
    secret: list[tuple]
    outcomes: list[Outcome] = field(default_factory=list)


def look_again(
    replay: Callable[[], Replay], questions: Sequence[Question], name: str, numerical_only: str
) -> list[Question]:
    """Return the questions whose answers are right on their public cases, with what they gave on all cases.

    Parameters
    ----------
    replay
        Makes a run of the submission's cells in a kernel of its own.
    questions
        The answers that were wrong behind the last cell.
    name
        The student's NAME.
    numerical_only
        What becomes of a derivative that was measured instead of derived.
    """
    left, right = sorted(questions, key=lambda question: question.cell), []
    waiting = len(left) + 1
    # Who ends a kernel leaves the others a new one; a kernel that cannot start ends the second look.
    while 0 < len(left) < waiting:
        waiting = len(left)
        with contextlib.suppress(KernelDiedError), replay() as run:
            while left:
                question = left.pop(0)
                run.run_to(question.cell)
                question.outcomes = outcomes_on(run, question.exercise, question.public, data=True)
                if _is_right(question, name, numerical_only):
                    right.append(question)
    for question in (one for one in right if one.secret):
        with contextlib.suppress(KernelDiedError), replay() as run:
            run.run_to(question.cell)
            # Both in one kernel, as in the first run: an answer that counts its calls must not begin anew.
            question.outcomes = outcomes_on(run, question.exercise, question.public, data=True)
            question.outcomes += outcomes_on(run, question.exercise, question.secret, data=False)
    return right


def _is_right(question: Question, name: str, numerical_only: str) -> bool:
    cases = [(name,)] if question.exercise.personal else question.public
    try:
        with processor_time(JUDGING_SECONDS):
            return judge(question.exercise, cases, question.outcomes, numerical_only).right
    except Exception:  # what breaks the judge was named in the first run, and costs its own exercise
        return False
