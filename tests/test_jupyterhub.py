"""A lesson on a real JupyterHub, by browser: fetched, answered, handed in, graded, given back, in nbgrader's panels."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests import hub as hubs
from tests.conftest import REMEDY
from tests.hub import INSTRUCTOR, STUDENTS, Hub

LESSON, EXERCISE = "01_gradient_descent", "two_basins"
# What each student types into the cell, line by line; the second is not right.
TYPED = {
    "ann": ("def two_basins():", "return (-1.0, -1.0), (1.0, 1.0)"),
    "ben": ("def two_basins():", "return (1.0, 1.0), (1.0, 1.0)"),
}
Said = dict[str, dict[str, str]]
FORMGRADER = "/services/backprop/formgrader"
CREATE = "#nbgrader-create_assignemnt"  # spelled so by nbgrader
FIND = """name => window.jupyterapp.shell.currentWidget.content.widgets.findIndex(
    cell => cell.model.getMetadata('nbgrader')?.grade_id === name)"""
SELECT = """async ([index, edit]) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'center');
    if (edit) await window.jupyterapp.commands.execute('notebook:enter-edit-mode');
}"""
SAVED = "!window.jupyterapp.shell.currentWidget.context.model.dirty"
KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"


def on_a_hub(test: object) -> object:
    """Mark a test that needs the hub, and people in front of it."""
    return pytest.mark.soak(pytest.mark.browser(pytest.mark.sandbox(test)))


def test_the_example_is_made_of_names_that_there_are() -> None:
    for name in ("jupyterhub_config.py", "users/nbgrader_config.py"):
        text = (hubs.EXAMPLE / name).read_text()
        compile(text, name, "exec")
        traits = {n.attr for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Attribute)}
        assert "get_config" in text
        assert traits & {"services", "course_id"}
    said = (hubs.EXAMPLE / "README.md").read_text()
    for place in ("/srv/backprop", "/opt/users", "grader-backprop"):
        assert place in (hubs.EXAMPLE / "jupyterhub_config.py").read_text()
        assert place in said


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Iterator[Hub]:
    """A hub that runs."""
    if not hubs.there():
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"{REMEDY['hub']}. CI=true, so nothing may be skipped.", pytrace=False)
        pytest.skip(REMEDY["hub"])
    hub = Hub(tmp_path_factory.mktemp("hub"), released)
    with hub.running():
        yield hub


def _shoot(page: Page, name: str) -> None:
    """Keep a picture of the page, for who asks for them."""
    if folder := os.environ.get("HUB_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def _lab(hub: Hub, page: Page, student: str, notebook: str = "") -> None:
    """Open JupyterLab in a student's own server, which is started if need be, on a notebook or on nothing."""
    path = f"/tree/{notebook}" if notebook else ""
    page.goto(f"{hub.address}/hub/user-redirect/lab{path}?reset")
    page.wait_for_url(re.compile(f"/user/{student}/lab"))
    page.wait_for_function("window.jupyterapp?.restored")
    page.evaluate("window.jupyterapp.restored.then(() => null)")


def _assignments(page: Page) -> None:
    page.evaluate("window.jupyterapp.commands.execute('nbgrader:open-assignment-list')")
    page.wait_for_selector("#released_assignments_list")


def _row(page: Page, status: str) -> Locator:
    """Return what the panel says of the lesson among those of a status."""
    return page.locator(f"#{status}_assignments_list .list_item").filter(has_text=LESSON).first


def _answer(page: Page, student: str) -> None:
    """Type an answer into its cell, run everything, and save."""
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(KERNEL)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_timeout(500)
    page.wait_for_function(KERNEL)
    index = page.evaluate(FIND, EXERCISE)
    page.evaluate(SELECT, [index, True])
    first, second = TYPED[student]
    for key in ("Control+A", "Delete"):
        page.keyboard.press(key)
    page.keyboard.type(first)
    page.keyboard.press("Enter")
    page.keyboard.type(second)
    page.keyboard.press("Escape")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    check = page.evaluate(FIND, f"{EXERCISE}_check")
    page.evaluate(SELECT, [check, False])
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    card = page.locator(f'section[aria-label^="{EXERCISE}: "]').first
    card.wait_for()
    card.scroll_into_view_if_needed()
    _shoot(page, f"{student}-card")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function(SAVED)


def _validate(page: Page) -> str:
    """Press Validate, and return what it says."""
    page.locator(".validate-button, [data-jp-item-name*=alidate]").first.click()
    said = page.locator(".jp-Dialog").inner_text()
    _shoot(page, "validate")
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    return said


def _hand_in(hub: Hub, browser: object, student: str) -> dict[str, str]:
    """Fetch, answer, validate and submit as one student; return what was said."""
    with hub.signed_in(browser, student) as page:
        _lab(hub, page, student)
        _assignments(page)
        _row(page, "released").get_by_role("button", name="Fetch").click()
        _row(page, "fetched").wait_for()
        _shoot(page, f"{student}-fetched")
        assert page.locator(CREATE).count() == 0
        assert (hub.home(student) / LESSON / f"{LESSON}.ipynb").is_file()
        _lab(hub, page, student, f"{LESSON}/{LESSON}.ipynb")
        _answer(page, student)
        card = page.locator(f'section[aria-label^="{EXERCISE}: "]').first.get_attribute("aria-label")
        validated = _validate(page)
        _assignments(page)
        _row(page, "fetched").get_by_role("button", name="Submit").click()
        _row(page, "submitted").wait_for()
        _shoot(page, f"{student}-submitted")
        return {"card": card, "validated": validated}


