"""The explorers under a hand: a prediction, a run, a sentence; nothing moves out of its place."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from course_lib.widgets.explorers.display import Display
from tests.browser.jupyter import change_theme, open_notebook, write_notebook
from tests.corpus import sampling

pytestmark = pytest.mark.browser

# What is opened, the words of a prediction, what the sentence says.
EXPLORERS = {
    "descent": ("explore_descent()", "it comes to rest", "came to rest after 288 steps"),
    "training": ("explore_training()", "it falls below", "it learnt. 334 of 342 penguins"),
    "depth": ("explore_depth()", "it stays", "the gradient vanishes"),
    "clipping": ("explore_clipping(1)", "it explodes", "With max_norm 1 E went from 489"),
}
# `make soak` opens all of them beside each other; what is a map is opened by the tests below as well.
TOGETHER = tuple(EXPLORERS) if sampling.WHOLE else ("training",)
# What is opened besides.
LOSS = (
    "explore_loss([-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2], sigmoid([-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2]))"
)
SPILLED = """() => [...document.querySelectorAll('.bp-explorer')].flatMap(root => {
    const box = root.parentElement.getBoundingClientRect();
    return [...root.querySelectorAll('*')].filter(node => {
        const own = node.getBoundingClientRect();
        return node.offsetParent && (own.right > box.right + 1 || own.left < box.left - 1);
    }).map(node => node.className);
})"""
# Where the pictures stand in their explorer, and how high that is: nothing may push them while it runs.
PLACES = """() => [...document.querySelectorAll('.bp-explorer')].map(root => {
    const {top, height} = root.getBoundingClientRect(), shots = [...root.querySelectorAll('.bp-frame')];
    return [height, ...shots.map(shot => shot.getBoundingClientRect().top - top)];
})"""
# A notebook that runs may scroll to its last cell, past its end, and then shows nothing of the first.
AT_THE_TOP = """() => {
    document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0;
    return document.querySelector('.bp-frame')?.checkVisibility();
}"""
# Milliseconds of ten turns of the hillside, each with its picture.
TURNS = """async () => {
    const hill = document.querySelector('.bp-hill canvas'), times = [];
    for (let n = 0; n < 10; n++) {
        const before = performance.now();
        hill.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft'}));
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
        times.push(performance.now() - before);
    }
    return times;
}"""
MOVED = """() => {
    const [x1, x2] = document.querySelectorAll('.bp-explorer input[type=number]');
    return x1.value != 1.8 && x2.value != -1.5;
}"""
LOADED = "[...document.querySelectorAll('.bp-frame img')].every(shot => shot.complete && shot.naturalWidth)"


# A view of a display whose pictures are not there yet: what is drawn of them when they come.
LATE = """async source => {
    const file = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
    const state = {stills: [], frames: [], tables: [], legend: []}, handlers = {};
    const model = {get: name => state[name], on: (event, act) => { handlers[event] = act; }, off: () => {}};
    const el = document.body.appendChild(document.createElement('div'));
    (await import(file)).default.render({model, el});
    const png = new Uint8Array();
    Object.assign(state, {
        stills: [png, png], frames: ['one', 'two'].map(alt => ({png, alt, width: 40, height: 30})),
    });
    handlers['change:stills']();
    handlers['change:frames']();
    return [...el.querySelectorAll('.bp-frames > *')].map(child => child.querySelector('.bp-moving')?.alt ?? '');
}"""


@pytest.fixture
def explore(lab, page):
    """Open explorers in one notebook, and give the page and the explorers on it."""
    address, folder = lab

    def open_them(*kinds: str):
        page.set_viewport_size({"width": 1600, "height": 1000 * len(kinds)})  # all of them in sight
        cells = (EXPLORERS[kind][0] if kind in EXPLORERS else LOSS for kind in kinds)
        write_notebook(folder / "explore" / "it.ipynb", "from course_lib import *", *cells)
        open_notebook(page, address, "explore/it.ipynb", 0)
        page.wait_for_function(f"document.querySelectorAll('.bp-explorer').length === {len(kinds)}")
        page.wait_for_function(AT_THE_TOP, timeout=60_000)
        page.wait_for_function(LOADED)
        page.wait_for_timeout(300)
        return page, [page.locator(".bp-explorer").nth(n) for n in range(len(kinds))]

    return open_them


def button(explorer, name):
    return explorer.get_by_role("button", name=name)


def message(explorer, words):
    return explorer.locator(".bp-message", has_text=words)


def test_a_picture_that_comes_later_than_its_view_is_shown(browser):
    page = browser.new_page()
    assert page.evaluate(LATE, str(Display._esm)) == ["one", "two", ""]
    page.close()


@pytest.mark.sampled
def test_predict_run_and_read(explore):
    page, explorers = explore(*TOGETHER)
    places = page.evaluate(PLACES)
    for explorer, kind in zip(explorers, TOGETHER, strict=True):
        _, prediction, sentence = EXPLORERS[kind]
        assert button(explorer, "Play").is_disabled()
        explorer.get_by_label(prediction).check()
        button(explorer, "Step").click()
        message(explorer, re.compile(".{31}")).wait_for()
        button(explorer, "To the end").click()
        message(explorer, "redicted").wait_for()
        assert sentence in explorer.get_by_role("status").filter(has_text="redicted").inner_text()
    page.wait_for_function(LOADED)
    assert page.evaluate(PLACES) == places
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    height = page.viewport_size["height"]
    for width, theme in ((1600, "Light"), (900, "Dark")):
        change_theme(page, f"JupyterLab {theme}")
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)
        assert page.evaluate(SPILLED) == []
        found = page.evaluate("axe.run('.bp-explorer', {resultTypes: ['violations']})")["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    places = page.evaluate(PLACES)
    for explorer in explorers:
        button(explorer, "Start again").click()
        message(explorer, "First predict").wait_for()
    assert page.evaluate(PLACES) == places
    change_theme(page, "JupyterLab Light")


def test_the_keyboard_is_enough_and_a_pause_is_heard(explore):
    page, (explorer,) = explore("descent")
    page.locator(".bp-explorer select").focus()
    for key in ("Tab", "Tab", "Tab", "ArrowUp"):  # the rate, one step up
        page.keyboard.press(key)
    page.locator(".bp-explorer input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('.bp-message').textContent.startsWith('Ready')")
    button(explorer, "Play").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.bp-detail').textContent.startsWith('Step 5')")
    page.keyboard.press("Enter")
    button(explorer, "Play").wait_for()
    page.wait_for_function("document.querySelector('.bp-message').textContent.startsWith('Step ')")
    said = page.locator(".bp-message").inner_text()
    page.wait_for_timeout(300)
    assert page.locator(".bp-message").inner_text() == page.locator(".bp-detail").inner_text() == said
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    page.wait_for_function("document.querySelector('.bp-message').textContent.includes('at rate 0.025')")


@pytest.mark.soak
def test_a_map_is_clicked_a_hillside_turned_and_a_slider_moved(explore, figure):
    page, (_, loss) = explore("descent", "loss")
    page.locator(".bp-hill + .bp-frame").click(position={"x": 194, "y": 90})
    page.wait_for_function(MOVED)  # each field hears of the click by itself
    fields = page.locator(".bp-explorer input[type=number]")
    assert float(fields.nth(0).input_value()) == pytest.approx(0.0, abs=0.3)
    assert float(fields.nth(1).input_value()) == pytest.approx(0.9, abs=0.3)
    hill = page.locator(".bp-hill canvas")
    hill.focus()
    before, turn = hill.evaluate("hill => hill.toDataURL()"), int(hill.get_attribute("aria-valuenow"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.wait_for_function("before => document.querySelector('canvas').toDataURL() !== before", arg=before)
    assert int(hill.get_attribute("aria-valuenow")) == turn + 5
    assert page.evaluate("document.activeElement.tagName") == "CANVAS"  # JupyterLab went to no other cell
    figure(f"a turn of the hillside: {min(page.evaluate(TURNS)):.0f} ms")
    loss.locator("[role=slider]").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    message(loss, "This is the bottom").wait_for()
    assert loss.locator(".bp-detail").inner_text() == "w = 1: the mean of the 9 squared errors is 0."
