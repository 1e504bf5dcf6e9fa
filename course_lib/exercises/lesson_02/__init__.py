"""Lesson 02: the forward pass, sum by sum and then in matrices, and the error at its end."""

from course_lib.exercises.lesson_02.exercises import LESSON as LESSON
