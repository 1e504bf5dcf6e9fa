"""Tries an answer again as things stood right behind its own cell, where a later cell changes what it uses.

This happens in fresh kernels, whose outputs are thrown away. A kernel that has seen a secret case runs no further
cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from course_lib.checking import judge
from course_lib.checking.calling import Outcome, Status
from course_lib.exercises import Exercise
from grading.collect import outcomes_on
from grading.processor_time import processor_time
from grading.submission import Replay

# Judging an answer takes a hundredth of it.
JUDGING_SECONDS = 5.0
ENDS_ITS_KERNEL = frozenset({Status.DIED, Status.TIMED_OUT})


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
    """Return the questions that could be asked, with what the answers gave; what one gave comes from one kernel.

    Parameters
    ----------
    replay
        Makes a run of the submission's cells in a kernel of its own.
    questions
        The answers to be tried again. Those that are right on their public cases are called on the secret ones, too.
    name
        The student's NAME.
    numerical_only
        What becomes of a derivative that was measured instead of derived.
    """
    left, asked, alone = sorted(questions, key=lambda question: question.cell), [], []
    waiting = len(left) + 1
    # Whatever ends a kernel leaves the others a new one; a kernel that cannot start ends the second look.
    while 0 < len(left) < waiting:
        waiting = len(left)
        try:
            with replay() as run:
                while left:
                    question = left.pop(0)
                    run.run_to(question.cell)
                    question.outcomes = outcomes_on(run, question.exercise, question.public, data=True)
                    secret = question.secret if _is_right(question, name, numerical_only) else []
                    if secret and left:
                        alone.append(question)
                        continue
                    if secret:
                        question.outcomes += outcomes_on(run, question.exercise, secret, data=False)
                    asked.append(question)
                    if any(outcome.status in ENDS_ITS_KERNEL for outcome in question.outcomes):
                        break
        except Exception:  # costs the one that was being asked; the first look at it stands
            continue
    for question in alone:
        asked += look_again(replay, [question], name, numerical_only)
    return asked


def _is_right(question: Question, name: str, numerical_only: str) -> bool:
    cases = [(name,)] if question.exercise.personal else question.public
    try:
        with processor_time(JUDGING_SECONDS):
            return judge(question.exercise, cases, question.outcomes, numerical_only).right
    except Exception:  # what breaks the judge was named in the first run, and costs its own exercise
        return False
