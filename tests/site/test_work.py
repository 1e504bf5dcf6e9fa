"""What a visitor does stays in the browser: answers, notebooks, one file of all of it; and it can be handed in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page

from course_lib.exercises import LESSONS
from tests.browser.interaction import FACTORS, press, reached, tile, walk
from tests.conftest import ROOT
from tests.life import LESSON, Course
from tests.site.visiting import open_lesson, replace_notebook, run_all, said_by, save, wait_until

NOTEBOOK = f"{LESSON}/{LESSON}.ipynb"
DIAGRAM = new_notebook(
    cells=[new_code_cell("from course_lib import diagram"), new_code_cell('diagram("factors_w12_01")')]
)
ANSWERS = """async path => {
    const found = await window.jupyterapp.serviceManager.contents.get(path, {content: true});
    const text = found.format === 'base64' ? atob(found.content) : found.content;
    return typeof text === 'string' ? JSON.parse(text) : text;
}"""


def answered(page: Page) -> list[str]:
    return list(page.evaluate(ANSWERS, f"{LESSON}/answers.json")["answers"]["factors_w12_01"].values())


def settle(page: Page, count: int) -> None:
    """Wait until so many answers are in the file."""
    for _ in range(100):
        if said_by(page, "from course_lib import answers; print(len(answers.read('factors_w12_01')))") == str(
            count
        ):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"never {count} answers")


def test_a_diagram_is_answered_by_mouse_and_by_keyboard_and_found_again(address, visitor) -> None:
    open_lesson(visitor, address, LESSON)
    replace_notebook(visitor, NOTEBOOK, json.loads(nbformat.writes(DIAGRAM)))
    run_all(visitor)
    visitor.wait_for_selector(".bp-bank .bp-tile")
    tiles = reached(visitor, ".bp-bank .bp-tile")
    for name in FACTORS[:3]:
        tile(visitor, name).click()
    tile(visitor, FACTORS[2]).focus()
    for name in FACTORS[3:]:
        walk(visitor, tiles, name)
        visitor.keyboard.press("Enter")
    settle(visitor, len(FACTORS))
    press(visitor, "Check")
    visitor.wait_for_function("document.querySelector('.bp-panel').innerText.includes('ratio')")
    save(visitor)
    assert answered(visitor) == list(FACTORS)
    open_lesson(visitor, address, LESSON)
    run_all(visitor)
    visitor.wait_for_function(f"document.querySelectorAll('.bp-factor').length === {len(FACTORS)}")


def solve(page: Page, address: str, lesson: str) -> None:
    """Open a lesson, answer all of it, and save it."""
    open_lesson(page, address, lesson)
    solved = nbformat.read(ROOT / "solutions" / lesson / f"{lesson}.ipynb", as_version=4)
    replace_notebook(page, f"{lesson}/{lesson}.ipynb", json.loads(nbformat.writes(solved)))
    run_all(page)
    save(page)


PACK = """() => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const cells = [...notebook.model.cells];
    notebook.activeCellIndex = cells.findLastIndex(cell => cell.sharedModel.source.includes('pack()'));
    return window.jupyterapp.commands.execute('notebook:run-cell');
}"""


@pytest.mark.sandbox
def test_what_was_packed_in_the_browser_is_graded_like_any_other(
    address, visitor, released, tmp_path
) -> None:
    solve(visitor, address, LESSON)
    visitor.evaluate(PACK)
    with visitor.expect_download() as downloading:
        visitor.locator(".bp-download").last.click()
    packed = downloading.value
    assert packed.suggested_filename == f"{LESSON}.zip"
    course = Course(tmp_path / "course", released)
    there = course.folder / "grading" / "submitted" / "alice" / LESSON
    there.mkdir(parents=True)
    packed.save_as(there / packed.suggested_filename)
    course.commands(["autograde", LESSON])
    scores = course.scores("alice")
    assert sum(score for score in scores.values() if score) == LESSONS[LESSON].points - 3  # of an essay


def change(page: Page, text: str) -> None:
    """Write a text into the first cell of the open notebook, and save it."""
    page.evaluate(
        "text => [...window.jupyterapp.shell.currentWidget.content.model.cells][0].sharedModel.setSource(text)",
        text,
    )
    save(page)


def first_cell(page: Page) -> str:
    return page.evaluate(
        "[...window.jupyterapp.shell.currentWidget.content.model.cells][0].sharedModel.source"
    )


def kept_in_one_file(page: Page, address: str, to: Path) -> Path:
    page.goto(f"{address}/index.html")
    page.get_by_text("1 lesson begun").wait_for()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Save everything as one file").click()
    assert re.fullmatch(r"backprop-course-\d{4}-\d\d-\d\d\.json", downloading.value.suggested_filename)
    downloading.value.save_as(to)
    return to


def bring_back(page: Page, address: str, file: Path) -> str:
    page.goto(f"{address}/index.html")
    page.wait_for_selector("#bring:enabled")
    page.set_input_files("#file", file)
    wait_until(page, "document.getElementById('said').textContent !== ''")
    return page.inner_text("#said")


def test_all_work_goes_into_one_file_and_comes_back_in_another_browser(
    address, visitor, browser, tmp_path
) -> None:
    open_lesson(visitor, address, LESSON)
    change(visitor, "# mine")
    file = kept_in_one_file(visitor, address, tmp_path / "kept.json")
    context = browser.new_context()
    other = context.new_page()
    try:
        open_lesson(other, address, LESSON)
        change(other, "# other")
        assert "1 file that differed" in bring_back(other, address, file)
        assert "differed" not in bring_back(other, address, file)
        open_lesson(other, address, LESSON)
        assert first_cell(other) == "# mine"
        aside = json.loads(said_by(other, "import json, os; print(json.dumps(sorted(os.listdir('.'))))"))
        (before,) = [name for name in aside if ".before-" in name]
        shown = said_by(other, f"print(json.load(open({before!r}))['cells'][0]['source'])")
        assert "# other" in shown
    finally:
        context.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "it is damaged, or not a file that this page saved"),
        ('{"schema": "other"}', "it is not a file that this page saved"),
        (
            '{"schema": "backprop-course/kept", "version": 99, "files": {}}',
            "a newer version of this site saved it",
        ),
        ('{"schema": "backprop-course/kept", "version": 1, "files": {}}', "there is no work in it"),
    ],
)
def test_a_file_that_cannot_be_brought_back_is_named(text, said, address, visitor, tmp_path) -> None:
    (tmp_path / "odd.json").write_text(text)
    assert f"odd.json was not brought back: {said}" in bring_back(visitor, address, tmp_path / "odd.json")


def test_a_new_edition_of_a_lesson_is_told_of_and_overwrites_nothing(
    site, address, visitor, tmp_path
) -> None:
    open_lesson(visitor, address, LESSON)
    change(visitor, "# mine")
    newer = (site / "index.html").read_text(encoding="utf-8")
    edition = re.search(rf'data-lesson="{LESSON}" data-edition="(\w+)"', newer)[1]
    visitor.goto(f"{address}/index.html")
    visitor.get_by_text("Begun; saved on").wait_for()
    assert visitor.get_by_text("The lesson has changed since").count() == 0
    context = visitor.context
    context.route(
        "**/index.html",
        lambda route: route.fulfill(body=newer.replace(edition, "newer"), content_type="text/html"),
    )
    visitor.goto(f"{address}/index.html")
    visitor.get_by_text("The lesson has changed since: yours is as you left it.").wait_for()
    context.unroute_all()
    visitor.get_by_role("button", name="Begin the new one").click()
    visitor.get_by_text("Lesson 03 begins afresh").wait_for()
    open_lesson(visitor, address, LESSON)
    assert first_cell(visitor) != "# mine"
    (before,) = [
        name
        for name in json.loads(said_by(visitor, "import json, os; print(json.dumps(os.listdir('.')))"))
        if ".before-" in name
    ]
    assert "# mine" in said_by(visitor, f"print(json.load(open({before!r}))['cells'][0]['source'])")
