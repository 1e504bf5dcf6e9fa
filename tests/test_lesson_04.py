"""Lesson 04: its exercises tell right from wrong, its formulas are its code, its notebook runs, its birds are there."""

from __future__ import annotations

import csv
import re
import time

import numpy as np
import pytest

import course_lib
from course_lib import (
    check,
    forward,
    gradients,
    load_penguins,
    loss,
    numerical_gradients,
    random_network,
    sigmoid,
    train,
)
from course_lib.closing import closed
from course_lib.exercises.lesson_04.planted_errors import NAMES, wrong_entries
from tests import lessons
from tests.corpus import sampling
from tests.lessons import assert_empty, assert_right, assert_wrong, names_of

pytestmark = pytest.mark.sampled
LESSON = "04_backpropagation"
DRAWN = range(20 if sampling.WHOLE else 1)


def sweep(weights, X, D, factor=2.0, sign=1.0, slope_o=None, slope_h=None, back=None, mean=False):
    """Backpropagation, with one thing changed."""
    _, (x, y, o) = forward(weights, X)
    slope = lambda v: v * (1 - v)  # noqa: E731
    delta_o = sign * factor / len(x) * (o - D) * (slope_o or slope)(o)
    came = (back or (lambda d, W: d @ W.T))(delta_o, weights[1])
    delta_h = came * (slope_h or slope)(y)
    return [x.T @ delta_h / (len(x) if mean else 1), y.T @ delta_o / (len(x) if mean else 1)]


def deep(weights, X, D, again=1.0, slope=lambda v: v * (1 - v)):
    """Backpropagation in a loop over any number of layers, with one thing changed."""
    _, y = forward(weights, X)
    delta, found = 2 / len(X) * (y[-1] - D) * y[-1] * (1 - y[-1]), []
    for layer in reversed(range(len(weights))):
        found.insert(0, y[layer].T @ delta)
        delta = again * (delta @ weights[layer].T) * slope(y[layer])
    return found


def deep_by_recursion(weights, X, D):
    """Return the gradients of a network as that of its first matrix and those of the network behind it."""

    def behind(x, weights):
        if not weights:
            return [], 2 / len(X) * (x - D)
        y = S(x @ weights[0])
        found, at_y = behind(y, weights[1:])
        delta = at_y * y * (1 - y)
        return [x.T @ delta, *found], delta @ weights[0].T

    return tuple(behind(X, list(weights))[0])


def sample_by_sample(weights, X, D):
    W01, W12 = weights
    dW01, dW12 = np.zeros_like(W01), np.zeros_like(W12)
    for x, d in zip(X, D, strict=True):
        _, (_, y, o) = forward(weights, x[None])
        at_o = 2 * (o[0] - d) * o[0] * (1 - o[0]) / len(X)
        dW12 += np.outer(y[0], at_o)
        dW01 += np.outer(x, W12 @ at_o * y[0] * (1 - y[0]))
    return dW01, dW12


def with_einsum(weights, X, D):
    _, (x, y, o) = forward(weights, X)
    at_o = 2 / len(x) * (o - D) * (o - o**2)
    at_h = np.einsum("nk,jk,nj->nj", at_o, weights[1], y - y**2)
    return [np.einsum("ni,nj->ij", x, at_h), np.einsum("nj,nk->jk", y, at_o)]


def last_sample_only(weights, X, D):
    return [g / len(X) for g in sweep(weights, X[-1:], D[-1:])]


def one(v):
    return np.ones_like(v)


SWEEPS = {
    "no 2": lambda *case: sweep(*case, factor=1.0),
    "sign": lambda *case: sweep(*case, sign=-1.0),
    "1/N twice": lambda *case: sweep(*case, mean=True),
    "no 1/N": lambda *case: [len(case[1]) * g for g in sweep(*case)],
    "extra 1/K": lambda *case: [g / case[2].shape[1] for g in sweep(*case)],
    "no output slope": lambda *case: sweep(*case, slope_o=one),
    "no hidden slope": lambda *case: sweep(*case, slope_h=one),
    "1 - S": lambda *case: sweep(*case, slope_o=lambda v: 1 - v, slope_h=lambda v: 1 - v),
    "last sample": last_sample_only,
    "from the library": gradients,
    "measured": lambda *case: numerical_gradients(lambda w: loss(w, *case[1:]), case[0]),
    "own weights": lambda *case: sweep(case[0], case[1], case[2] * 0),
}
# Wrong in the hidden layer, and right in the output layer.
HIDDEN_ONLY = {
    "one output": lambda *case: sweep(*case, back=lambda d, W: d[:, :1] @ W[:, :1].T),
    "mean over k": lambda *case: sweep(*case, back=lambda d, W: d @ W.T / W.shape[1]),
    "no weight": lambda *case: sweep(*case, back=lambda d, W: d @ np.ones_like(W).T),
    "updated weight": lambda *case: sweep(*case, back=lambda d, W: d @ (W - 0.01 * gradients(*case)[1]).T),
    "transposed": lambda *case: sweep(
        *case, back=lambda d, W: d @ W if W.shape[0] == W.shape[1] else d @ W.T
    ),
}


