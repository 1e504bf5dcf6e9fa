"""The explorers under a hand: a prediction, a run, a sentence; nothing moves out of its place."""

from __future__ import annotations

from importlib import resources

import pytest

from tests.browser.jupyter import change_theme, open_notebook, write_notebook

pytestmark = pytest.mark.browser

# What is opened, the words of a prediction, what the sentence says.
EXPLORERS = {
    "descent": ("explore_descent()", "it comes to rest", "came to rest after 288 steps"),
    "training": ("explore_training()", "it falls below", "it learnt. 334 of 342 penguins"),
    "depth": ("explore_depth()", "it stays", "the gradient vanishes"),
    "clipping": ("explore_clipping(1)", "it explodes", "With max_norm 1 E went from 489"),
}
SPILLED = """() => {
    const root = document.querySelector('.bp-explorer'), box = root.parentElement.getBoundingClientRect();
    return [...root.querySelectorAll('*')].filter(node => {
        const own = node.getBoundingClientRect();
        return node.offsetParent && (own.right > box.right + 1 || own.left < box.left - 1);
    }).map(node => node.className);
}"""
# Where the pictures stand: nothing may push them while it runs.
PLACES = "() => [...document.querySelectorAll('.bp-frame')].map(shot => shot.getBoundingClientRect().top)"
LOADED = "[...document.querySelectorAll('.bp-frame')].every(shot => shot.complete && shot.naturalWidth)"


@pytest.fixture
def explorer(lab, page, request):
    """Open an explorer in a notebook of its own."""

    def open_it(kind: str):
        address, folder = lab
        name = f"explore_{kind}_{abs(hash(request.node.name))}.ipynb"
        write_notebook(folder / name, "from course_lib import *", EXPLORERS[kind][0])
        open_notebook(page, address, name, 0)
        page.wait_for_selector(".bp-frame", timeout=60_000)
        page.wait_for_function(LOADED)
        page.wait_for_timeout(300)
        return page

    return open_it


def button(page, name):
    return page.locator(".bp-explorer").get_by_role("button", name=name)


@pytest.mark.parametrize("kind", EXPLORERS)
def test_predict_run_and_read(explorer, kind):
    page = explorer(kind)
    _, prediction, sentence = EXPLORERS[kind]
    places = page.evaluate(PLACES)
    assert button(page, "Play").is_disabled()
    page.get_by_label(prediction).check()
    button(page, "Step").click()
    page.wait_for_function("document.querySelector('.bp-message').textContent.length > 30")
    button(page, "To the end").click()
    page.wait_for_function("document.querySelector('.bp-message').textContent.includes('redicted')")
    assert sentence in page.get_by_role("status").filter(has_text="redicted").inner_text()
    page.wait_for_function(LOADED)
    assert page.evaluate(PLACES) == places
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    for width, theme in ((1600, "Light"), (900, "Dark")):
        change_theme(page, f"JupyterLab {theme}")
        page.set_viewport_size({"width": width, "height": 1200})
        page.wait_for_timeout(400)
        assert page.evaluate(SPILLED) == []
        found = page.evaluate("axe.run('.bp-explorer')")["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    places = page.evaluate(PLACES)
    button(page, "Start again").click()
    page.wait_for_function("document.querySelector('.bp-message').textContent.startsWith('First predict')")
    assert page.evaluate(PLACES) == places
    change_theme(page, "JupyterLab Light")


def test_the_keyboard_is_enough_and_a_pause_is_heard(explorer):
    page = explorer("descent")
    page.locator(".bp-explorer select").focus()
    for key in ("Tab", "Tab", "Tab", "ArrowUp"):  # the rate, one step up
        page.keyboard.press(key)
    page.locator(".bp-explorer input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('.bp-message').textContent.startsWith('Ready')")
    button(page, "Play").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.bp-detail').textContent.startsWith('Step 5')")
    page.keyboard.press("Enter")
    button(page, "Play").wait_for()
    page.wait_for_function("document.querySelector('.bp-message').textContent.startsWith('Step ')")
    said = page.locator(".bp-message").inner_text()
    page.wait_for_timeout(300)
    assert page.locator(".bp-message").inner_text() == page.locator(".bp-detail").inner_text() == said
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    page.wait_for_function("document.querySelector('.bp-message').textContent.includes('at rate 0.025')")


def test_a_click_on_the_map_is_a_start(explorer):
    page = explorer("descent")
    page.locator(".bp-frame").first.click(position={"x": 250, "y": 100})
    page.wait_for_function("!document.querySelector('.bp-detail').textContent.includes('(1.8, −1.5)')")
    fields = page.locator(".bp-explorer input[type=number]")
    assert float(fields.nth(0).input_value()) == pytest.approx(0.0, abs=0.3)
    assert float(fields.nth(1).input_value()) == pytest.approx(0.9, abs=0.3)
