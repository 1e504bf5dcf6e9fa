"""The bookkeeping in one go gives what nbgrader's own steps give: the same notebooks, and the same gradebook."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_lib.exercises import LESSONS
from grading.bookkeeping.writing import text_of
from tests.corpus.classroom import stories
from tests.corpus.making import Draft
from tests.life import LESSON, Course
from tests.made_up_grades import MADE_UP, STEP_BY_STEP

ESSAY = next(e.id for e in LESSONS[LESSON].exercises if e.kind == "essay")
FIRST = next(e.id for e in LESSONS[LESSON].exercises if e.kind == "function")
LATE = "c.AssignLatePenalties.plugin_class = 'grading.deadlines.ByTheDay'\n"
# Every row, with the names of things in the place of the ids, which are drawn at random.
OF_A_STUDENT = """
    join submitted_notebook n on n.id = x.{key} join submitted_assignment s on s.id = n.assignment_id
"""
ROWS = {
    "students": "select * from student order by id",
    "submissions": "select student_id, timestamp, extension from submitted_assignment order by 1",
    "notebooks": f"select s.student_id, x.flagged, x.late_submission_penalty from submitted_notebook x "
    f"{OF_A_STUDENT.format(key='id')} order by 1",
    "grades": f"select s.student_id, c.name, c.type, auto_score, manual_score, extra_credit, needs_manual_grade, "
    f"a.graded, a.marked from grade x {OF_A_STUDENT.format(key='notebook_id')} join base_cell c on c.id = x.cell_id "
    "left join course_answers a on a.id = x.id order by 1, 2, 3",
    "comments": f"select s.student_id, c.name, c.type, auto_comment, manual_comment from comment x "
    f"{OF_A_STUDENT.format(key='notebook_id')} join base_cell c on c.id = x.cell_id order by 1, 2, 3",
    "graded": f"select s.student_id, made_of from course_graded x {OF_A_STUDENT.format(key='id')} order by 1",
}


class Both:
    """The same course twice, of which one is graded in one go, and the other step by step."""

    def __init__(self, folder: Path, released: Path, settings: str = "") -> None:
        self.courses = [Course(folder / way, released) for way in ("one_go", "steps")]
        for course, further in zip(self.courses, ("", STEP_BY_STEP), strict=True):
            path = course.folder / "nbgrader_config.py"
            path.write_text(path.read_text() + MADE_UP + settings + further)
            # A secret, and folders of notebooks, that are the same on both sides.
            (course.folder / "grading" / "secret").write_bytes(b"0" * 64)

    def each(self, do) -> None:
        """Do the same in both."""
        for course in self.courses:
            do(course)

    def sql(self, *statements: str) -> None:
        """Change both gradebooks, as a person does."""
        for course in self.courses:
            with contextlib.closing(sqlite3.connect(course.folder / "grading" / "gradebook.db")) as book:
                for statement in statements:
                    assert book.execute(statement).rowcount > 0, statement
                book.commit()

    def graded(self, *words: str) -> dict[str, list]:
        """Grade both, assert that nothing differs, and return the rows of the gradebook."""
        self.each(lambda course: course.commands(["autograde", LESSON, *words]))
        one_go, steps = map(_rows, self.courses)
        assert one_go == steps
        one_go_files, steps_files = map(_files, self.courses)
        assert one_go_files.keys() == steps_files.keys()
        assert [name for name, file in one_go_files.items() if file != steps_files[name]] == []
        return one_go


def _rows(course: Course) -> dict[str, list]:
    with contextlib.closing(sqlite3.connect(course.folder / "grading" / "gradebook.db")) as book:
        return {name: book.execute(query).fetchall() for name, query in ROWS.items()}


def _files(course: Course) -> dict[str, tuple]:
    graded = course.folder / "grading" / "autograded"
    return {
        str(path.relative_to(graded)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in graded.rglob("*")
    }


def _seat(course: Course, student: str, answers: dict[str, str], when: str = "") -> None:
    folder = course.folder / "grading" / "submitted" / student / LESSON
    shutil.rmtree(folder, ignore_errors=True)
    course.seat(student, answers)
    if when:
        (folder / "timestamp.txt").write_text(when)


def test_a_class_and_all_that_happens_to_it_stands_as_nbgraders_steps_leave_it(
    tmp_path: Path, released: Path
) -> None:
    both = Both(tmp_path, released, LATE)
    both.each(lambda course: (course.folder / "solutions" / LESSON / "data.csv").write_text("1\n"))
    both.sql("update assignment set duedate = '2026-11-01 12:00:00.000000'")
    both.each(lambda course: _seat(course, "amy", {ESSAY: "Because."}, "2026-11-03 12:00:00"))
    both.each(lambda course: _seat(course, "bob", {FIRST: "def wrong(): return 1"}))
    first = both.graded()
    penalties = {student: penalty for student, _, penalty in first["notebooks"]}
    assert penalties["amy"] > 0
    assert penalties["bob"] is None
    both.sql(
        "update grade set manual_score = 0.5, needs_manual_grade = 0 where id in "
        f"(select grade.id from grade join base_cell on base_cell.id = cell_id where name = '{ESSAY}')",
        "update grade set extra_credit = 0.25 where auto_score > 0",
        "update comment set manual_comment = 'Well.'",
        "update submitted_assignment set extension = '1970-01-02 00:00:00.000000' where student_id = 'amy'",
    )
    both.each(lambda course: _seat(course, "bob", {ESSAY: "Another."}, "2026-11-04 12:00:00"))
    second = both.graded("--force")
    assert {g[0] for g in second["grades"] if g[1] == ESSAY and g[6]} == {"bob"}


@pytest.mark.soak
def test_the_broken_stand_as_nbgraders_steps_leave_them(tmp_path: Path, released: Path) -> None:
    both = Both(tmp_path, released)

    first, second = both.courses
    for number, story in enumerate((stories("broken") | stories("arriving")).values()):
        folder = first.folder / "grading" / "submitted" / f"s{number:03}" / LESSON
        draft = Draft(first.folder / "notebooks" / LESSON / f"{LESSON}.ipynb", folder)
        story.tell(draft)
        draft.write()
        folder.mkdir(parents=True, exist_ok=True)
    # With pipes, and times: of what is no notebook's size the time of its last change counts.
    subprocess.run(
        ["cp", "-a", first.folder / "grading" / "submitted", second.folder / "grading"], check=True
    )
    rows = both.graded()
    assert len(rows["graded"]) > 50


def test_a_notebook_is_written_as_nbformat_writes_it() -> None:
    odd = {
        "\x00": -1.5e-9,
        "é\u2028": [],
        "b": {},
        "c": [None, True, 10**20, [["\ud83d\ude00\t"]]],
        "d": float("inf"),
    }
    cells = [new_code_cell("a\r\nb\x85c", outputs=[new_output("stream", text="1\n2")], metadata=odd)]
    notebook = new_notebook(
        cells=[*cells, new_markdown_cell("")], metadata={"signature": "x", "z": 1, "a": ""}
    )
    assert text_of(deepcopy(notebook)) == nbformat.writes(notebook) + "\n"


@pytest.mark.soak
def test_nobody_is_added_to_the_gradebook_where_that_is_not_wanted(tmp_path: Path, released: Path) -> None:
    both = Both(tmp_path, released, "c.Autograde.create_student = False\n")
    both.each(lambda course: course.seat("amy", {}))
    both.each(lambda course: course.commands(["autograde", LESSON], fails=True))
    assert [_rows(course)["students"] for course in both.courses] == [[], []]


def test_what_fails_before_its_end_leaves_nothing_in_the_gradebook(tmp_path: Path, released: Path) -> None:
    failing = "from grading import records\nrecords.finish = lambda *given: 1 / 0\n"
    both = Both(tmp_path, released, failing)
    course = both.courses[0]
    course.seat("amy", {})
    assert "ZeroDivisionError" in course.commands(["autograde", LESSON], fails=True)
    assert not any(_rows(course).values())


@pytest.mark.soak
def test_a_step_of_an_instructors_still_runs(tmp_path: Path, released: Path) -> None:
    one_go, steps = Both(tmp_path, released).courses
    said = "raise RuntimeError('another ran')"
    for course in (one_go, steps):
        course.seat("amy", {})
        path = course.folder / "nbgrader_config.py"
        path.write_text(path.read_text().replace("return nb, resources", said))
    assert "another ran" in steps.commands(["autograde", LESSON], fails=True)
    assert "another ran" not in one_go.commands(["autograde", LESSON])
