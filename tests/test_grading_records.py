"""Done is what the gradebook says: marks stay, and what they no longer fit is graded and shown again."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from course_lib.exercises import LESSONS
from grading.batch import Grading, lesson_version
from grading.intake.released import Released
from tests.life import LESSON, Course, write_answers

ESSAY = next(e.id for e in LESSONS[LESSON].exercises if e.kind == "essay")
FIRST = next(e.id for e in LESSONS[LESSON].exercises if e.kind == "function")
DONE = "Skipping existing assignment"


def _mark(course: Course, student: str, score: float) -> None:
    """Give a mark as the formgrader does."""
    with course.gradebook() as book:
        grade = book.find_grade(ESSAY, LESSON, LESSON, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.db.commit()


def _waits(course: Course, student: str) -> bool:
    with course.gradebook() as book:
        return book.find_grade(ESSAY, LESSON, LESSON, student).needs_manual_grade


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Course:
    """A course in which two students were graded, their essays marked, and pages of feedback made."""
    course = Course(tmp_path_factory.mktemp("records"), released)
    for student in ("amy", "bob"):
        course.seat(student, {ESSAY: f"Because it is on no other path, says {student}."})
    course.commands(["autograde", LESSON], ["generate_feedback", LESSON])
    for student in ("amy", "bob"):
        _mark(course, student, 2.0)
    return course


def test_other_settings_make_another_version_of_a_lesson() -> None:
    lesson, known = LESSONS[LESSON], Released(LESSON, ())
    settings = [Grading(), Grading(limits={"seconds": 600.0}), Grading(limits={"seconds": 900.0})]
    settings.append(Grading(numerical_only="zero"))
    versions = [lesson_version(lesson, known, one) for one in settings]
    assert all(versions.count(version) == 1 for version in versions)


@pytest.mark.sandbox
def test_marks_stay_where_the_answer_stays_and_pages_follow_the_marks(course: Course) -> None:
    _mark(course, "amy", 1.0)
    notebook = course.folder / "grading" / "submitted" / "bob" / LESSON / f"{LESSON}.ipynb"
    write_answers(notebook, {ESSAY: "Because I say something else now."})
    pages = course.folder / "grading" / "feedback"
    before = {name: (pages / name / LESSON / f"{LESSON}.html").read_text() for name in ("amy", "bob")}
    said = course.commands(
        ["autograde", LESSON], ["generate_feedback", LESSON], ["generate_feedback", LESSON]
    )
    assert "'bob' is graded again" in said
    assert "'amy' is graded again" not in said
    assert "Graded: 1. Graded before and not changed: 1. Failed: 0." in said
    assert said.count(DONE) == 3  # amy's grading, and both pages the second time
    after = {name: (pages / name / LESSON / f"{LESSON}.html").read_text() for name in ("amy", "bob")}
    assert before["amy"] != after["amy"]
    assert before["bob"] != after["bob"]
    assert (_waits(course, "amy"), _waits(course, "bob")) == (False, True)


@pytest.mark.soak
@pytest.mark.sandbox
def test_a_moved_due_date_and_a_lost_gradebook_are_noticed(course: Course, released: Path) -> None:
    with course.gradebook() as book:
        book.find_assignment(LESSON).duedate = datetime(2026, 12, 1)
        book.db.commit()
    said = course.commands(["autograde", LESSON, "--student=amy"])
    assert "'amy' is graded again" in said
    assert not _waits(course, "amy")
    shutil.copy(released / "grading" / "gradebook.db", course.folder / "grading" / "gradebook.db")
    assert "'amy' is graded again" in course.commands(["autograde", LESSON, "--student=amy"])
    assert course.scores("amy")[FIRST] == 0.0
