"""Every slope against the complex step of its activation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from course_lib import slopes
from tests.core_cases import ACTIVATIONS

SLOPES = [getattr(slopes, f.__name__) for f in ACTIVATIONS]


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_slope_is_the_complex_step_of_the_activation(f):
    # 0 is left out: relu has its kink there. Past 200, the step times the slope is no float any more.
    z = np.concatenate([np.linspace(-200.0, -1e-3, 500), np.linspace(1e-3, 200.0, 500)])
    measured = f(z + 1e-100j).imag / 1e-100
    np.testing.assert_allclose(getattr(slopes, f.__name__)(z), measured, rtol=1e-14)


@pytest.mark.parametrize("z", [-740.0, -700.0, -100.0, -37.0, 37.0, 100.0, 700.0, 740.0])
def test_the_sigmoid_slope_is_exact_far_out_on_both_sides(z):
    e = math.exp(-abs(z))
    assert float(slopes.sigmoid(z)) == pytest.approx(e / (1 + e) ** 2, rel=1e-15, abs=5e-324)
    assert float(slopes.sigmoid(z)) > 0.0


@pytest.mark.parametrize("z", [-350.0, -20.0, 20.0, 350.0])
def test_the_tanh_slope_is_exact_far_out_on_both_sides(z):
    assert float(slopes.tanh(z)) == pytest.approx(1 / math.cosh(z) ** 2, rel=1e-14)


def test_at_the_kink_the_slope_from_the_left_is_taken():
    assert slopes.relu(0.0) == 0.0
    assert slopes.leaky_relu(0) == 0.01
    assert slopes.relu(0.0 + 1e-100j) == 0.0


def test_values_at_round_points():
    assert slopes.sigmoid(0) == 0.25
    assert slopes.tanh(0) == 1.0
    np.testing.assert_array_equal(slopes.relu([-2, 3]), [0.0, 1.0])
    np.testing.assert_array_equal(slopes.leaky_relu([-2, 3]), [0.01, 1.0])
    np.testing.assert_array_equal(slopes.identity([-2, 3]), [1.0, 1.0])


@pytest.mark.parametrize("slope", SLOPES)
def test_far_out_nothing_overflows_or_warns(slope):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        at_ends = slope(np.array([-1e4, 1e4]))
    ends = {"relu": [0, 1], "leaky_relu": [0.01, 1], "identity": [1, 1]}
    np.testing.assert_array_equal(at_ends, ends.get(slope.__name__, [0, 0]))


@pytest.mark.parametrize("slope", SLOPES)
def test_shape_is_kept_and_the_argument_untouched(slope):
    for shape in ((), (3,), (0,), (2, 3), (2, 1, 3)):
        for z in (np.full(shape, -0.5), np.full(shape, 0.5 + 1e-100j)):
            before = z.copy()
            result = slope(z)
            assert np.shape(result) == shape
            assert not np.shares_memory(result, z)
            np.testing.assert_array_equal(z, before)