def checks(weights, X, D, claimed, tolerance=1e-4, floor=1e-10, h=1e-5):
    """Return, entry by entry, whether the claimed gradients agree with central differences."""
    for layer, given in enumerate(claimed):
        for index in np.ndindex(given.shape):
            up, down = [W.copy() for W in weights], [W.copy() for W in weights]
            up[layer][index] += h
            down[layer][index] -= h
            measured = (loss(up, X, D) - loss(down, X, D)) / (2 * h)
            if abs(measured - given[index]) > tolerance * abs(measured) + floor:
                return False
    return True


def measured(weights, X, D):
    return numerical_gradients(lambda w: loss(w, X, D), weights)


def checks_with_the_library(weights, X, D, claimed):
    return all(np.allclose(a, b, rtol=1e-5) for a, b in zip(claimed, measured(weights, X, D), strict=True))


def checks_by_ratio(weights, X, D, claimed):
    ratios = [np.abs(a / b - 1).max() for a, b in zip(claimed, measured(weights, X, D), strict=True)]
    return np.max(ratios) < 5e-4


def checks_by_norm(weights, X, D, claimed):
    """Compare all entries at once, by the relative error of the whole gradient."""
    a, b = (np.concatenate([g.ravel() for g in each]) for each in (claimed, measured(weights, X, D)))
    return bool(np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b)) < 1e-7)


def checks_an_error_written_out(weights, X, D, claimed):
    """Measure E with the S of the course, but neither `loss` nor `forward`."""

    def E(w):
        return ((sigmoid(sigmoid(X @ w[0]) @ w[1]) - D) ** 2).sum(axis=(-2, -1)) / len(X)

    pairs = zip(claimed, numerical_gradients(E, weights), strict=True)
    return all(np.allclose(a, b, rtol=1e-5) for a, b in pairs)


def checks_the_forward_pass(weights, X, D, claimed, h=1e-5):
    for layer, given in enumerate(claimed):
        for index in np.ndindex(given.shape):
            E = []
            for step in (h, -h):
                moved = [W.copy() for W in weights]
                moved[layer][index] += step
                E.append(np.mean(np.sum((forward(moved, X).y[-1] - D) ** 2, axis=1)))
            quotient = (E[0] - E[1]) / (2 * h)
            if abs(quotient - given[index]) / max(abs(quotient) + abs(given[index]), 1e-8) > 1e-5:
                return False
    return True


def compares_with_own(gradient):
    return lambda weights, X, D, claimed: all(
        np.allclose(a, b, rtol=1e-4) for a, b in zip(claimed, gradient(weights, X, D), strict=True)
    )


def checks_norms(weights, X, D, claimed):
    pairs = zip(claimed, measured(weights, X, D), strict=True)
    return all(abs(np.linalg.norm(a) - np.linalg.norm(b)) < 1e-6 * np.linalg.norm(b) for a, b in pairs)


def checks_sums(weights, X, D, claimed):
    pairs = zip(claimed, measured(weights, X, D), strict=True)
    return all(abs(a.sum() - b.sum()) < 1e-8 for a, b in pairs)


def learns(weights, X, D, learning_rate, steps, gradient=sweep, sign=-1.0):
    losses = [loss(weights, X, D)]
    for _ in range(steps):
        weights = [
            W + sign * learning_rate * g for W, g in zip(weights, gradient(weights, X, D), strict=True)
        ]
        losses.append(loss(weights, X, D))
    return weights, losses


def learns_into_an_array(weights, X, D, learning_rate, steps):
    W01, W12 = (W.copy() for W in weights)
    losses = np.empty(steps + 1)
    for t in range(steps):
        losses[t] = np.sum((forward([W01, W12], X).y[-1] - D) ** 2) / len(X)
        dW01, dW12 = with_einsum([W01, W12], X, D)
        W01 -= learning_rate * dW01
        W12 -= learning_rate * dW12
    losses[steps] = loss([W01, W12], X, D)
    return (W01, W12), losses


