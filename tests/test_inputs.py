"""What comes in: right things are converted and left alone, wrong things are named, NaN and infinity pass."""

from __future__ import annotations

import copy
import re

import numpy as np
import pytest

from course_lib import forward, gradient_descent, gradients, identity, inputs, loss, mse, train
from tests.public_functions import GOOD, PUBLIC, arrays_in, bad_calls, converted

# Drawn from a generator or a name: no arrays come in.
FROM_ARRAYS = sorted(GOOD.keys() - {"random_network", "personal_network"})
CONVERSIONS = {
    "lists of whole numbers": lambda value: value,
    "arrays of integers": np.array,
    "small integers": lambda value: np.array(value, dtype=np.int8),
    "float32": lambda value: np.array(value, dtype=np.float32),
    "tuples": lambda value: tuple(map(tuple, value)) if isinstance(value[0], list) else tuple(value),
    "big-endian": lambda value: np.array(value, dtype=">f8"),
    "Fortran order": lambda value: np.asfortranarray(np.array(value, dtype=float)),
}


def arguments(name, convert=np.array, **changes):
    return {key: converted(key, value, convert) for key, value in GOOD[name].items()} | changes


def as_floats(value):
    return np.array(value, dtype=float)


def test_the_table_knows_every_public_function():
    assert GOOD.keys() == PUBLIC.keys()


@pytest.mark.parametrize("function", GOOD)
def test_bad_input_is_named_with_what_was_expected_and_what_came(function):
    for argument, what, wrong in bad_calls(function):
        with pytest.raises((TypeError, ValueError)) as raised:
            PUBLIC[function](**wrong)
        # the targets of mse are what does not fit when the outputs have another shape
        names = "[OD]" if function == "mse" else argument
        assert re.match(rf"{names}(\[\d\])?: expected .+, got .+", str(raised.value)), (argument, what)
        assert len(str(raised.value)) < 250, (argument, what)


def _misfits():
    W01, W12, X, D = np.ones((6, 3, 4)), np.ones((6, 4, 2)), np.ones((6, 5, 3)), np.ones((6, 5, 2))
    return {
        "layers": ([W01, W12[:5]], X, D, "weights[1]"),
        "samples": ([W01, W12], X[:5], D, "X"),
        "targets": ([W01, W12], X, D[:5], "D"),
        "targets of single matrices": ([W01[0], W12[0]], X, D[:5], "D"),
    }


@pytest.mark.parametrize(
    "function", [gradients, loss, lambda w, X, D: forward(w, X)], ids=["gradients", "loss", "forward"]
)
@pytest.mark.parametrize(("weights", "X", "D", "named"), _misfits().values(), ids=_misfits())
def test_leading_axes_that_do_not_go_together_are_named(function, weights, X, D, named):
    if named == "D" and "lambda" in function.__name__:
        assert function(weights, X, D).y[-1].shape == (6, 5, 2)
        return
    with pytest.raises(
        ValueError, match=re.escape(f"{named}: expected leading axes that go with (6,), got shape (5,")
    ):
        function(weights, X, D)


def test_leading_axes_of_mse_are_named():
    with pytest.raises(
        ValueError, match=r"^D: expected leading axes that go with \(6,\), got shape \(5, 4, 2\)$"
    ):
        mse(np.ones((6, 4, 2)), np.ones((5, 4, 2)))


@pytest.mark.parametrize("function", [gradients, loss])
def test_no_samples_have_no_mean(function):
    with pytest.raises(ValueError, match="D: expected at least one sample"):
        function([np.ones((3, 2))], np.ones((0, 3)), np.ones((0, 2)))


@pytest.mark.parametrize("returned", [None, "x", [1.0], [[1.0, 2.0]], {}], ids=repr)
def test_a_gradient_that_returns_something_else_is_told(returned):
    with pytest.raises((TypeError, ValueError), match=r"^gradient\(x\): expected .+, got .+"):
        gradient_descent(lambda x: returned, [1.0, 2.0], 0.1, 3)


