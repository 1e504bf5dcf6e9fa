"""Lesson 03: identify the gradients of the 2-2-1 network, all six weights."""

from course_lib.exercises.lesson_03.exercises import LESSON as LESSON
