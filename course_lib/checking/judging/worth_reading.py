"""Whether the code of a wrong answer is worth reading, on which case; and a judgement with what was found there."""

from __future__ import annotations

from dataclasses import replace

from course_lib.checking.calling import Outcome
from course_lib.checking.judging.judgement import Judgement, Reason
from course_lib.checking.judging.places import Found
from course_lib.exercises import Exercise
from course_lib.exercises.walks import WALKS
from course_lib.mistakes import MISTAKES

# Reasons that have to do with values.
_OF_VALUES = frozenset(
    {
        Reason.VALUE,
        Reason.SHAPE,
        Reason.ORDER,
        Reason.FAILED,
        Reason.TYPE,
        Reason.REQUIREMENT,
        Reason.NOT_FINITE,
    }
)
# What is no matter of one line.
_OF_MANNERS = frozenset({"uses_global", "mutates_input", "numerical_only"})
# Errors that come of shapes.
_OF_SHAPES = frozenset({"ValueError", "IndexError", "TypeError", "LinAlgError"})


def case_to_read(exercise: Exercise, found: Judgement) -> tuple | None:
    """Return the first case that an answer gets wrong; None where its code would tell no more than the numbers."""
    if not has_walk(exercise) or found.reason not in _OF_VALUES:
        return None
    if _is_scaled(found) or not _OF_MANNERS.isdisjoint(found.diagnosis.ids):
        return None
    trials = found.trials or ([found.decisive] if found.decisive else [])
    wrong = next((trial for trial in trials if trial.finding), None)
    return wrong.case if wrong and _may_be_told(wrong.outcome) else None


def has_walk(exercise: Exercise) -> bool:
    """Tell whether it is known what the values of an answer mean."""
    return exercise.id in WALKS or exercise.loss is not None


def _may_be_told(outcome: Outcome) -> bool:
    """Tell whether there is a value, or an error that may come of shapes."""
    return not outcome.failed or bool(outcome.error and outcome.error.type in _OF_SHAPES)


def _is_scaled(found: Judgement) -> bool:
    """Tell whether the numbers say it all: every one is the right one, times something."""
    ids = found.diagnosis.ids
    return all(MISTAKES[id_].scale for id_ in ids) if ids else found.diagnosis.ratio != 1.0


def with_found(found: Judgement, read: Found) -> Judgement:
    """Return the judgement with the places; mistakes that are known by them are named if the numbers name none."""
    diagnosis = found.diagnosis
    if read.mistakes and not diagnosis.ids:
        diagnosis = replace(diagnosis, ids=read.mistakes)
    return replace(found, places=read.places, diagnosis=diagnosis)
