"""Every lesson through the sandbox: the solution earns every automatic point, the release as it is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from course_lib.exercises import LESSONS
from grading.intake.versions import mark
from tests import first_edition
from tests.corpus.sampling import WHOLE
from tests.life import Course, right_answers, write_answers

pytestmark = [pytest.mark.sandbox, pytest.mark.sampled]
# Lesson 03 is the one of most other tests of grading; the rest is graded in the soak.
QUICK = ("01_gradient_descent", "04_backpropagation", "06_bug_clinic")
GRADED = LESSONS if WHOLE else QUICK
SOLVED = [("solved", lesson) for lesson in GRADED]
# Nothing in it is an answer, so the one of test_life.py stands for all until the soak.
UNTOUCHED = [("untouched", lesson) for lesson in LESSONS if WHOLE]
# Lesson 06 is the one whose second edition asks most of its exercises otherwise.
EARLIER = [("earlier", lesson) for lesson in LESSONS if WHOLE or lesson == "06_bug_clinic"]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Course:
    """A course whose lessons are all released: solved by one student, untouched by one, and of the first edition."""
    course = Course(tmp_path_factory.mktemp("lessons"), released)
    for student, lesson in SOLVED + UNTOUCHED:
        folder = course.folder / "grading" / "submitted" / student / lesson
        shutil.copytree(course.folder / "notebooks" / lesson, folder)
        if student == "solved":
            write_answers(folder / f"{lesson}.ipynb", right_answers(lesson))
    for student, lesson in EARLIER:
        folder = course.folder / "grading" / "submitted" / student / lesson
        folder.mkdir(parents=True)
        nbformat.write(first_edition.solved(lesson), folder / f"{lesson}.ipynb")
    course.commands(*(["autograde", lesson] for lesson in GRADED))
    return course


@pytest.mark.promise(5)
@pytest.mark.parametrize(("student", "lesson"), SOLVED + UNTOUCHED)
def test_the_solution_earns_every_point_and_the_release_none(
    course: Course, student: str, lesson: str
) -> None:
    points = {e.id: float(e.points) for e in LESSONS[lesson].exercises if e.kind != "essay"}
    with course.gradebook() as book:
        grades = book.find_submission_notebook(lesson, lesson, student).grades
        found = {grade.name.removesuffix("_check"): grade.auto_score for grade in grades}
    expected = points if student == "solved" else dict.fromkeys(points, 0.0)
    assert {name: found[name] for name in points} == expected


@pytest.mark.parametrize(("student", "lesson"), SOLVED + UNTOUCHED)
def test_every_cell_runs_to_its_end_in_the_sandbox(course: Course, student: str, lesson: str) -> None:
    path = course.folder / "grading" / "autograded" / student / lesson / f"{lesson}.ipynb"
    outputs = [o for cell in nbformat.read(path, as_version=4).cells for o in cell.get("outputs", [])]
    errors = [output for output in outputs if output.output_type == "error"]
    assert errors == []


@pytest.mark.promise(9)
@pytest.mark.parametrize("lesson", [lesson for _, lesson in EARLIER])
def test_what_solved_the_first_edition_earns_its_points_or_waits_for_a_person(
    course: Course, lesson: str
) -> None:
    with course.gradebook() as book:
        grades = book.find_submission_notebook(lesson, lesson, "earlier").grades
        found = {
            grade.name.removesuffix("_check"): (grade.auto_score, grade.needs_manual_grade)
            for grade in grades
        }
    asked = first_edition.marks(lesson)
    exercises = {e.id: e for e in LESSONS[lesson].exercises if e.kind != "essay"}
    assert exercises.keys() & asked.keys()
    for name, exercise in exercises.items():
        assert found[name] in ((exercise.points, False), (None, True)), name
    same = {name for name, made in asked.items() if name in exercises and made == mark(exercises[name])}
    assert {found[name] for name in same} == {(exercises[name].points, False) for name in same}
