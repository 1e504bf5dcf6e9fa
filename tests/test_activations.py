"""S and its friends, everywhere a float can go."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from course_lib import activations
from tests.core_cases import ACTIVATIONS

FAR_OUT = [
    -1e4,
    -745.2,
    -744.0,
    -709.5,
    -700.0,
    -40.0,
    -1.0,
    -1e-9,
    0.0,
    1e-9,
    1.0,
    36.0,
    40.0,
    700.0,
    710.0,
    1e4,
]


def exact_sigmoid(z: float) -> float:
    """S(z) with fifty digits, rounded once."""
    with localcontext() as context:
        context.prec = 50
        return float(1 / (1 + (-Decimal(z)).exp()))


@pytest.mark.parametrize("z", FAR_OUT)
def test_sigmoid_is_exact_far_out_on_both_sides(z):
    # one part in 1e15, or half of the last bit that a subnormal number has
    assert float(activations.sigmoid(z)) == pytest.approx(exact_sigmoid(z), rel=1e-15, abs=5e-324)


def test_sigmoid_is_exact_all_along():
    z = np.linspace(-708.0, 708.0, 1417)
    np.testing.assert_allclose(activations.sigmoid(z), [exact_sigmoid(v) for v in z], rtol=1e-15)


@pytest.mark.parametrize(
    "z",
    [
        -1e4,
        1e4,
        -(10**4),
        10**4,
        [-10_000, 10_000],
        [[-1e4], [1e4]],
        np.array([-1e4, 1e4]),
        -1e4 + 0j,
        1e4 + 1e-100j,
        -1e4 + 1e-100j,
    ],
    ids=repr,
)
def test_sigmoid_neither_overflows_nor_warns(z):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        S = np.asarray(activations.sigmoid(z))
    expected = (np.asarray(z).real > 0).astype(float)
    assert S.shape == expected.shape
    np.testing.assert_array_equal(S.real, expected)


@pytest.mark.parametrize("re", [-300.0, -30.0, -1.5, 0.0, 1.5, 30.0, 300.0])
def test_the_imaginary_part_is_the_slope(re):
    # e^-|z| / (1 + e^-|z|)^2 has no cancellation, so this is exact
    e = math.exp(-abs(re))
    for f, slope in ((activations.sigmoid, e / (1 + e) ** 2), (activations.tanh, 1 / math.cosh(re) ** 2)):
        z = f(re + 1e-100j)
        assert complex(z).imag / 1e-100 == pytest.approx(slope, rel=1e-14)
        assert complex(z).real == pytest.approx(float(f(re)), rel=1e-15)


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_complex_formula_and_real_formula_are_one(f):
    z = np.linspace(-30.0, 30.0, 101)
    np.testing.assert_allclose(f(z + 0j).real, f(z), rtol=1e-15)
    assert not f(z + 0j).imag.any()


def test_complex_sigmoid_off_the_axis():
    z = np.array([0.3 + 0.4j, -2.0 - 1.0j, 5.0 + 2.0j])
    np.testing.assert_allclose(activations.sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-15)


def test_values_at_round_points():
    z = [-2, 0, 3]
    np.testing.assert_array_equal(activations.relu(z), [0.0, 0.0, 3.0])
    np.testing.assert_array_equal(activations.leaky_relu(z), [-0.02, 0.0, 3.0])
    np.testing.assert_array_equal(activations.identity(z), [-2.0, 0.0, 3.0])
    np.testing.assert_array_equal(activations.tanh(z), [math.tanh(-2), 0.0, math.tanh(3)])
    assert activations.sigmoid(0) == 0.5


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_shape_is_kept_and_the_argument_untouched(f):
    for shape in ((), (3,), (0,), (2, 3), (2, 1, 3)):
        for z in (np.full(shape, -0.5), np.full(shape, 0.5 + 1e-100j)):
            before = z.copy()
            result = f(z)
            assert np.shape(result) == shape
            assert not np.shares_memory(result, z)
            np.testing.assert_array_equal(z, before)


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_nan_stays_nan_and_infinity_has_its_limit(f):
    z = np.array([np.nan, np.inf, -np.inf])
    limits = {"sigmoid": (1, 0), "tanh": (1, -1), "relu": (np.inf, 0)}
    np.testing.assert_array_equal(f(z), [np.nan, *limits.get(f.__name__, (np.inf, -np.inf))])
    assert np.isnan(f(z.astype(complex))[0])
