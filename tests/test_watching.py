"""The sweep back under a hand, without a browser: its numbers, its order, every click, and when it is closed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from course_lib import complex_step_gradients, gradients, loss, personal_network, watch_backward
from course_lib.closing import ClosedError, closed
from course_lib.network import random_network
from course_lib.widgets.watching.formulas import brief, number
from course_lib.widgets.watching.live_network import Numbers
from course_lib.widgets.watching.steps import STEPS, At
from course_lib.widgets.watching.sweep import Sweep

SIZES = [(3, 4, 2), (2, 2, 1), (1, 1, 1), (4, 4, 4), (2, 3, 3)]


def numbers(html):
    plain = re.sub(r"<math.*?</math>|<[^>]+>", " ", html).replace("−", "-")
    return [float(text) for text in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", plain)]


def stepped(at, *network, **more):
    sweep = watch_backward(*network, **more)
    sweep.set_state({"step": int(at)})
    return sweep


@pytest.mark.parametrize("sizes", SIZES)
def test_its_numbers_are_those_of_gradients_to_the_last_digit(sizes):
    for seed in range(20):
        network = random_network(np.random.default_rng(seed), sizes, 1 + seed % 4)
        weights, X, D = network
        sweep, now = Sweep.of(network, 0.5), Numbers.of(network, 0)
        truth = gradients(weights, X, D)
        oracle = complex_step_gradients(lambda w, X=X, D=D: loss(w, X, D), weights)
        for layer in (0, 1):
            assert np.array_equal(sweep.gradients[layer], truth[layer])
            assert np.array_equal(now.y[layer].T @ sweep.deltas[layer + 1], truth[layer])
            assert np.array_equal(sweep.updated[layer], weights[layer] - 0.5 * truth[layer])
            np.testing.assert_allclose(sweep.gradients[layer], oracle[layer], rtol=1e-11, atol=1e-16)
            came = sweep.came_back[layer + 1] * sweep.slopes[layer + 1]
            np.testing.assert_allclose(came, sweep.deltas[layer + 1], rtol=1e-13)
        assert sweep.E_after == loss(sweep.updated, X, D)


def test_every_line_shows_what_entered_it_times_the_delta_at_its_end_and_the_finite_difference():
    weights, X, D = network = random_network(np.random.default_rng(5), (3, 4, 2), 3)
    sweep = stepped(At.UPDATE, *network, learning_rate=0.5)
    truth, now, deltas = gradients(weights, X, D), sweep.numbers(), sweep._sweep.deltas
    for edge in sweep._layout.edges:
        i, j = edge.start - 1, edge.end - 1
        sweep.set_state({"selected": edge.slot, "pair": 1})
        entered, delta = now.y[edge.layer][:, i], deltas[edge.layer + 1][:, j]
        gradient = truth[edge.layer][i, j]
        old = weights[edge.layer][i, j]
        expected = [entered[1], delta[1], (entered * delta)[1], *(entered * delta), gradient, gradient]
        expected += [old, old - 0.5 * gradient]
        shown = [number(value).replace("−", "-") for value in expected]
        # A minus between two numbers of the sum stands apart from them.
        assert [abs(v) for v in numbers(sweep.panel)] == [abs(float(v)) for v in shown]
        assert number(gradient) in sweep.status


def test_the_steps_come_in_the_order_of_the_sweep():
    sweep = watch_backward()
    first = {}
    for at in At:
        sweep.set_state({"step": int(at)})
        kinds = {
            re.sub(r"_\d+", "", slot) for slot, text in sweep.texts.items() if text and "_to_" not in slot
        }
        kinds |= {
            f"{re.sub(r'_[0-9]+', '', slot)}: {re.sub('<.*?>|[0-9]', '', m)}"
            for slot, m in sweep.symbols.items()
        }
        for kind in kinds:
            first.setdefault(kind, at)
    assert first == {
        "input": 0,
        "target": 0,
        "hidden_net": 1,
        "hidden_output": 1,
        "output_net": 2,
        "output_output": 2,
        "error": 3,
        "output_back": 4,
        "output_back: ∂E/∂o": 4,
        "output_back: δn": 5,
        "hidden_to_output: yδ": 6,
        "hidden_to_output: wδ": 7,
        "hidden_back: ∂E/∂y": 7,
        "hidden_back": 7,
        "hidden_back: δn": 8,
        "input_to_hidden: xδ": 9,
        "input_to_hidden: w": 10,
        "hidden_to_output: w": 10,
    }
    assert [step.phase for step in STEPS.values()] == ["", *["forward"] * 3, *["backward"] * 6, "update"]


@pytest.mark.parametrize("at", At)
def test_every_click_is_answered_at_every_step(at):
    sweep = stepped(at, *random_network(np.random.default_rng(3), (2, 2, 2), 2))
    for place in sweep.board["places"]:
        sweep.set_state({"selected": place["id"]})
        assert sweep.lit[place["id"]] == "on"
        assert sweep.status[-1] in ".?"
        written = re.sub("<.*?>", "", sweep.panel.split("</p>", 1)[1])
        assert written
        assert ("Next step" in written) <= (at < At.UPDATE)
    sweep.set_state({"selected": "nowhere"})
    assert sweep.lit == {}


def test_what_flows_back_is_written_on_its_line_and_added_where_paths_meet():
    sweep = stepped(At.BACK_THROUGH_W12)
    weights, _, _ = sweep._network
    delta = sweep._sweep.deltas[2][0]
    for j in range(4):
        carried = [weights[1][j, k] * delta[k] for k in range(2)]
        shown = [sweep.texts[f"hidden_{j + 1}_to_output_{k + 1}"] for k in range(2)]
        assert shown == [brief(value) for value in carried]
        assert sweep.texts[f"hidden_{j + 1}_back"] == brief(sum(carried), 3)
    assert sweep.flow["way"] == "back"
    assert set(sweep.flow["lines"]) == {edge.slot for edge in sweep._layout.edges if edge.layer == 1}


def test_forward_backward_and_update_in_turn_bring_E_down_and_back_again():
    sweep = stepped(At.UPDATE, learning_rate=2.0)
    start, errors = sweep._network[0], []
    for _ in range(4):
        errors.append(sweep.numbers().E)
        assert number(sweep._sweep.E_after) in sweep.panel
        sweep._on_message(sweep, {"do": "again"}, None)
        assert sweep.step == At.HIDDEN
        sweep.set_state({"step": int(At.UPDATE)})
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < errors[0] / 2
    sweep._on_message(sweep, {"do": "reset"}, None)
    assert sweep.step == At.START
    assert all(map(np.array_equal, sweep._network[0], start))


@pytest.mark.parametrize(
    ("value", "long", "short"),
    [
        (0.0, "0.000", "0.00"),
        (-1.25, "−1.250", "−1.25"),
        (0.051234, "0.0512", "0.051"),
        (-0.0012345, "−0.0012", "−0.001"),
        (3e-7, "3.0e−7", "3e−7"),
        (123456.0, "1.2e5", "1e5"),
        (2500.0, "2500.000", "2500"),
    ],
)
def test_a_number_is_as_long_as_its_place_is_wide(value, long, short):
    assert (number(value), brief(value)) == (long, short)


@pytest.mark.parametrize(("asked", "step"), [(-1, At.START), (99, At.UPDATE)])
def test_there_is_no_step_before_the_first_or_behind_the_last(asked, step):
    assert stepped(asked).step == step


def test_while_an_answer_is_checked_it_is_closed_like_gradients():
    sweep = stepped(At.UPDATE)
    with closed(["backprop"]):
        with pytest.raises(ClosedError, match="`watch_backward` is closed while this answer is checked"):
            watch_backward()
        with pytest.raises(ClosedError, match="is closed while this answer is checked"):
            sweep._on_message(sweep, {"do": "again"}, None)


def test_the_network_of_the_numbers_by_hand_is_not_watched():
    with pytest.raises(ValueError, match="number_by_hand of lesson 03"):
        watch_backward(*personal_network("self-study"))
    assert watch_backward(*personal_network("Ada Lovelace"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"weights": [np.eye(2), np.ones((2, 1))]}, "X: weights, X and D belong together"),
        ({"weights": [np.ones((5, 2)), np.ones((2, 1))], "X": np.ones((1, 5)), "D": [[1]]}, "at most four"),
        ({"weights": [np.eye(2), np.ones((2, 1))], "X": np.ones((1, 3)), "D": [[1]]}, "X: "),
        ({"learning_rate": "fast"}, "learning_rate"),
        (
            {"weights": [np.eye(2), [[1], [np.nan]]], "X": [[1, 1]], "D": [[1]]},
            "weights: expected real, finite",
        ),
        ({"weights": [np.eye(2), [[1], [1j]]], "X": [[1, 1]], "D": [[1]]}, "weights: expected real, finite"),
    ],
)
def test_what_cannot_be_watched_is_refused_by_name(given, words):
    with pytest.raises((ValueError, TypeError), match=words):
        watch_backward(**given)


def test_without_widgets_there_is_a_picture_with_every_delta():
    sweep = watch_backward()
    picture = sweep.still()
    for layer, name in ((1, "hidden"), (2, "output")):
        for k, delta in enumerate(sweep._sweep.deltas[layer][0], 1):
            assert f"{name} {k}: {brief(delta, 3)}" in picture.alt
            assert picture.tags[f"{name}_{k}_back"][1] == brief(delta, 3)
    assert "data:image/svg+xml" in sweep.static_html()
