"""Grading a class: side by side, one after the other, and by stock nbgrader, which has no sandbox."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path

from tests.bench.measure import table
from tests.corpus.classroom import totals_of
from tests.corpus.making import FULL, LESSON, Draft
from tests.life import Course
from tests.stock.__main__ import template
from tests.stock.layout import LAYOUTS, Layout

STUDENTS = 12
NBGRADER = ("nbgrader", "autograde", LESSON)
STOCK = "stock nbgrader"
WAYS = {
    STOCK: ("stock", NBGRADER),
    "one after the other": ("ours", NBGRADER),
    "1 worker": ("ours", ("grading", "autograde", LESSON, "--workers", "1")),
    "2 workers": ("ours", ("grading", "autograde", LESSON, "--workers", "2")),
}


def report(quick: bool = False) -> str:
    """Grade the same honest submissions in every way, assert that the grades are the same, and lay out the times."""
    students = [f"student-{number:02}" for number in range(2 if quick else STUDENTS)]
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        made = {layout.name: template(Path(folder), layout) for layout in LAYOUTS.values()}
        for way, (where, words) in WAYS.items():
            course = Path(folder, way)
            shutil.copytree(made[where], course)
            _seat(course, LAYOUTS[where], students)
            times[way] = _seconds(course, words)
            totals = totals_of(course / LAYOUTS[where].gradebook)
            assert totals == dict.fromkeys(students, FULL), (way, totals)
    rows = [
        (way, f"{seconds / len(students):.2f}", f"{times[STOCK] / seconds:.2f}")
        for way, seconds in times.items()
    ]
    header = ("", "s a submission", "times stock (above 1: faster)")
    return table(f"grading {len(students)} submissions of {LESSON}", rows, header)


def _seat(course: Path, layout: Layout, students: list[str]) -> None:
    for student in students:
        released = course / layout.released / LESSON / f"{LESSON}.ipynb"
        draft = Draft(released, course / layout.submitted / student / LESSON)
        draft.answer_all()
        draft.write()


def _seconds(course: Path, words: tuple[str, ...]) -> float:
    environment = Course._environment(Namespace(folder=course))
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=course, env=environment, capture_output=True, text=True
    )
    seconds = time.perf_counter() - begun
    assert done.returncode == 0, done.stderr
    return seconds
