"""The exporters, column by column, against a gradebook made with nbgrader's own API."""

from __future__ import annotations

import csv
import logging
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import nbgrader.api
import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from grading import spreadsheets
from grading.platforms import CanvasExporter, MoodleExporter, TidyExporter
from grading.platforms.exporting import TableExporter
from grading.platforms.tables import TableError
from tests.platform_archives import LESSON

OTHER = "01_gradient_descent"
STUDENTS = {
    "anna": ("Anna", "Müller", "anna@uni.example", "101"),
    "bob": ("Bob", "=HYPERLINK(1)", "bob@uni.example", "102"),
    "carl1": ("Carl", "Schmidt", "carl1@uni.example", "103"),
    "carl2": ("Carl", "Schmidt", "carl2@uni.example", None),
    "dora": ("Dora", "Groß", None, None),
}
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Lesson 3 (77),Exam (78),Final Score
,,,,,,Manual Posting,,
    Points Possible,,,,,,11.00,50,(read only)
"Müller, Anna",101,S1,am,A,,,40,80
"=""=HYPERLINK(1)"" ",102,S2,bob,A,,7,41,81
"Schmidt, Carl",103,S3,cs,A,,EX,42,82
"Schmidt, Carl",104,S4,carl2,B,,3,43,83
"Groß, Dora",105,S5,dg,B,,5,44,84
"Stranger, Some",106,S6,ss,B,,6,45,85
"""
MOODLE = """\
Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Last modified (grade),Comments,Online text
Participant 9001,Anna Müller,,Anna@uni.example,Submitted,,"11,00",-,-well done,=1+1
Participant 9002,=HYPERLINK(1),bob,,Submitted,5.00,11.00,"Friday, 20 November 2026, 9:05 PM",,
Participant 9003,Carl Schmidt,,carl2@uni.example,Submitted,,11.00,-,,
Participant 9004,Dora Groß,,,,2.00,11.00,-,,
Participant 9005,Some Stranger,,,,1.00,11.00,-,,
"""


@pytest.fixture(scope="module")
def book() -> Iterator[Gradebook]:
    """Make a gradebook in memory: everything a submission can be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nbgrader.api, "get_alembic_version", lambda: "of the tests")
        gradebook = Gradebook("sqlite://")
    with gradebook:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader's own, with every submission that it adds
            _fill(gradebook)
        yield gradebook


def _fill(book: Gradebook) -> None:
    book.add_assignment(LESSON, duedate=datetime(2026, 11, 20, 12))
    book.add_notebook(LESSON, LESSON)
    for name, points in (("slope_check", 5), ("=cut_check", 3), ("essay", 3)):
        kind = "markdown" if name == "essay" else "code"
        book.add_grade_cell(name, LESSON, LESSON, max_score=points, cell_type=kind)
    book.add_assignment(OTHER)
    for name, (first, last, email, number) in STUDENTS.items():
        book.add_student(name, first_name=first, last_name=last, email=email, lms_user_id=number)
    late = datetime(2026, 11, 20, 13)
    _graded(book, "anna", {"slope_check": 5, "=cut_check": 1.25}, essay=2, extra=0.5, late=late, penalty=1)
    _graded(book, "bob", {"slope_check": 4, "=cut_check": 3}, essay=None)
    _graded(book, "carl1", {"slope_check": 1 / 3, "=cut_check": 0}, essay=0, penalty=1)
    _graded(book, "carl2", {"slope_check": 1 / 3, "=cut_check": 3}, essay=3)
    book.db.commit()


def _graded(
    book: Gradebook,
    student: str,
    scores: dict[str, float],
    *,
    essay: float | None,
    extra: float | None = None,
    late: datetime | None = None,
    penalty: float | None = None,
) -> None:
    book.add_submission(LESSON, student, timestamp=late)
    book.find_submission_notebook(LESSON, LESSON, student).late_submission_penalty = penalty
    for name, score in scores.items():
        grade = book.find_grade(name, LESSON, LESSON, student)
        grade.auto_score, grade.needs_manual_grade = score, False
    grade = book.find_grade("essay", LESSON, LESSON, student)
    grade.manual_score, grade.extra_credit, grade.needs_manual_grade = essay, extra, essay is None


