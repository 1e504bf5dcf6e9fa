"""Mutated submissions, 2,000 in the soak: each is taken in and judged, and harms neither the grader nor a neighbour."""

from __future__ import annotations

import itertools
import json
import os
import random
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course_lib.exercises import LESSONS, EssayExercise
from grading import bounded
from grading.bounded import MB
from grading.intake.released import released as released_lesson
from grading.sandbox import Limits
from grading.worker import grading
from grading.worker.admitting import admit
from grading.worker.assessment import Order
from tests.corpus.sampling import WHOLE
from tests.fuzz import recorded
from tests.fuzz.classroom import HONEST, SECRET, Peak, Room, processes_in, record
from tests.fuzz.mutants import write_mutant
from tests.life import right_answers, write_answers

pytestmark = [pytest.mark.sandbox, pytest.mark.sampled]
MOST_MEMORY, MOST_SECONDS = 600 * MB, 60.0
# In `make test` one lesson, few values, few mutants.
TRIED = tuple(LESSONS) if WHOLE else ("03_identify_gradients",)
IN_WORKER, IN_CLASS, IN_KERNELS = (230, 60, 4) if WHOLE else (3, 0, 0)


@pytest.fixture(scope="module")
def replies(tmp_path_factory: pytest.TempPathFactory):
    """The folder in which is kept what odd answers gave in kernels, a folder a lesson."""
    folder = tmp_path_factory.mktemp("replies")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(recorded.REPLIES, str(folder))
        patch.setenv(recorded.EVERY, "1" if WHOLE else "50")
        _end_helper()
        yield folder
    _end_helper()


def _end_helper() -> None:
    """End the process that workers are forked from: one that earlier tests started has their environment."""
    helper = bounded._helpers.pop(os.getpid(), None)
    if helper:
        helper.ours.close()
        helper.process.wait(20)


def _recorded(lesson: str, replies: Path) -> Path:
    if not (replies / lesson).exists():
        assert record(lesson, replies) == []
    return replies


@pytest.mark.parametrize("lesson", TRIED)
def test_mutated_submissions_are_taken_in_and_judged(
    lesson: str, tmp_path: Path, released: Path, replies: Path, monkeypatch: pytest.MonkeyPatch, figure
) -> None:
    _recorded(lesson, replies)
    monkeypatch.setattr(grading, "inside", recorded)
    path = tmp_path / "solved.ipynb"
    path.write_bytes((released / "notebooks" / lesson / f"{lesson}.ipynb").read_bytes())
    with Gradebook(f"sqlite:///{released / 'grading' / 'gradebook.db'}") as book:
        known = released_lesson(book, lesson, [path])
    write_answers(path, right_answers(lesson))
    peak, slowest, not_judged = Peak(), 0.0, []
    order = Order(lesson, [("1", "")], {}, "", "", SECRET, asdict(Limits()))
    grading.run(recorded.nothing, b"")
    with peak.of(bounded._helpers[os.getpid()].process.pid):
        for seed in range(IN_WORKER):
            source, target = tmp_path / f"mutant-{seed}" / "in", tmp_path / f"mutant-{seed}" / "out"
            write_mutant(random.Random(f"{lesson} {seed} alone"), source, lesson, path.read_bytes())
            begun = time.monotonic()
            admit(source, target, known)
            graded = grading.grade(Order(**vars(order) | {"files": str(target)}))
            slowest = max(slowest, time.monotonic() - begun)
            taken = json.loads((target / f"{lesson}.ipynb").read_text())
            marks = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in taken["cells"]]
            assert sorted(filter(None, marks)) == sorted(cell.name for cell in known.cells), seed
            not_judged += [(seed, *graded.broken, *graded.notes)] if graded.broken else []
    figure(
        f"{lesson}: {IN_WORKER} mutants, at most {slowest:.1f} s and {peak.bytes / MB:.0f} MB of the worker's"
    )
    assert not_judged == []
    assert slowest < MOST_SECONDS
    assert peak.bytes < MOST_MEMORY


@pytest.mark.soak
@pytest.mark.parametrize("lesson", TRIED)
def test_a_class_of_mutants_is_graded_to_its_end(
    lesson: str, tmp_path: Path, released: Path, replies: Path, figure
) -> None:
    room = Room(tmp_path, released, lesson, _recorded(lesson, replies))
    room.mutants(IN_CLASS, IN_KERNELS)
    room.graded_by("autograde", lesson)
    moments, grades = room.moments(), room.grades()
    slowest = max(after - before for before, after in itertools.pairwise(moments))
    room.graded_by("generate_feedback", lesson, "--student=mutant-1*")
    figure(
        f"{lesson}: a class of {len(grades)}, at most {slowest:.1f} s and {room.peak.bytes / MB:.0f} MB in all"
    )
    students = {folder.parent.name for folder in tmp_path.glob(f"grading/submitted/*/{lesson}")}
    assert grades.keys() == students
    assert all(room.about(student)["finished"] for student in students)
    every = [(got, most) for student in grades for got, most, _ in grades[student].values()]
    assert all(0 <= (got or 0) <= most for got, most in every)
    right = {
        f"{e.id}_check": float(e.points)
        for e in LESSONS[lesson].exercises
        if not isinstance(e, EssayExercise)
    }
    for student in HONEST:
        assert {cell: got for cell, (got, *_) in grades[student].items() if cell in right} == right
        assert room.about(student)["notes"] == []
    assert slowest < MOST_SECONDS
    assert room.peak.bytes < MOST_MEMORY
    assert processes_in(tmp_path) == []
