"""The whole life of an assignment by nbgrader's own commands: each story loses the points of what it spoils."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from course_lib.exercises import EXERCISES, LESSONS
from tests.life import LESSON, Course, right_answers, write_answers

pytestmark = pytest.mark.sandbox  # nothing is graded outside of it
GRADED = {e.id: e.points for e in LESSONS[LESSON].exercises if e.kind != "essay"}
RIGHT = right_answers()


def _spoil(name: str, old: str, new: str) -> dict[str, str]:
    assert old in RIGHT[name]
    return RIGHT | {name: RIGHT[name].replace(old, new)}


def _before(name: str, line: str) -> dict[str, str]:
    """Put `line` where the function `name` begins to work."""
    return _spoil(name, "    net, y = forward", f"    {line}\n    net, y = forward")


# story -> what is handed in, and the exercises that it spoils
STORIES: dict[str, tuple[dict[str, str], set[str]]] = {
    "everything-right": (RIGHT, set()),
    "untouched": ({}, set(GRADED)),
    "factor-two-missing": (_spoil("dE_dw11_01", "delta = 2 * (o", "delta = (o"), {"dE_dw11_01"}),
    "an-exception": (_before("dE_dw21_12", "raise ZeroDivisionError('oh')"), {"dE_dw21_12"}),
    "an-endless-loop": (_before("dE_dw12_01", "while True: pass"), {"dE_dw12_01"}),
    "a-warning": (_before("dE_dw11_12", "import warnings; warnings.warn('look out')"), set()),
    "printed-noise": (
        _before(
            "dE_dw11_12", "import sys, os; print('noise'); print('!', file=sys.stderr); os.write(2, b'?')"
        ),
        set(),
    ),
    "changes-its-arguments": (
        _spoil("dE_dw21_01", "    return", "    W01 -= 1.0\n    return"),
        {"dE_dw21_01"},
    ),
    "not-a-number": (_spoil("dE_dw22_01", "return np.mean(", "return np.nan * np.mean("), {"dE_dw22_01"}),
    "calls-the-library": (
        RIGHT
        | {
            "dE_dw22_01": "def dE_dw22_01(W01, W12, X, D):\n    from course_lib import gradients\n"
            "    return gradients([W01, W12], X, D)[0][1, 1]"
        },
        {"dE_dw22_01"},
    ),
    "a-cell-that-breaks": (RIGHT | {"printed_formula": "printed_formula = {"}, {"printed_formula"}),
}


# Fetched and submitted by nbgrader's commands; the others lie where `collect` would have put them.
FETCHED = ("everything-right", "untouched", "factor-two-missing")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Course:
    """A course in which every story was released, handed in, collected and graded."""
    course = Course(tmp_path_factory.mktemp("course"), released)
    course.release_to(*FETCHED)
    for story, (answers, _) in STORIES.items():
        if story in FETCHED:
            write_answers(course.home(story) / LESSON / f"{LESSON}.ipynb", answers)
        else:
            course.seat(story, answers)
    course.grade(*FETCHED)
    return course


@pytest.mark.parametrize("story", STORIES)
def test_a_story_loses_exactly_the_points_of_what_it_spoils(course: Course, story: str) -> None:
    spoiled = STORIES[story][1]
    expected = {name: 0.0 if name in spoiled else points for name, points in GRADED.items()}
    scores = course.scores(story)
    assert {name: scores[name] for name in GRADED} == expected


def test_a_person_marks_and_comments_and_it_comes_back(course: Course) -> None:
    student = "everything-right"
    with course.gradebook() as book:
        grade = book.find_grade("explain_w11_01", LESSON, LESSON, student)
        assert grade.needs_manual_grade
        grade.manual_score, grade.needs_manual_grade = EXERCISES["explain_w11_01"].points, False
        book.find_comment("explain_w11_01", LESSON, LESSON, student).manual_comment = "Clear and short."
        book.db.commit()
        submission = book.find_submission(LESSON, student)
        assert submission.score == submission.max_score == LESSONS[LESSON].points
    page = _feedback(course, student)
    assert "Clear and short." in page
    assert f"{LESSONS[LESSON].points:g}" in page


def test_feedback_shows_the_card_of_what_is_wrong(course: Course) -> None:
    page = _feedback(course, "factor-two-missing")
    assert "finite difference" in page
    assert "1 of 1" not in page
    assert 'aria-label="dE_dw11_01: Not yet right"' in page
    assert 'aria-label="dE_dw21_01: Right"' in page


def test_the_export_has_a_line_for_everyone(course: Course) -> None:
    course.nbgrader("export")
    with (course.folder / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == LESSON}
    assert set(rows) == set(STORIES)
    assert float(rows["untouched"]["raw_score"]) == 0.0
    lost = EXERCISES["dE_dw21_12"].points + EXERCISES["explain_w11_01"].points
    assert float(rows["an-exception"]["raw_score"]) == LESSONS[LESSON].points - lost


def test_validate_says_what_is_wrong_and_nothing_of_what_is_right(course: Course) -> None:
    def said(story: str) -> str:
        return course.nbgrader("validate", f"{LESSON}/{LESSON}.ipynb", cwd=course.home(story))

    untouched = said("untouched")
    assert "VALIDATION FAILED" in untouched
    assert "not answered yet" in untouched
    wrong = said("factor-two-missing")
    assert "VALIDATION FAILED ON 1 CELL" in wrong
    assert "finite difference" in wrong
    assert "..." not in wrong.split("The error was:")[1]  # no line of the card is cut
    assert "Success" in said("everything-right")


def _feedback(course: Course, student: str) -> str:
    read = ("everything-right", "factor-two-missing")
    if not list((course.folder / "grading" / "feedback").rglob("*.html")):
        course.commands(
            *(["generate_feedback", LESSON, f"--student={name}"] for name in read),
            ["release_feedback", LESSON],
            *([course.home(name), "fetch_feedback", LESSON, f"--student={name}"] for name in read),
        )
    fetched = list((course.home(student) / LESSON / "feedback").rglob("*.html"))
    assert len(fetched) == 1
    return fetched[0].read_text(encoding="utf-8")
