"""Where a wrong answer first loses its meaning: recorded in the sandbox on a public case, read outside."""

import ast
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from course_lib.checking.calling import Outcome
from course_lib.checking.calling.call import WALL_SECONDS
from course_lib.checking.calling.events import Recording
from course_lib.checking.calling.recording_data import from_plain
from course_lib.checking.judging.finding import places_in
from course_lib.checking.judging.places import Found
from course_lib.checking.judging.worth_reading import case_to_read, has_walk
from course_lib.exercises import Exercise
from grading.judged import judged
from grading.processor_time import processor_time
from grading.sandbox import transfer
from grading.sandbox.kernel import KernelDiedError
from grading.statements import MOST_PARSED

# Judging takes a hundredth of it.
JUDGING_SECONDS = 10.0


class Asked(Protocol):
    """Whatever has a collector inside that answers."""

    def ask(self, content: dict, seconds: float) -> dict:
        """Return the collector's reply to a request."""


class Recorded(NamedTuple):
    """A recording, and the public case that it was made on."""

    case: tuple
    recording: Recording


def recorded(submission: Asked, exercise: Exercise, outcomes: Sequence[Outcome]) -> Recorded | None:
    """Have an answer that is wrong on a public case called once more, and recorded; None where it tells nothing.

    To be asked for before the first secret case goes in.
    """
    if not has_walk(exercise):
        return None
    try:
        with processor_time(JUDGING_SECONDS):
            case = case_to_read(exercise, judged(exercise, outcomes))
        if case is None:
            return None
        request = {"do": "record", "name": exercise.answer_name, "closes": sorted(exercise.closes)}
        request |= {"functions": exercise.functions, "case": [transfer.encoded(entry) for entry in case]}
        reply = submission.ask(request, WALL_SECONDS)
        recording = from_plain(transfer.decoded(reply.get("recording")))
    except (KernelDiedError, Exception):  # a help that does not come is no harm
        return None
    return Recorded(case, recording) if recording else None


def found_in(exercise: Exercise, told: Recorded | None, cell: str) -> Found:
    """Return the places in an answer, their text cut from the cell that was handed in."""
    if told is None or not _stands_there(cell, told.recording.first_line):
        return Found()
    return places_in(exercise, told.recording, told.case, cell)


def _stands_there(cell: str, line: int) -> bool:
    """Tell whether a function begins in that line of a cell: else it is another cell's, and so are the places."""
    if len(cell) > MOST_PARSED:
        return False
    try:
        tree = ast.parse(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    return any(line in range(_first_line(node), node.lineno + 1) for node in functions)


def _first_line(node: ast.FunctionDef | ast.Lambda) -> int:
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
