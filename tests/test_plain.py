"""Plain nbgrader exercises and lessons of an instructor's own: found, checked, graded apart, and never believed."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.preprocessors import ClearHiddenTests

from course_lib import edition
from course_lib.exercises import COMPLETE, EXERCISES, EssayExercise, PlainExercise
from grading import sources
from grading.intake.mending import mend
from grading.intake.released import Marked
from grading.lessons import LESSONS, OwnLesson, exercises_of, own
from grading.lessons.linking import linked
from grading.pages.html import render
from grading.pages.marks import Marks
from grading.pages.page import build
from grading.pages.preparing import _plain as of_plain
from grading.plain import testing
from grading.plain.files import without_tests
from grading.plain.given import Given, How, given_by
from grading.plain.testing import PlainTest
from grading.sandbox import Limits
from grading.sandbox.filesystem import lay_out
from grading.submission import Cell
from grading.worker import grading
from grading.worker.assessment import Order, plain
from tests.conftest import ROOT
from tests.life import LESSON
from tests.plain_lessons import MEANS, TEST_MEAN, TEST_SPREAD, autograder_tests, means, write
from tests.tiny import marks


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Return the folder of an edition with one own lesson and nothing else."""
    monkeypatch.setenv(edition.VARIABLE, str(tmp_path / edition.NAME))
    write(tmp_path, MEANS, means())
    return tmp_path


def variant() -> list:
    """Return the cells of a lesson of the course with a plain exercise among them."""
    notebook = nbformat.read(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb", as_version=4)
    return [*notebook.cells, *means()[1:4]]


# Where they are.


def test_own_lessons_come_last_or_where_the_edition_has_them(folder):
    assert [*LESSONS] == [*COMPLETE, MEANS]
    (folder / edition.NAME).write_text(f'lessons = ["{MEANS}", "{LESSON}"]')
    assert [*LESSONS] == [MEANS, LESSON]
    assert edition.applied(COMPLETE).keys() == {LESSON}
    (folder / edition.NAME).write_text(f'lessons = ["{LESSON}"]')
    assert MEANS not in LESSONS


def test_an_own_lesson_is_read_from_its_notebook(folder):
    lesson = LESSONS[MEANS]
    assert (lesson.title, lesson.points, lesson.notebook.name) == ("Means", 9, f"{MEANS}.ipynb")
    mean, spread, median = lesson.exercises
    assert isinstance(median, EssayExercise)
    assert [(e.id, e.title, e.points, e.answers) for e in (mean, spread)] == [
        ("test_mean", "The mean", 2, ("mean",)),
        ("test_spread", "The spread", 3, ("spread",)),
    ]
    assert own.tests_for(lesson, {"mean", "median"}) == {"test_mean", "median"}


def test_an_edited_notebook_is_read_anew(folder):
    assert exercises_of(MEANS)["test_mean"].points == 2
    path = folder / "lessons" / MEANS / f"{MEANS}.ipynb"
    path.write_text(path.read_text().replace('"points": 2', '"points": 20'))
    assert exercises_of(MEANS)["test_mean"].points == 20


def test_a_variant_of_a_lesson_has_its_exercises_and_its_own_beside_them(folder):
    write(folder, LESSON, variant())
    lesson = LESSONS[LESSON]
    assert isinstance(lesson, OwnLesson)
    assert lesson.open == COMPLETE[LESSON].open
    assert [e.id for e in lesson.exercises] == [*(e.id for e in COMPLETE[LESSON].exercises), "test_mean"]
    assert lesson.points == COMPLETE[LESSON].points + 2


def test_one_folder_links_to_all_sources_and_follows_changes(folder):
    made = linked(ROOT / "solutions", folder / "sources")
    assert (made / MEANS).resolve() == folder / "lessons" / MEANS
    assert (made / LESSON).resolve() == ROOT / "solutions" / LESSON
    write(folder, LESSON, variant())
    (made / "notes.txt").write_text("mine")
    (folder / edition.NAME).write_text(f'lessons = ["{LESSON}"]')
    linked(ROOT / "solutions", made)
    assert {path.name for path in made.iterdir()} == {LESSON, "notes.txt"}
    assert (made / LESSON).resolve() == folder / "lessons" / LESSON


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("quiz", "{}", "lessons/quiz: a lesson's folder begins with two digits, such as 07_quiz"),
        ("08_more", "{", "08_more.ipynb is no notebook that can be read"),
        ("08_more", '{"cells": [3]}', "08_more.ipynb is no notebook that can be read"),
        ("08_more", "", "the lesson's notebook 08_more.ipynb is missing"),
    ],
)
def test_an_own_lesson_that_cannot_be_read_is_named(folder, name, content, said):
    (folder / "lessons" / name).mkdir()
    if content:
        (folder / "lessons" / name / f"{name}.ipynb").write_text(content)
    with pytest.raises(edition.EditionError) as raised:
        list(LESSONS.values())
    assert said in str(raised.value)


