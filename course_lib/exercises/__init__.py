"""Every exercise and every lesson of the course, by id."""

from course_lib import edition
from course_lib.exercises import lesson_00, lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06
from course_lib.exercises.kinds import (
    ChoiceExercise,
    DataExercise,
    DiagramExercise,
    EssayExercise,
    Exercise,
    FunctionExercise,
    Lesson,
    MendExercise,
    NumbersExercise,
    PlainExercise,
    Tolerance,
    by_id,
)
from course_lib.inputs import remedy

# Every lesson, whatever a class edition makes of them; and the course as it is here.
COMPLETE: dict[str, Lesson] = {
    module.LESSON.id: module.LESSON
    for module in (lesson_00, lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06)
}
LESSONS: dict[str, Lesson] = edition.applied(COMPLETE)
EXERCISES: dict[str, Exercise] = by_id(LESSONS.values())

__all__ = [
    "COMPLETE",
    "EXERCISES",
    "LESSONS",
    "ChoiceExercise",
    "DataExercise",
    "DiagramExercise",
    "EssayExercise",
    "Exercise",
    "FunctionExercise",
    "Lesson",
    "MendExercise",
    "NumbersExercise",
    "PlainExercise",
    "Tolerance",
    "find",
]


def find(exercise_id: str) -> Exercise:
    """Return the exercise of that id; a ValueError names the nearest one that exists."""
    if not isinstance(exercise_id, str):
        raise TypeError(f"exercise_id: expected a text such as 'warm_up', got {type(exercise_id).__name__}")
    if exercise_id not in EXERCISES:
        raise ValueError(
            f"exercise_id: there is no exercise {exercise_id!r}; {remedy(exercise_id, EXERCISES)}"
        )
    return EXERCISES[exercise_id]
