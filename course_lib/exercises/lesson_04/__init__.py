"""Lesson 04: backpropagation with K outputs, its check, and training."""

from course_lib.exercises.lesson_04.exercises import LESSON as LESSON
