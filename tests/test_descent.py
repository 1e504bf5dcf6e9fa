"""Descent: the path, the training run, and the clipping."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import (
    clip_by_global_norm,
    forward,
    gradient_descent,
    gradients,
    loss,
    random_network,
    train,
)


def test_every_step_goes_against_the_gradient():
    path = gradient_descent(lambda x: np.array([2.0, 10.0]) * x, [1.0, -1.0], 0.05, 30)
    assert path.shape == (31, 2)
    np.testing.assert_allclose(path[:, 0], 0.9 ** np.arange(31), rtol=1e-13)
    np.testing.assert_allclose(path[:, 1], -(0.5 ** np.arange(31)), rtol=1e-13)


def test_no_steps_leave_the_start():
    np.testing.assert_array_equal(gradient_descent(lambda x: x, [1, 2], 0.1, 0), [[1.0, 2.0]])


def test_a_minimum_is_found_and_stays():
    path = gradient_descent(lambda x: x - np.array([3.0, -1.0]), np.zeros(2), 0.5, 100)
    np.testing.assert_allclose(path[-1], [3.0, -1.0], rtol=1e-14)


def test_the_callback_sees_every_point_of_the_path():
    seen = []
    path = gradient_descent(lambda x: x, [1.0, 2.0], 0.1, 3, lambda step, x: seen.append((step, x)))
    assert [step for step, _ in seen] == [0, 1, 2, 3]
    np.testing.assert_array_equal([x for _, x in seen], path)


def test_neither_gradient_nor_callback_can_bend_the_path():
    def spoil(step, x):
        x[:] = 99.0

    def greedy(x):
        x *= 2.0
        return x

    start = np.array([1.0, 2.0])
    bent = gradient_descent(greedy, start, 0.1, 3, spoil)
    np.testing.assert_array_equal(bent, gradient_descent(lambda x: 2.0 * x, [1.0, 2.0], 0.1, 3))
    np.testing.assert_array_equal(start, [1.0, 2.0])


def test_a_gradient_that_is_always_the_same_array():
    buffer = np.zeros(2)

    def gradient(x):
        buffer[:] = x
        return buffer

    path = gradient_descent(gradient, [1.0, 2.0], 0.5, 2)
    np.testing.assert_array_equal(path, [[1.0, 2.0], [0.5, 1.0], [0.25, 0.5]])


def test_a_run_may_explode():
    path = gradient_descent(lambda x: x**3, [10.0], 1.0, 20)
    assert path.shape == (21, 1)
    assert not np.isfinite(path[-1]).any()


@pytest.fixture
def task():
    return random_network(np.random.default_rng(1), (3, 4, 2), 20)


def test_train_moves_all_layers_at_once_against_their_gradients(task):
    weights, X, D = task
    after, losses = train(weights, X, D, 0.7, 1)
    for W, new, g in zip(weights, after, gradients(weights, X, D), strict=True):
        np.testing.assert_allclose(new, W - 0.7 * g, rtol=1e-14)
    np.testing.assert_allclose(losses, [loss(weights, X, D), loss(after, X, D)], rtol=1e-14)


def test_train_learns():
    rng = np.random.default_rng(0)
    teacher, X, _ = random_network(rng, (3, 4, 2), 50)
    D = forward(teacher, X).y[-1]
    student, _, _ = random_network(rng, (3, 4, 2), 1)
    _, losses = train(student, X, D, 1.0, 500)
    assert losses.shape == (501,)
    assert losses[-1] < 0.1 * losses[0]


def test_no_steps_of_training_leave_copies(task):
    weights, X, D = task
    after, losses = train(weights, X, D, 1.0, 0)
    assert losses.tolist() == [loss(weights, X, D)]
    for W, new in zip(weights, after, strict=True):
        np.testing.assert_array_equal(W, new)
        assert not np.shares_memory(W, new)


def test_the_callback_of_training_sees_every_step_and_cannot_spoil_it(task):
    weights, X, D = task
    seen = []

    def callback(step, w, E):
        seen.append((step, [W.copy() for W in w], E))
        for W in w:
            W[:] = 99.0

    after, losses = train(weights, X, D, 1.0, 3, callback)
    undisturbed, _ = train(weights, X, D, 1.0, 3)
    assert [step for step, _, _ in seen] == [0, 1, 2, 3]
    assert [E for _, _, E in seen] == losses.tolist()
    for last, new, expected in zip(seen[-1][1], after, undisturbed, strict=True):
        np.testing.assert_array_equal(new, expected)
        np.testing.assert_array_equal(last, expected)


def test_a_training_may_explode(task):
    weights, X, D = task
    _, losses = train([1e200 * W for W in weights], 1e200 * X, D, 1e300, 5)
    assert losses.shape == (6,)


def test_clipping_scales_all_layers_by_one_factor():
    clipped = clip_by_global_norm([np.array([3.0, 4.0]), np.array([[12.0]])], 6.5)
    np.testing.assert_allclose(clipped[0], [1.5, 2.0], rtol=1e-15)
    np.testing.assert_allclose(clipped[1], [[6.0]], rtol=1e-15)


@pytest.mark.parametrize("max_norm", [13.0, 13.5, 1e9, np.inf])
def test_small_gradients_come_back_unchanged_as_copies(max_norm):
    given = [np.array([3.0, 4.0]), np.array([[12.0]])]
    for g, same in zip(given, clip_by_global_norm(given, max_norm), strict=True):
        np.testing.assert_array_equal(g, same)
        assert not np.shares_memory(g, same)


@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1e-3, 1.0, 1e150, 1e300])
@pytest.mark.parametrize("share", [1e-6, 0.5, 0.999])
def test_clipping_keeps_the_direction_and_reaches_the_norm(scale, share):
    given = [scale * np.arange(1.0, 7.0).reshape(2, 3), scale * np.array([-7.0, 8.0])]
    largest = np.abs(given[1]).max()
    full = np.sqrt(sum(((g / largest) ** 2).sum() for g in given))
    clipped = clip_by_global_norm(given, share * full * largest or 5e-324)
    shares = np.concatenate([(c / largest).ravel() for c in clipped])
    expected = np.concatenate([(share * g / largest).ravel() for g in given])
    np.testing.assert_allclose(shares, expected, rtol=1e-12, atol=1e-3 if scale < 1e-300 else 0.0)


def test_many_enormous_entries_do_not_vanish():
    # their norm is no float: 1e308 times 10
    (clipped,) = clip_by_global_norm([np.full(100, 1e308)], 1.0)
    np.testing.assert_allclose(clipped, np.full(100, 0.1), rtol=1e-14)


def test_zero_and_empty_gradients_have_no_direction():
    zero, empty = clip_by_global_norm([np.zeros(3), np.zeros((0, 2))], 1.0)
    np.testing.assert_array_equal(zero, np.zeros(3))
    assert empty.shape == (0, 2)
    assert clip_by_global_norm([], 1.0) == []


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("layer", [0, 1])
def test_an_exploded_gradient_has_no_norm_and_stays(value, layer):
    given = [np.array([3.0, 4.0]), np.array([30.0])]
    given[layer][0] = value
    for g, same in zip(given, clip_by_global_norm(given, 1.0), strict=True):
        np.testing.assert_array_equal(g, same)