# What may be released.


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (autograder_tests("test_mean", "assert True", 1), "the ID 'test_mean' is given to 2 cells"),
        (autograder_tests("median_check", "assert True", 1), "the IDs 'median' and 'median_check'"),
        (autograder_tests("more", "assert True", None), "cell 'more': None is no number of points"),
        (autograder_tests("more", "assert True", -1), "cell 'more': -1 is no number of points"),
        (new_markdown_cell("?", metadata=marks("more", grade=True, points=1)), "a test is a cell of code"),
        (new_markdown_cell("?", metadata=marks("more") | {}), ""),
    ],
)
def test_what_cannot_be_graded_is_said_with_the_remedy(folder, cell, said):
    path = folder / "lessons" / MEANS / f"{MEANS}.ipynb"
    nbformat.write(new_notebook(cells=[*means(), cell]), path)
    found = sources.problems(path.parent, LESSONS, EXERCISES)
    assert len(found) == bool(said), found
    assert said in "".join(found)


def test_a_task_a_second_notebook_and_no_ids_are_refused(folder):
    path = folder / "lessons" / MEANS / f"{MEANS}.ipynb"
    task = new_markdown_cell("Plot it.", metadata=marks("plot", points=1))
    task.metadata.nbgrader["task"] = True
    nbformat.write(new_notebook(cells=[*means(), task], nbformat_minor=5), path)
    path.with_name("more.ipynb").write_text("{}")
    other, refused = sources.problems(path.parent, LESSONS, EXERCISES)
    assert "only 07_means.ipynb is graded; move more.ipynb" in other
    assert "cell 'plot': a task is not graded here" in refused


def test_beside_the_course_s_exercises_all_of_them_stay_and_no_test_imports(folder):
    path = write(folder, LESSON, variant())
    assert sources.problems(path.parent, LESSONS, EXERCISES) == []
    test = autograder_tests("test_more", "import math\nassert True", 1)
    cells = [c for c in variant() if c.metadata.get("nbgrader", {}).get("grade_id") != "dE_dw_check"]
    nbformat.write(new_notebook(cells=[*cells, test]), path)
    imports, missing = sources.problems(path.parent, LESSONS, EXERCISES)
    assert "cell 'test_more': tests do not run where the course's exercises are graded" in imports
    assert "exercise 'dE_dw' has no grade cell" in missing


# What a test gave.

RESULT = ("execute_result", {"data": {"text/plain": "1.5"}})
NO_NUMBERS = (
    *(
        "nan",
        "inf",
        "-1",
        "-0.0",
        "3.1",
        "1e999",
        "'3'",
        "True",
        "3 ",
        "3\n",
        "\uff13",
        "1_0",
        "[3]",
        "0x3",
        "",
        None,
        3,
    ),
    *("np.float64(nan)", "np.float64(-1.0)", "np.float64(2)3", "np.float64(3.5)", "x" * 10**6),
)
ERROR = ("error", {"ename": "ValueError", "evalue": "secret", "traceback": ["secret"]})


def result(text: object) -> tuple[str, dict]:
    return "execute_result", {"data": {"text/plain": text}}


