"""``python -m grading demo-class --size N --seed S``: a synthetic class, where hand-ins are collected."""

from __future__ import annotations

import sys
from pathlib import Path

from grading.demo.plans import LESSON
from grading.demo.writing import MANIFEST, ROSTER, DemoError, write
from grading.here import NoCourseError, configured

ABOUT = "demo-class"


def run(size: int, seed: int, lesson: str) -> int:
    """Write a class, say what is in it, and return the exit status."""
    try:
        if lesson != LESSON:
            raise DemoError(f"There are no answers to make up for {lesson!r}, only for {LESSON!r}.")
        manifest = _written(size, seed)
    except (DemoError, NoCourseError) as error:
        print(error, file=sys.stderr)
        return 2
    mistakes = list(manifest["students_by_mistake"].items())[:3]
    print(f"{size} hand-ins of {lesson}, of students demo-...; the class is made up, so nobody is meant.")
    print("Most common: " + ", ".join(f"{name} ({count})" for name, count in mistakes))
    print(f"What it is made with: {Path(ABOUT, MANIFEST)}. The roster: {Path(ABOUT, ROSTER)}.")
    print(f"Next: python -m grading autograde {lesson}, then python -m grading report {lesson}")
    return 0


def _written(size: int, seed: int) -> dict:
    course = configured().coursedir

    def place(student: str, lesson: str) -> Path:
        return Path(course.format_path(course.submitted_directory, student, lesson))

    def notebook(folder: str) -> Path:
        return Path(course.format_path(folder, ".", LESSON), f"{LESSON}.ipynb")

    released, solved = notebook(course.release_directory), notebook(course.source_directory)
    return write(size, seed, place, released, solved, Path(ABOUT))
