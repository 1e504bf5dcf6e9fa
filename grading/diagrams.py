"""The picture of what was answered in a diagram, for the feedback: drawn outside, from the answers alone."""

from course_lib.answers import SavedAnswers, valid
from course_lib.exercises import DiagramExercise
from course_lib.widgets.answered import picture


def figure(exercise: DiagramExercise, saved: SavedAnswers) -> str:
    """Return what the lesson's own diagram shows where there are no widgets, as HTML."""
    return picture(exercise, valid(exercise, saved.answers.get(exercise.id, {})))
