"""What a hand does in a diagram, and what it finds in answers.json."""

from __future__ import annotations

import json

from playwright.sync_api import TimeoutError

# Also where lesson 02 is not installed.
SETUP = """from course_lib.exercises import EXERCISES
from course_lib.exercises.lesson_02.exercises import FILL_SYMBOLS
EXERCISES.setdefault("fill_symbols", FILL_SYMBOLS)
from course_lib import check, diagram, forward, place, trace_gradient, watch_backward, watch_forward"""
# The card of a wrong answer, with everything that is folded into one.
CARD = """def output_delta(o, D):
    return 2 / len(D) * (D - o) ** 2 * o * (1 - o)
display(check("output_delta", output_delta))"""
NOTEBOOKS = {
    "fill": ('diagram("fill_symbols")',),
    "choose": ('diagram("factors_w12_01")',),
    "two": ('diagram("factors_w11_12")', 'diagram("factors_w21_12")'),
    "trace": ("trace_gradient()",),
    "forward": ("watch_forward()",),
    "backward": ("watch_backward()",),
    "all": (
        'diagram("fill_symbols")',
        'diagram("factors_w12_01")',
        "trace_gradient()",
        f"{CARD}\nwatch_forward()",
        "watch_backward()",
    ),
}
FACTORS = ("2", "o_n1 - d_n1", "S'(net_n1_12)", "w21_12", "S'(net_n2_01)", "x_n1")


def saved_answers(path, exercise="fill_symbols"):
    return json.loads(path.read_text(encoding="utf-8"))["answers"].get(exercise, {}) if path.exists() else {}


def settle(page):
    """Wait until Python has said that what was done is in the file."""
    try:
        page.wait_for_function(
            "document.querySelector('.bp-saved') && !document.querySelector('.bp-saved.bp-pending')"
        )
    except TimeoutError as error:
        notes = page.locator(".bp-saved").evaluate_all(
            "notes => notes.map(n => [n.className, n.textContent])"
        )
        raise AssertionError(f"not settled: {notes}") from error


def tile(page, name):
    return page.locator(f'.bp-bank [data-tile="{name}"]')


def slot(page, name):
    return page.locator(f'.bp-slot[data-place="{name}"]')


def press(page, name):
    page.locator(".bp").get_by_role("button", name=name).click()


def drag(page, start, end):
    start.scroll_into_view_if_needed()
    a, b = start.bounding_box(), end.bounding_box()
    page.mouse.move(a["x"] + a["width"] / 2, a["y"] + a["height"] / 2)
    page.mouse.down()
    page.mouse.move(a["x"] + a["width"] / 2 + 10, a["y"] + a["height"] / 2 - 10, steps=1)
    page.mouse.move(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2, steps=2)
    page.mouse.up()


KEYS = ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")


NAME = "node => node.dataset.tile || node.dataset.place"
# Keys that the page itself presses cost no picture each; `walk` presses the real ones.
REACHED = """([group, keys, named]) => {
    const name = eval(named);
    return Object.fromEntries([...document.querySelectorAll(group)].map(from => [
        name(from),
        Object.fromEntries(keys.map(key => {
            from.focus();
            from.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
            return [key, name(document.activeElement)];
        })),
    ]));
}"""


def reached(page, group):
    """Return for every button of a group where each arrow leads: name -> key -> name."""
    return page.evaluate(REACHED, [group, KEYS, NAME])


def focused(page):
    """Return the name of the button that has the focus."""
    return page.evaluate(f"({NAME})(document.activeElement)")


def walk(page, leads, wanted):
    """Press arrows, and nothing else, until the focus is on `wanted`."""
    start = focused(page)
    ways, queue = {start: []}, [start]
    while queue and wanted not in ways:
        here = queue.pop(0)
        for key, there in leads[here].items():
            if there not in ways:
                ways[there] = [*ways[here], key]
                queue.append(there)
    assert wanted in ways, f"arrows do not lead from {start} to {wanted}"
    for key in ways[wanted]:
        page.keyboard.press(key)
    assert focused(page) == wanted