def learns_by_recursion_of_steps(weights, X, D, learning_rate, steps):
    path = [list(weights)]
    while len(path) <= steps:
        g = sweep(path[-1], X, D)
        path.append([path[-1][0] - learning_rate * g[0], path[-1][1] - learning_rate * g[1]])
    return path[-1], np.array([loss(w, X, D) for w in path])


def learns_layer_after_layer(weights, X, D, learning_rate, steps):
    weights, losses = [W.copy() for W in weights], [loss(weights, X, D)]
    for _ in range(steps):
        weights[1] = weights[1] - learning_rate * sweep(weights, X, D)[1]
        weights[0] = weights[0] - learning_rate * sweep(weights, X, D)[0]
        losses.append(loss(weights, X, D))
    return weights, losses


def learns_on_the_callers_weights(weights, X, D, learning_rate, steps):
    losses = [loss(weights, X, D)]
    for _ in range(steps):
        for W, g in zip(weights, sweep(weights, X, D), strict=True):
            W -= learning_rate * g
        losses.append(loss(weights, X, D))
    return weights, losses


def updates_in_place(weights, given, learning_rate):
    for W, g in zip(weights, given, strict=True):
        W -= learning_rate * g
    return weights


def delta(o, D):
    return 2 / len(D) * (o - D) * o * (1 - o)


def S(z):
    return 1 / (1 + np.exp(-z))


