"""Factors chosen, removed and checked; two diagrams at once; a page that is reloaded."""

from __future__ import annotations

import pytest

from tests.browser.interaction import FACTORS, drag, press, reached, saved_answers, settle, tile, walk

pytestmark = pytest.mark.browser


def test_factors_by_mouse_drag_and_keyboard(opened):
    page, path = opened("choose")
    tiles = reached(page, ".bp-bank .bp-tile")
    tile(page, FACTORS[0]).click()
    drag(page, tile(page, FACTORS[1]), page.locator(".bp-strip"))
    tile(page, FACTORS[1]).focus()
    for name in FACTORS[2:]:
        walk(page, tiles, name)
        page.keyboard.press("Enter")
    settle(page)
    assert list(saved_answers(path, "factors_w12_01").values()) == list(FACTORS)
    assert page.locator(".bp-panel").inner_text() == ""  # nothing is judged while choosing
    press(page, "Check")
    page.wait_for_function("document.querySelector('.bp-panel').innerText.includes('ratio')")
    assert "Right" in page.locator(".bp-status").first.inner_text()
    page.locator("[data-factor='1']").click()
    drag(page, page.locator("[data-factor='0']"), page.locator(".bp-how"))
    page.keyboard.press("Tab")
    settle(page)
    assert list(saved_answers(path, "factors_w12_01").values()) == list(FACTORS[2:])
    press(page, "Start again")
    settle(page)
    assert saved_answers(path, "factors_w12_01") == {}


def test_a_check_pressed_at_once_judges_what_was_chosen_last(opened):
    page, _ = opened("choose")
    page.evaluate(
        """names => {
            names.forEach(name => document.querySelector(`.bp-bank [data-tile="${name}"]`).click());
            [...document.querySelectorAll('.bp-tool')].find(tool => tool.textContent === 'Check').click();
        }""",
        list(FACTORS),
    )
    page.wait_for_function("document.querySelector('.bp-panel').innerText.includes('ratio')")
    assert page.locator(".bp-status").first.inner_text() == "Right."


def test_two_diagrams_do_not_disturb_each_other(opened):
    page, path = opened("two")
    first, second = page.locator(".bp").nth(0), page.locator(".bp").nth(1)
    first.locator('[data-tile="2"]').click()
    second.locator('[data-tile="y_n2"]').click()
    first.locator('[data-tile="y_n1"]').click()
    settle(page)
    assert saved_answers(path, "factors_w11_12") == {"factor_1": "2", "factor_2": "y_n1"}
    assert saved_answers(path, "factors_w21_12") == {"factor_1": "y_n2"}
    drag(page, first.locator('[data-tile="2"]'), second.locator(".bp-strip"))
    settle(page)
    assert saved_answers(path, "factors_w21_12") == {"factor_1": "y_n2"}


@pytest.mark.soak  # in the quick tests the page of another day shows them
def test_a_page_saved_by_its_shortcut_and_reloaded_shows_the_answers_without_running_anything(opened):
    page, path = opened("choose")
    tile(page, "2").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    settle(page)
    notebook = path.with_name("it.ipynb")
    for _ in range(50):
        if "widget-view" in notebook.read_text(encoding="utf-8"):
            break
        page.wait_for_timeout(100)
    page.reload()
    page.wait_for_selector(".bp-factor")
    assert page.locator(".bp-factor").get_attribute("aria-label") == "2, remove"
