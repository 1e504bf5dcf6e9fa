"""A class edition: one file that changes lessons, points and what is asked, and what students are handed then."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import nbformat
import pytest

from course_lib import edition
from course_lib.checking.cards.essays import card_of_essay
from course_lib.exercises import COMPLETE, LESSONS, EssayExercise
from course_lib.exercises.lesson_03.rubric import RUBRIC
from grading import __main__, handout, leaving_out, release
from grading.handout import HandoutError, hand_out, wheel_for_students
from tests.clones import Cloned
from tests.conftest import ROOT
from tests.life import LESSON

ORDER = ["00_start_here", "03_identify_gradients", "01_gradient_descent"]
TOLD = f"""
lessons = {ORDER}
dropped = ["printed_formula"]

[points]
number_by_hand = 6
"""


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Write an edition, the one of this course as far as anybody asks for it."""

    def written(text):
        path = tmp_path / edition.NAME
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv(edition.VARIABLE, str(path))
        return path

    return written


def test_the_lessons_are_those_of_the_edition_in_its_order(told):
    told(TOLD)
    lessons = edition.applied(COMPLETE)
    assert list(lessons) == ORDER
    now = {exercise.id: exercise for exercise in lessons[LESSON].exercises}
    was = {exercise.id: exercise for exercise in COMPLETE[LESSON].exercises}
    assert was.keys() - now.keys() == {"printed_formula"}
    assert {name for name in now if now[name].points != was[name].points} == {"number_by_hand"}
    assert now["number_by_hand"].points == 6
    assert lessons["01_gradient_descent"].points == COMPLETE["01_gradient_descent"].points


def test_without_an_edition_the_course_is_as_it_comes(told):
    assert edition.place() is None  # whatever is taught on this machine
    assert edition.applied(COMPLETE) == COMPLETE
    told("")
    assert edition.applied(COMPLETE).keys() == COMPLETE.keys()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lessons = [", "Invalid value"),
        ("point = 3", "no 'point'; did you mean 'points'?"),
        ('lessons = ["03_identify_gradient"]', "did you mean '03_identify_gradients'?"),
        ('lessons = ["00_start_here", "00_start_here"]', "00_start_here stands there 2 times"),
        ("lessons = []", "at least one"),
        ('lessons = "00_start_here"', 'a list of ids, such as ["00_start_here"]'),
        ('dropped = ["printed_formular"]', "did you mean 'printed_formula'?"),
        ('dropped = ["warm_up"]', "nothing is left of 00_start_here; leave it out of lessons"),
        ('dropped = ["mse"]\n[points]\nmse = 3', "mse is dropped, so it has none"),
        ("[points]\nbackprob = 3", "did you mean 'backprop'?"),
        ("[points]\nbackprop = -1", "write 0 or more"),
        ("[points]\nbackprop = nan", "write 0 or more"),
        ("[points]\nbackprop = true", "is no number"),
        ('[points]\nbackprop = "3"', "is no number"),
        ("points = 3", "write a table, [points]"),
    ],
)
def test_what_does_not_fit_the_lessons_is_said_with_the_remedy(told, text, said):
    path = told(text)
    with pytest.raises(edition.EditionError) as raised:
        edition.applied(COMPLETE)
    assert said in str(raised.value)
    assert str(path) in str(raised.value)


