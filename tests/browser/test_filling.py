"""The places of the network filled: by mouse, by drag, by keyboard, in code, and two hundred times in a row."""

from __future__ import annotations

import zipfile

import pytest

from course_lib.exercises.lesson_02.exercises import FILL_SYMBOLS
from course_lib.symbols import PLACES
from tests.browser.interaction import (
    NOTEBOOKS,
    SETUP,
    drag,
    press,
    reached,
    saved_answers,
    settle,
    slot,
    tile,
    walk,
)
from tests.browser.jupyter import open_notebook, write_notebook
from tests.corpus.sampling import WHOLE

pytestmark = pytest.mark.browser
# By mouse every place is filled; otherwise one of each kind of place, and in the soak all.
SOME = ("input_1", "hidden_1_net", "output_1_net", "hidden_1_to_output_1")
PLACED = PLACES if WHOLE else {place: PLACES[place] for place in SOME}


def test_every_place_by_mouse_and_found_again_by_another_kernel(opened):
    page, path = opened("fill")
    for place, name in PLACES.items():
        tile(page, name).click()
        slot(page, place).click()
    settle(page)
    assert saved_answers(path) == PLACES
    press(page, "Check")
    page.wait_for_function("document.querySelectorAll('.bp-slot[data-mark=right]').length === 14")
    assert "14 of 14" in page.locator(".bp-status").first.inner_text()
    page, path = opened("fill", again=True)
    assert page.locator(".bp-slot[data-shown='']").count() == 0
    assert slot(page, "input_1").get_attribute("aria-label") == "input 1: x sub n 1"


def test_the_place_first_then_the_symbol_and_out_again(opened):
    page, path = opened("fill")
    slot(page, "input_1").click()
    tile(page, "x_n2").click()
    slot(page, "input_1").click()
    tile(page, "x_n1").click()
    settle(page)
    assert saved_answers(path) == {"input_1": "x_n1"}
    slot(page, "input_1").click()
    press(page, "Remove the symbol")
    settle(page)
    assert saved_answers(path) == {}


@pytest.mark.sampled
def test_places_by_drag_from_place_to_place_and_off_the_board(opened):
    page, path = opened("fill")
    for place, name in PLACED.items():
        drag(page, tile(page, name), slot(page, place))
    settle(page)
    assert saved_answers(path) == PLACED
    drag(page, slot(page, "input_1"), slot(page, "input_2"))
    drag(page, slot(page, "hidden_1_net"), page.locator(".bp-how"))
    settle(page)
    rest = {place: name for place, name in PLACED.items() if place not in ("input_1", "hidden_1_net")}
    assert saved_answers(path) == rest | {"input_2": "x_n1"}
    tile(page, "x_n2").click()  # a drag leaves no click behind
    slot(page, "input_1").click()
    settle(page)
    assert saved_answers(path)["input_1"] == "x_n2"


@pytest.mark.sampled
def test_places_by_keyboard_alone(opened):
    page, path = opened("fill")
    tiles, places = reached(page, ".bp-tile"), reached(page, ".bp-slot")
    slot(page, "input_1").focus()  # from here on keys only
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('bp-tile')")
    for place, name in PLACED.items():
        walk(page, tiles, name)
        page.keyboard.press("Enter")
        walk(page, places, place)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.dataset.tile") == name
    settle(page)
    assert saved_answers(path) == PLACED
    page.keyboard.press("Shift+Tab")
    walk(page, places, "output_1_net")
    page.keyboard.press("Delete")
    settle(page)
    assert "output_1_net" not in saved_answers(path)
    for key in "abx":  # in JupyterLab: a cell above, a cell below, cut this cell
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.locator(".jp-Notebook .jp-Cell").count() == 2


def test_two_hundred_rapid_clicks_lose_none(opened):
    page, path = opened("fill")
    names, places = list(FILL_SYMBOLS.tiles), list(PLACES)
    pairs = [(names[n * 7 % len(names)], places[n % len(places)]) for n in range(100)]
    page.evaluate(
        """pairs => pairs.forEach(([tile, place]) => {
            document.querySelector(`[data-tile="${tile}"]`).click();
            document.querySelector(`[data-place="${place}"]`).click();
        })""",
        pairs,
    )
    settle(page)
    assert saved_answers(path) == {place: tile for tile, place in pairs}


@pytest.mark.soak
def test_a_change_that_is_lost_on_its_way_is_said_again_and_saved(lab, browser):
    address, folder = lab
    write_notebook(folder / "lost" / "it.ipynb", SETUP, *NOTEBOOKS["fill"])
    page, lost = browser.new_page(reduced_motion="reduce"), []

    def lose_the_first(message, server):
        raw = message if isinstance(message, bytes) else message.encode()
        if not lost and b"comm_msg" in raw and b'"change":1' in raw:
            lost.append(raw)
        else:
            server.send(message)

    def between(socket):
        server = socket.connect_to_server()
        socket.on_message(lambda message: lose_the_first(message, server))

    page.route_web_socket("**/channels**", between)
    open_notebook(page, address, "lost/it.ipynb")
    for place, name in list(PLACES.items())[:2]:
        tile(page, name).click()
        slot(page, place).click()
    settle(page)
    assert len(lost) == 1
    assert saved_answers(folder / "lost" / "answers.json") == dict(list(PLACES.items())[:2])
    page.close()


def run(page, code):
    page.evaluate(
        """async code => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            await kernel.requestExecute({ code }).done;
        }""",
        code,
    )


def test_a_place_in_code_shows_at_once_and_is_packed_with_the_notebook(opened):
    page, path = opened("fill")
    # Wherever the kernel wanders, answers stay beside the notebook.
    run(page, 'import os; os.chdir("/"); place("fill_symbols", "hidden_1_output", "y_n1")')
    page.wait_for_selector("[data-place='hidden_1_output'][data-shown='y_n1']")
    assert saved_answers(path) == {"hidden_1_output": "y_n1"}
    run(page, "from course_lib import pack; pack(); os.chdir(get_ipython().starting_dir)")
    with zipfile.ZipFile(path.with_name("it.zip")) as packed:
        assert sorted(packed.namelist()) == ["answers.json", "it.ipynb", "receipt.json"]
