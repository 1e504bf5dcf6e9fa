"""The explorers as widgets, without a browser: what a button does, and what stands in where there are no widgets."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import ipywidgets
import numpy as np
import pytest

import course_lib
from course_lib.widgets.explorers.animation import AnimatedFigure
from tests.figures import faults

PNG = b"\x89PNG\r\n\x1a\n"
NAMES = ("explore_clipping", "explore_depth", "explore_descent", "explore_training")


@pytest.fixture(scope="module", params=NAMES)
def explorer(request):
    """One of each for all tests, because its pictures take long to draw; every test leaves it at a start."""
    explorer = getattr(course_lib, request.param)()
    yield explorer
    explorer.close()


@pytest.fixture
def walk():
    explorer = course_lib.explore_descent()
    yield explorer
    explorer.close()


def press(explorer, name):
    explorer._buttons[name].click()


def pictures(explorer):
    return [frame["png"] for frame in explorer.display.frames]


def test_the_prediction_comes_first(explorer):
    assert explorer.display.message == "First predict, then run."
    assert [b.disabled for b in explorer._buttons.values()] == [True] * 4
    before = pictures(explorer)
    assert all(png.startswith(PNG) for png in before)
    explorer._choices.value = next(iter(explorer.predictions))
    assert not explorer._buttons["Step"].disabled
    press(explorer, "Step")
    assert explorer.experiment.run.step == 1
    assert explorer._choices.disabled
    assert pictures(explorer) != before
    assert explorer.display.message == explorer.display.detail == explorer.experiment.run.progress()
    press(explorer, "To the end")
    assert explorer.display.message == explorer.experiment.verdict()
    assert explorer._buttons["Step"].disabled
    assert pytest.importorskip("matplotlib.pyplot").get_fignums() == []  # no window is left behind
    press(explorer, "Start again")
    assert explorer.display.message == "First predict, then run."
    assert (explorer._choices.value, explorer._choices.disabled) == (None, False)
    assert len(explorer.earlier) == 1
    explorer.earlier.clear()


def test_nothing_in_its_pictures_is_cut_or_overlaps(explorer):
    explorer.experiment.run.advance(1_000_000)
    explorer.refresh()
    drawn = [
        v for value in vars(explorer).values() for v in (value if isinstance(value, tuple) else (value,))
    ]
    drawn = [each for each in drawn if isinstance(each, AnimatedFigure)]
    # In a row they shrink to three quarters before one of them goes below.
    assert [faults(each.figure, 0.75 * each.width) for each in drawn] == [[]] * len(explorer.display.frames)
    explorer.restart()
    explorer.earlier.clear()


def test_a_prediction_too_late_is_not_taken(walk):
    walk._choices.value = "rests"
    press(walk, "Step")
    walk._choices.value = "moves"
    assert walk._choices.value == walk.experiment.prediction == "rests"


def test_every_outcome_can_be_predicted_and_every_control_has_a_name(explorer):
    explorer.experiment.run.advance(1_000_000)
    assert explorer.experiment.run.outcome() in explorer.predictions
    explorer.restart()
    rows = [w for child in explorer.children if isinstance(child, ipywidgets.Box) for w in child.children]
    settings = next(w.children for w in rows if isinstance(w, ipywidgets.VBox))
    assert settings
    assert all(setting.description for setting in settings)


def test_a_new_setting_begins_anew_and_only_what_was_seen_costs_the_prediction(walk):
    walk._choices.value = "rests"
    walk._rate.value = 0.05
    assert walk.experiment.prediction == "rests"
    assert walk.experiment.run.learning_rate == 0.05
    press(walk, "Step")
    walk._rate.value = 0.1
    assert (walk.experiment.prediction, walk.experiment.run.step) == (None, 0)


def test_a_click_on_the_contours_is_a_start(walk):
    walk.display._handle_custom_msg(
        {"do": "click", "frame": 0, "x": 0.13 + 0.84 * 0.5, "y": 0.15 + 0.777 * 0.75}, []
    )
    assert walk.experiment.run.path.tolist() == [[0.0, 1.0]]
    for message in (
        {"frame": 1, "x": 0.3, "y": 0.3},
        {"frame": 0, "x": 0.01, "y": 0.5},
        {"frame": 0},
        "no",
        None,
    ):
        walk.display._handle_custom_msg(message, [])
    assert walk.experiment.run.path.tolist() == [[0.0, 1.0]]


def test_the_rate_of_a_training_is_live():
    explorer = course_lib.explore_training()
    explorer._choices.value = "learns"
    press(explorer, "Step")
    explorer._rate.value = 3.0
    assert (explorer.experiment.run.step, explorer.experiment.run.learning_rate) == (1, 3.0)
    press(explorer, "To the end")
    explorer._rate.value = 10.0
    assert (explorer.experiment.run.step, explorer.experiment.run.learning_rate) == (0, 10.0)
    explorer.close()


def test_play_leaves_the_kernel_free_and_can_be_stopped(walk):
    async def scene():
        walk._choices.value = "rests"
        press(walk, "Play")
        assert walk.display.message == "Playing."
        assert walk._buttons["Play"].description == "Pause"
        while walk.experiment.run.step < 3:
            await asyncio.sleep(0.01)
        press(walk, "Play")
        step = walk.experiment.run.step
        await asyncio.sleep(0.2)
        assert walk.experiment.run.step == step < 100
        assert walk._buttons["Play"].description == "Play"
        walk.experiment.run.advance(280)  # of 288
        press(walk, "Play")
        while not walk.experiment.run.over:
            await asyncio.sleep(0.01)
        assert walk.display.message.endswith("As you predicted.")
        assert walk._buttons["Play"].description == "Play"
        await asyncio.sleep(0.1)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    async def in_time():
        async with asyncio.timeout(30):
            await scene()

    # In a thread of its own: browser tests in the same process keep a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(in_time())).result()


def test_where_there_are_no_widgets_a_figure_stands_in(explorer, monkeypatch):
    before, shown = pictures(explorer), []
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr("course_lib.widgets.saved_picture.display", lambda data, **_: shown.append(data))
    explorer._ipython_display_()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    explorer._ipython_display_()
    widget, picture, data = shown
    assert "application/vnd.jupyter.widget-view+json" in widget
    assert "run the first cell" in picture["text/html"]
    assert set(data) == {"text/html", "text/plain"}
    alts = re.findall(r'<img [^>]*alt="([^"]+)"', data["text/html"])
    assert len(alts) == len(before) + bool(explorer.display.hill)
    assert min(map(len, alts)) > 20
    assert "In a running notebook" in data["text/html"]
    assert len(data["text/html"]) < 300_000
    assert pictures(explorer) == before  # showing the end gave nothing away
    assert explorer.experiment.run.step == 0


def test_what_moves_leaves_no_trace():
    figure = AnimatedFigure(100, 80)
    line = figure.animate(figure.axes((0.1, 0.1, 0.8, 0.8)).plot([0, 1], [0, 1])[0])
    first = figure.frame("a line").png
    line.set_data([0, 1], [1, 0])
    assert figure.frame("another").png != first
    line.set_data([0, 1], [0, 1])
    assert figure.frame("a line").png == first


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("explore_descent", {"surface": "hill"}, "surface: expected one of"),
        ("explore_descent", {"learning_rate": 9.0}, "rate η: expected a number between 0.005 and 5, got 9"),
        ("explore_training", {"seed": 100}, r"start \(seed\): expected a whole number between 0 and 99"),
        ("explore_depth", {"activation": "Tanh"}, "activation: expected one of"),
        ("explore_depth", {"scale": np.inf}, "scale: expected a number between"),
        ("explore_clipping", {"max_norm": 3}, "max_norm: expected None or one of 0.01, 0.1"),
    ],
)
def test_bad_input_gets_a_clear_error(name, arguments, said):
    with pytest.raises(ValueError, match=said):
        getattr(course_lib, name)(**arguments)
