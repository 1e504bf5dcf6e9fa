"""Which walk an exercise has, and the places that are found with it."""

from __future__ import annotations

from course_lib.checking.calling.events import Recording
from course_lib.checking.judging.certain import CertainSearch
from course_lib.checking.judging.loss_walks import walk_of_loss
from course_lib.checking.judging.places import Found, places, told
from course_lib.exercises import Exercise
from course_lib.exercises.walks import WALKS


def places_in(exercise: Exercise, recording: Recording, case: tuple, cell: str) -> Found:
    """Return the places in an answer: with the walk of the exercise, or with the one that its own error makes."""
    if exercise.id in WALKS:
        return places(recording, WALKS[exercise.id], case, cell)
    if exercise.loss is not None:
        return told(CertainSearch(recording, walk_of_loss(exercise.loss), case), cell)
    return Found()
