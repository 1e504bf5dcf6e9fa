"""Lesson 05: gradients that vanish or explode on the way back, and what helps."""

from course_lib.exercises.lesson_05.exercises import LESSON as LESSON
