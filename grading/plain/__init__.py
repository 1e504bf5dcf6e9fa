"""Exercises of plain nbgrader: their test cells run in a kernel of their own, and their points are read outside of it.

That kernel runs the student's cells, so a hidden test can be read there, and what a test gives can be forged. It has
no secret of ours, and nothing of it goes into the verdicts on the exercises of the course.
"""
