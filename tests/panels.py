"""JupyterLab with nbgrader's panels, as a person works them: Assignment List, Validate, Create Assignment."""

from __future__ import annotations

import os
import re

from playwright.sync_api import Locator, Page

CREATE = "#nbgrader-create_assignemnt"  # spelled so by nbgrader
FIND = """name => window.jupyterapp.shell.currentWidget.content.widgets.findIndex(
    cell => cell.model.getMetadata('nbgrader')?.grade_id === name)"""
SELECT = """async ([index, edit]) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'center');
    if (edit) await window.jupyterapp.commands.execute('notebook:enter-edit-mode');
}"""
# What a command promises is noted on the page, so that waiting for it has an end.
DO = """command => {
    window.done = false;
    window.jupyterapp.commands.execute(command).then(() => { window.done = true; });
}"""
KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
SAVED = "!window.jupyterapp.shell.currentWidget.context.model.dirty"
LINES = """() => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    return notebook.activeCell.model.sharedModel.getSource();
}"""


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page, for who asks for them."""
    if folder := os.environ.get("HUB_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def open_lab(page: Page, address: str) -> None:
    """Open JupyterLab, on whatever its address names, and wait until it is all there."""
    page.goto(address)
    page.wait_for_function("window.jupyterapp?.restored")
    page.evaluate("window.jupyterapp.restored.then(() => null)")


def do(page: Page, command: str) -> None:
    """Let JupyterLab do what a menu or a key would, and wait until it has."""
    page.evaluate(DO, command)
    page.wait_for_function("window.done")


def choose(page: Page, *items: str) -> None:
    """Choose from the menu bar: the menu, then what is in it."""
    menu, item = items
    page.locator(".lm-MenuBar-item").filter(has_text=re.compile(f"^{menu}$")).click()
    page.locator(".lm-Menu-item").filter(has_text=re.compile(f"^{re.escape(item)}")).first.click()


def open_assignments(page: Page) -> None:
    """Open the Assignment List."""
    choose(page, "Nbgrader", "Assignment List")
    page.wait_for_selector("#released_assignments_list")


def row(page: Page, status: str, lesson: str) -> Locator:
    """Return what the Assignment List says of a lesson among those of a status."""
    return page.locator(f"#{status}_assignments_list .list_item").filter(has_text=lesson).first


def press(page: Page, status: str, lesson: str, button: str) -> None:
    """Press a button of the Assignment List."""
    row(page, status, lesson).get_by_role("button", name=button).click()


def select(page: Page, cell: str, *, edit: bool = False) -> None:
    """Go to the cell that nbgrader knows by this name."""
    index = page.evaluate(FIND, cell)
    assert index >= 0, f"the notebook has no cell {cell}"
    page.evaluate(SELECT, [index, edit])


def answer(page: Page, exercise: str, lines: tuple[str, ...]) -> Locator:
    """Run a lesson that has been opened, type an answer, check it and save; return its card."""
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(KERNEL)
    do(page, "notebook:run-all-cells")
    select(page, exercise, edit=True)
    for key in ("Control+A", "Delete"):
        page.keyboard.press(key)
    for number, line in enumerate(lines):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.type(line.lstrip())  # the editor indents by itself
    page.keyboard.press("Escape")
    assert page.evaluate(LINES).split("\n") == list(lines)
    do(page, "notebook:run-cell")
    select(page, f"{exercise}_check")
    do(page, "notebook:run-cell")
    card = card_of(page, exercise)
    card.wait_for()
    card.scroll_into_view_if_needed()
    save(page)
    return card


def card_of(page: object, exercise: str) -> Locator:
    """Return the card of an exercise on a page, or in a frame of one."""
    return page.locator(f'section[aria-label^="{exercise}: "]').first


def save(page: Page) -> None:
    """Save the notebook."""
    do(page, "docmanager:save")
    page.wait_for_function(SAVED)


def validate(page: Page) -> str:
    """Press Validate, and return what it says."""
    page.locator(".validate-button").first.click()
    dialog = page.locator(".jp-Dialog")
    said = dialog.inner_text()
    shoot(page, "validate")
    dialog.locator("button.jp-mod-accept").click()
    return said


def open_create_assignment(page: Page) -> Locator:
    """Open the panel Create Assignment beside the notebook that is open, and return it."""
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    choose(page, "Nbgrader", "Create assignment")
    panel = page.locator(CREATE)
    panel.locator(".nbgrader-CellWidget").first.wait_for()
    return panel


def read_feedback(page: Page, lesson: str, exercise: str) -> str:
    """Follow the link of the Assignment List to the feedback, open its page there, and return what the card says."""
    page.locator("#submitted_assignments_list").get_by_text("view feedback").first.click()
    page.locator(".jp-DirListing-item").filter(has_text=f"{lesson}.html").dblclick()
    frame = page.frame_locator(".jp-HTMLViewer iframe")
    card = card_of(frame, exercise)
    card.wait_for()
    card.scroll_into_view_if_needed()
    shoot(page, "feedback-in-lab")
    return card.get_attribute("aria-label")
