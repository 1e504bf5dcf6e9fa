"""The report of a class: its numbers, whom it names to look at, and that nothing of a student's runs in it."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.checking.calling import Outcome, Status
from course_lib.checking.cards import judge
from course_lib.checking.judging import Reason as Why
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES, LESSONS
from grading.__main__ import main
from grading.report import alike, command, forms, pictures, reading
from grading.report.facts import Names, facts_of
from grading.report.looks import Reason, looks
from grading.report.page import page
from grading.report.statistics import corrected_item_total, discrimination_of, exercises_of, mistakes_of
from grading.report.submissions import Answer, Grade, LessonOfClass, State, Submission, answer_of
from grading.report.tables import csv_of, tables_of
from tests.classes import HOSTILE, made_up
from tests.life import LESSON, Course

FIRST, SECOND, ESSAY = "dE_dw11_12", "dE_dw21_12", "explain_w11_01"


def test_a_verdict_says_how_calling_the_answer_ended() -> None:
    cases = public_cases(EXERCISES[FIRST])
    stopped = judge(EXERCISES[FIRST], cases, [Outcome(status=Status.TIMED_OUT)]).grounds
    assert (stopped.status, stopped.reason, stopped.right) == (Status.TIMED_OUT, Why.FAILED, 0)
    right = judge(EXERCISES[FIRST], cases, [Outcome(EXERCISES[FIRST].reference(*case)) for case in cases])
    assert (right.grounds.status, right.grounds.reason, right.grounds.right) == (
        Status.ANSWERED,
        Why.RIGHT,
        1,
    )


def test_discrimination_is_the_correlation_with_all_the_others() -> None:
    points = np.random.default_rng(3).integers(0, 3, size=(9, 4)).astype(float)
    points[:, 2] = 1.0
    found = corrected_item_total(points)
    for column in (0, 1, 3):
        others = np.delete(points, column, axis=1).sum(axis=1)
        assert found[column] == pytest.approx(np.corrcoef(points[:, column], others)[0, 1])
    assert found[2] is None
    assert corrected_item_total(points[:4]) == [None] * 4


def test_what_waits_for_a_person_makes_no_exercise_look_harder() -> None:
    rng = np.random.default_rng(4)
    shares = rng.integers(0, 2, size=(8, 2))
    marks = [[Answer(State.RIGHT if s else State.WRONG, 2.0 * s, 1.0 * s) for s in row] for row in shares]
    whole = [{FIRST: a, SECOND: b, "dE_dw": a} for a, b in marks]
    waits = {name: Answer(State.WAITING, waits=True) for name in (FIRST, SECOND, "dE_dw")}
    essays = [told | {ESSAY: Answer(State.WAITING, waits=True)} for told in whole]
    expected = discrimination_of(_lesson(whole, FIRST, SECOND, "dE_dw"))
    assert expected[FIRST] is not None
    assert discrimination_of(_lesson([*essays, waits], FIRST, SECOND, "dE_dw", ESSAY)) == expected | {
        ESSAY: None
    }


def _lesson(answers: list[dict[str, Answer]], *exercises: str) -> LessonOfClass:
    lesson = replace(LESSONS[LESSON], exercises=tuple(EXERCISES[name] for name in exercises))
    return replace(_class(*answers), lesson=lesson)


def _class(*answers: dict[str, Answer], **more: object) -> LessonOfClass:
    students = (Submission(f"s{number}", told, **more) for number, told in enumerate(answers))
    return LessonOfClass(LESSONS[LESSON], len(answers), tuple(students))


def test_a_mistake_counts_once_a_student_and_an_exercise_once_each() -> None:
    wrong = Answer(State.WRONG, 0.0, 0.0, ("no_factor_two", "wrong_sign"))
    perhaps = Answer(State.WRONG, 0.0, 0.0, ("wrong_sign", "no_weight"), either=True)
    told = _class({FIRST: wrong, SECOND: wrong}, {FIRST: perhaps}, {FIRST: Answer(State.RIGHT, 2.0, 1.0)})
    found = {
        one.id: (one.count, len(one.maybe), dict(one.exercises)) for one in mistakes_of(told.submissions)
    }
    assert found == {
        "wrong_sign": (2, 1, {FIRST: 2, SECOND: 1}),
        "no_factor_two": (1, 0, {FIRST: 1, SECOND: 1}),
        "no_weight": (1, 1, {FIRST: 1}),
    }
    first = next(one for one in exercises_of(told) if one.exercise.id == FIRST)
    assert {state: len(students) for state, students in first.students.items() if students} == {
        State.RIGHT: 1,
        State.WRONG: 2,
    }
    assert first.mean_share == pytest.approx(1 / 3)
    assert first.last == 0


def test_the_exercise_after_which_nothing_was_answered_is_known() -> None:
    blank, right = Answer(State.UNANSWERED, 0.0, 0.0), Answer(State.RIGHT, 2.0, 1.0)
    told = _class({FIRST: right, SECOND: blank, ESSAY: blank}, {FIRST: right, SECOND: right, ESSAY: right})
    assert {one.exercise.id: one.last for one in exercises_of(told) if one.last} == {FIRST: 1}


@pytest.mark.parametrize(
    ("told", "grade", "state", "share"),
    [
        ({"state": "right", "right_parts": 1}, Grade(2.0), State.RIGHT, 1.0),
        ({"state": "wrong"}, Grade(0.0), State.WRONG, 0.0),
        ({"state": "partly"}, Grade(1.0), State.PARTLY, 0.5),
        ({"state": "unanswered"}, Grade(0.0), State.UNANSWERED, 0.0),
        ({"state": "wrong"}, Grade(None, waits=True), State.WAITING, None),
        ({"state": "wrong"}, Grade(0.0, 2.0), State.RIGHT, 1.0),
        ({"state": "unanswered"}, Grade(0.0, 0.0), State.WRONG, 0.0),
    ],
)
def test_an_answer_stands_as_its_marks_say(told: dict, grade: Grade, state: State, share: float) -> None:
    answer = answer_of(EXERCISES[FIRST], told, grade, essay=False)
    assert (answer.state, answer.share) == (state, share)


def test_a_mark_that_waits_to_be_confirmed_is_older_than_the_answer() -> None:
    assert answer_of(EXERCISES[ESSAY], {}, Grade(None, 2.0, waits=True), essay=True).older_mark
    assert not answer_of(EXERCISES[ESSAY], {}, Grade(None, None, waits=True), essay=True).older_mark


ORIGINAL = """
def f(W, X):
    # as we found it
    hidden = S(X @ W[0])
    back = 2 * (S(hidden @ W[1]) - X)
    for n in range(len(X)):
        back[n] += hidden[n] * n
    return back.mean()
