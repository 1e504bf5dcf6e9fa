"""nbgrader's panels in plain JupyterLab, on the course as it is cloned, and in a student's folder as the guide says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page

from course_lib.exercises import LESSONS
from tests import panels
from tests.browser.jupyter import TOKEN, serving
from tests.life import Course

pytestmark = [pytest.mark.soak, pytest.mark.browser]
LESSON, EXERCISE, STUDENT = "01_gradient_descent", "two_basins", "ann"
RIGHT = ("def two_basins():", "    return (-1.0, -1.0), (1.0, 1.0)")
SETTINGS = {
    "LabApp.expose_app_in_browser": True,
    "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    "LabApp.news_url": "",
}
# What the panel says, cell by cell; its fields have no attributes for it.
SHOWN = """panel => [...panel.querySelectorAll('.nbgrader-CellWidget')].map(cell => [
    cell.querySelector('.nbgrader-CellId input').value,
    cell.querySelector('.nbgrader-CellType select').value,
    cell.querySelector('.nbgrader-CellPoints input').valueAsNumber])"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Course:
    return Course(tmp_path_factory.mktemp("panels") / "course", released)


def _served(folder: Path) -> object:
    places = {
        f"LabServerApp.{name}_dir": folder / ".jupyter" / name for name in ("workspaces", "user_settings")
    }
    return serving(folder, "jupyterlab", "--allow-root", **SETTINGS, **places)


@pytest.fixture(scope="module")
def instructors(course: Course) -> Iterator[str]:
    """JupyterLab in the course, as an instructor starts it."""
    with _served(course.folder) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
    context.route(re.compile(r"^(?!http://127\.0\.0\.1:|data:|blob:)"), lambda route: route.abort())
    context.set_default_timeout(120_000)
    yield context.new_page()
    context.close()


def _lab(page: Page, address: str, notebook: str = "") -> None:
    path = f"/tree/{notebook}" if notebook else ""
    panels.open_lab(page, f"{address}/lab{path}?token={TOKEN}&reset")


def _cells(path: Path) -> list:
    """Return the cells of a lesson; of the notebook around them JupyterLab writes what its kernel says of itself."""
    return [(cell.id, cell.source, cell.metadata) for cell in nbformat.read(path, 4).cells]


def test_the_menu_opens_the_formgrader_with_the_lessons_of_the_course(instructors: str, page: Page) -> None:
    _lab(page, instructors)
    panels.choose(page, "Nbgrader", "Formgrader")
    frame = page.frame_locator("#formgrader iframe")
    for lesson in LESSONS:
        frame.locator("td.name").filter(has_text=lesson).wait_for()
    panels.shoot(page, "formgrader-in-lab")


def test_create_assignment_shows_a_lesson_and_leaves_it_as_it_was(
    course: Course, instructors: str, page: Page
) -> None:
    path = course.folder / "solutions" / LESSON / f"{LESSON}.ipynb"
    before = _cells(path)
    about = [metadata.get("nbgrader", {}) for _, _, metadata in before]
    _lab(page, instructors, f"solutions/{LESSON}/{LESSON}.ipynb")
    panel = panels.open_create_assignment(page)
    shown = panel.evaluate(SHOWN)
    panels.select(page, f"{EXERCISE}_check")
    panels.shoot(page, "create-assignment")
    assert [name for name, _, _ in shown] == [one.get("grade_id", "") for one in about]
    kinds = {name: kind for name, kind, _ in shown}
    assert (kinds[EXERCISE], kinds[f"{EXERCISE}_check"]) == ("solution", "tests")
    # Points live in the exercises alone, and the panel does not know them.
    assert {points for _, _, points in shown} == {0}
    assert panel.locator(".nbgrader-TotalPointsInput").input_value() == ""
    panels.save(page)
    assert _cells(path) == before


def test_points_typed_into_create_assignment_are_refused_by_name(
    course: Course, instructors: str, page: Page
) -> None:
    path = course.folder / "solutions" / LESSON / f"{LESSON}.ipynb"
    before = path.read_bytes()
    _lab(page, instructors, f"solutions/{LESSON}/{LESSON}.ipynb")
    panel = panels.open_create_assignment(page)
    number = [name for name, _, _ in panel.evaluate(SHOWN)].index(f"{EXERCISE}_check")
    points = panel.locator(".nbgrader-CellWidget").nth(number).locator(".nbgrader-CellPoints input")
    points.fill("7")
    points.press("Tab")
    panels.save(page)
    try:
        assert path.read_bytes() != before
        said = course.commands(["generate_assignment", LESSON, "--force"], fails=True)
    finally:
        path.write_bytes(before)
    assert EXERCISE in said
    assert "7" in said


@pytest.mark.sandbox
def test_a_student_fetches_answers_validates_hands_in_and_reads_the_card(course: Course, page: Page) -> None:
    home = course.home(STUDENT)
    with (home / "nbgrader_config.py").open("a") as config:  # on a machine of many it is the account's name
        config.write(f"c.CourseDirectory.student_id = {STUDENT!r}\n")
    course.commands(["release_assignment", LESSON])
    with _served(home) as address:
        _lab(page, address)
        panels.open_assignments(page)
        panels.press(page, "released", LESSON, "Fetch")
        panels.row(page, "fetched", LESSON).wait_for()
        _lab(page, address, f"{LESSON}/{LESSON}.ipynb")
        card = panels.answer(page, EXERCISE, RIGHT).get_attribute("aria-label")
        said = panels.validate(page)
        panels.open_assignments(page)
        panels.press(page, "fetched", LESSON, "Submit")
        panels.row(page, "submitted", LESSON).wait_for()
        graded = (["collect", LESSON], ["autograde", LESSON], ["generate_feedback", LESSON])
        course.commands(*graded, ["release_feedback", LESSON])
        _lab(page, address)
        panels.open_assignments(page)
        panels.press(page, "submitted", LESSON, "Fetch Feedback")
        assert panels.read_feedback(page, LESSON, EXERCISE) == card == f"{EXERCISE}: Right"
    assert "gradient_by_hand" in said
    assert "not answered yet" in said
    assert f'check("{EXERCISE}"' not in said
