"""Lesson 06: eight broken functions to name and mend, a famous example, and what hides a mistake."""

from course_lib.exercises.lesson_06.exercises import LESSON as LESSON
