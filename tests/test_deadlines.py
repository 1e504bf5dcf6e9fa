"""When a lesson is due, for everyone and for one; what a late hand-in costs."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader

from grading import __main__, deadlines
from grading.platforms.scores import State, scores_of

LESSON = "03_identify_gradients"


@pytest.fixture
def course(tmp_path, monkeypatch, released):
    """A course with the gradebook of a released lesson and one student, and what opens it."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(released / "grading" / "gradebook.db", tmp_path)
    address = f"sqlite:///{tmp_path / 'gradebook.db'}"
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'backprop'\nc.CourseDirectory.db_url = {address!r}\n"
    )

    def opened():
        return Gradebook(address, "backprop")

    with opened() as book:
        book.add_student("kim")
    yield opened
    NbGrader.clear_instance()


def said(capsys, *words: str) -> tuple[int, str]:
    code = __main__.main(["deadline", *words])
    out, err = capsys.readouterr()
    return code, out + err


def test_a_lesson_is_due_and_one_student_has_more_time(course, capsys):
    assert said(capsys, LESSON) == (0, f"{LESSON} is never late: it has no due date.\n")
    assert said(capsys, LESSON, "2026-12-04 18:00+01:00")[0] == 0
    code, text = said(capsys, LESSON, "2026-12-06 18:00+01:00", "--student", "kim")
    assert code == 0
    assert "kim has until" in text
    with course() as book:
        submission = book.find_submission(LESSON, "kim")
        assert submission.assignment.duedate == datetime(2026, 12, 4, 17)
        assert submission.extension == timedelta(days=2)
        assert not submission.needs_manual_grade
        assert [score.state for score in scores_of(book, submission.assignment, ())] == [State.MISSING]
    assert "kim" not in said(capsys, LESSON, "none", "--student", "kim")[1]
    assert "never late" in said(capsys, LESSON, "none")[1]


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("05_nothing",), "the lessons are: 00_start_here"),
        ((LESSON, "tomorrow"), "2026-12-04 18:00"),
        ((LESSON, "2026-12-06", "--student", "kim"), "Set one first"),
        ((LESSON, "none", "--student", "lee"), "nbgrader db student add lee"),
    ],
)
def test_what_cannot_be_set_is_named_with_the_remedy(course, capsys, words, remedy):
    code, text = said(capsys, *words)
    assert code == 1
    assert remedy in text


def test_an_extension_ends_after_the_due_date(course, capsys):
    said(capsys, LESSON, "2026-12-04")
    assert "ends after the due date" in said(capsys, LESSON, "2026-12-03", "--student", "kim")[1]


def test_elsewhere_than_in_a_course_it_says_where_to_go(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "go to the folder of the course" in said(capsys, LESSON)[1]


def test_a_day_alone_means_its_end_here():
    end = deadlines.moment("2026-12-04").replace(tzinfo=UTC).astimezone()
    assert (end.day, end.hour, end.minute) == (4, 23, 59)
    midnight = deadlines.moment("2026-12-04 00:00").replace(tzinfo=UTC).astimezone()
    assert (midnight.day, midnight.hour) == (4, 0)


@pytest.mark.parametrize(("hours", "left"), [(0.1, 20), (1, 18), (24, 18), (25, 16), (24 * 30, 0)])
def test_each_day_that_has_begun_costs_its_share(hours, left):
    assert 20 - deadlines.ByTheDay().late_submission_penalty("kim", 20.0, hours * 3600) == pytest.approx(left)