@pytest.mark.parametrize(
    ("outputs", "given"),
    [
        ([], Given(How.PASSED, 3)),
        ([("stream", {"name": "stdout", "text": "hello"})], Given(How.PASSED, 3)),
        ([result("3")], Given(How.PASSED, 3)),
        ([RESULT], Given(How.PARTLY, 1.5)),
        ([result("np.float64(0.5)")], Given(How.PARTLY, 0.5)),
        ([result("0")], Given(How.PARTLY, 0)),
        ([result("1e-1")], Given(How.PARTLY, 0.1)),
        *(([result(text)], Given(How.NO_NUMBER)) for text in NO_NUMBERS),
        ([("execute_result", {"data": "3"})], Given(How.NO_NUMBER)),
        ([("execute_result", {})], Given(How.NO_NUMBER)),
        ([result("3"), result("3")], Given(How.SEVERAL)),
        ([result("3"), ERROR], Given(How.FAILED, error="ValueError")),
        ([("error", {"ename": "assert mean([2, 4]) == 3"})], Given(How.FAILED)),
        ([("error", {"ename": ["ValueError"]})], Given(How.FAILED)),
        ([("error", {"ename": "KeyboardInterrupt"})], Given(How.TIMED_OUT, error="KeyboardInterrupt")),
        ([result("3"), ("stream", {"name": "stderr", "text": "hm"})], Given(How.WARNED)),
    ],
)
def test_points_are_a_number_from_nothing_to_all(outputs, given):
    assert given_by(Cell("", outputs=outputs), 3.0) == given


def test_a_test_that_did_not_run_is_no_test_that_passed():
    assert given_by(Cell("", outputs=None), 3.0).how is How.NOT_RUN
    assert given_by(Cell("", outputs=None, deadly=True), 3.0).how is How.DIED
    assert given_by(Cell("", outputs=[result("3")], note="cut"), 3.0).how is How.CUT


def test_where_a_test_stands_among_the_student_s_cells():
    cells = [new_code_cell("own()"), *means()]
    found = list(testing.tests_in(cells, plain(read_means()), {"mean"}))
    assert [(test.exercise, test.behind, test.answered) for test in found] == [
        ("test_mean", 2, True),
        ("test_spread", 3, False),
    ]
    assert found[0].source == TEST_MEAN


def read_means() -> OwnLesson:
    exercises = (
        PlainExercise(**COMMON, id="test_mean", points=2.0, title="The mean", answers=("mean",)),
        PlainExercise(**COMMON, id="test_spread", points=3.0, title="The spread", answers=("spread",)),
    )
    return OwnLesson(MEANS, "Means", 0, frozenset(), exercises)


COMMON = {"lesson": MEANS, "asks": "", "hints": ("", "", "")}
STEALING = """
def mean(x):
    name = In[-1][In[-1].index("HIDDEN"):][:60]
    raise type(name, (Exception,), {})(name)
"""


@pytest.mark.sandbox
def test_tests_run_apart_in_order_and_nothing_of_theirs_comes_out(tmp_path):
    lesson = read_means()
    (tmp_path / "box").mkdir()
    (tmp_path / "files").mkdir()
    lay_out(tmp_path / "box", lesson)
    cells = [(STEALING, "mean"), ("def spread(x): return 4", "spread"), ("print(In)\nspread = None", "")]
    tests = [
        PlainTest("test_mean", TEST_MEAN, 1, True),
        PlainTest("test_spread", "float(spread([]) == 4) / 2", 2, True),
        PlainTest("test_mean", "spread is None or 1 / 0\nTrue", 3, True),
    ]
    where = str(tmp_path / "box"), str(tmp_path / "files")
    found = list(testing.judged(plain(lesson), tests, cells, *where, Limits(), False))
    stolen, half, last = (verdict for verdict, _ in found)
    assert (stolen.points, half.points, last.points) == (0, 0.5, 0)
    assert [looked_at for _, looked_at in found] == [False, False, True]
    assert str(stolen) == "The mean: the test stopped at an error. (0 of 2 points)"
    assert str(half) == "The spread: the test gives 0.5 of 3 points. (0.5 of 3 points)"
    assert all("HIDDEN" not in verdict._repr_html_() for verdict, _ in found)


# Around it: what comes in, and what is shown.


def order(folder: Path) -> Order:
    return Order(MEANS, [], {}, str(folder), str(folder), b"s" * 64, asdict(Limits()), preload=False)