"""
RENAMED = """
def f(a, b):
    '''All by myself.'''
    y: object = S(b @ a[0])
    z = 2*(S(y @ a[1])
           - b)
    for k in range(len(b)):
        z[k] += y[k]*k
    return z.mean()
"""


def test_a_form_is_a_statement_without_names_comments_and_layout() -> None:
    assert forms.forms_of(ORIGINAL) == forms.forms_of(RENAMED.replace(": object", ""))
    assert len(forms.forms_of(ORIGINAL)) == 6
    changed = forms.forms_of(ORIGINAL.replace("2 * (S", "3 * (S"))
    assert len(changed & forms.forms_of(ORIGINAL)) == 5
    assert forms.forms_of("def f(:") == forms.forms_of("x = 1\n" * 10**4) == set()


def _forms(rng: random.Random, exercises: int = 9) -> dict[str, set[str]]:
    """Return answers of which a half is what many write, and a half of one's own."""
    common = {f"e{e}": {f"common {e} {rng.randrange(3)}"} for e in range(exercises)}
    return {e: some | {f"{e} {rng.random()}", f"{e} {rng.random()}"} for e, some in common.items()}


def test_copies_are_alike_and_what_many_write_is_not() -> None:
    rng = random.Random(5)
    told = {f"s{number:02}": _forms(rng) for number in range(40)}
    told["copy"] = {**told["s03"], "e0": {"its own"}}
    told["copy of the copy"] = told["copy"]
    # Whole answers that half of the class has are no sign of anything.
    told |= {
        f"t{number:02}": {f"e{e}": {f"taught {e} {n}" for n in range(4)} for e in range(9)}
        for number in range(30)
    }
    pairs = alike.alike(told, {})
    assert [(one.first, one.second) for one in pairs] == [
        ("copy", "copy of the copy"),
        ("copy", "s03"),
        ("copy of the copy", "s03"),
    ]
    assert alike.groups(pairs) == [("copy", "copy of the copy", "s03")]
    assert all(0.8 <= one.overlap <= 1 and {"e1", "e5"} <= set(one.exercises) for one in pairs)


def test_what_everybody_was_given_and_answers_of_one_line_are_left_out() -> None:
    rng = random.Random(5)
    told = {f"s{number:02}": _forms(rng) for number in range(20)}
    told["s00"] = told["s01"]
    assert len(alike.alike(told, {})) == 1
    assert alike.alike(told, {e: frozenset(some) for e, some in told["s00"].items()}) == []
    short = {student: {e: {sorted(some)[1]} for e, some in own.items()} for student, own in told.items()}
    assert alike.alike(short, {}) == []