RIGHT = {
    "output_delta": [
        delta,
        lambda o, D: -2 * (D - o) * (o - o**2) / o.shape[0],
        lambda o, D: [
            [2 / len(o) * (a - b) * a * (1 - a) for a, b in zip(p, q, strict=True)]
            for p, q in zip(o, D, strict=True)
        ],
    ],
    "hidden_delta": [
        lambda d, W, y: d @ W.T * y * (1 - y),
        lambda d, W, y: np.einsum("nk,jk->nj", d, W) * (y - y**2),
        lambda d, W, y: sum(np.outer(d[:, k], W[:, k]) for k in range(W.shape[1])) * y * (1 - y),
        lambda d, W, y: (W @ d.T).T * y * (1 - y),
    ],
    "gradient_W12": [lambda *case, f=f: f(*case)[1] for f in (sweep, sample_by_sample, with_einsum)],
    "gradient_W01": [lambda *case, f=f: f(*case)[0] for f in (sweep, sample_by_sample, with_einsum)],
    "backprop": [sweep, sample_by_sample, with_einsum],
    "backprop_deep": [deep, deep_by_recursion, lambda *case: [g.tolist() for g in deep(*case)]],
    "update": [
        lambda weights, g, rate: [W - rate * a for W, a in zip(weights, g, strict=True)],
        lambda weights, g, rate: (weights[0] - rate * g[0], weights[1] - rate * g[1]),
        lambda weights, g, rate: updates_in_place([W.copy() for W in weights], g, rate),
    ],
    "gradient_check": [
        checks,
        checks_with_the_library,
        checks_by_ratio,
        checks_by_norm,
        checks_an_error_written_out,
        checks_the_forward_pass,
    ],
    "training": [learns, learns_into_an_array, learns_by_recursion_of_steps],
}
WRONG = {
    "output_delta": [
        lambda o, D: delta(o, D) / 2,
        lambda o, D: -delta(o, D),
        lambda o, D: delta(o, D) * len(D),
        lambda o, D: delta(o, D) * D.shape[1],
        lambda o, D: 2 / D.size * (o - D) * o * (1 - o),
        lambda o, D: 2 / len(D) * (o - D),
        lambda o, D: 2 / len(D) * np.abs(o - D) * o * (1 - o),
        lambda o, D: 2 / len(D) * (o - D) * S(o) * (1 - S(o)),
        lambda o, D: delta(o, D).sum(axis=1),
        lambda o, D: delta(o, D).T,
    ],
    "hidden_delta": [
        lambda d, W, y: d @ W.T,
        lambda d, W, y: d @ W.T * y,
        lambda d, W, y: d @ W.T * (1 - y),
        lambda d, W, y: d @ W.T * y * (1 - y) / W.shape[1],
        lambda d, W, y: d @ W.T * y * (1 - y) * 2 / len(y),
        lambda d, W, y: d[:, :1] @ W[:, :1].T * y * (1 - y),
        lambda d, W, y: d.sum(axis=1, keepdims=True) * y * (1 - y),
        lambda d, W, y: d @ W.T * S(y) * (1 - S(y)),
        lambda d, W, y: d @ W * y * (1 - y) if W.shape[0] == W.shape[1] else d @ W.T * y * (1 - y),
    ],
    "gradient_W12": [
        *(lambda *case, f=f: f(*case)[1] for name, f in SWEEPS.items() if name != "no hidden slope"),
        lambda *case: sweep(*case)[1].T,
        lambda *case: sweep(*case)[0],
        lambda weights, X, D: X[:, :1].T @ delta(forward(weights, X).y[-1], D),
    ],
    "gradient_W01": [
        *(lambda *case, f=f: f(*case)[0] for f in (SWEEPS | HIDDEN_ONLY).values()),
        lambda *case: sweep(*case)[0].T,
        lambda *case: sweep(*case)[1],
    ],
    "backprop": [
        *SWEEPS.values(),
        *HIDDEN_ONLY.values(),
        lambda *case: sweep(*case)[::-1],
        lambda *case: [g.T for g in sweep(*case)],
        lambda *case: sweep(*case)[0],
        lambda *case: np.concatenate([g.ravel() for g in sweep(*case)]),
    ],
    "backprop_deep": [
        gradients,
        lambda *case: sweep(*case) if len(case[0]) == 2 else [],
        lambda *case: deep(*case)[::-1],
        lambda *case: deep(*case)[-2:],
        lambda *case: deep(*case, again=2 / len(case[1])),
        lambda *case: deep(*case, slope=one),
        lambda *case: [g.T for g in deep(*case)],
        lambda *case: [2 * g for g in deep(*case)],
    ],
    "update": [
        lambda weights, g, rate: [W + rate * a for W, a in zip(weights, g, strict=True)],
        lambda weights, g, rate: [W - a for W, a in zip(weights, g, strict=True)],
        lambda weights, g, rate: [-rate * a for a in g],
        lambda weights, g, rate: [weights[0] - rate * g[0], weights[1]],
        lambda weights, g, rate: weights[0] - rate * g[0],
        lambda weights, g, rate: [weights[1] - rate * g[1], weights[0] - rate * g[0]],
        lambda weights, g, rate: [W * (1 - rate * a) for W, a in zip(weights, g, strict=True)],
        updates_in_place,
    ],
    "gradient_check": [
        lambda *case: True,
        lambda *case: False,
        lambda *case: 1,
        lambda *case: "True",
        lambda *case: not checks(*case),
        lambda *case: checks(*case, tolerance=1e-2),
        lambda *case: checks(*case, tolerance=0.0, floor=0.0),
        lambda *case: checks(*case, h=1e-12),
        lambda weights, X, D, g: checks(weights, X, D, g[:1]),
        lambda weights, X, D, g: checks([weights[0], weights[1]], X, D, [g[0][:1, :1], g[1][:1, :1]]),
        checks_norms,
        checks_sums,
        *map(compares_with_own, (sweep, sample_by_sample, with_einsum)),
        lambda weights, X, D, g: checks_with_the_library(weights, X, D, gradients(weights, X, D)),
    ],
    "training": [
        lambda *case: learns(*case, sign=1.0),
        lambda *case: learns(*case, gradient=SWEEPS["no 2"]),
        lambda *case: learns(*case, gradient=HIDDEN_ONLY["updated weight"]),
        lambda *case: learns(*case)[::-1],
        lambda *case: (learns(*case)[0], learns(*case)[1][1:]),
        lambda *case: (case[0], learns(*case)[1]),
        lambda *case: learns(*case)[1],
        lambda *case: (case[0], np.zeros(case[4] + 1)),
        learns_layer_after_layer,
        learns_on_the_callers_weights,
        train,
    ],
}


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_right_answers_however_written(exercise_id):
    assert len(RIGHT[exercise_id]) >= 3
    for answer in RIGHT[exercise_id]:
        assert_right(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_wrong_answers(exercise_id):
    assert len(WRONG[exercise_id]) >= 5
    for answer in WRONG[exercise_id]:
        assert_wrong(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_no_answer_is_no_answer(exercise_id):
    for answer in lessons.EMPTY:
        assert_empty(exercise_id, answer)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda w, losses: (w, losses[:-1]), "losses of shape (501,)"),
        (lambda w, losses: (w, np.r_[losses[1], losses[1:]]), "before the first step"),
        (lambda w, losses: (w, np.r_[losses[:-1], 0.01]), "E of the weights you return"),
        (lambda w, losses: ([W.T for W in w[::-1]], losses), "other shapes"),
        (lambda w, losses: "no", "expected a pair"),
    ],
)
def test_a_long_training_is_held_against_what_it_says_of_itself(spoil, said):
    def answer(weights, X, D, learning_rate, steps):
        done = learns(weights, X, D, learning_rate, steps)
        return spoil(done[0], np.array(done[1])) if steps == 500 else done

    given = lessons.verdicts("training", answer)
    assert [(verdict.right, verdict.points) for verdict in given] == [(False, 0.0)] * len(given)
    assert said.lower() in " ".join(str(given[0]).lower().split())


