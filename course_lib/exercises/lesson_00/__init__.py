"""Lesson 00: the first answer, and refreshers with a self-check each. No points."""

from course_lib.exercises.lesson_00.exercises import LESSON as LESSON