def _press(page: Page, hub: Hub, column: str) -> None:
    """Press what stands in a column of the Formgrader for the lesson, and wait until it is said to have been done."""
    page.goto(f"{hub.address}{FORMGRADER}/manage_assignments")
    row = page.locator("#main-table tbody tr, table tbody tr").filter(has_text=LESSON).first
    row.locator(f"td.{column} a").first.click()
    _done(page)


def _done(page: Page) -> None:
    shown = page.locator(".modal.in, .modal.show").first
    shown.wait_for()
    assert shown.get_attribute("id") == "success-modal", shown.inner_text()


def _graded(hub: Hub, page: Page) -> None:
    """Collect by the Formgrader, grade one student by its button and all by the command, and give it back."""
    _press(page, hub, "collect")
    page.goto(f"{hub.address}{FORMGRADER}/manage_submissions/{LESSON}")
    row = page.locator("table tbody tr").filter(has_text=STUDENTS[0]).first
    row.locator("td.autograde a").click()
    _done(page)
    _shoot(page, "autograded")
    words = [sys.executable, "-m", "grading", "autograde", LESSON]
    done = subprocess.run(
        words,
        cwd=hub.course.folder,
        env=hub.course._environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    _press(page, hub, "generate-feedback")
    _press(page, hub, "release-feedback")
    page.goto(f"{hub.address}{FORMGRADER}/gradebook/{LESSON}")
    page.locator("table tbody a").filter(has_text=LESSON).first.wait_for()
    _shoot(page, "gradebook")


def _feedback(hub: Hub, browser: object, student: str) -> str:
    """Fetch the feedback and read it in JupyterLab, as a student."""
    with hub.signed_in(browser, student) as page:
        _lab(hub, page, student)
        _assignments(page)
        # It is in a row of its own: one lesson may be handed in several times.
        page.locator("#submitted_assignments_list").get_by_role("button", name="Fetch Feedback").first.click()
        page.get_by_text("view feedback").first.wait_for()
        _shoot(page, f"{student}-feedback-fetched")
        (made,) = (hub.home(student) / LESSON / "feedback").rglob("*.html")
        page.goto(f"{hub.address}/user/{student}/files/{made.relative_to(hub.home(student)).as_posix()}")
        card = page.locator(f'section[aria-label^="{EXERCISE}: "]').first
        card.wait_for()
        card.scroll_into_view_if_needed()
        _shoot(page, f"{student}-feedback")
        return card.get_attribute("aria-label")


@pytest.fixture(scope="module")
def term(hub: Hub, browser: object) -> Said:
    """What was said to each student in the course of a lesson."""
    with hub.signed_in(browser, INSTRUCTOR) as page:
        _press(page, hub, "release")
        _shoot(page, "released")
        said = {student: _hand_in(hub, browser, student) for student in STUDENTS}
        _graded(hub, page)
    for student in STUDENTS:
        said[student]["feedback"] = _feedback(hub, browser, student)
    return said


@on_a_hub
def test_the_card_in_the_notebook_and_in_the_feedback_say_the_same(term: Said) -> None:
    assert term["ann"]["card"] == term["ann"]["feedback"] == f"{EXERCISE}: Right"
    assert term["ben"]["card"] == term["ben"]["feedback"] == f"{EXERCISE}: Not yet right"


@on_a_hub
def test_validate_names_what_is_not_answered(term: Said) -> None:
    for student in STUDENTS:
        assert "not answered yet" in term[student]["validated"]


@on_a_hub
def test_the_gradebook_has_the_points_of_what_was_typed(hub: Hub, term: Said) -> None:
    with hub.course.gradebook() as book:
        scores = {
            student: {
                grade.name: grade.auto_score
                for grade in book.find_submission_notebook(LESSON, LESSON, student).grades
            }
            for student in STUDENTS
        }
    points = scores["ann"].pop(f"{EXERCISE}_check")
    assert points > 0
    assert scores["ben"].pop(f"{EXERCISE}_check") == 0
    assert {*scores["ann"].values(), *scores["ben"].values()} <= {0.0, None}


@on_a_hub
def test_no_student_opens_the_graders_server(hub: Hub, browser: object, term: Said) -> None:
    for student in STUDENTS:
        with hub.signed_in(browser, student) as page:
            answer = page.goto(f"{hub.address}{FORMGRADER}/manage_assignments")
            assert answer.status == 403
            assert FORMGRADER not in page.content()
            assert page.goto(f"{hub.address}/user/{student}/formgrader").status == 404


@on_a_hub
def test_create_assignment_shows_the_cells_of_a_lesson(hub: Hub, browser: object) -> None:
    with hub.signed_in(browser, INSTRUCTOR) as page:
        page.goto(f"{hub.address}/services/backprop/lab/tree/solutions/{LESSON}/{LESSON}.ipynb?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.evaluate("window.jupyterapp.commands.execute('nbgrader:open-create-assignment')")
        panel = page.locator(CREATE)
        panel.wait_for()
        page.evaluate(SELECT, [page.evaluate(FIND, f"{EXERCISE}_check"), False])
        panel.locator(f"input[value={EXERCISE}_check]").wait_for()
        _shoot(page, "create-assignment")


@on_a_hub
def test_the_users_have_the_wheel_and_no_solution(hub: Hub) -> None:
    words = [hub.users / "bin" / "python", "-c", "import course_lib; print(course_lib.__file__)"]
    said = subprocess.run(
        words, capture_output=True, text=True, timeout=120, check=True, cwd=hub.base, env={}
    )
    assert Path(said.stdout.strip()).is_relative_to(hub.users)
    assert shutil.which("jupyterhub-singleuser", path=str(hub.users / "bin"))
    assert [p for p in hub.users.rglob("*.ipynb") if "BEGIN SOLUTION" in p.read_text(encoding="utf-8")] == []