def test_a_long_training_must_reach_its_goal():
    lazy = lambda w, X, D, rate, steps: learns(w, X, D, rate if steps < 500 else 0.01, steps)  # noqa: E731
    assert "below 0.05" in " ".join(str(check("training", lazy)).split())


@pytest.mark.parametrize("seed", range(12 if sampling.WHOLE else 1))
def test_the_penguins_are_learnt_from_any_start(seed):
    X, D = load_penguins()
    weights, _, _ = random_network(np.random.default_rng(seed), (3, 4, 2), 1)
    assert learns(weights, X, D, 1.0, 500)[1][-1] < 0.05


def test_the_planted_mistakes_are_where_they_should_be():
    for seed in DRAWN:
        cases = course_lib.EXERCISES["gradient_check"].cases(np.random.default_rng(seed))
        found = [wrong_entries(case) for case in cases]
        assert [len(wrong) for wrong in found] == [0, 1, 1, 1, 2, 2, 0, 1, 1, 1, 1]
        assert [round(wrong[0][2], 9) for wrong in found[1:4]] == [0.001, 0.001, 2.0]
        assert all(at != (0, 0) for wrong in found[:7] for _, at, _ in wrong)
        assert min(share for wrong in found[4:6] for *_, share in wrong) >= 0.05 - 1e-9
        for weights, X, D, given in cases[4:6]:
            for planted, true in zip(given, flatter(weights, X, D), strict=True):
                assert planted.sum() == pytest.approx(true.sum())


def flatter(weights, X, D):
    with closed(["known_slope"]):
        return measured(weights, X, D)


def planted(seed):
    return course_lib.EXERCISES["gradient_check"].cases(np.random.default_rng(seed))


def test_what_is_planted_in_large_matrices_shows_in_a_norm():
    for seed in DRAWN:
        for case in planted(seed)[7:]:
            a, b = (np.concatenate([g.ravel() for g in each]) for each in (case[3], flatter(*case[:3])))
            assert np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b)) > 1e-5
            assert wrong_entries(case)[0][2] > 1e-3


def chance_of_ten(cases):
    """Return how likely ten entries of each matrix, no entry twice, hit a wrong entry in all `cases` that have one."""
    sizes = [
        case[3][NAMES.index(wrong[0][0])].size for case in cases if len(wrong := wrong_entries(case)) == 1
    ]
    return np.prod([min(1.0, 10 / size) for size in sizes])


def test_ten_entries_of_each_matrix_pass_less_often_than_once_in_a_thousand():
    cases, rng, tries = planted(0), np.random.default_rng(5), 20_000
    assert chance_of_ten(cases) < 1e-4
    passed = np.ones(tries, dtype=bool)
    for case in cases:
        hit = np.zeros(tries, dtype=bool)
        for name, at, _ in (wrong := wrong_entries(case)):
            shape = case[3][NAMES.index(name)].shape
            # The place of the wrong entry in a random order of all of them.
            hit |= rng.integers(np.prod(shape), size=tries) < 10
            assert np.ravel_multi_index(at, shape) < np.prod(shape)
        passed &= hit | (not wrong)
    assert passed.mean() < 1e-3


def test_a_check_of_ten_entries_is_refused_and_one_of_all_is_quick():
    def checks_ten(weights, X, D, claimed):
        rng = np.random.default_rng()
        slopes = measured(weights, X, D)
        for given, true in zip(claimed, slopes, strict=True):
            at = rng.permutation(given.size)[:10]
            if not np.allclose(given.flat[at], true.flat[at], rtol=1e-5):
                return False
        return True

    assert not any(check("gradient_check", checks_ten).right for _ in range(5))
    worst = planted(0)[-1]
    began = time.process_time()
    assert checks(*worst[:3], measured(*worst[:3]))
    assert time.process_time() - began < 1


