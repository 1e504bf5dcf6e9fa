"""Lessons of an instructor's own beside the course's, from the clone to the feedback, attacked by their students."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook

from course_lib.exercises import COMPLETE
from tests.clones import Cloned
from tests.conftest import ROOT
from tests.corpus.hostile_plain import FORGED, LOOKED_AT, STORIES
from tests.dask_cluster import LOOPBACK, dask
from tests.life import LESSON, right_answers, write_answers
from tests.plain_lessons import MEANS, autograder_tests, means, write
from tests.tiny import marks

pytestmark = [pytest.mark.soak, pytest.mark.sandbox]
RELU = "def relu(z):\n    ### BEGIN SOLUTION\n    return z * (z > 0)\n    ### END SOLUTION"
POINTS = "def points(*right):\n    return 2 * sum(right) / len(right)"
TEST_RELU = """np.testing.assert_allclose(relu(np.array([-1.0, 2.0])), [0, 2])
### BEGIN HIDDEN TESTS
assert relu(-3) == 0
### END HIDDEN TESTS
points(relu(2) == 2, relu(-1.5) == 0)"""
GRADER = (sys.executable, "-m", "grading")
NBGRADER = (sys.executable, "-m", "nbgrader")


def variant() -> list:
    """Return the cells of a lesson of the course with an exercise of plain nbgrader in the middle."""
    cells = nbformat.read(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb", as_version=4).cells
    middle = next(n for n, c in enumerate(cells) if c.get("metadata", {}).get("nbgrader")) + 4
    own = [
        new_markdown_cell("## A rectifier"),
        new_code_cell(f"import numpy as np\n\n{POINTS}"),
        new_code_cell(RELU, metadata=marks("relu", solution=True)),
        autograder_tests("test_relu", TEST_RELU, 2),
    ]
    return [*cells[:middle], *own, *cells[middle:]]


class Class:
    """A clone with a lesson of the instructor's own and a variant of one of the course's, and its students."""

    def __init__(self, folder: Path) -> None:
        self.clone = Cloned(folder)
        self.folder = self.clone.folder
        (self.folder / "edition").mkdir()
        write(self.folder / "edition", MEANS, means())
        write(self.folder / "edition", LESSON, variant())

    def seat(self, student: str, lesson: str, answers: dict[str, str]) -> None:
        """Put a submission where `nbgrader collect` would have put it."""
        to = self.folder / "grading" / "submitted" / student / lesson
        shutil.copytree(self.folder / "edition" / "notebooks" / lesson, to)
        write_answers(to / f"{lesson}.ipynb", answers)

    def grades(self, lesson: str) -> dict[str, dict[str, tuple[float | None, bool]]]:
        """Return the automatic score of every grade cell, and whether a person is asked, by student."""
        with Gradebook(f"sqlite:///{self.folder / 'grading' / 'gradebook.db'}") as book:
            return {
                submitted.student.id: {
                    grade.name: (grade.auto_score, bool(grade.needs_manual_grade))
                    for grade in submitted.notebooks[0].grades
                }
                for submitted in book.assignment_submissions(lesson)
            }

    def tree(self) -> dict[str, str]:
        """Return every file of the course but what grading makes, with a digest."""
        return dict(_digests(self.folder))


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith((".git/", "grading/")) and "__pycache__" not in name:
            yield name, hashlib.sha256(path.read_bytes()).hexdigest()


def test_lessons_of_one_s_own_go_the_whole_way_beside_ours(tmp_path, figure):
    taught = Class(tmp_path)
    run = taught.clone.run
    run(*GRADER, "notebooks")
    assert run("git", "status", "--porcelain") == ""
    taught.clone.pull()
    said = run(*GRADER, "edition", "out")
    assert f"your own: {LESSON}, {MEANS}" in said
    taught.clone.students_kernel(tmp_path / "installed", [*COMPLETE], own=[MEANS])
    handed = (taught.folder / "out" / "lessons" / MEANS / f"{MEANS}.ipynb").read_text(encoding="utf-8")
    assert "HIDDEN" not in handed
    assert "sum(x)" not in handed
    for lesson in (MEANS, LESSON):
        run(*NBGRADER, "generate_assignment", lesson, "--force")

    own = right_answers(MEANS, taught.folder / "edition" / "lessons")
    taught.seat("kim", MEANS, own)
    taught.seat("lee", MEANS, own | {"spread": "def spread(x):\n    return 4"})
    taught.seat("mia", MEANS, {})
    ours = right_answers(LESSON, taught.folder / "edition" / "lessons")
    for story, answer in {"honest": ours["relu"], **STORIES}.items():
        taught.seat(story, LESSON, ours | {"relu": answer})
    before = taught.tree()
    run(*GRADER, "autograde", MEANS)
    run(*GRADER, "autograde", LESSON)
    assert taught.tree() == before

    means_of = taught.grades(MEANS)
    assert means_of["kim"] == {"test_mean": (2, False), "test_spread": (3, False), "median": (None, True)}
    assert means_of["lee"]["test_spread"] == (1, False)
    assert set(means_of["mia"].values()) == {(0, False)}
    grades = taught.grades(LESSON)
    plain = {story: its.pop("test_relu") for story, its in grades.items()}
    assert all(its == grades["honest"] for its in grades.values())
    assert sum(score or 0 for score, _ in grades["honest"].values()) == COMPLETE[LESSON].points - 3
    for story, (score, waits) in plain.items():
        right = story in ("honest", "looks_for_the_test_on_the_disk", "leaves_a_thread")
        expected = None if story in LOOKED_AT else 2.0 if right else FORGED.get(story, 0.0)
        assert (score, waits) == (expected, story in LOOKED_AT), story

    run(*GRADER, "feedback", MEANS)
    run(*GRADER, "feedback", LESSON)
    pages = list((taught.folder / "grading" / "feedback").rglob("*.html"))
    assert len(pages) == 3 + len(STORIES) + 1
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "BEGIN HIDDEN" not in text.replace("BEGIN HIDDEN')", ""), page
        assert "relu(-3)" not in text, page
    run(*GRADER, "report", MEANS, LESSON)
    report = (taught.folder / "report" / "index.html").read_text(encoding="utf-8")
    assert report.count("ran in the students' own kernels") == 2
    assert "your own: 03_identify_gradients, 07_means" in " ".join(run(*GRADER, "doctor").split())
    again = taught.grades(LESSON)
    run(*NBGRADER, "autograde", LESSON, "--force", "--student=gives_nan")
    assert taught.grades(LESSON) == again
    figure(
        f"{len(STORIES)} hostile answers to a plain exercise, and ours in the same notebook as without them"
    )


def test_a_lesson_of_one_s_own_is_graded_by_two_workers_of_a_cluster_as_here(tmp_path):
    taught = Class(tmp_path)
    run = taught.clone.run
    run(*GRADER, "notebooks")
    run(*NBGRADER, "generate_assignment", MEANS, "--force")
    own = right_answers(MEANS, taught.folder / "edition" / "lessons")
    for n in range(6):
        taught.seat(
            f"student-{n}", MEANS, own | ({"spread": "def spread(x):\n    return 4"} if n % 2 else {})
        )
    # A worker finds the course of the clone, not the one that it is started in.
    with dask(tmp_path, taught.clone.environment() | {"PYTHONSAFEPATH": "1"}) as cluster:
        for _ in range(2):
            cluster.add_worker(*LOOPBACK)
        said = run(*GRADER, "autograde", MEANS, "--scheduler", cluster.address)
    assert "Graded: 6. Graded before and not changed: 0. Failed: 0." in said
    by_cluster = taught.grades(MEANS)
    assert [by_cluster[f"student-{n}"]["test_spread"] for n in (0, 1)] == [(3, False), (1, False)]
    run(*GRADER, "autograde", MEANS, "--force")
    assert taught.grades(MEANS) == by_cluster


def test_ours_get_the_same_points_with_plain_cells_beside_them_and_without(tmp_path):
    taught = Class(tmp_path / "with")
    taught.clone.run(*NBGRADER, "generate_assignment", LESSON, "--force")
    answers = right_answers()
    wrong = answers | dict.fromkeys(("dE_dw11_12", "dE_dw"), "dE_dw11_12 = dE_dw = lambda *a: 1")
    for student, its in {"right": answers, "wrong": wrong, "none": {}}.items():
        taught.seat(student, LESSON, its)
    taught.clone.run(*NBGRADER, "autograde", LESSON)
    alone = Class(tmp_path / "without")
    shutil.rmtree(alone.folder / "edition")
    alone.clone.run(*NBGRADER, "generate_assignment", LESSON, "--force")
    shutil.copy(taught.folder / "grading" / "secret", alone.folder / "grading")
    for student, its in {"right": answers, "wrong": wrong, "none": {}}.items():
        to = alone.folder / "grading" / "submitted" / student / LESSON
        shutil.copytree(alone.folder / "notebooks" / LESSON, to)
        write_answers(to / f"{LESSON}.ipynb", its)
    alone.clone.run(*NBGRADER, "autograde", LESSON)
    beside = taught.grades(LESSON)
    for its in beside.values():
        its.pop("test_relu")
    assert beside == alone.grades(LESSON)
    for student in beside:
        records = [
            json.loads((one.folder / f"grading/autograded/{student}/{LESSON}/{LESSON}.ipynb").read_bytes())
            for one in (taught, alone)
        ]
        told = [record["metadata"]["grading"]["verdicts"] for record in records]
        told[0].pop("test_relu")
        assert told[0] == told[1]
