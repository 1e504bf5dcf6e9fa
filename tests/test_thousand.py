"""A class as large as any: graded although its grader is killed and what it forks from is, reported and exported.

It takes no more memory than a small one.

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
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from course_lib.exercises import LESSONS
from grading.demo.writing import MANIFEST
from grading.report import reading
from grading.report.facts import facts_of
from tests.corpus.classroom import Classroom
from tests.fuzz.classroom import MB, Peak
from tests.life import LESSON
from tests.side_by_side import begin, finish
from tests.test_demo_class import told_apart

pytestmark = [pytest.mark.soak, pytest.mark.sandbox]
SIZE = int(os.environ.get("CLASS_SIZE") or 1000)
FEW = 20  # so many are graded once more, as a class of their own
MORE_MEMORY = 1.25  # the worst moment of many is a little worse than that of few


class Room(Classroom):
    """A class, and the most memory that the command took which graded it, or most of it."""

    def __init__(self, folder: Path, released: Path) -> None:
        super().__init__(folder, released, cell_seconds=60.0, seconds=600.0)
        self.peak, self.seconds = Peak(sandboxes=True, pause=0.2), 0.0

    def grade(self, meanwhile: Callable[[subprocess.Popen], None] = lambda grader: None) -> str:
        """Grade the class in four processes, and look at their memory."""
        begun = time.monotonic()
        grader = begin(self, "--workers", "4")
        with self.peak.of(grader.pid):
            meanwhile(grader)
            said = finish(grader, seconds=4 * SIZE + 600)
        self.seconds = time.monotonic() - begun
        return said


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Room:
    """The class, graded; on the way its grader was killed, and what submissions are forked from."""
    room = Room(tmp_path_factory.mktemp("many"), released)
    _run(room, "demo-class", "--size", str(SIZE), "--seed", "5")
    grader = begin(room, "--workers", "2")
    _wait_for(room, SIZE // 10, grader)
    grader.kill()
    grader.communicate()

    def kill(grader: subprocess.Popen) -> None:
        _wait_for(room, SIZE // 2, grader)
        assert _kill_what_it_forks_from(grader) == {"grading.bounded_children", "preload.py"}

    room.grade(kill)
    return room


def _few(folder: Path, released: Path, room: Room) -> Room:
    """Return a class of some of the students, to be graded with the same secret."""
    few = Room(folder, released)
    shutil.copyfile(room.folder / "grading" / "secret", few.folder / "grading" / "secret")
    for student in sorted(path.name for path in room.submitted.iterdir())[:: max(SIZE // FEW, 1)][:FEW]:
        shutil.copytree(room.submitted / student, few.submitted / student)
    return few


def _as_in(few: Room, room: Room) -> bool:
    """Tell whether some have the same grades as in the class."""
    some = {path.name for path in few.submitted.iterdir()}
    return few.grades() == [grade for grade in room.grades() if grade[0] in some]


def _run(room: Room, *words: str) -> None:
    command, environment = [sys.executable, "-m", "grading", *words], room._environment()
    subprocess.run(command, cwd=room.folder, env=environment, check=True, timeout=1800)


def _wait_for(room: Room, begun: int, grader: subprocess.Popen) -> None:
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


def test_none_is_lost_and_none_is_there_twice(room: Room) -> None:
    grades = room.grades()
    assert len({student for student, *_ in grades}) == SIZE
    assert len({(student, cell) for student, cell, *_ in grades}) == len(grades)
    assert "Graded: 0." in finish(begin(room, "--workers", "2"))


def test_each_grade_is_the_one_that_a_submission_gets_alone(
    room: Room, tmp_path: Path, released: Path
) -> None:
    """One after the other, each kernel started by bubblewrap."""
    few = _few(tmp_path / "few", released, room)
    few.autograde("--Grading.preload=False")
    assert len({student for student, *_ in few.grades()}) == min(FEW, SIZE)
    assert _as_in(few, room)


def test_many_take_no_more_memory_than_few(
    room: Room, tmp_path: Path, released: Path, figure: Callable[[str], None]
) -> None:
    few = _few(tmp_path / "few", released, room)
    few.grade()
    assert _as_in(few, room)
    sizes = {FEW: few, SIZE - SIZE // 10: room}
    told = ", ".join(f"{n} {r.peak.bytes / MB:.0f} MB in {r.seconds:.0f} s" for n, r in sizes.items())
    figure(f"a class of {SIZE}, 4 workers; memory of everything that runs, for submissions: {told}")
    assert 0 < room.peak.bytes < MORE_MEMORY * few.peak.bytes


def test_the_report_counts_what_the_class_was_made_with(room: Room) -> None:
    _run(room, "report")
    manifest = json.loads((room.folder / "demo-class" / MANIFEST).read_text())
    told = reading.read(room.directory, LESSONS[LESSON])
    facts = facts_of(told, reading.known_forms(room.directory, LESSON))
    assert len(told.submissions) == told.handed_in == SIZE
    assert told_apart(facts, manifest) == []


def test_the_export_has_everyone_once(room: Room) -> None:
    room.commands(["export", "--exporter=grading.platforms.TidyExporter", "--to=tidy.csv"])
    with (room.folder / "tidy.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lesson"] == LESSON]
    answers = {(row["student"], row["exercise"]) for row in rows}
    assert len(answers) == len(rows) == SIZE * len(LESSONS[LESSON].exercises)
