"""`make lab`: lessons come into work/ once, and nothing there is ever overwritten."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_lib import __main__ as installed
from course_lib import lab
from course_lib.exercises import LESSONS
from grading import __main__ as command


@pytest.fixture
def course(tmp_path):
    """Two lessons to be copied, one of them with a file beside its notebook."""
    notebooks = tmp_path / "notebooks"
    for lesson in ("00_start_here", "03_identify_gradients"):
        (notebooks / lesson).mkdir(parents=True)
        (notebooks / lesson / f"{lesson}.ipynb").write_text(f"fresh {lesson}")
    (notebooks / "03_identify_gradients" / "table.csv").write_text("1,2\n")
    return SimpleNamespace(notebooks=notebooks, work=tmp_path / "work")


def test_lessons_are_copied_once(course):
    lab.prepare(course.work, notebooks=course.notebooks)
    assert (course.work / "00_start_here" / "00_start_here.ipynb").read_text() == "fresh 00_start_here"
    assert (course.work / "03_identify_gradients" / "table.csv").is_file()
    assert sorted(path.name for path in course.work.iterdir()) == ["00_start_here", "03_identify_gradients"]


def test_a_copy_can_be_written_even_where_the_original_cannot(course):
    (course.notebooks / "03_identify_gradients" / "table.csv").chmod(0o444)
    lab.prepare(course.work, notebooks=course.notebooks)
    assert (course.work / "03_identify_gradients" / "table.csv").stat().st_mode & 0o200


def test_nothing_is_overwritten_and_nothing_put_into_a_lesson_that_exists(course):
    mine = course.work / "03_identify_gradients"
    mine.mkdir(parents=True)
    (mine / "03_identify_gradients.ipynb").write_text("my answers")
    lab.prepare(course.work, notebooks=course.notebooks)
    assert (mine / "03_identify_gradients.ipynb").read_text() == "my answers"
    assert [path.name for path in mine.iterdir()] == ["03_identify_gradients.ipynb"]
    assert (course.work / "00_start_here" / "00_start_here.ipynb").is_file()


@pytest.mark.parametrize("name", ["03", "3", "03_identify_gradients"])
def test_reset_keeps_the_old_copy_aside(course, name):
    lab.prepare(course.work, notebooks=course.notebooks)
    mine = course.work / "03_identify_gradients"
    (mine / "03_identify_gradients.ipynb").write_text("my answers")
    (mine / "answers.json").write_text("{}")
    lab.prepare(course.work, [name], notebooks=course.notebooks)
    assert (mine / "03_identify_gradients.ipynb").read_text() == "fresh 03_identify_gradients"
    (aside,) = course.work.glob("03_identify_gradients.before-*")
    assert re.search(r"before-\d{4}-\d\d-\d\dT\d{4}$", aside.name)
    assert (aside / "03_identify_gradients.ipynb").read_text() == "my answers"
    assert (aside / "answers.json").is_file()
    assert not (mine / "answers.json").exists()


def test_two_resets_in_one_minute_keep_both_copies(course):
    for text in ("first", "second"):
        lab.prepare(course.work, notebooks=course.notebooks)
        (course.work / "00_start_here" / "00_start_here.ipynb").write_text(text)
        lab.prepare(course.work, ["00"], notebooks=course.notebooks)
    kept = {path.read_text() for path in course.work.glob("00_start_here.before-*/*.ipynb")}
    assert kept == {"first", "second"}


def test_a_reset_of_no_lesson_names_the_lessons_and_touches_nothing(course):
    lab.prepare(course.work, notebooks=course.notebooks)
    with pytest.raises(ValueError, match="There is no lesson '04'"):
        lab.prepare(course.work, ["03", "04"], notebooks=course.notebooks)
    assert len(list(course.work.iterdir())) == 2


def test_a_copy_that_was_cut_short_is_begun_again(course):
    half = course.work / ".00_start_here.half"
    half.mkdir(parents=True)
    (half / "stray").write_text("half")
    lab.prepare(course.work, notebooks=course.notebooks)
    assert [path.name for path in (course.work / "00_start_here").iterdir()] == ["00_start_here.ipynb"]
    assert not half.exists()


@pytest.mark.parametrize(
    "run", [lambda *given: command.main(["lab", *given]), lambda *given: installed.main([*given])]
)
def test_the_command_reports_a_wrong_reset_and_starts_nothing(run, tmp_path, capsys):
    assert run("--work", str(tmp_path / "work"), "--reset", "99") == 2
    assert "There is no lesson '99'" in capsys.readouterr().err


def test_the_installed_command_copies_the_lessons_and_hands_on_what_is_not_its_own(tmp_path, monkeypatch):
    served = []
    monkeypatch.setattr(lab, "serve", lambda work, options: served.append((work, options)) or 0)
    monkeypatch.chdir(tmp_path)
    assert installed.main(["--no-browser"]) == 0
    assert served == [(Path("backprop-course"), ["--no-browser"])]
    assert {path.name for path in Path("backprop-course").iterdir()} == set(LESSONS)


def test_a_course_without_lessons_says_so(tmp_path):
    with pytest.raises(ValueError, match="not installed whole"):
        lab.prepare(tmp_path / "work", notebooks=tmp_path / "nowhere")
