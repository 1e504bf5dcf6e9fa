"""The diagrams without a browser: what is computed, and what stands in where widgets cannot run."""

from __future__ import annotations

import itertools
import re
import weakref

import numpy as np
import pytest

from course_lib import check, diagram, gradients, loss, place, trace_gradient, watch_backward, watch_forward
from course_lib import forward as forward_pass
from course_lib.exercises import EXERCISES
from course_lib.exercises.lesson_02.exercises import FILL_SYMBOLS
from course_lib.network import random_network
from course_lib.palette import COLOURS
from course_lib.symbols import PLACES, SYMBOLS
from course_lib.widgets import network_widget, symbol_markup
from course_lib.widgets.layout import LABEL, lay_out, places
from course_lib.widgets.watching.trace import paths
from grading.intake.reading import EMPTY
from tests.diagram_answers import FACTORS, chosen


@pytest.fixture(autouse=True)
def apart(tmp_path, monkeypatch):
    """A folder of its own for answers.json."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(EXERCISES, "fill_symbols", FILL_SYMBOLS)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


def test_every_symbol_can_be_shown_typed_and_said():
    said = set()
    for name, symbol in SYMBOLS.items():
        assert symbol_markup.mathml(symbol.latex).startswith("<math>")
        assert symbol_markup.tspans(symbol.latex)
        said.add(symbol_markup.spoken(symbol.latex))
        assert symbol_markup.family(name) in {*COLOURS, ""}
    assert len(said) == len(SYMBOLS)
    assert symbol_markup.spoken(SYMBOLS["w12_01"].latex) == "w sub 1 2 super 0 comma 1"


def test_a_tile_does_not_say_where_it_belongs():
    for tile in FILL_SYMBOLS.tiles:
        assert "hidden" not in symbol_markup.tile(tile)["spoken"]


def test_the_diagram_has_a_place_for_every_symbol_of_the_deck():
    assert {place["id"]: place["name"] for place in places(lay_out((2, 2, 1)))} == PLACES


def points(path):
    """Points along a path of M, H, V and C."""
    at, found = np.zeros(2), []
    for letter, numbers in re.findall(r"([MHVC])([^MHVC]+)", path):
        given = np.array(numbers.split(), dtype=float)
        ends = {"M": given, "H": np.append(given, at[1]), "V": np.append(at[0], given), "C": given}[letter]
        corners = np.array([at, *ends.reshape(-1, 2)])
        corners = (
            corners if len(corners) == 4 else np.array([corners[0], corners[0], corners[-1], corners[-1]])
        )
        t = np.linspace(0, 1, 30)[:, None]
        bezier = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3]
        if letter != "M":
            found.append(sum(weight * corner for weight, corner in zip(bezier, corners, strict=True)))
        at = ends[-2:]
    return np.vstack(found)


@pytest.mark.parametrize("more", [{}, {"numbers": False}, {"net_inputs": False, "numbers": False}])
@pytest.mark.parametrize(
    "sizes", [(2, 2, 1), (3, 4, 2), (4, 4, 4), (1, 1, 1), (2, 4, 3), (4, 1, 2), (1, 3, 4)]
)
def test_no_label_meets_another_or_a_line_that_is_not_its_own(sizes, more):
    layout = lay_out(sizes, **more)
    # A label stands on its line, and is as high as text is where the picture is smallest.
    high = 20
    boxes = {e.slot: (e.x - LABEL / 2, e.y - high, e.x + LABEL / 2, e.y - 1) for e in layout.edges}
    lines = {e.slot: points(e.path) for e in layout.edges}
    nodes = {
        n.slot: (n.left, n.y - n.height / 2, n.right, n.y + n.height / 2)
        for n in (*layout.nodes, *layout.targets)
    }
    for (one, a), (other, b) in itertools.combinations((boxes | nodes).items(), 2):
        assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3], (one, other)
    for slot, (left, top, right, bottom) in boxes.items():
        assert 0 <= left < right <= layout.width
        assert 0 < top < bottom < layout.height
        for line, at in lines.items():
            inside = (left + 8 < at[:, 0]) & (at[:, 0] < right) & (top < at[:, 1]) & (at[:, 1] < bottom)
            assert line == slot or not inside.any(), (slot, line)


@pytest.mark.parametrize("sizes", [(2, 2, 1), (3, 4, 2), (1, 1, 1), (4, 4, 4)])
def test_what_is_traced_multiplies_out_to_the_gradient(sizes):
    weights, X, D = random_network(np.random.default_rng(1), sizes, 4)
    expected = gradients(weights, X, D)
    for edge in lay_out(sizes).edges:
        found = paths(weights, X, D, edge)
        assert len(found) == (sizes[2] if edge.layer == 0 else 1)
        total = sum(np.prod([f.values for f in path], axis=0) for path in found).mean()
        assert total == pytest.approx(expected[edge.layer][edge.start - 1, edge.end - 1], rel=1e-12)


def numbers(html):
    plain = re.sub(r"<math.*?</math>|<[^>]+>", " ", html).replace("−", "-")
    return [float(text) for text in re.findall(r"-?\d+\.\d+", plain)]


def test_the_tracer_shows_what_it_computes():
    tracer = trace_gradient()
    tracer.set_state({"selected": "input_2_to_hidden_3", "pair": 1})
    truth = gradients(*tracer._network)[0][1, 2]
    mean, difference = numbers(tracer.panel)[-2:]
    assert mean == pytest.approx(truth, abs=6e-5)
    assert difference == pytest.approx(truth, abs=6e-5)
    lit = {slot: kind for slot, kind in tracer.lit.items() if "_to_" in slot and "target" not in slot}
    assert lit == {
        "input_2_to_hidden_3": "on",
        "hidden_3_to_output_1": "down",
        "hidden_3_to_output_2": "down",
    }
    assert {slot for slot, kind in tracer.lit.items() if kind == "up"} == {"input_2"}
    assert {"output_1", "output_2", "target_1", "target_2", "error"} <= tracer.lit.keys()
    assert "2 paths" in tracer.status


def test_the_tracer_gives_no_answer_away():
    network = random_network(np.random.default_rng(0), (2, 2, 1), 3)
    tracer = trace_gradient(*network)
    tracer.set_state({"selected": "input_1_to_hidden_1"})
    assert numbers(tracer.panel) == []
    assert "factors_w11_01" in tracer.status
    answer = diagram("factors_w11_01")
    answer.set_state({"answers": chosen(*FACTORS["w11_01"]), "change": 1})
    tracer.set_state({"selected": "input_2_to_hidden_1"})
    assert numbers(tracer.panel) == []
    tracer.set_state({"selected": "input_1_to_hidden_1"})
    assert "finite difference" in tracer.panel


def test_the_numbers_that_flow_are_the_networks():
    flow = watch_forward()
    flow.set_state({"selected": "output_1_net", "values": flow.values | {"input_2": 1.25}})
    weights, X, D = flow._network
    assert X[0, 1] == 1.25
    net, y = forward_pass(weights, X)
    shown = {slot: float(text.replace("−", "-")) for slot, text in flow.texts.items()}
    for k in range(2):
        assert shown[f"output_{k + 1}_net"] == pytest.approx(net[1][0, k], abs=6e-4)
        assert shown[f"output_{k + 1}_output"] == pytest.approx(y[2][0, k], abs=6e-4)
    assert numbers(flow.panel)[8] == pytest.approx(net[1][0, 0], abs=6e-4)
    assert shown["error"] == pytest.approx(loss(weights, X, D), abs=6e-4)
    assert [shown[f"target_{k}"] for k in (1, 2)] == D[0].tolist()
    flow._on_message(flow, {"do": "reset"}, None)
    assert flow.values == flow._initial


@pytest.mark.parametrize("value", [np.nan, "1", None, [1], 1e9])
def test_no_number_from_outside_breaks_the_flow(value):
    flow = watch_forward()
    flow.set_state({"values": {"input_1": value, "nowhere": 1.0}})
    assert -3.0 <= flow.values["input_1"] <= 3.0
    assert "nowhere" not in flow.values


def test_by_hand_in_code_and_in_a_second_diagram_it_is_one_answer():
    first, second = diagram("factors_w11_12"), diagram("factors_w11_12")
    first.set_state({"answers": {"factor_1": "2", "bogus": "2", "factor_2": "bogus"}, "change": 1})
    assert first.answers == second.answers == {"factor_1": "2"}
    assert first.saved == 1
    second.set_state({"answers": {"factor_1": "2", "factor_2": "y_n1"}, "change": 1})
    assert first.answers == {"factor_1": "2", "factor_2": "y_n1"}
    assert diagram("factors_w11_12").answers == first.answers


def test_a_check_in_the_diagram_shows_the_ratio_and_changes_nothing():
    board = diagram("factors_w11_12")
    board.set_state({"answers": chosen(*FACTORS["w11_12"][1:]), "change": 1})
    assert board.panel == ""
    board._on_message(board, {"do": "check"}, None)
    shown, folded = board.panel.split("<details", 1)
    mine, truth, ratio = numbers(shown)
    assert "on live numbers" not in shown  # the card's words for what a formula shows here
    assert "hint 1" in folded
    assert ratio == 0.5
    assert mine == pytest.approx(truth / 2, rel=1e-4)
    board.set_state({"answers": {"factor_1": "2"}, "change": 2})
    assert board.panel == ""


def test_a_change_that_was_lost_is_saved_when_the_page_says_it_again():
    board = diagram("factors_w11_12")
    again = {"do": "save", "answers": {"factor_1": "2", "bogus": "2"}, "change": 3}
    board._on_message(board, again, None)
    assert (board.answers, board.saved) == ({"factor_1": "2"}, 3)
    assert diagram("factors_w11_12").answers == {"factor_1": "2"}
    for odd in (again | {"answers": {}, "change": 2}, again | {"answers": "no", "change": 4}, {"do": "save"}):
        board._on_message(board, odd, None)
    assert (board.answers, board.saved) == ({"factor_1": "2"}, 3)


def test_an_answer_that_cannot_be_kept_is_said(monkeypatch):
    board = diagram("factors_w11_12")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(30, "Read-only file system")))
    board.set_state({"answers": {"factor_1": "2"}, "change": 1})
    assert board.status.startswith("NOT SAVED: Read-only file system")
    assert board.saved == 0


@pytest.fixture
def outputs(monkeypatch):
    """What is displayed in this test, and what is displayed in its place later: (data, display id) each."""
    shown = []
    # The diagrams of other tests may be alive still, and would follow the answers of this one.
    monkeypatch.setattr("course_lib.answers.store._watchers", weakref.WeakSet())
    for name in ("display", "update_display"):
        keep = lambda data, display_id=None, **_: shown.append((data, display_id))  # noqa: E731
        monkeypatch.setattr(f"course_lib.widgets.saved_picture.{name}", keep)
    return shown


@pytest.mark.parametrize("name", ["fill_symbols", "factors_w11_12", "trace", "forward", "backward"])
def test_a_picture_is_saved_beside_every_diagram(outputs, name, monkeypatch):
    others = {"trace": trace_gradient, "forward": watch_forward, "backward": watch_backward}
    board = others[name]() if name in others else diagram(name)
    board._ipython_display_()
    (widget, _), (picture, _) = outputs
    assert "application/vnd.jupyter.widget-view+json" in widget
    assert "text/html" not in widget
    assert picture["text/html"].count("<img") == 1
    assert re.search(r'alt="[^"]{30,}"', picture["text/html"])
    assert "run the first cell" in picture["text/html"]
    assert "<script" not in picture["text/html"]
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    board._ipython_display_()
    assert set(outputs[2][0]) == {"text/html", "text/plain"}
    assert "run the first cell" not in outputs[2][0]["text/html"]


def test_the_saved_picture_follows_the_answer(outputs):
    board = diagram("factors_w11_12")
    board.set_state({"answers": {"factor_1": "2"}, "change": 1})
    assert outputs == []  # nothing to update: it is not on any page
    board._ipython_display_()
    board.set_state({"answers": {"factor_1": "y_n1"}, "change": 2})
    place("factors_w11_12", "factor_2", "x_n1")
    (_, _), (first, shown_as), (second, again), (third, _) = outputs
    assert shown_as == again is not None
    pictures = [shown["text/html"] for shown in (first, second, third)]
    assert [("y_n1" in text, "x_n1" in text.split("<figcaption>")[0]) for text in pictures] == [
        (False, False),
        (True, False),
        (True, True),
    ]


def test_the_saved_picture_tells_the_grader_whether_anything_is_answered(outputs):
    board = diagram("factors_w11_12")
    board._ipython_display_()
    place("factors_w11_12", "factor_1", "2")
    pictures = [shown["text/html"] for shown, _ in outputs if "text/html" in shown]
    assert [any(sign in text for sign in EMPTY) for text in pictures] == [True, False]


def test_only_diagrams_open_as_diagrams():
    with pytest.raises(ValueError, match="has no diagram"):
        diagram("dE_dw11_12")


def test_the_module_is_small_and_asks_nobody():
    source = network_widget.NetworkWidget._esm
    assert len(str(source).encode()) < 40_000
    addresses = set(re.findall(r"https?://[^\s\"']+", str(source) + str(network_widget.NetworkWidget._css)))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert "import(" not in str(source)
    assert not re.search(r"^import ", str(source), re.MULTILINE)


def test_an_untouched_diagram_checks_as_unanswered():
    assert check("factors_w22_01").card.state == "unanswered"
    assert check("factors_w22_01").points == 0.0
