"""What explorers compute and say, without a widget: runs, their ends, and predictions."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import gradients, loss, numerical_gradient
from course_lib.backprop import gradients as library_gradients
from course_lib.widgets.explorers.clipping import ClippedTraining
from course_lib.widgets.explorers.depth import ACTIVATIONS, BackwardPass
from course_lib.widgets.explorers.descent import SURFACES, Walk
from course_lib.widgets.explorers.experiment import Experiment, steps_per_frame
from course_lib.widgets.explorers.training import Training
from course_lib.widgets.formatting import format_number, format_steps
from tests import lessons

END = 1_000_000


def finished(run):
    run.advance(END)
    assert run.over
    return run


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_has_its_own_gradient(name):
    surface = SURFACES[name]
    for x in np.random.default_rng(1).uniform(-2, 2, size=(10, 2)):
        measured = numerical_gradient(lambda p: surface.f(*p), x)
        assert np.allclose(surface.gradient(x), measured, rtol=1e-6, atol=1e-7)


def test_the_surfaces_are_those_of_the_lesson():
    taught = lessons.names_of("01_gradient_descent")
    x = np.array([0.7, -1.2])
    for name, theirs in {"two valleys": "b", "long valley": "valley", "saddle": "saddle"}.items():
        assert SURFACES[name].f(*x) == pytest.approx(taught[theirs](x))


@pytest.mark.parametrize(
    ("walk", "outcome", "said"),
    [
        (("long valley", (2, 1), 0.25), "rests", "came to rest after"),
        (("long valley", (2, 1), 0.01), "moves", "the slope is still"),
        (("long valley", (2, 1), 0.35), "runs away", "f had gone from 5 to"),
        (("two valleys", (1, 2), 0.3), "moves", "f rose in"),
        (("two valleys", (1, 2), 0.6), "runs away", "ran away"),
        (("saddle", (0, 1.2), 0.1), "rests", "at (0, 0), where f = 1"),
        (("long valley", (0, 0), 0.1), "rests", "after 0 steps"),
    ],
)
def test_what_becomes_of_a_walk(walk, outcome, said):
    walk = finished(Walk(*walk))
    assert walk.outcome() == outcome
    assert said in walk.sentence()
    assert walk.step <= 400


def test_a_walk_takes_the_steps_of_gradient_descent():
    walk = Walk("long valley", (2, 1), 0.25)
    walk.advance(2)
    assert np.allclose(walk.path, [[2, 1], [1.5, -0.5], [1.125, 0.25]])
    assert np.allclose(walk.heights, [5, 1.875, 0.8203125])
    assert "Step 2: x = (1.13, 0.25), f = 0.82" in walk.progress().replace("1.12,", "1.13,")


def test_the_tasks_of_the_lesson_can_be_done():
    starts = [(x1, x2) for x1 in np.arange(0.5, 2.5, 0.25) for x2 in np.arange(-2, 2.1, 0.5)]
    ends = [finished(Walk("two valleys", start, 0.05)) for start in starts]
    assert any(walk.outcome() == "rests" and walk.path[-1][0] < 0 for walk in ends)
    assert finished(ClippedTraining(1000)).outcome() == "learns"
    assert finished(ClippedTraining(0.1)).outcome() == "slow"
    assert finished(ClippedTraining(1000, 0.1)).outcome() == "explodes"
    assert finished(BackwardPass(10, "tanh", 4)).outcome() == "explodes"
    assert BackwardPass(10, "sigmoid", 4).ratio > BackwardPass(10, "sigmoid", 1).ratio


@pytest.mark.parametrize(("rate", "outcome"), [(1, "learns"), (0.01, "on its way"), (100, "stuck")])
def test_what_becomes_of_a_training(rate, outcome):
    run = finished(Training(rate, 1))
    assert (run.step, run.outcome()) == (500, outcome)
    assert (
        f"At rate {rate:g} E went from {format_number(run.losses[0])} to {format_number(run.losses[-1])}"
        in run.sentence()
    )
    assert run.losses[-1] == pytest.approx(loss(run.weights, run.X, run.D))
    assert f"{run.recognised} of 342" in run.sentence()


def test_the_rate_may_change_on_the_way():
    run = Training(1, 1)
    run.advance(3)
    run.learning_rate = 0.5
    before = [W.copy() for W in run.weights]
    expected = [W - 0.5 * dW for W, dW in zip(before, gradients(before, run.X, run.D), strict=True)]
    run.advance(1)
    assert all(np.allclose(W, V) for W, V in zip(run.weights, expected, strict=True))
    assert "At rate 1, then 0.5 E went" in run.sentence()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_way_back_begins_at_the_last_layer(activation):
    way = BackwardPass(6, activation, 1.5)
    assert way.seen == slice(6, 6)
    way.advance(2)
    assert list(range(6))[way.seen] == [4, 5]
    assert "Layer 5 of 6" in way.progress()
    way = finished(way)
    assert way.ratio == pytest.approx(way.norms[0] / way.norms[-1])
    assert way.outcome() in way.sentence()


def test_the_way_back_is_not_the_network_of_the_exercise():
    deep = lessons.names_of("05_vanishing_and_exploding_gradients")["deep_network"]
    theirs = np.linalg.norm(library_gradients(*deep(1))[0])
    assert BackwardPass(10, "sigmoid", 1).norms[0] != pytest.approx(theirs, rel=0.1)


def test_clipping_limits_what_is_used():
    run = ClippedTraining(10)
    start = [W.copy() for W in run.weights]
    run.advance(1)
    moved = np.sqrt(sum(((W - V) ** 2).sum() for W, V in zip(run.weights, start, strict=True)))
    assert moved == pytest.approx(0.02 * 10)
    run = finished(run)
    assert run.clipped_norms.max() == 10 < run.norms.max()
    assert "was clipped in 16 steps" in run.sentence()


def test_without_a_limit_it_explodes():
    run = finished(ClippedTraining(np.inf))
    assert run.outcome() == "explodes"
    assert "Without clipping E went from 489 to" in run.sentence()
    assert "was clipped" not in run.sentence()


def test_it_is_the_run_that_the_lesson_shows():
    shown = lessons.names_of("05_vanishing_and_exploding_gradients")["clipped_losses"]
    assert np.allclose(finished(ClippedTraining(1)).losses, shown)


WORDS = {"rests": "it rests", "moves": "it moves", "runs away": "it runs away"}


def test_nothing_runs_before_a_prediction():
    experiment = Experiment(Walk("long valley", (2, 1), 0.25), WORDS)
    experiment.advance(5)
    assert (experiment.run.step, experiment.ready, experiment.started) == (0, False, False)
    experiment.predict("moves")
    experiment.advance(1)
    assert experiment.run.step == 1
    with pytest.raises(ValueError, match="predict before it does"):
        experiment.predict("rests")
    experiment.advance(END)
    assert experiment.finished
    assert experiment.verdict().endswith("You predicted: “it moves”.")


def test_a_right_prediction_is_said():
    experiment = Experiment(Walk("long valley", (2, 1), 0.25), WORDS, "rests")
    experiment.advance(END)
    assert experiment.verdict().endswith("As you predicted.")
    with pytest.raises(ValueError, match="expected one of rests, moves, runs away; got 'flies'"):
        Experiment(Walk("long valley", (2, 1), 0.25), WORDS, "flies")


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: Walk("hill", (1, 1), 0.1), ValueError, "surface: expected one of 'two valleys'"),
        (lambda: Walk("saddle", (1, 9), 0.1), ValueError, "start: expected x2 between -2 and 2, got 9"),
        (lambda: Walk("saddle", (1, np.nan), 0.1), ValueError, "got nan"),
        (lambda: Walk("saddle", 1, 0.1), ValueError, r"start: expected two numbers \(x1, x2\)"),
        (lambda: Walk("saddle", (1, 1), -0.1), ValueError, "learning_rate: expected a number above 0"),
        (lambda: Walk("saddle", (1, 1), "0.1"), TypeError, "learning_rate: expected numbers, got str"),
        (lambda: Training(0, 1), ValueError, "learning_rate"),
        (lambda: Training(1, 1.5), TypeError, "seed: expected a whole number"),
        (lambda: BackwardPass(10, "softmax", 1), ValueError, "activation: expected one of 'sigmoid'"),
        (lambda: BackwardPass(1, "tanh", 1), ValueError, "depth: expected at least 2"),
        (lambda: BackwardPass(99, "tanh", 1), ValueError, "depth: expected at most 20"),
        (lambda: ClippedTraining(-1), ValueError, "max_norm: expected a number above 0"),
    ],
)
def test_bad_input_gets_a_clear_error(make, error, said):
    with pytest.raises(error, match=said):
        make()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-1.25, "−1.25"), (1449.7, "1450"), (3.2e8, "3.2 × 10⁸"), (1e-7, "1 × 10⁻⁷"), (np.inf, "∞")],
)
def test_numbers_are_written_for_people(value, text):
    assert format_number(value).replace("\u00a0", " ") == text


def test_a_long_run_takes_longer_steps():
    assert [steps_per_frame(step) for step in (0, 19, 20, 400)] == [1, 1, 2, 21]
    assert [format_steps(n) for n in (0, 1, 2)] == ["0 steps", "1 step", "2 steps"]
