"""From a download to a table that the platform imports, by the commands that a teacher types."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.life import LESSON, Course, right_answers, write_answers
from tests.platform_archives import canvas, moodle, packed, write

pytestmark = pytest.mark.soak
NOTEBOOK = f"{LESSON}.ipynb"
ROSTER = """\
id,first_name,last_name,email,lms_user_id
anna,Anna,Müller,anna@uni.example,101
bob,Bob,O'Brien,bob@uni.example,102
dora,Dora,Groß,dora@uni.example,103
"""
CANVAS = f"""\
Student,ID,SIS Login ID,Section,{LESSON} (77)
    Points Possible,,,,MOST
"Müller, Anna",101,am,A,
"O'Brien, Bob",102,bb,A,
"Groß, Dora",103,dg,A,
"""


@pytest.fixture
def course(tmp_path: Path, released: Path) -> Course:
    """Make a course with a roster, which nbgrader imports as it is."""
    made = Course(tmp_path / "course", released)
    (made.folder / "students.csv").write_text(ROSTER, encoding="utf-8")
    made.commands(["db", "student", "import", "students.csv"])
    return made


def grading(course: Course, *words: str, status: int = 0) -> str:
    """Run ``python -m grading`` in the course's folder."""
    done = subprocess.run(
        [sys.executable, "-m", "grading", *words],
        cwd=course.folder,
        env=course._environment(),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def solved(course: Course, folder: Path) -> bytes:
    """Return the released notebook with every answer right."""
    copy = folder / NOTEBOOK
    copy.write_bytes((course.folder / "notebooks" / LESSON / NOTEBOOK).read_bytes())
    write_answers(copy, right_answers())
    return copy.read_bytes()


@pytest.mark.sandbox
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own
def test_a_download_is_graded_and_goes_back(course: Course, tmp_path: Path) -> None:
    untouched = (course.folder / "notebooks" / LESSON / NOTEBOOK).read_bytes()
    pack = packed({NOTEBOOK: solved(course, tmp_path), "answers.json": b"{}", "receipt.json": b"{}"})
    write(
        tmp_path / "submissions.zip",
        {
            canvas("Müller, Anna", 101, 1, f"{LESSON}.zip", late=True): pack,
            canvas("O'Brien, Bob", 102, 2, NOTEBOOK): untouched,
        },
    )
    said = grading(course, "import", str(tmp_path / "submissions.zip"), LESSON, "--roster=students.csv")
    assert "2 imported, 0 replaced, 0 unchanged, 1 missing" in said
    submitted = course.folder / "grading" / "submitted" / "anna" / LESSON
    assert sorted(path.name for path in submitted.iterdir()) == [NOTEBOOK, "answers.json", "receipt.json"]
    assert submitted.stat().st_mode & 0o077 == 0
    course.commands(["autograde", LESSON])
    with course.gradebook() as book:
        points = {one.student.id: one.score for one in book.assignment_submissions(LESSON)}
        most = book.find_assignment(LESSON).max_score
        for one in book.assignment_submissions(LESSON):
            for notebook in one.notebooks:
                for grade in notebook.grades:
                    grade.needs_manual_grade = False
        book.db.commit()
    assert points["bob"] == 0
    assert points["anna"] > most / 2
    theirs = course.folder / "canvas.csv"
    theirs.write_text(CANVAS.replace("MOST", f"{most:g}"), encoding="utf-8")
    said = course.commands(
        [
            "export",
            "--exporter=grading.platforms.CanvasExporter",
            "--CanvasExporter.gradebook=canvas.csv",
            f"--assignment=['{LESSON}']",
            "--to=out.csv",
        ],
        ["export", "--exporter=grading.platforms.TidyExporter"],
    )
    assert "not recognized" not in said
    with (course.folder / "out.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.reader(file))
    assert [row[-1] for row in table] == [f"{LESSON} (77)", f"{most:g}", f"{points['anna']:g}", "0", ""]
    assert (course.folder / "grades-tidy.csv").stat().st_mode & 0o077 == 0
    # What the command line cannot do it says in one line.
    theirs.write_text(CANVAS.replace("MOST", "100"), encoding="utf-8")
    said = course.commands(
        [
            "export",
            "--exporter=grading.platforms.CanvasExporter",
            "--CanvasExporter.gradebook=canvas.csv",
        ],
        fails=True,
    )
    assert "gives 100 points" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("by", ["Canvas", "Moodle", "Moodle, not in folders"])
def test_zip_collect_takes_the_same_downloads(course: Course, tmp_path: Path, by: str) -> None:
    notebook = solved(course, tmp_path)
    pack = packed({NOTEBOOK: notebook, "answers.json": b"{}", "receipt.json": b"{}"})
    if by == "Canvas":
        names = (
            canvas("Müller, Anna", 101, 1, f"{LESSON}.zip"),
            canvas("O'Brien, Bob", 102, 2, f"{LESSON}-1.ipynb", late=True),
            canvas("O'Brien, Bob", 102, 3, "answers-1.json"),
        )
    else:
        folders = by == "Moodle"
        names = (
            moodle("Anna Müller", 9001, f"{LESSON}.zip", folders=folders),
            moodle("Bob O'Brien", 9002, NOTEBOOK, folders=folders),
            moodle("Bob O'Brien", 9002, "answers.json", folders=folders),
        )
    archive = course.folder / "downloaded" / LESSON / "archive"
    archive.mkdir(parents=True)
    write(archive / "download.zip", dict(zip(names, (pack, notebook, b"{}"), strict=True)))
    course.commands(
        [
            "zip_collect",
            LESSON,
            "--collector=grading.platforms.RosterCollector",
            "--RosterCollector.roster=students.csv",
        ]
    )
    submitted = course.folder / "grading" / "submitted"
    assert (submitted / "anna" / LESSON / NOTEBOOK).read_bytes() == notebook
    assert (submitted / "anna" / LESSON / "answers.json").read_bytes() == b"{}"
    assert sorted(path.name for path in (submitted / "bob" / LESSON).iterdir()) == [NOTEBOOK, "answers.json"]
