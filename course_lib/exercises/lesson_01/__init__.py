"""Lesson 01: gradient descent on functions that can be seen."""

from course_lib.exercises.lesson_01.exercises import LESSON as LESSON