@pytest.mark.parametrize("name", FROM_ARRAYS)
@pytest.mark.parametrize("convert", CONVERSIONS.values(), ids=CONVERSIONS)
def test_whatever_holds_the_same_numbers_gives_the_same_result(name, convert):
    expected = arrays_in(PUBLIC[name](**arguments(name, as_floats)))
    found = arrays_in(PUBLIC[name](**arguments(name, convert)))
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-14)


@pytest.mark.parametrize("name", FROM_ARRAYS)
@pytest.mark.parametrize("dtype", [float, complex])
def test_no_argument_is_changed_and_no_result_shares_its_memory(name, dtype):
    if name == "complex_step_gradients":
        dtype = float
    given = arguments(name, lambda value: np.array(value, dtype=dtype))
    before = copy.deepcopy(given)
    came_in = [array for value in given.values() for array in arrays_in(value) if array.dtype.kind in "fc"]
    for array in came_in:
        array.flags.writeable = False
    result = PUBLIC[name](**given)
    for a, b in zip(arrays_in(list(given.values())), arrays_in(list(before.values())), strict=True):
        np.testing.assert_array_equal(a, b)
    came_out = arrays_in(result.net + result.y[1:] if name == "forward" else result)  # y[0] is X
    assert not any(np.shares_memory(a, b) for a in came_in for b in came_out)


@pytest.mark.parametrize("name", FROM_ARRAYS)
@pytest.mark.parametrize("dtype", [float, complex])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e200])
def test_nan_infinity_and_overflow_pass_without_a_warning(name, dtype, value):
    # pytest makes an error of every warning
    if name == "complex_step_gradients":
        dtype = float

    def exploded(numbers):
        array = np.array(numbers, dtype=dtype)
        array[np.abs(array) == 1] = value
        return array

    for argument in GOOD[name]:
        given = arguments(name, as_floats, **{argument: converted(argument, GOOD[name][argument], exploded)})
        result = arrays_in(PUBLIC[name](**given))
        expected = arrays_in(PUBLIC[name](**arguments(name, as_floats)))
        assert [a.shape for a in result] == [b.shape for b in expected]


@pytest.mark.parametrize("function", [loss, gradients, forward])
@pytest.mark.parametrize("where", range(3))
def test_one_nan_reaches_the_result(function, where):
    parts = [np.ones((3, 4)), np.ones((4, 2)), np.ones((5, 3))]
    parts[where][0, 0] = np.nan
    given = (parts[:2], parts[2]) if function is forward else (parts[:2], parts[2], np.ones((5, 2)))
    result = function(*given)
    assert np.isnan(arrays_in(result)[-1]).any()


def test_complex_networks_are_let_through():
    W = np.array([[0.5 + 0.1j]])
    assert loss([W], [[2]], [[1]], identity) == pytest.approx((2 * W.item() - 1) ** 2)
    assert gradients([W], [[2]], [[1]], identity)[0].item() == pytest.approx(4 * (2 * W.item() - 1))
    weights, losses = train([W], [[2]], [[1]], 0.1, 3)
    assert weights[0].dtype == losses.dtype == complex
    assert gradient_descent(lambda x: x, [1j], 0.5, 2).tolist() == [[1j], [0.5j], [0.25j]]


def test_as_count_takes_what_is_whole():
    assert [inputs.as_count("n", n) for n in (3, 3.0, np.int8(3), np.float32(3))] == [3, 3, 3, 3]
    assert all(type(inputs.as_count("n", n)) is int for n in (3, 3.0, np.int8(3), np.float32(3)))


def test_as_number_gives_pythons_own():
    for number in (2, 2.0, np.float32(2), np.array(2), True):
        assert type(inputs.as_number("n", number)) is float
    assert type(inputs.as_number("n", 2j)) is complex


def test_an_array_of_floats_is_not_copied():
    for array in (np.ones(3), np.ones((2, 2), dtype=complex)):
        assert inputs.as_array("x", array) is array
