"""The hand-derived gradients against the measured derivatives of E."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import activations, complex_step_gradients, gradients, numerical_gradients, sigmoid, slopes
from course_lib.backprop import SLOPE_OF
from tests.core_cases import ACTIVATIONS, draw_case, worst_share
from tests.corpus import sampling

NETWORKS = 1000 if sampling.WHOLE else 300


@pytest.mark.sampled
def test_random_networks_agree_with_both_measured_derivatives(figure):
    exact, central = [], []
    for seed in range(NETWORKS):
        case = draw_case(seed)
        ours = gradients(*case)
        exact.append(worst_share(ours, complex_step_gradients(case.f(), case.weights)))
        central.append(worst_share(ours, numerical_gradients(case.f(), case.weights)))
    figure(
        f"{NETWORKS} networks, worst difference relative to the layer's largest entry: "
        f"{max(exact):.1e} from the complex step, {max(central):.1e} from numerical_gradients"
    )
    assert max(exact) <= 1e-12
    assert max(central) <= 1e-7


@pytest.mark.sampled
def test_the_random_networks_are_as_various_as_they_claim():
    cases = [draw_case(seed) for seed in range(NETWORKS)]
    assert {case.activation for case in cases} == set(ACTIVATIONS)
    assert {len(case.weights) - 1 for case in cases} == {1, 2, 3, 4}
    assert {len(case.X) for case in cases} == set(range(1, 51))
    assert {case.weight_decay for case in cases} == {0.0, 0.05}


def test_a_gradient_wrong_by_a_thousandth_in_one_entry_would_be_seen():
    case = draw_case(0)
    ours = gradients(*case)
    entry = np.unravel_index(np.abs(ours[0]).argmax(), ours[0].shape)
    ours[0][entry] *= 1.001
    assert worst_share(ours, complex_step_gradients(case.f(), case.weights)) > 1e-4


def test_one_weight_one_sample_by_hand():
    # dE/dw = 2 (o - d) o (1 - o) x, and 2 c w more with weight decay
    w, x, d, c = 0.7, 1.5, 0.2, 0.1
    o = 1.0 / (1.0 + np.exp(-w * x))
    hand = 2.0 * (o - d) * o * (1.0 - o) * x
    assert gradients([[[w]]], [[x]], [[d]])[0].item() == pytest.approx(hand, rel=1e-14)
    decayed = gradients([[[w]]], [[x]], [[d]], weight_decay=c)[0].item()
    assert decayed == pytest.approx(hand + 2.0 * c * w, rel=1e-14)


def test_every_activation_has_its_slope_and_the_fast_pair_agrees_with_the_two():
    assert {f.__name__: g.__name__ for f, g in SLOPE_OF.items()} == {
        f.__name__: f.__name__ for f in ACTIVATIONS
    }
    z = np.concatenate([np.linspace(-708.0, 708.0, 2001), [-1e4, 1e4, np.inf, -np.inf, np.nan]])
    value = z.copy()
    slope = slopes.sigmoid_in_place(value)
    np.testing.assert_allclose(value, activations.sigmoid(z), rtol=4e-16)
    np.testing.assert_allclose(slope, slopes.sigmoid(z), rtol=2e-15, atol=2e-308)


def test_the_fast_pair_takes_complex_nets():
    net = np.array([[0.3 + 1e-100j, -40.0 + 1e-100j]])
    value = net.copy()
    slope = slopes.sigmoid_in_place(value)
    np.testing.assert_array_equal(value, activations.sigmoid(net))
    np.testing.assert_array_equal(slope, slopes.sigmoid(net))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_networks_side_by_side_equal_the_loop(activation):
    rng = np.random.default_rng(3)
    W01, W12 = rng.normal(size=(2, 6, 3, 4)), rng.normal(size=(2, 6, 4, 2))
    X, D = rng.normal(size=(2, 6, 5, 3)), rng.normal(size=(2, 6, 5, 2))
    stacked = gradients([W01, W12], X, D, activation, 0.1)
    for index in np.ndindex(2, 6):
        alone = gradients([W01[index], W12[index]], X[index], D[index], activation, 0.1)
        for side_by_side, single in zip(stacked, alone, strict=True):
            np.testing.assert_allclose(side_by_side[index], single, rtol=1e-13, atol=1e-15)


def test_leading_axes_broadcast():
    rng = np.random.default_rng(4)
    W01, W12 = rng.normal(size=(3, 4)), rng.normal(size=(6, 4, 2))
    X, D = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    dW01, dW12 = gradients([W01, W12], X, D)
    assert dW01.shape == (6, 3, 4)
    for b in range(6):
        for side_by_side, single in zip((dW01[b], dW12[b]), gradients([W01, W12[b]], X, D), strict=True):
            np.testing.assert_allclose(side_by_side, single, rtol=1e-13)


def test_integers_and_nested_lists_are_converted():
    from_lists = gradients([[[1, 2]], [[3], [4]]], [[1]], [[0]])
    from_floats = gradients(
        [np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])], np.ones((1, 1)), np.zeros((1, 1))
    )
    for a, b in zip(from_lists, from_floats, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_saturated_network_keeps_its_tiny_gradient():
    # S'(700) = e^-700: 1 - S(700) would have been 0.
    gradient = gradients([[[700.0]]], [[1.0]], [[0.0]], sigmoid)[0].item()
    assert gradient == pytest.approx(2.0 * np.exp(-700.0), rel=1e-12)
