"""A lesson changes while submissions of it exist: marks stay, and nothing is deleted before its successor stands."""

from __future__ import annotations

import logging
import shutil
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from course_lib.exercises import LESSONS
from grading import changing, predecessors, release
from tests.life import LESSON
from tests.tiny import TINY, contents, marks

ESSAY = next(e.id for e in LESSONS[LESSON].exercises if e.kind == "essay")
NEW = ("a_new_one", "a_new_one_check")


@pytest.fixture
def book(tmp_path: Path, released: Path):
    """A gradebook that knows the lesson, and one student whose essay is marked."""
    shutil.copy(released / "grading" / "gradebook.db", tmp_path)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.add_student("amy")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader's own
            book.add_submission(LESSON, "amy")
        grade = book.find_grade(ESSAY, LESSON, LESSON, "amy")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        book.db.commit()
        yield book


@pytest.fixture
def notebook(root: Path) -> nbformat.NotebookNode:
    """The lesson as it is released."""
    return nbformat.read(root / "notebooks" / LESSON / f"{LESSON}.ipynb", 4)


def _save(book: Gradebook, notebook: nbformat.NotebookNode) -> None:
    url = str(book.engine.url)
    resources = {"nbgrader": {"notebook": LESSON, "assignment": LESSON, "db_url": url}}
    changing.SaveChangedCells().preprocess(notebook, resources)
    book.db.expire_all()


def _names(book: Gradebook) -> list[str]:
    return [cell.name for cell in book.find_notebook(LESSON, LESSON).source_cells]


def test_an_exercise_is_added_and_every_submission_gets_a_place_for_it(book, notebook):
    before = _names(book)
    where = next(n for n, c in enumerate(notebook.cells) if "nbgrader" in c.metadata)
    solution, check = marks(NEW[0], solution=True), marks(NEW[1], grade=True, points=4)
    notebook.cells[where:where] = [
        nbformat.v4.new_code_cell("x", metadata=solution),
        nbformat.v4.new_code_cell("y", metadata=check),
    ]
    _save(book, notebook)
    assert _names(book) == [*NEW, *before]
    grade = book.find_grade(NEW[1], LESSON, LESSON, "amy")
    assert (grade.max_score, grade.manual_score, grade.needs_manual_grade) == (4, None, True)
    assert book.find_comment(NEW[0], LESSON, LESSON, "amy").comment is None
    assert book.find_grade(ESSAY, LESSON, LESSON, "amy").manual_score == 2.0


def test_an_exercise_goes_only_if_no_mark_of_a_person_goes_with_it(book, notebook):
    plain = next(name for name in _names(book) if name.endswith("_check"))
    gone = {plain, plain.removesuffix("_check")}
    left = set(_names(book)) - gone
    assert list(changing.marked_and_gone(book, LESSON, left)) == []
    (problem,) = changing.marked_and_gone(book, LESSON, left - {ESSAY})
    assert ESSAY in problem
    assert "0 points" in problem
    notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in gone]
    _save(book, notebook)
    assert gone.isdisjoint(_names(book))
    assert {grade.name for grade in book.find_submission_notebook(LESSON, LESSON, "amy").grades} == {
        cell.name for cell in book.find_notebook(LESSON, LESSON).grade_cells
    }


def test_points_that_disagree_are_named_both():
    exercises = [SimpleNamespace(id="one", points=3.0), SimpleNamespace(id="two", points=2.0)]
    (problem,) = changing.disagreements({"one": 5.0, "two": 2.0, "three": 1.0}, exercises)
    assert "one is worth 5 points in the gradebook" in problem
    assert "3 in" in problem
    assert list(changing.disagreements({}, exercises)) == []


@pytest.fixture
def generate(tiny, tmp_path, monkeypatch):
    """Generate the tiny lesson as nbgrader does with --force, in a course of its own."""
    for name in ("init_destination", "convert_notebooks", "run_post_convert_hook"):
        monkeypatch.setattr(BaseConverter, name, getattr(BaseConverter, name))
    monkeypatch.setattr(GenerateAssignment, "start", changing.start)
    monkeypatch.setattr(changing, "LESSONS", release.LESSONS)
    monkeypatch.setattr(changing, "EXERCISES", release.EXERCISES)
    predecessors.configure({})
    log = logging.Logger("quiet", logging.CRITICAL + 1)

    def run(*further: type) -> None:
        config = Config()
        config.CourseDirectory.root = str(tmp_path)
        config.CourseDirectory.source_directory = "solutions"
        config.CourseDirectory.release_directory = "notebooks"
        config.CourseDirectory.assignment_id = TINY
        config.GenerateAssignment.preprocessors = [*release.PREPROCESSORS, *further]
        config.GenerateAssignment.no_database = True
        config.GenerateAssignment.force = True
        config.SaveCells.enabled = False
        course = CourseDirectory(config=config, log=log)
        GenerateAssignment(coursedir=course, config=config, log=log).start()

    return run


class Breaks(NbGraderPreprocessor):
    """A step that fails behind all others."""

    def preprocess(self, nb, resources):
        """Fail."""
        raise OSError("the disk is full")


def test_a_release_stays_until_its_successor_stands(tiny, generate):
    generate()
    before = contents(tiny.notebooks)
    assert before
    with pytest.raises(NbGraderException):
        generate(Breaks)
    assert contents(tiny.notebooks) == before
    tiny.notebook.cells[2].metadata.nbgrader["points"] = 7
    tiny.save()
    with pytest.raises(NbGraderException, match=r"7.* points, course_lib.exercises states 2"):
        generate()
    assert contents(tiny.notebooks) == before
    del tiny.notebook.cells[2].metadata.nbgrader["points"]
    tiny.notebook.cells[0].source += " Again."
    tiny.save()
    generate()
    assert before.keys() == contents(tiny.notebooks).keys()
    assert before != contents(tiny.notebooks)


class Pauses(NbGraderPreprocessor):
    """A step that waits until it may go on."""

    reached, may_go_on = threading.Event(), threading.Event()

    def preprocess(self, nb, resources):
        """Wait."""
        self.reached.set()
        self.may_go_on.wait(30)
        return nb, resources


def test_of_two_commands_that_replace_the_same_one_waits(tiny, generate):
    generate()
    before = contents(tiny.notebooks)
    with ThreadPoolExecutor(2) as both:
        first = both.submit(generate, Pauses)
        assert Pauses.reached.wait(30)
        second = both.submit(generate)
        try:
            with pytest.raises(TimeoutError):
                second.result(1.0)
        finally:
            Pauses.may_go_on.set()
        assert (first.result(30), second.result(30)) == (None, None)
    assert contents(tiny.notebooks) == before


def test_what_a_killed_command_had_moved_aside_comes_back(tiny, generate):
    generate()
    place = tiny.notebooks / TINY
    before = contents(place)
    place.rename(place.with_name(f".{TINY}.before"))
    place.mkdir()
    (place / f"{TINY}.ipynb").write_text("{")
    predecessors.bring_back(place)
    assert contents(place) == before
