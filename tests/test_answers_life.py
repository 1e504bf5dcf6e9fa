"""answers.json through nbgrader's own commands: fetched, submitted, collected and graded as it was given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from course_lib.exercises import EXERCISES, LESSONS
from tests.life import LESSON, Course

pytestmark = pytest.mark.sandbox  # nothing is graded outside of it
FACTORS = [e for e in LESSONS[LESSON].exercises if e.id.startswith("factors_")]
O_SIDE = ("2", "o_n1 - d_n1", "S'(net_n1_12)")


def _right(weight: str) -> dict[str, str]:
    i, j = weight[1], weight[2]
    behind = (f"y_n{i}",) if weight.endswith("12") else (f"w{j}1_12", f"S'(net_n{j}_01)", f"x_n{i}")
    return {f"factor_{n}": name for n, name in enumerate((*O_SIDE, *behind), 1)}


RIGHT = {e.id: _right(e.id.removeprefix("factors_")) for e in FACTORS}
HALF = {**dict(list(RIGHT.items())[:3]), "factors_w22_01": {"factor_1": "2"}}


def _file(answers: dict) -> str:
    return json.dumps({"schema": "backprop-course/answers", "version": 1, "answers": answers}, indent=1)


# student -> the file handed in (None: none), and the exercises it earns the points of
STUDENTS = {
    "full": (_file(RIGHT), set(RIGHT)),
    "half": (_file(HALF), set(list(RIGHT)[:3])),
    "none": (_file({}), set()),
    "no-file": (None, set()),
    "cut-short": (_file(RIGHT)[:-9], set(RIGHT)),
    "another-file": ("[]", set()),
}


SHOWN = ("full", "no-file", "cut-short")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Course:
    """A course in which one student submitted, the others lie where `collect` would put them, and all were graded."""
    course = Course(tmp_path_factory.mktemp("course"), released)
    course.release_to("full")
    for student, (content, _) in STUDENTS.items():
        folder = course.home(student) / LESSON if student == "full" else course.seat(student, {})
        if content is not None:
            (folder / "answers.json").write_text(content, encoding="utf-8")
    course.grade("full")
    course.commands(*(["generate_feedback", LESSON, f"--student={name}"] for name in SHOWN))
    return course


@pytest.mark.parametrize("student", STUDENTS)
def test_what_stands_in_the_file_is_what_is_graded(course: Course, student: str) -> None:
    earned = STUDENTS[student][1]
    scores = course.scores(student)
    assert {e.id: scores[e.id] for e in FACTORS} == {
        e.id: EXERCISES[e.id].points if e.id in earned else 0.0 for e in FACTORS
    }


def test_the_feedback_shows_the_figure_and_says_what_is_missing(course: Course) -> None:
    pages = {
        student: (course.folder / "grading" / "feedback" / student / LESSON / f"{LESSON}.html").read_text(
            encoding="utf-8"
        )
        for student in SHOWN
    }
    assert "data:image/svg+xml" in pages["full"]
    assert "answers.json missing: the answers given in diagrams did not come" in pages["no-file"]
    assert "answers.json is damaged" in pages["cut-short"]
    assert "answers.json missing" not in pages["full"]
