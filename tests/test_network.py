"""The forward pass and E, against plain loops over the deck's sums; and the networks that are drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from course_lib import (
    complex_step_gradients,
    forward,
    identity,
    loss,
    mse,
    network,
    personal_network,
    random_network,
    sigmoid,
    tanh,
)
from tests.core_cases import ACTIVATIONS


def by_the_sums(weights, x):
    """Return net and y of one sample, each net_j = sum_i x_i w_ij, in plain Python."""
    net, y = [], [list(map(float, x))]
    for W in weights:
        columns = range(len(W[0]))
        net.append([sum(y[-1][i] * float(W[i][j]) for i in range(len(W))) for j in columns])
        y.append([1.0 / (1.0 + math.exp(-v)) for v in net[-1]])
    return net, y


@pytest.mark.parametrize("sizes", [(1, 1), (2, 2, 1), (3, 4, 2), (3, 4, 5, 6, 2)])
def test_forward_is_the_sums_of_the_deck(sizes):
    weights, X, _ = random_network(np.random.default_rng(0), sizes, 5)
    passed = forward(weights, X)
    assert len(passed.net) == len(weights)
    assert len(passed.y) == len(weights) + 1
    for n, x in enumerate(X):
        net, y = by_the_sums(weights, x)
        for layer, values in enumerate(net):
            np.testing.assert_allclose(passed.net[layer][n], values, rtol=1e-13)
        for layer, values in enumerate(y):
            np.testing.assert_allclose(passed.y[layer][n], values, rtol=1e-13)


def test_mse_is_the_mean_over_samples_of_the_sum_over_outputs():
    O, D = [[1, 2], [3, 4], [5, 7]], [[1, 0], [0, 4], [4, 4]]
    assert mse(O, D) == pytest.approx((0 + 4 + 9 + 0 + 1 + 9) / 3, rel=1e-15)
    assert type(mse(O, D)) is float


def test_loss_is_mse_of_forward_plus_the_decay_of_every_weight():
    weights, X, D = random_network(np.random.default_rng(1), (3, 4, 2), 5)
    E = mse(forward(weights, X, tanh).y[-1], D)
    squares = sum(float(w) ** 2 for W in weights for w in W.ravel())
    assert loss(weights, X, D, tanh) == pytest.approx(E, rel=1e-14)
    assert loss(weights, X, D, tanh, 0.3) == pytest.approx(E + 0.3 * squares, rel=1e-14)
    assert type(loss(weights, X, D)) is float


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_networks_side_by_side_equal_the_loop(activation):
    rng = np.random.default_rng(2)
    W01, W12 = rng.normal(size=(2, 6, 3, 4)), rng.normal(size=(2, 6, 4, 2))
    X, D = rng.normal(size=(2, 6, 5, 3)), rng.normal(size=(2, 6, 5, 2))
    stacked = forward([W01, W12], X, activation)
    E, penalised = mse(stacked.y[-1], D), loss([W01, W12], X, D, activation, 0.1)
    assert E.shape == penalised.shape == (2, 6)
    for index in np.ndindex(2, 6):
        alone = forward([W01[index], W12[index]], X[index], activation)
        for side_by_side, single in zip(stacked.net + stacked.y, alone.net + alone.y, strict=True):
            np.testing.assert_allclose(side_by_side[index], single, rtol=1e-13, atol=1e-15)
        assert E[index] == pytest.approx(mse(alone.y[-1], D[index]), rel=1e-13)
        expected = loss([W01[index], W12[index]], X[index], D[index], activation, 0.1)
        assert penalised[index] == pytest.approx(expected, rel=1e-13)


def _stacks():
    rng = np.random.default_rng(3)
    W01, W12, X, D = (rng.normal(size=shape) for shape in ((3, 4), (4, 2), (5, 3), (5, 2)))
    many01, many12 = rng.normal(size=(7, 3, 4)), rng.normal(size=(7, 4, 2))
    manyX, manyD = rng.normal(size=(7, 5, 3)), rng.normal(size=(7, 5, 2))
    return {
        "first layer": ([many01, W12], X, D),
        "last layer": ([W01, many12], X, D),
        "both layers": ([many01, many12], X, D),
        "one of a stack of one": ([many01, W12[None].copy()], X, D),
        "repeated views": ([many01, np.broadcast_to(W12, (7, 4, 2))], X, D),
        "repeated views alone": ([np.broadcast_to(W01, (7, 3, 4)), np.broadcast_to(W12, (7, 4, 2))], X, D),
        "samples": ([W01, W12], manyX, D),
        "targets": ([W01, W12], X, manyD),
        "all": ([many01, many12], manyX, manyD),
    }


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("block", [1, 40, network.BLOCK])
@pytest.mark.parametrize("stack", _stacks().values(), ids=_stacks())
def test_whatever_has_a_leading_axis_one_loss_for_each(stack, block, weight_decay, monkeypatch):
    monkeypatch.setattr(network, "BLOCK", block)
    weights, X, D = stack
    E = loss(weights, X, D, weight_decay=weight_decay)
    assert E.shape == (7,)
    assert E.flags.writeable

    def at(array, b):
        return array if array.ndim == 2 else array[b % len(array)]

    for b in range(7):
        alone = loss([at(W, b) for W in weights], at(X, b), at(D, b), weight_decay=weight_decay)
        assert E[b] == pytest.approx(alone, rel=1e-13)


def test_no_networks_at_all_have_no_losses():
    assert loss([np.ones((0, 3, 4)), np.ones((4, 2))], np.ones((5, 3)), np.ones((5, 2))).shape == (0,)


def test_integers_and_nested_lists_are_converted():
    assert forward([[[1, 2]], [[3], [4]]], [[1]]).net[0].dtype == float
    assert loss([[[1]]], [[2]], [[5]], identity) == 9.0
    assert mse([[True]], [[0]]) == 1.0


def test_a_function_of_ones_own_serves_as_activation():
    net = forward([[[2.0]]], [[3.0]], lambda z: z**2).y[-1]
    assert net.item() == 36.0
    assert loss([[[2.0]]], [[3.0]], [[30.0]], lambda z: [[36]]) == 36.0


@pytest.mark.parametrize("activation", [lambda z: 1.0, lambda z: None, lambda z: z[0], lambda z: "y"])
@pytest.mark.parametrize("call", [forward, lambda w, X, a: loss(w, X, np.ones((2, 1)), a)])
def test_an_activation_that_returns_something_else_is_told(call, activation):
    with pytest.raises((TypeError, ValueError), match=r"activation\(net\): expected .* got "):
        call([np.ones((3, 1))], np.ones((2, 3)), activation)


def test_random_network_has_the_shapes_and_the_ranges_it_promises():
    weights, X, D = random_network(np.random.default_rng(0), (30, 40, 20), 100)
    assert [W.shape for W in weights] == [(30, 40), (40, 20)]
    assert X.shape == (100, 30)
    assert D.shape == (100, 20)
    sizes = np.abs(np.concatenate([W.ravel() for W in weights]))
    assert sizes.min() >= 0.3
    assert sizes.max() <= 1.3
    assert 0.4 < np.mean(weights[0] > 0) < 0.6
    assert D.min() >= 0.0
    assert D.max() <= 1.0
    assert abs(X.mean()) < 0.1
    assert abs(X.std() - 1.0) < 0.1


def test_random_network_is_the_generators():
    first = random_network(np.random.default_rng(7), (3, 4, 2), 5)
    again = random_network(np.random.default_rng(7), np.array([3, 4, 2]), 5.0)
    other = random_network(np.random.default_rng(8), (3, 4, 2), 5)
    np.testing.assert_array_equal(first[1], again[1])
    assert (first[1] != other[1]).all()


NAMES = [f"Student {number}" for number in range(2000)]


def flat(name):
    weights, X, D = personal_network(name)
    return tuple(np.concatenate([*(W.ravel() for W in weights), X.ravel(), D.ravel()]))


def test_a_name_has_its_network_whatever_its_case_and_spacing():
    for same in ("Ada Lovelace", "  ada   LOVELACE\t", "ada\u00a0lovelace"):
        assert flat(same) == flat("Ada Lovelace")
    assert flat("Jose\u0301") == flat("Jos\u00e9")
    assert flat("\ud800") != flat("Ada Lovelace")


def test_a_name_keeps_its_network_for_good():
    # A grade depends on these: no new numpy and no new version of the course may change them.
    weights, X, D = personal_network("Ada Lovelace")
    assert [W.tolist() for W in weights] == [[[-0.5, 0.8], [1.1, -0.4]], [[-1.0], [-0.6]]]
    assert X.tolist() == [[0.7, 1.2]]
    assert D.tolist() == [[1.0]]


def test_different_names_have_different_networks():
    assert len({flat(name) for name in NAMES}) == len(NAMES)


def test_every_number_is_short_enough_to_type():
    for name in NAMES:
        *numbers, d = flat(name)
        assert d in (0.0, 1.0)
        assert all(len(str(abs(float(number)))) == 3 and 0.3 <= abs(number) <= 1.3 for number in numbers)
    assert {float(abs(number)) for name in NAMES for number in flat(name)[:6]} == {
        v / 10 for v in range(3, 14)
    }


def test_whatever_is_taken_for_something_else_shows():
    for name in (*NAMES, "self-study"):
        *numbers, _ = flat(name)
        assert len(set(map(abs, numbers))) == len(numbers) == 8
        weights, X, _ = personal_network(name)
        first, second = np.abs(forward(weights, X).net[0][0])
        assert abs(first - second) > 0.099


def test_every_one_of_the_six_derivatives_shows():
    for name in NAMES:
        weights, X, D = personal_network(name)
        assert abs(forward(weights, X).y[-1] - D).item() > 0.1
        for g in complex_step_gradients(lambda w, X=X, D=D: loss(w, X, D), weights):
            assert np.abs(g).min() >= 0.03 * np.abs(g).max() > 0.0


def test_sigmoid_is_the_default():
    weights, X, D = random_network(np.random.default_rng(0), (3, 4, 2), 5)
    assert loss(weights, X, D) == loss(weights, X, D, sigmoid, 0.0)
