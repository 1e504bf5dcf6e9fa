"""A class for tests that is graded side by side, by the command that a teacher types."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.corpus.classroom import Classroom, stories
from tests.life import LESSON

# A class graded in processes beside each other ends as one that is graded by one; of a corpus the soak shows it.
ONE_BY_ONE, TWO_WORKERS = (), ("--Grading.workers=2",)
BOTH_WAYS = [
    pytest.param(ONE_BY_ONE, id="one by one"),
    pytest.param(TWO_WORKERS, id="side by side", marks=pytest.mark.soak),
]
CLASS = int(os.environ.get("CLASS_SIZE") or 12)
SOME = ("is_a_choice_that_is_any_word", "dies_in_an_answer", "hands_in_what_is_no_number", "forges_messages")


def seated(folder: Path, released: Path, students: int = CLASS) -> Classroom:
    """Return a class of which every second submission is a hostile story."""
    # No story of these takes long, and a busy machine is to give the same grades.
    room = Classroom(folder, released, cell_seconds=60.0, seconds=600.0)
    for number in range(students):
        story = None if number % 2 else stories("hostile")[SOME[number % len(SOME)]]
        room.seat(f"student-{number:03}", story)
    return room


def begin(room: Classroom, *words: str, **further: str) -> subprocess.Popen:
    """Begin to grade a class; `further` are variables of the environment."""
    command = [sys.executable, "-m", "grading", "autograde", LESSON, *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    environment = room._environment() | further
    return subprocess.Popen(command, cwd=room.folder, env=environment, text=True, **pipes)


def finish(grader: subprocess.Popen, seconds: float = 1200, status: int = 0) -> str:
    """Wait until a class is graded, and return what was said."""
    said, _ = grader.communicate(timeout=seconds)
    assert grader.returncode == status, said
    return said


def wait_for(room: Classroom, graded: int, grader: subprocess.Popen) -> None:
    """Wait until so many submissions are graded, and others are under way."""
    while grader.poll() is None and _finished(room) < graded:
        time.sleep(0.05)
    assert grader.poll() is None, grader.communicate()


def _finished(room: Classroom) -> int:
    made = room.folder.glob(f"grading/autograded/*/{LESSON}/*.ipynb")
    return sum('"finished": true' in path.read_text() for path in made)
