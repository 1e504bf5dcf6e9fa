"""Measured derivatives against known ones, where they can be trusted and what they say when they cannot."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from course_lib import (
    complex_step_gradients,
    gradients,
    identity,
    leaky_relu,
    loss,
    numdiff,
    numerical_gradient,
    numerical_gradients,
    numerical_hessian,
    random_network,
    relu,
)


def cube_and_sine(x):
    return x[0] ** 3 * x[1] + np.sin(x[2])


def test_numerical_gradient_of_a_known_function():
    x = np.array([1.5, -2.0, 0.3])
    gradient = numerical_gradient(cube_and_sine, x)
    np.testing.assert_allclose(gradient, [3 * 1.5**2 * -2.0, 1.5**3, np.cos(0.3)], rtol=1e-9)


def test_numerical_gradient_takes_any_shape_and_scales_its_step():
    for shape in ((), (2, 3), (0,)):
        assert numerical_gradient(lambda x: (x * x).sum(), np.ones(shape)).shape == shape
    # at 1e6, a step of 6e-6 would drown in rounding
    assert numerical_gradient(lambda x: x[0] ** 2, [1e6])[0] == pytest.approx(2e6, rel=1e-9)


def test_numerical_gradient_of_an_f_that_changes_its_argument():
    def f(x):
        x *= x
        return x.sum()

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(numerical_gradient(f, x), [2.0, 4.0], rtol=1e-9)
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_numerical_hessian_of_a_known_function():
    x = np.array([1.5, -2.0, 0.3])
    hessian = numerical_hessian(cube_and_sine, x)
    known = [[6 * 1.5 * -2.0, 3 * 1.5**2, 0], [3 * 1.5**2, 0, 0], [0, 0, -np.sin(0.3)]]
    np.testing.assert_allclose(hessian, known, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(hessian, hessian.T)


def test_complex_points_are_let_through():
    z = np.array([1.0 + 2.0j, 0.5j])
    np.testing.assert_allclose(numerical_gradient(lambda x: (x * x).sum(), z), 2 * z, rtol=1e-8)
    np.testing.assert_allclose(
        numerical_hessian(lambda x: (x * x).sum(), z), 2 * np.eye(2), rtol=1e-6, atol=1e-6
    )
    (W,) = numerical_gradients(lambda w: (w[0] ** 2).sum(axis=(1, 2)), [z.reshape(1, 2)])
    np.testing.assert_allclose(W, 2 * z.reshape(1, 2), rtol=1e-8)


@pytest.mark.parametrize("measure", [numerical_gradients, complex_step_gradients])
@pytest.mark.parametrize("networks", [1, 3, 128])
def test_the_size_of_the_chunks_does_not_matter(measure, networks, monkeypatch):
    weights, X, D = random_network(np.random.default_rng(0), (3, 5, 4, 2), 6)
    monkeypatch.setattr(numdiff, "CHUNK_NETWORKS", networks)
    sizes = set()

    def f(w):
        sizes.add(len(w[0]))
        return loss(w, X, D)

    measured = measure(f, weights)
    assert max(sizes) <= max(networks, 4 if measure is numerical_gradients else 1)
    for ours, hand in zip(measured, gradients(weights, X, D), strict=True):
        np.testing.assert_allclose(ours, hand, rtol=1e-7, atol=1e-10)


def test_every_layer_comes_with_the_same_leading_axis():
    weights, X, D = random_network(np.random.default_rng(0), (30, 5, 2), 4)

    def f(w):
        assert all(W.ndim == 3 and len(W) == len(w[0]) for W in w)
        return loss(w, X, D)

    assert [g.shape for g in numerical_gradients(f, weights)] == [(30, 5), (5, 2)]


def test_an_f_that_ignores_a_layer_has_derivative_zero_there():
    weights = [np.ones((2, 3)), np.full((3, 1), 2.0)]
    for measure in (numerical_gradients, complex_step_gradients):
        first, second = measure(lambda w: (w[1] ** 2).sum(axis=(1, 2)), weights)
        np.testing.assert_array_equal(first, np.zeros((2, 3)))
        np.testing.assert_allclose(second, np.full((3, 1), 4.0), rtol=1e-9)


def test_matrices_without_entries():
    for measure in (numerical_gradients, complex_step_gradients):
        (empty,) = measure(lambda w: (w[0] ** 2).sum(axis=(1, 2)), [np.ones((3, 0))])
        assert empty.shape == (3, 0)


@pytest.mark.parametrize(("measure", "bytes_each"), [(numerical_gradients, 8), (complex_step_gradients, 16)])
def test_memory_stays_bounded_on_a_large_layer(measure, bytes_each):
    # All perturbed copies of 100 x 100 weights at once would take 3 GB, 128 of them still 10 MB.
    weights = [np.ones((100, 100))]
    tracemalloc.start()
    measure(lambda w: w[0][:, 0, 0] ** 2, weights)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.5 * bytes_each * numdiff.CHUNK_WEIGHTS


def test_memory_stays_bounded_with_many_samples():
    # 128 networks x 5,000 samples x 20 neurons in one array would be 100 MB.
    weights, X, D = random_network(np.random.default_rng(0), (3, 20, 1), 5_000)
    tracemalloc.start()
    loss([np.broadcast_to(weights[0], (128, 3, 20)).copy(), np.broadcast_to(weights[1], (128, 20, 1))], X, D)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30e6


@pytest.mark.parametrize("activation", [relu, leaky_relu])
@pytest.mark.parametrize("distance", [1e-5, 1e-4, 3e-4])
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_near_a_kink_the_step_is_narrowed(activation, distance, side):
    # net = w x passes 0 at w = 0; the slope on this side is 2 (o - d) times 1, or the leak
    weights, X, D = [np.array([[side * distance]])], np.array([[1.0]]), np.array([[-1.0]])
    (hand,) = gradients(weights, X, D, activation)
    (measured,) = numerical_gradients(lambda w: loss(w, X, D, activation), weights)
    assert measured.item() == pytest.approx(hand.item(), rel=1e-7, abs=1e-9)


def test_a_kink_of_one_sample_among_others_is_found():
    # The second sample is 1e-4 from its kink, and bends the derivative by a thousandth only.
    weights, X, D = (
        [np.array([[1.0], [1.0]])],
        np.array([[1.0, 0.5], [1.0, -1.0 - 1e-4]]),
        np.array([[0.0], [-1e-3]]),
    )
    (hand,) = gradients(weights, X, D, relu)
    (measured,) = numerical_gradients(lambda w: loss(w, X, D, relu), weights)
    np.testing.assert_allclose(measured, hand, rtol=1e-8)


def test_strong_curvature_is_no_kink():
    # D(h) and D(2h) differ by 1e-4 of the derivative; the narrow difference alone would be off by 3e-8
    (measured,) = numerical_gradients(lambda w: np.sin(60.0 * w[0]).sum(axis=(1, 2)), [np.array([[0.01]])])
    assert measured.item() == pytest.approx(60.0 * np.cos(0.6), rel=1e-8)


def test_the_step_follows_the_size_of_the_weight():
    (measured,) = numerical_gradients(lambda w: (w[0] ** 2).sum(axis=(1, 2)), [np.array([[1e5]])])
    assert measured.item() == pytest.approx(2e5, rel=1e-9)


def test_differences_of_a_deep_network_stay_true_to_the_complex_step():
    weights, X, D = random_network(np.random.default_rng(5), (3, 4, 4, 4, 4, 4, 2), 5)
    for exact, hand in zip(
        complex_step_gradients(lambda w: loss(w, X, D), weights), gradients(weights, X, D), strict=True
    ):
        assert np.abs(exact - hand).max() <= 1e-13 * np.abs(hand).max()


WRONG = {
    "one number for all": lambda w: 1.0,
    "too few": lambda w: np.ones(len(w[0]))[:-1],
    "a column": lambda w: np.ones((len(w[0]), 1)),
    "one layer's shape": lambda w: w[0],
    "text": lambda w: "0.5",
    "nothing": lambda w: None,
}


@pytest.mark.parametrize("f", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("measure", [numerical_gradients, complex_step_gradients])
def test_an_f_that_returns_something_else_is_told(measure, f):
    with pytest.raises((TypeError, ValueError), match=r"f\(weights\): expected .* got "):
        measure(f, [np.ones((2, 2))])


@pytest.mark.parametrize(
    "f", [lambda w: np.abs(w[0]).sum(axis=(1, 2)), lambda w: w[0].real.sum(axis=(1, 2))], ids=["abs", "real"]
)
def test_an_f_that_drops_the_imaginary_part_is_told(f):
    with pytest.raises(
        TypeError, match=r"f\(weights\): expected complex values for complex weights, got real"
    ):
        complex_step_gradients(f, [np.ones((2, 2))])


@pytest.mark.parametrize("measure", [numerical_gradient, numerical_hessian])
@pytest.mark.parametrize("returned", [None, "0.5", [1.0, 2.0], {}], ids=repr)
def test_an_f_of_a_vector_that_returns_no_number_is_told(measure, returned):
    with pytest.raises((TypeError, ValueError), match=r"f\(x\): expected .* got "):
        measure(lambda x: returned, [1.0, 2.0])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_and_infinity_pass(value):
    weights, X, D = [np.array([[value, 1.0]])], np.ones((1, 1)), np.zeros((1, 2))
    (measured,) = numerical_gradients(lambda w: loss(w, X, D, identity), weights)
    assert np.isnan(measured).all()
    assert np.isnan(numerical_gradient(lambda x: x.sum(), [value])[0])
    assert np.isnan(numerical_hessian(lambda x: (x * x).sum(), [value])[0, 0])
