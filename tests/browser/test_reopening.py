"""What is left of diagrams and explorers when the kernel restarts, and when the notebook is opened another day."""

from __future__ import annotations

import pytest

from tests.browser.jupyter import TOKEN, open_notebook, write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.soak]
SESSION = "window.jupyterapp.shell.currentWidget.sessionContext"
PICTURE = ".bp-saved-picture"


def test_after_a_restart_it_says_so_and_another_day_its_picture_is_shown(lab, loaded):
    address, folder = lab
    page = loaded  # where JupyterLab may complain that its kernel is gone
    write_notebook(
        folder / "it" / "it.ipynb",
        "from course_lib import *",
        'diagram("factors_w11_12")',
        "explore_descent()",
    )
    open_notebook(page, address, "it/it.ipynb")
    page.wait_for_selector(".bp-frame")
    page.locator('.bp-bank [data-tile="y_n1"]').click()
    assert [picture.is_visible() for picture in page.locator(PICTURE).all()] == [False, False]

    page.wait_for_function(f"document.querySelector('{PICTURE} img').alt.includes('y_n1')")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.evaluate(f"{SESSION}.restartKernel()")
    page.wait_for_function("document.querySelectorAll('.bp-lost').length === 2")
    for notice in page.locator(".bp-lost").all():
        assert "The kernel has restarted" in notice.inner_text()
    for widget in (".bp", ".bp-explorer .bp-buttons"):
        assert page.locator(widget).evaluate("node => node.closest('[inert]') !== null")

    page.evaluate(f"{SESSION}.shutdown()")
    page.goto(f"{address}/lab/tree/it/it.ipynb?token={TOKEN}&reset")
    page.wait_for_function("document.body.textContent.split('model not found').length === 3")
    assert [error.is_visible() for error in page.locator("text=model not found").all()] == [False, False]
    assert [picture.is_visible() for picture in page.locator(PICTURE).all()] == [True, True]
    assert "y_n1" in page.locator(f"{PICTURE} img").first.get_attribute("alt")