def test_who_compares_with_an_own_backprop_is_told_which_error_is_meant():
    said = " ".join(str(check("gradient_check", compares_with_own(sweep))).split())
    assert "an own `backprop` does not" in said


def test_the_slope_is_as_on_the_slides_again_afterwards():
    check("gradient_check", checks)
    assert sigmoid(1.0) == pytest.approx(S(1.0))


def test_the_card_says_which_mistake_got_through():
    assert "off by 0.1 %" in str(check("gradient_check", lambda *case: True))
    assert "gradients that are right" in str(check("gradient_check", lambda *case: False))
    said = " ".join(str(check("gradient_check", checks_sums)).split())
    assert re.search(r"dW01\[\d, \d\] is too large and dW01\[\d, \d\] too small by the same amount", said)


def test_the_card_shows_the_entries_that_are_off_first():
    card = check("backprop", lambda *case: [sweep(*case)[0], sweep(*case)[1] + 0.01]).card
    assert "Right: dW01. Off: dW12." in card.comparison
    assert {bar.label[:4] for bar in card.bars[:-1]} == {"dW12"}
    assert card.bars[-1].label.startswith("… and ")


def test_the_birds(root):
    X, D = load_penguins()
    assert (X.shape, D.shape) == ((342, 3), (342, 2))
    assert np.allclose(X.mean(axis=0), 0, atol=1e-12)
    assert np.allclose(X.std(axis=0), 1)
    assert D.sum(axis=0).tolist() == [68, 123]
    assert D.sum(axis=1).max() == 1
    folder = root / "course_lib" / "data"
    rows = list(csv.DictReader((folder / "penguins.csv").read_text().splitlines()))
    assert rows[0] == {
        "species": "Adelie",
        "bill_length_mm": "39.1",
        "bill_depth_mm": "18.7",
        "flipper_length_mm": "181",
    }
    source = (folder / "penguins.txt").read_text()
    assert "CC0" in source
    assert "Kristen Gorman" in source


def test_what_the_last_cells_say_of_the_three_rates():
    runs = names_of(LESSON)["runs"]
    ends = {rate: losses[-1] for rate, (_, losses) in runs.items()}
    assert ends[1] < 0.05 < ends[100] < ends[0.01]
    o = forward(runs[100][0], names_of(LESSON)["X"]).y[-1]
    assert np.median(o * (1 - o)) < 1e-4  # "to where the sigmoids are flat"
    between = train(names_of(LESSON)["start"], names_of(LESSON)["X"], names_of(LESSON)["D"], 10, 500)[1][-1]
    assert between < ends[1]  # "find a rate between 1 and 100 that ends lower"


@pytest.mark.parametrize("sizes", [(3, 2), (2, 4, 3), (3, 2, 4, 2), (2, 3, 4, 3, 2), (2, 2, 2, 2, 2, 2)])
def test_the_solved_loop_is_right_at_any_depth(sizes):
    network = random_network(np.random.default_rng(len(sizes)), sizes, 6)
    for own, true in zip(names_of(LESSON)["backprop_deep"](*network), gradients(*network), strict=True):
        np.testing.assert_allclose(own, true, rtol=1e-12)


def test_the_parts_of_the_penguins_are_all_of_them_and_nothing_twice():
    (X, D), (seen, seen_D), (aside, aside_D) = map(load_penguins, ("all", "training", "kept aside"))
    assert load_penguins()[0] is not X
    np.testing.assert_array_equal(load_penguins()[0], X)
    back = np.empty_like(D)
    back[np.arange(len(D)) % 4 == 0], back[np.arange(len(D)) % 4 != 0] = aside_D, seen_D
    np.testing.assert_array_equal(back, D)
    np.testing.assert_allclose([seen.mean(axis=0), seen.std(axis=0) - 1], 0, atol=1e-12)
    scale, shift = np.polyfit(X[::4, 0], aside[:, 0], 1)  # the same birds in the units of the training birds
    np.testing.assert_allclose(aside[:, 0], scale * X[::4, 0] + shift, atol=1e-12)
    with pytest.raises(ValueError, match="part: expected one of 'all', 'training', 'kept aside'"):
        load_penguins("test")