def rows(exporter: TableExporter, book: Gradebook) -> list[list[str]]:
    """Return the rows of the file that an exporter writes."""
    exporter.export(book)
    with Path(exporter.to).open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def columns(found: list[list[str]]) -> dict[str, list[str]]:
    """Return the columns of a table by their headings."""
    assert len({len(row) for row in found}) == 1
    return {name: [row[n] for row in found[1:]] for n, name in enumerate(found[0])}


def test_canvas_gets_its_own_rows_back_with_the_points(book: Gradebook, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.csv"
    theirs.write_text(CANVAS, encoding="utf-8-sig")
    exporter = CanvasExporter(
        gradebook=str(theirs), columns={LESSON: "Lesson 3"}, to=str(tmp_path / "out.csv")
    )
    found = columns(rows(exporter, book))
    assert list(found) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lesson 3 (77)"]
    names = ["Müller, Anna", '\'="=HYPERLINK(1)"', "Schmidt, Carl", "Schmidt, Carl", "Groß, Dora"]
    assert found["Student"] == ["    Points Possible", *names, "Stranger, Some"]
    assert found["ID"] == ["", "101", "102", "103", "104", "105", "106"]
    assert found["SIS User ID"] == ["", "S1", "S2", "S3", "S4", "S5", "S6"]
    assert found["SIS Login ID"] == ["", "am", "bob", "cs", "carl2", "dg", "ss"]
    assert found["Section"] == ["", "A", "A", "A", "B", "B", "B"]
    # Late by an hour; an essay that nobody has marked; excused; a third; never handed in; nobody of ours.
    assert found["Lesson 3 (77)"] == ["11.00", "7.75", "", "EX", "6.33", "5", "6"]


def test_canvas_without_its_own_rows(book: Gradebook, tmp_path: Path) -> None:
    exporter = CanvasExporter(assignment=[LESSON], to=str(tmp_path / "out.csv"))
    found = columns(rows(exporter, book))
    assert list(found) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", LESSON]
    names = ["'=HYPERLINK(1), Bob", "Groß, Dora", "Müller, Anna", "Schmidt, Carl", "Schmidt, Carl"]
    assert found["Student"] == ["    Points Possible", *names]
    by_login = dict(zip(found["SIS Login ID"], zip(found["ID"], found[LESSON], strict=True), strict=True))
    assert by_login == {
        "": ("", "11"),
        "anna": ("101", "7.75"),
        "bob": ("102", ""),
        "carl1": ("103", "0"),
        "carl2": ("", "6.33"),
        "dora": ("", ""),
    }
    assert set(found["SIS User ID"]) == set(found["Section"]) == {""}


def test_moodles_worksheet_is_filled(book: Gradebook, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.csv"
    theirs.write_text(MOODLE, encoding="utf-8-sig")
    exporter = MoodleExporter(worksheet=str(theirs), assignment=[LESSON], to=str(tmp_path / "out.csv"))
    found = columns(rows(exporter, book))
    assert found == {
        "Identifier": [f"Participant 900{n}" for n in range(1, 6)],
        "Full name": ["Anna Müller", "'=HYPERLINK(1)", "Carl Schmidt", "Dora Groß", "Some Stranger"],
        "ID number": ["", "bob", "", "", ""],
        "Email address": ["Anna@uni.example", "", "carl2@uni.example", "", ""],
        "Grade": ["7.75", "", "6.33333", "2.00", "1.00"],
        "Maximum Grade": ["11,00", *["11.00"] * 4],
        "Last modified (grade)": ["-", "Friday, 20 November 2026, 9:05 PM", "-", "-", "-"],
    }


def test_moodles_gradebook_gets_a_column_a_lesson(book: Gradebook, tmp_path: Path) -> None:
    found = columns(rows(MoodleExporter(to=str(tmp_path / "out.csv")), book))
    assert list(found) == ["First name", "Last name", "ID number", "Email address", OTHER, LESSON]
    assert found["ID number"] == ["bob", "dora", "anna", "carl1", "carl2"]
    assert found["First name"] == ["Bob", "Dora", "Anna", "Carl", "Carl"]
    assert found["Last name"] == ["'=HYPERLINK(1)", "Groß", "Müller", "Schmidt", "Schmidt"]
    assert found["Email address"][:3] == ["bob@uni.example", "", "anna@uni.example"]
    assert found[LESSON] == ["", "", "7.75", "0", "6.33333"]
    assert found[OTHER] == [""] * 5


def test_the_tidy_table_has_a_row_an_exercise(book: Gradebook, tmp_path: Path) -> None:
    found = rows(TidyExporter(to=str(tmp_path / "out.csv"), student=["anna", "bob", "dora"]), book)
    assert found[0] == [
        *("lesson", "exercise", "student", "last_name", "first_name", "email", "state"),
        *("auto_score", "manual_score", "extra_credit", "score", "max_score"),
        *("submitted", "seconds_late", "lesson_penalty"),
    ]
    of = {(row[2], row[1]): row for row in found[1:]}
    assert len(of) == len(found) - 1 == 9
    assert {row[0] for row in found[1:]} == {LESSON}
    late = ["2026-11-20T13:00:00", "3600", "1"]
    anna = ["Müller", "Anna", "anna@uni.example", "graded"]
    assert of["anna", "slope"] == [LESSON, "slope", "anna", *anna, "5", "", "", "5", "5", *late]
    assert of["anna", "essay"] == [LESSON, "essay", "anna", *anna, "", "2", "0.5", "2.5", "3", *late]
    assert of["bob", "essay"][3:12] == [
        *("'=HYPERLINK(1)", "Bob", "bob@uni.example", "waits for a person"),
        *("", "", "", "", "3"),
    ]
    assert of["bob", "'=cut"][6:] == ["graded", "3", "", "", "3", "3", "", "", "0"]
    assert of["dora", "slope"][6:] == ["missing", "", "", "", "", "5", "", "", ""]


def test_other_points_on_the_platform_are_refused_or_scaled(book: Gradebook, tmp_path: Path) -> None:
    theirs, out = tmp_path / "theirs.csv", str(tmp_path / "out.csv")
    theirs.write_text(CANVAS.replace("11.00", "100"), encoding="utf-8")
    settings = {"gradebook": str(theirs), "columns": {LESSON: "Lesson 3 (77)"}, "to": out}
    with pytest.raises(TableError, match=r"gives 100 points .* has 11\. .*CanvasExporter.scale=True"):
        CanvasExporter(**settings).export(book)
    nothing = CanvasExporter(gradebook=str(theirs), columns={OTHER: "Exam"}, to=out, scale=True)
    with pytest.raises(TableError, match=f"{OTHER} has 0"):
        nothing.export(book)
    found = columns(rows(CanvasExporter(**settings, scale=True), book))
    assert found["Lesson 3 (77)"][:2] == ["100", "70.45"]
    theirs.write_text(MOODLE.replace("11.00", "100.00").replace("11,00", "100,00"), encoding="utf-8")
    moodle = MoodleExporter(worksheet=str(theirs), assignment=[LESSON], scale=True, to=out)
    assert columns(rows(moodle, book))["Grade"][0] == "70.45455"


def test_a_worksheet_in_another_language(book: Gradebook, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.csv"
    words = {
        "Identifier": "ID",
        "Grade": "Bewertung",
        "Last modified (grade)": "Zuletzt geändert (Bewertung)",
    }
    text = MOODLE.replace(",Grade,", ",Bewertung,").replace("Identifier,", "ID,")
    theirs.write_text(text.replace("Last modified (grade)", words["Last modified (grade)"]), encoding="utf-8")
    settings = {"worksheet": str(theirs), "assignment": [LESSON], "to": str(tmp_path / "out.csv")}
    with pytest.raises(TableError, match=r"MoodleExporter.headings=Identifier='HEADING'"):
        MoodleExporter(**settings).export(book)
    found = columns(rows(MoodleExporter(**settings, headings=words), book))
    assert found["Bewertung"][0] == "7.75"


@pytest.mark.parametrize(
    ("exporter", "settings", "content", "said"),
    [
        (CanvasExporter, {"assignment": ["nine"]}, "", "no lesson nine. It has: 01_gradient_descent, 03"),
        (CanvasExporter, {"columns": {LESSON: "Lesson 4"}}, CANVAS, "'Lesson 4'. It has: .*Lesson 3"),
        (CanvasExporter, {}, CANVAS, "columns=LESSON="),
        (
            CanvasExporter,
            {"columns": {LESSON: "Lesson 3"}},
            CANVAS.replace("Exam (78)", "Lesson 3 (78)"),
            "no column",
        ),
        (
            CanvasExporter,
            {"columns": {LESSON: "Lesson 3"}},
            CANVAS.replace(",am,", ",=am,"),
            "the SIS Login ID '=am'",
        ),
        (CanvasExporter, {"columns": {LESSON: "Lesson 3"}}, MOODLE, "no gradebook of Canvas"),
        (MoodleExporter, {}, MOODLE, "which lesson it is"),
        (
            MoodleExporter,
            {"assignment": [LESSON]},
            MOODLE.replace("Participant 9001", "@9001"),
            "the Identifier",
        ),
    ],
)
def test_what_cannot_be_written_is_refused(
    exporter: type[TableExporter], settings: dict, content: str, said: str, book: Gradebook, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    if content:
        (tmp_path / "theirs.csv").write_text(content, encoding="utf-8")
        settings |= {"gradebook" if exporter is CanvasExporter else "worksheet": str(tmp_path / "theirs.csv")}
    with pytest.raises(TableError, match=said):
        exporter(**settings, to=str(out)).export(book)
    assert not out.exists()


def test_ids_that_are_formulas_are_refused(book: Gradebook, tmp_path: Path) -> None:
    evil = SimpleNamespace(
        id="-1+1", first_name="E", last_name="V", email=None, lms_user_id=None, students=[]
    )
    fake = SimpleNamespace(students=[evil], assignments=book.assignments, db=book.db)
    for exporter in (CanvasExporter, MoodleExporter):
        with pytest.raises(TableError, match="begins like a formula"):
            exporter(to=str(tmp_path / "out.csv"), assignment=[LESSON]).export(fake)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A1", "\t=1", "\r1", " =1", "-", "", "1-1", "Müller"])
def test_what_a_spreadsheet_takes_for_a_formula_becomes_text(text: str) -> None:
    is_plain = text in ("-", "", "1-1", "Müller")
    assert spreadsheets.harmless(text) == (text if is_plain else f"'{text}")


def test_a_row_that_may_be_of_several_is_not_filled(book: Gradebook, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.csv"
    twice = CANVAS + '"Müller, Anna",101,S9,am9,A,,1,1,1\n'
    theirs.write_text(twice.replace(",104,S4,carl2,", ",,,nobody,"), encoding="utf-8")
    exporter = CanvasExporter(gradebook=str(theirs), columns={LESSON: "Lesson 3"}, to=str(tmp_path / "o.csv"))
    found = columns(rows(exporter, book))["Lesson 3 (77)"]
    # Anna stands there twice, and the second Carl could be either.
    assert (found[1], found[4], found[7]) == ("", "3", "1")


def test_what_is_left_empty_is_said(
    book: Gradebook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    exporter = MoodleExporter(assignment=[LESSON], to=str(tmp_path / "out.csv"))
    exporter.log = logging.getLogger("exporting")
    exporter.export(book)
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert said == [f"{LESSON}: 1 left empty: waits for a person.", f"{LESSON}: 1 left empty: missing."]
