"""The explorers as widgets, without a browser: what a button does, and what stands in where there are no widgets."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ipywidgets
import numpy as np
import pytest

import course_lib
from course_lib.widgets.explorers import hillside
from course_lib.widgets.explorers.animation import AnimatedFigure
from course_lib.widgets.explorers.descent import SURFACES
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
    # In a row they shrink to seven tenths before one of them goes below.
    assert [faults(each.figure, 0.7 * each.width) for each in drawn] == [[]] * len(explorer.display.frames)
    explorer.restart()
    explorer.earlier.clear()
    explorer.refresh()


def test_earlier_runs_have_names(walk):
    for rate in (0.05, 0.1):
        walk._choices.value = "rests"
        press(walk, "Step")
        walk._rate.value = rate
    now, *before = walk.display.legend
    assert now == ("solid", "now: from (1.8, −1.5) at rate 0.1")
    assert before == [
        ("dashed", "before: from (1.8, −1.5) at rate 0.05"),
        ("dotted", "the run before that: from (1.8, −1.5) at rate 0.02"),
    ]
    walk._surface.value = "saddle"  # with which they cannot be compared
    assert len(walk.display.legend) == 1


def test_an_axis_grows_with_what_was_seen_and_nothing_is_held_at_its_edge():
    explorer = course_lib.explore_depth(20, "sigmoid", 0.1)
    low, _ = explorer._axes[0].get_ylim()
    assert low < 1e-4
    explorer._choices.value = "vanishes"
    press(explorer, "Step")
    assert explorer._axes[0].get_ylim()[0] == low  # or the axis would tell the outcome
    press(explorer, "To the end")
    norms = explorer._line.get_ydata()
    assert np.array_equal(norms, explorer.experiment.run.norms)
    assert explorer._axes[0].get_ylim()[0] < norms.min() < 1e-20
    explorer.close()


def test_the_weights_are_tables_of_numbers():
    explorer = course_lib.explore_training()
    tables = explorer.display.tables
    for table, W in zip(tables, explorer.experiment.run.weights, strict=True):
        shown = [[float(text.replace("\N{MINUS SIGN}", "-")) for text, _ in row] for row in table["rows"]]
        assert np.allclose(shown, W, atol=0.05)
        assert all(np.sign(share) == np.sign(w) for row, ws in zip(table["rows"], W, strict=True)
                   for (_, share), w in zip(row, ws, strict=True))  # fmt: skip
    assert explorer.static_html().count("<td>") == sum(W.size for W in explorer.experiment.run.weights)
    explorer.close()


def test_a_step_sends_no_picture_that_has_not_changed(walk):
    walk._choices.value = "rests"
    stills = walk.display.stills
    press(walk, "Step")
    assert [a is b for a, b in zip(stills, walk.display.stills, strict=True)] == [True, True]


def test_the_hillside_and_its_still_picture_are_one_view():
    script = (Path(hillside.__file__).with_name("hillside.js")).read_text(encoding="utf-8")
    assert f"turn: {hillside.TURN}, tilt: {hillside.TILT}" in script
    assert f"HIGH = {hillside.HIGH}" in script
    for colour in (hillside.LOW_COLOUR, hillside.HIGH_COLOUR):
        assert f"[{', '.join(f'{255 * c:.0f}' for c in colour)}]" in script


def test_the_hillside_has_the_heights_of_the_map():
    surface = SURFACES["two valleys"]
    land = hillside.landscape(surface)
    heights = np.frombuffer(land["heights"], "float32").reshape(land["rows"], land["columns"])
    a, b = np.linspace(*land["x1"], land["columns"]), np.linspace(*land["x2"], land["rows"])
    assert heights[3, 7] == pytest.approx(surface.f(a[7], b[3]), rel=1e-6)
    assert land["lowest"] == pytest.approx(heights.min())
    assert land["lowest"] < surface.top


def test_the_weight_of_the_loss_moves_the_curve():
    x = np.linspace(-2, 2, 9)
    explorer = course_lib.explore_loss(x, course_lib.sigmoid(x))
    assert "w = 0:" in explorer.display.detail
    before = pictures(explorer)
    explorer._weight.value = 1.0
    assert explorer.display.message.startswith("This is the bottom")
    assert pictures(explorer) != before
    assert faults(explorer._fit_figure.figure, 336) == faults(explorer._loss_figure.figure, 336) == []
    assert explorer.static_html().count("<img") == 2
    explorer.close()


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


def test_a_click_on_the_contours_is_a_start_and_is_drawn_once(walk, monkeypatch):
    drawn, show = [], walk.display.show
    monkeypatch.setattr(walk.display, "show", lambda *shown: [drawn.append(shown), show(*shown)])
    walk.display._handle_custom_msg(
        {"do": "click", "frame": 0, "x": 0.13 + 0.84 * 0.5, "y": 0.17 + 0.76 * 0.75}, []
    )
    assert walk.experiment.run.path.tolist() == [[0.0, 1.0]]
    assert len(drawn) == 1
    for message in (
        {"frame": 1, "x": 0.3, "y": 0.3},
        {"frame": 0, "x": 0.01, "y": 0.5},
        {"frame": 0},
        "no",
        None,
    ):
        walk.display._handle_custom_msg(message, [])
    assert walk.experiment.run.path.tolist() == [[0.0, 1.0]]


def test_no_height_of_the_contours_is_hidden_by_the_start(walk):
    def distances():
        places = [text.get_position() for text in walk._contour_axes.texts]
        return np.linalg.norm(np.subtract(places, walk.experiment.run.path[0]), axis=1)

    assert distances().min() >= 0.3
    somewhere = walk._contour_axes.texts[-1].get_position()
    walk.set_controls(zip(walk._start, somewhere, strict=True))
    assert np.allclose(walk.experiment.run.path[0], somewhere)
    assert len(distances()) > 4
    assert distances().min() >= 0.3


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
        ("explore_loss", {"x": [1, 2], "d": [1]}, r"d: expected x and d of the same shape \(N,\)"),
        ("explore_loss", {"x": [1], "d": [1], "w": 11}, "w: expected a number from -3 to 10, got 11"),
        ("explore_clipping", {"max_norm": 3}, "max_norm: expected None or one of 0.01, 0.1"),
    ],
)
def test_bad_input_gets_a_clear_error(name, arguments, said):
    with pytest.raises(ValueError, match=said):
        getattr(course_lib, name)(**arguments)
