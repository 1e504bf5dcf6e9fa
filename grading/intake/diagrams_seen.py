"""Which diagrams may have been answered, as far as a notebook shows: their answers lie in a file that may be lost."""

from collections.abc import Sequence
from typing import Any

from course_lib.checking.calling.by_kind import in_file
from grading.intake.released import Released
from grading.lessons import LESSONS


def may_be_answered(cells: Sequence[dict[str, Any]], own: frozenset[str], lesson: Released) -> set[str]:
    """Return the exercises whose diagram the student has had before them, and of which no output says it was empty.

    A notebook that was worked on and in which no cell seems to have run has lost its outputs: it tells nothing, so
    every diagram may have been answered.
    """
    diagrams = {exercise.id for exercise in LESSONS[lesson.lesson].exercises if in_file(exercise)}
    if not any(cell["ran"] for cell in cells):
        return diagrams if own else set()
    found = set()
    for cell in cells:
        name = (cell["mark"] or "").removesuffix("_check")
        if name in diagrams and (cell["source"].strip() in own or (cell["ran"] and not cell["empty"])):
            found.add(name)
    return found