@pytest.mark.parametrize(
    ("told", "points", "broken"),
    [
        ({"test_mean": 2.0}, {"test_mean": 2.0}, ["test_spread"]),
        ({"test_mean": 2.5}, {}, ["test_mean", "test_spread"]),
        ({"backprop": 5.0}, {}, ["test_mean", "test_spread"]),
        ({"median": 4.0}, {}, ["test_mean", "test_spread"]),
        (OSError("no"), {}, ["test_mean", "test_spread"]),
    ],
)
def test_what_the_worker_of_the_tests_says_is_looked_at(folder, monkeypatch, told, points, broken):
    sent = []

    def run(function, data, budget):
        if function is grading.inside.grade:
            return ours
        sent.append(data)
        if isinstance(told, Exception):
            raise told
        return {"verdicts": {name: verdict | {"points": value} for name, value in told.items()}, "broken": []}

    verdict = {"points": 0.0, "right": False, "diagnosis": [], "right_parts": 0, "reason": "FAILED"}
    verdict |= {"status": "RAISED", "either": False, "state": "wrong", "card": ""}
    ours = {"outputs": [], "verdicts": {}, "figures": {}, "broken": ["median"], "drawn": []}
    ours |= {"answers_file": True, "notes": [], "name": "", "stopped": False}
    monkeypatch.setattr(grading, "run", run)
    (folder / "files").mkdir()
    graded = grading.grade(replace(order(folder / "files"), tests=[PlainTest("test_mean", "", 0, True)]))
    assert {name: each["points"] for name, each in graded.verdicts.items()} == points
    assert graded.broken == ["median", *broken]
    assert b"s" * 64 not in sent[0]


def test_no_file_that_a_kernel_sees_has_a_test_in_it(tmp_path):
    handed_in, seen = tmp_path / "handed_in", tmp_path / "seen"
    (handed_in / "data").mkdir(parents=True)
    (handed_in / "data" / "table.csv").write_text("1,2")
    seen.mkdir()
    nbformat.write(new_notebook(cells=means()), handed_in / f"{MEANS}.ipynb")
    without_tests(handed_in, seen, ["test_mean", "test_spread"])
    assert (seen / "data" / "table.csv").read_text() == "1,2"
    made = nbformat.read(seen / f"{MEANS}.ipynb", as_version=4)
    assert [
        cell.source for cell in made.cells if cell.metadata.get("nbgrader", {}).get("points") in (2, 3)
    ] == ["", ""]
    assert [cell.source for cell in made.cells if cell.source] == [
        cell.source for cell in means() if cell.source not in (TEST_MEAN, TEST_SPREAD)
    ]


def test_a_test_as_students_got_it_is_not_edited_and_is_put_back_whole():
    shown = new_code_cell(TEST_MEAN, metadata=marks("test_mean", grade=True))
    ClearHiddenTests()._remove_hidden_test_region(shown)
    words = {"cell_type": "code", "locked": True, "grade": True, "solution": False, "task": False}
    known = Marked("test_mean", source=TEST_MEAN, points=2.0, checksum="", shown=shown.source, **words)
    cell = {"cell_type": "code", "mark": "test_mean", "attachments": {}}
    as_given, edited, twice = (
        mend([cell | {"source": source} for source in given], [known])
        for given in ([shown.source], ["pass"], [shown.source, "pass"])
    )
    assert as_given.notes == []
    assert len(edited.notes) == 1
    for mended in (as_given, edited, twice):
        assert [c["source"] for c in mended.cells if c["mark"]] == [TEST_MEAN]


def test_feedback_has_no_line_of_a_test_and_the_marker_has_all_of_it(folder):
    page = build(
        new_notebook(cells=means()), "Means", Marks(), frozenset(), plain=dict(of_plain(LESSONS[MEANS]))
    )
    assert [(section.id, section.answer) for section in page.exercises] == [
        ("test_mean", "mean"),
        ("test_spread", "spread"),
        ("median", "median"),
    ]
    assert [section.id for section in page.to_read] == ["median"]
    feedback = render("feedback.html", page)
    assert "HIDDEN" not in feedback
    assert "assert" not in feedback
    about = dict.fromkeys(("base_url", "submission_id", "notebook_id", "assignment_id", "student"), "x")
    marking = render(
        "marking.html", page, about=about | {"index": 0, "total": 1, "last_name": "", "first_name": ""}
    )
    assert "BEGIN HIDDEN TESTS" in marking
    assert marking.count('class="tested"') == 2
    assert 'id="mean-comment"' in marking


def test_the_course_without_an_edition_has_no_plain_exercise():
    assert edition.place() is None
    assert os.environ[edition.VARIABLE] == ""
    assert [*LESSONS] == [*COMPLETE]
    assert not any(plain(lesson) for lesson in LESSONS.values())