def test_every_problem_is_said_at_once_and_a_command_ends_with_it(told, monkeypatch, capsys):
    path = told('lessons = ["00"]\ndropped = ["nothing"]')

    def breaks(out):
        return edition.applied(COMPLETE)

    monkeypatch.setattr(handout, "hand_out", breaks)
    assert __main__.main(["edition", "out"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert all(line.startswith(f"{path}: ") for line in said)


def test_an_edition_that_is_not_there_is_missed(monkeypatch, tmp_path):
    monkeypatch.setenv(edition.VARIABLE, str(tmp_path / "gone.toml"))
    with pytest.raises(edition.EditionError, match=r"gone\.toml"):
        edition.applied(COMPLETE)


def lesson(name):
    return nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)


def test_an_exercise_that_is_dropped_goes_with_its_section_and_nothing_else():
    whole, left = lesson(LESSON), lesson(LESSON)
    assert leaving_out.leave_out(left, {"printed_formula"}) == []
    gone = [cell for cell in whole.cells if cell not in left.cells]
    assert gone[0].source.startswith("## A slip on the slide")
    assert [
        cell.metadata.get("nbgrader", {}).get("grade_id") for cell in gone if cell.metadata.get("nbgrader")
    ] == [
        "printed_formula",
        "printed_formula_check",
    ]
    assert [cell for cell in whole.cells if cell in left.cells] == left.cells


def test_one_of_a_section_goes_alone():
    left = lesson(LESSON)
    assert leaving_out.leave_out(left, {"factors_w21_12"}) == []
    text = "\n".join(cell.source for cell in left.cells)
    assert "factors_w21_12" not in text
    assert "## The two weights next to the output" in text
    assert 'check("factors_w11_12")' in text


def test_what_others_build_on_is_not_dropped():
    for said in (used := leaving_out.leave_out(lesson("04_backpropagation"), {"hidden_delta"})):
        assert said.startswith("hidden_delta cannot be dropped")
        assert "Give it 0 points instead" in said
    assert used
    assert (
        "speaks of its points" in leaving_out.leave_out(lesson("04_backpropagation"), {"gradient_check"})[0]
    )


def test_a_lesson_as_it_comes_is_left_alone():
    left = lesson(LESSON)
    assert leaving_out.leave_out(left) == []
    assert left == lesson(LESSON)


def test_the_wheel_has_lessons_and_the_edition_and_no_rubric_and_no_grader(told):
    path = told(TOLD)
    wheel = wheel_for_students(release.NOTEBOOKS)
    with zipfile.ZipFile(io.BytesIO(wheel.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert {name.split("/")[0] for name in files} == {"course_lib", "backprop_course-0.1.0.dist-info"}
    assert files["course_lib/edition.toml"] == path.read_bytes()
    assert (
        files[f"course_lib/notebooks/{LESSON}/{LESSON}.ipynb"]
        == (release.NOTEBOOKS / LESSON / f"{LESSON}.ipynb").read_bytes()
    )
    assert (
        b"backprop-course = course_lib.__main__:main"
        in files["backprop_course-0.1.0.dist-info/entry_points.txt"]
    )
    for name, content in files.items():
        assert b"BEGIN SOLUTION" not in content or not name.endswith(".ipynb"), name
        assert RUBRIC[0].encode() not in content, name


def test_a_class_reads_no_rubric():
    words = {"id": "why", "lesson": LESSON, "points": 3, "title": "why", "asks": "", "hints": ("", "", "")}
    assert "On your own" not in str(card_of_essay(EssayExercise(**words), True))
    assert "On your own" in str(card_of_essay(EssayExercise(**words, rubric=("a",)), True))


def test_nothing_of_somebody_else_is_overwritten(tmp_path):
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(HandoutError, match="something else"):
        hand_out(tmp_path)
    with pytest.raises(HandoutError, match="is a file"):
        hand_out(tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").exists()


def test_git_leaves_an_edition_alone():
    done = subprocess.run(["git", "check-ignore", "-q", "edition/edition.toml"], cwd=ROOT)
    if done.returncode == 128:
        pytest.skip("no clone")
    assert done.returncode == 0
    assert LESSONS.keys() == COMPLETE.keys()


@pytest.mark.soak
@pytest.mark.sandbox
def test_an_edition_outlives_a_pull_and_is_graded_by_its_points(tmp_path):
    course = Cloned(tmp_path)
    course.tell(TOLD)
    said = course.run(sys.executable, "-m", "grading", "edition", "out")
    assert "points: number_by_hand 3 -> 6" in said
    assert course.run("git", "status", "--porcelain") == "?? out/\n"
    course.pull()
    course.run(sys.executable, "-m", "grading", "edition", "out")
    handed = course.folder / "out" / "lessons"
    assert sorted(path.name for path in handed.iterdir()) == sorted(ORDER)
    lesson = (handed / LESSON / f"{LESSON}.ipynb").read_text(encoding="utf-8")
    assert "printed_formula" not in lesson
    assert "6 points" in lesson
    assert "what stands upstream" in (handed / "00_start_here" / "00_start_here.ipynb").read_text(
        encoding="utf-8"
    )
    course.students_kernel(tmp_path / "installed", ORDER)
    course.hands_in("kim")
    for words in (["generate_assignment", LESSON, "--force"], ["autograde", LESSON, "--create"]):
        course.run(sys.executable, "-m", "nbgrader", *words)
    course.run(sys.executable, "-m", "nbgrader", "export", "--to=grades.csv")
    (row,) = [line for line in (course.folder / "grades.csv").read_text().splitlines() if ",kim," in line]
    automatic = (
        COMPLETE[LESSON].points - 3 - 3 + 3
    )  # without the essay and the one that is dropped, three points more
    assert f",{automatic:.1f},{automatic + 3:.1f}" in row
