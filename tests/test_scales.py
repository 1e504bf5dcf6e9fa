"""Axes and numbers as people read them."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib.landscape import round_levels
from course_lib.plots import new_figure
from course_lib.scales import LABELS, log_labels, log_ticks, use_plain_scale


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.04, 0.3, ["0.04", "0.05", "0.06", "0.07", "0.08", "0.09", "0.1", "0.2", "0.3"]),
        (0.02, 0.7, ["0.02", "0.05", "0.1", "0.2", "0.5"]),
        (0.00007, 60, [f"$10^{{{n}}}$" for n in range(-4, 2)]),
        (0.001, 60, ["0.001", "0.01", "0.1", "1", "10"]),
        (3e-12, 0.2, ["$10^{-11}$", *(f"$10^{{{n}}}$" for n in range(-10, 0))][1::2]),
        (2e-7, 6e-7, [rf"${n}\cdot10^{{-7}}$" for n in range(2, 7)]),
    ],
)
def test_an_axis_in_powers_of_ten_has_labels_that_are_read(low, high, labels):
    assert log_labels(log_ticks(low, high)) == labels


def test_no_axis_has_too_many_labels_or_none():
    for decades in range(1, 60):
        ticks = log_ticks(1e-30, 10.0 ** (decades - 30))
        assert 2 <= len(ticks) <= LABELS
        assert np.allclose(np.diff(np.log10(ticks)[-3:], 2), 0, atol=0.31)


@pytest.mark.parametrize(("low", "high"), [(0.0, 20.0), (-0.51, 47.3), (2e-6, 3e-5), (1e3, 1e7)])
def test_contours_lie_at_heights_of_few_digits_closer_at_the_floor(low, high):
    levels = round_levels(low, high)
    assert len(levels) > 8
    assert low < levels[0] < levels[-1] < high
    assert all(len(f"{level:.2g}") and float(f"{level:.2g}") == pytest.approx(level) for level in levels)
    assert levels[1] - levels[0] < levels[-1] - levels[-2]


@pytest.mark.parametrize(
    ("values", "low", "ticks"), [(np.arange(1, 11), 0.02, 10), (np.arange(0, 50, 5), 0.2, 5)]
)
def test_layers_are_all_numbered_and_an_axis_that_comes_near_zero_begins_there(values, low, ticks):
    _, axes = new_figure()
    heights = np.linspace(1.0, low, len(values))
    axes.plot(values, heights)
    use_plain_scale(axes, "x", values)
    use_plain_scale(axes, "y", heights)
    left, right = axes.get_xlim()
    assert len([tick for tick in axes.get_xticks() if left <= tick <= right]) == ticks
    assert (axes.get_ylim()[0] == 0.0) == (low < 0.1)