def test_whom_to_look_at_and_why() -> None:
    essay = Answer(State.WAITING, waits=True)
    waits = Answer(State.WAITING, waits=True)
    right = Answer(State.RIGHT, 2.0, 1.0, ("numerical_only",))
    told = LessonOfClass(
        LESSONS[LESSON],
        5,
        (
            Submission("zero", {FIRST: waits, ESSAY: essay}, frozenset({"mended"}), name="self-study"),
            Submission("waits", {FIRST: waits, SECOND: right}, name="Ann  Lee"),
            Submission(
                "old", {ESSAY: Answer(State.RIGHT, 3.0, 1.0, waits=True, older_mark=True)}, name="ann lee"
            ),
            Submission(
                "slow", {FIRST: Answer(State.WRONG, 0.0, 0.0, status="TIMED_OUT")}, frozenset({"version"})
            ),
            Submission("fine", {FIRST: Answer(State.RIGHT, 2.0, 1.0), ESSAY: essay}, name="self-study"),
        ),
    )
    pair = alike.Pair("fine", "slow", 0.9, (FIRST,))
    found = [(look.reason, look.student, look.exercises, look.others) for look in looks(told, [pair])]
    assert found == [
        (Reason.ZERO_FOR_FORM, "zero", (FIRST,), ()),
        (Reason.WAITING, "waits", (FIRST,), ()),
        (Reason.OLDER_MARK, "old", (ESSAY,), ()),
        (Reason.VERSION, "slow", (), ()),
        (Reason.MENDED, "zero", (), ()),
        (Reason.TIMED_OUT, "slow", (FIRST,), ()),
        (Reason.MEASURED, "waits", (SECOND,), ()),
        (Reason.NAME_SHARED, "old", (), ("waits",)),
        (Reason.NAME_SHARED, "waits", (), ("old",)),
        (Reason.ALIKE, "fine", (FIRST,), ("slow",)),
        (Reason.ALIKE, "slow", (FIRST,), ("fine",)),
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\uff1d1", "\n=1"])
def test_no_cell_of_a_table_is_a_formula(name: str) -> None:
    row = next(
        csv.reader(io.StringIO(csv_of(["a", "b", "c"], [[name, -0.5, None]]).partition("\n")[2], newline=""))
    )
    assert row == [f"'{name}", "-0.5", ""]


def test_a_cell_with_a_line_in_it_is_one_cell() -> None:
    told = csv_of(["a", "b"], [["x\r=1", "y\n=1"]])
    assert list(csv.reader(io.StringIO(told, newline=""))) == [["a", "b"], ["x\r=1", "y\n=1"]]


@pytest.fixture(scope="module")
def hostile() -> tuple:
    facts = facts_of(made_up(6), {})
    names = Names([one.student for one in facts.told.submissions], shown=True, rng=random.Random(1))
    return facts, names


def test_nothing_that_a_student_typed_is_part_of_the_page(
    hostile: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, names = hostile
    for name in ("stuck", "scores"):  # drawn in the tests of the whole page
        monkeypatch.setattr(pictures, name, lambda *about: pictures.Drawing("", ""))
    made = page([facts], names, datetime(2026, 11, 27))
    assert HOSTILE not in made
    assert made.count("&lt;script&gt;document.title = 7777") >= 6
    assert not re.search(r"<(script|iframe|object|embed|form|link|base)\b|\son\w+=\"|javascript:", made)
    assert re.search(
        r"Content-Security-Policy\"\s+content=\"default-src 'none'; img-src data:; style-src", made
    )
    assert "<svg" in made


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the pictures, which take longest."""
    for name in ("mistakes", "stuck", "scores"):
        monkeypatch.setattr(pictures, name, lambda *about: pictures.Drawing("", ""))


@pytest.mark.usefixtures("undrawn")
def test_without_names_nobody_can_be_told(hostile: tuple) -> None:
    facts, _ = hostile
    names = Names([one.student for one in facts.told.submissions], shown=False, rng=random.Random(1))
    written = [page([facts], names, datetime(2026, 11, 27)), *tables_of([facts], names).values()]
    assert not any("7777" in one or HOSTILE[:20] in one for one in written)
    assert sorted(names(one.student) for one in facts.told.submissions) == [
        f"student {n}" for n in range(1, 7)
    ]


def _grade(course: Course, student: str, record: dict, marks: dict[str, tuple]) -> None:
    """Write what grading leaves: the marks in the gradebook, the record in the graded notebook."""
    with course.gradebook() as book:
        book.update_or_create_student(student)
        with book.db.no_autoflush:
            submission = book.update_or_create_submission(LESSON, student)
        submission.timestamp = datetime(2026, 11, 27, 12)
        for name, (auto, manual, waits) in marks.items():
            grade = book.find_grade(name, LESSON, LESSON, student)
            grade.auto_score, grade.manual_score, grade.needs_manual_grade = auto, manual, waits
        book.db.commit()
    for place in ("submitted", "autograded"):
        (course.folder / "grading" / place / student / LESSON).mkdir(parents=True)
    notebook = json.loads((course.folder / "notebooks" / LESSON / f"{LESSON}.ipynb").read_text())
    notebook["metadata"]["grading"] = record
    path = course.folder / "grading" / "autograded" / student / LESSON / f"{LESSON}.ipynb"
    path.write_text(json.dumps(notebook))


@pytest.fixture
def course(tmp_path: Path, released: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course with a gradebook and graded notebooks that were written by hand."""
    monkeypatch.chdir(tmp_path)
    course, wrong = Course(tmp_path, released), {"points": 0.0, "state": "wrong", "status": "ANSWERED"}
    about = {"finished": True, "signs": ["mended", "no sign of ours"], "name": "Ann", "open": []}
    made = {FIRST: wrong | {"diagnosis": ["no_factor_two"]}, SECOND: wrong | {"diagnosis": ["no_factor_two"]}}
    _grade(course, "ann", about | {"verdicts": made}, {f"{FIRST}_check": (0.0, None, False)})
    right = {FIRST: {"points": 2.0, "state": "right", "right_parts": 1, "diagnosis": []}}
    marks = {f"{FIRST}_check": (2.0, None, False), ESSAY: (None, 3.0, True)}
    _grade(course, "=ben", {"finished": True, "verdicts": right}, marks)
    _grade(course, "still", {"finished": False}, {})
    with course.gradebook() as book:
        book.find_assignment(LESSON).duedate = datetime(2026, 11, 27, 12) - timedelta(hours=3)
        book.db.commit()
    return course


@pytest.mark.usefixtures("undrawn")
def test_a_report_counts_what_the_gradebook_and_the_records_say(
    course: Course, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "run", lambda function, data, budget: function(data))
    monkeypatch.setattr(command, "configured", lambda: SimpleNamespace(coursedir=course.directory))
    before = {path: path.stat().st_mtime_ns for path in (course.folder / "grading").rglob("*.ipynb")}
    assert main(["report", "--names", "--out", "made/report"]) == 0
    assert f"{LESSON}: 2 of 3 graded, 2 to look at" in capsys.readouterr().out
    assert before == {path: path.stat().st_mtime_ns for path in (course.folder / "grading").rglob("*.ipynb")}
    out = course.folder / "made" / "report"
    tables = {path.name: list(csv.DictReader(io.StringIO(path.read_text()))) for path in out.glob("*.csv")}
    made = {row["mistake"]: (row["students"], row["exercises"]) for row in tables["mistakes.csv"]}
    assert made == {"no_factor_two": ("1", f"{FIRST} {SECOND}")}
    totals = [row for row in tables["scores.csv"] if row["exercise"] == "total"]
    assert [(row["student"], row["points"], row["hours_late"]) for row in totals] == [
        ("'=ben", "5", "3"),
        ("ann", "0", "3"),
    ]
    assert {(row["student"], row["reason"]) for row in tables["look.csv"]} >= {
        ("'=ben", "older_mark"),
        ("ann", "mended"),
    }
    first = next(row for row in tables["exercises.csv"] if row["exercise"] == FIRST)
    assert (first["mean_share"], first["students_right"], first["students_wrong"]) == ("0.5", "1", "1")
    written = (out / "index.html").read_text()
    assert "1 of these were graded by an earlier version" in written
    assert "of 3 hand-ins graded so far" in written


def test_where_no_report_can_be_made_it_says_what_to_do(
    tmp_path: Path, released: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    told = []
    for words in (["07_none"], []):
        assert main(["report", *words]) == 2
        told.append(capsys.readouterr().err)
    course = Course(tmp_path, released)
    monkeypatch.setattr(command, "configured", lambda: SimpleNamespace(coursedir=course.directory))
    assert main(["report"]) == 2
    told.append(capsys.readouterr().err)
    (course.folder / "grading" / "submitted" / "ann" / LESSON).mkdir(parents=True)
    assert main(["report"]) == 2
    told.append(capsys.readouterr().err)
    wanted = (
        "There is no lesson '07_none'",
        "no nbgrader_config.py",
        "Nothing was handed in",
        "Nothing is graded yet",
    )
    assert all(beginning in one for beginning, one in zip(wanted, told, strict=True))
    assert not (tmp_path / "report").exists()
