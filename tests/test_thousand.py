"""A class as large as any: graded although its grader is killed and what it forks from is, reported and exported.

CLASS_SIZE=60 makes it a smaller one.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from course_lib.exercises import LESSONS
from grading.demo.writing import MANIFEST
from grading.report import reading
from grading.report.facts import facts_of
from tests.corpus.classroom import Classroom
from tests.life import LESSON
from tests.side_by_side import begin, finish
from tests.test_demo_class import told_apart

pytestmark = [pytest.mark.soak, pytest.mark.sandbox]
SIZE = int(os.environ.get("CLASS_SIZE") or 1000)
ALONE = 20  # so many are graded once more, one after the other


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Classroom:
    """The class, graded; on the way its grader was killed, and what submissions are forked from."""
    room = Classroom(tmp_path_factory.mktemp("many"), released, cell_seconds=60.0, seconds=600.0)
    _run(room, "demo-class", "--size", str(SIZE), "--seed", "5")
    grader = begin(room, "--workers", "2")
    _wait_for(room, SIZE // 3, grader)
    grader.kill()
    grader.communicate()
    grader = begin(room, "--workers", "4")
    _wait_for(room, 2 * SIZE // 3, grader)
    killed = _kill_what_it_forks_from(grader)
    finish(grader, seconds=4 * SIZE + 600)
    assert killed == {"grading.bounded_children", "preload.py"}
    return room


def _run(room: Classroom, *words: str) -> None:
    command, environment = [sys.executable, "-m", "grading", *words], room._environment()
    subprocess.run(command, cwd=room.folder, env=environment, check=True, timeout=1800)


def _wait_for(room: Classroom, begun: int, grader: subprocess.Popen) -> None:
    made = room.folder / "grading" / "autograded"
    while grader.poll() is None and len([*made.glob("*")]) < begun:
        time.sleep(0.2)
    assert grader.poll() is None, grader.communicate()


def _kill_what_it_forks_from(grader: subprocess.Popen) -> set[str]:
    killed = set()
    for process in psutil.Process(grader.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            line = " ".join(process.cmdline())
            found = {name for name in ("grading.bounded_children", "preload.py") if name in line}
            if found and not killed & found:
                process.kill()
                killed |= found
    return killed


def test_none_is_lost_and_none_is_there_twice(room: Classroom) -> None:
    grades = room.grades()
    assert len({student for student, *_ in grades}) == SIZE
    assert len({(student, cell) for student, cell, *_ in grades}) == len(grades)
    assert "Graded: 0." in finish(begin(room, "--workers", "2"))


def test_each_grade_is_the_one_that_a_submission_gets_alone(
    room: Classroom, tmp_path: Path, released: Path
) -> None:
    """One after the other, each kernel started by bubblewrap."""
    alone = Classroom(tmp_path / "alone", released, cell_seconds=60.0, seconds=600.0)
    shutil.copyfile(room.folder / "grading" / "secret", alone.folder / "grading" / "secret")
    some = sorted(path.name for path in room.submitted.iterdir())[:: max(SIZE // ALONE, 1)]
    for student in some:
        shutil.copytree(room.submitted / student, alone.submitted / student)
    alone.autograde("--Grading.preload=False")
    assert alone.grades() == [grade for grade in room.grades() if grade[0] in some]
    assert {student for student, *_ in alone.grades()} == {*some}


def test_the_report_counts_what_the_class_was_made_with(room: Classroom) -> None:
    _run(room, "report")
    manifest = json.loads((room.folder / "demo-class" / MANIFEST).read_text())
    told = reading.read(room.directory, LESSONS[LESSON])
    facts = facts_of(told, reading.known_forms(room.directory, LESSON))
    assert len(told.submissions) == told.handed_in == SIZE
    assert told_apart(facts, manifest) == []


def test_the_export_has_everyone_once(room: Classroom) -> None:
    room.commands(["export", "--exporter=grading.platforms.TidyExporter", "--to=tidy.csv"])
    with (room.folder / "tidy.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lesson"] == LESSON]
    exercises = [exercise for exercise in LESSONS[LESSON].exercises if exercise.points]
    assert len(rows) == SIZE * len(exercises)
