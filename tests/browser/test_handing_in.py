"""From the hand to the gradebook: answered in the browser, saved, submitted, collected, autograded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from course_lib.symbols import PLACES
from tests.browser.interaction import saved_answers, settle, slot, tile
from tests.browser.jupyter import open_notebook
from tests.life import Course

# Quick tests show the first half in test_filling.py, and the second in test_life.py.
pytestmark = [pytest.mark.browser, pytest.mark.sandbox, pytest.mark.soak]
LESSON = "02_forward_pass"
# student -> the points of the 14 places filled, and of 7 of them
STUDENTS = {"full": 6.0, "half": 3.0}


def _scroll_to_the_diagram(page: Page) -> None:
    """JupyterLab draws the cells that are in sight, so a person scrolls; this does it a screen at a time."""
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    panel = page.locator(".jp-Notebook .jp-WindowedPanel-outer, .jp-WindowedPanel-outer").first
    for _ in range(60):
        if page.locator(".bp-slot").count():
            page.locator(".bp-slot").first.scroll_into_view_if_needed()
            return
        panel.evaluate("node => { node.scrollTop += 500 }")
        page.wait_for_timeout(150)
    raise AssertionError("the diagram never came into sight")


def _answer(page: Page, notebook: str, address: str, course: Course) -> None:
    """Fill the diagram; what lies there halfway, saved, is what the second student hands in."""
    open_notebook(page, address, notebook, 0)
    _scroll_to_the_diagram(page)
    places, mine = list(PLACES.items()), course.home("full") / LESSON
    for half in (places[:7], places[7:]):
        for place, name in half:
            tile(page, name).click()
            slot(page, place).click()
        settle(page)
        page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
        page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
        if half == places[:7]:
            shutil.copytree(mine, course.home("half") / LESSON, dirs_exist_ok=True)
    assert len(saved_answers(mine / "answers.json")) == 14
    assert len(saved_answers(course.home("half") / LESSON / "answers.json")) == 7


def test_what_was_clicked_is_what_the_gradebook_holds(lab, released: Path, loaded: Page) -> None:
    address, served = lab
    (served / "handing-in").mkdir()
    course = Course(served / "handing-in", released)
    course.release_to("full", lesson=LESSON)
    _answer(loaded, f"handing-in/homes/full/{LESSON}/{LESSON}.ipynb", address, course)
    course.grade(*STUDENTS, lesson=LESSON)
    for student, points in STUDENTS.items():
        with course.gradebook() as book:
            grades = book.find_submission_notebook(LESSON, LESSON, student).grades
            scores = {grade.name: grade.auto_score for grade in grades}
        assert scores["fill_symbols_check"] == points, student
        assert sum(scores.values()) == points, student
