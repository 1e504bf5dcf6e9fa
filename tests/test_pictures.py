"""Curves, clouds and contour plots: a PNG each, and words that say what can be seen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from course_lib import contour_plot, line_plot, scatter_plot

PNG = b"\x89PNG\r\n\x1a\n"


def bowl(x):
    return x[0] ** 2 + 2 * x[1] ** 2


def test_a_line_plot_says_where_its_lines_begin_and_end():
    x = np.array([1.0, 2.0, 3.0])
    picture = line_plot(
        x, {"E": [4.0, 0.5, 1.0], "$F_1$": [1e-3, 1.0, 2.0]}, "step", "loss", "Two runs.", log=True
    )
    assert picture.png.startswith(PNG)
    assert picture.caption == "Two runs."
    assert "loss against step, from 1 to 3" in picture.alt
    assert "E: begins at 4, ends at 1, between 0.5 and 4." in picture.alt
    assert "F_1: begins at 0.001" in picture.alt


def test_a_scatter_plot_says_where_its_clouds_are():
    picture = scatter_plot({"a": [[0, 0], [2, 4]], "b": [[5, 5]]}, "x", "y", "Two clouds.")
    assert picture.png.startswith(PNG)
    assert "a: 2 points around (1, 2). b: 1 points around (5, 5)." in picture.alt


def test_a_contour_plot_tells_its_paths_and_which_one_runs_away():
    paths = {"good": [[1.0, 1.0], [0.5, 0.0]], "bad": [[1.0, 1.0], [9.0, 9.0], [1e6, np.nan], [np.inf, 0.0]]}
    picture = contour_plot(bowl, (-1, 1), (-1, 1), "Two walks.", paths=paths)
    assert picture.png.startswith(PNG)
    assert "lowest near (0, 0)" in picture.alt
    assert "Path good: from (1, 1), 1 steps, ends at (0.5, 0)." in picture.alt
    assert "Path bad: from (1, 1), 3 steps, runs away." in picture.alt


def test_a_contour_plot_lists_its_arrows():
    picture = contour_plot(bowl, (-1, 1), (-1, 1), "Arrows.", arrows={"a": 0.0, "b": 90.0}, at=(0.5, 0.5))
    assert (
        "2 arrows start at (0.5, 0.5), by their angle from the x1 axis: a at 0.0°, b at 90.0°." in picture.alt
    )


@pytest.mark.parametrize("sizes", [(3, 4, 2), (4, 4, 4), (2, 4, 3), (1, 3, 4)])
def test_no_two_labels_of_the_network_meet(sizes):
    from course_lib.plots import SPACING, _label_places

    for sources, targets in pairwise(sizes):
        shares = _label_places(sources, targets)
        places = [
            (3 * t, (1 - t) * SPACING * ((sources - 1) / 2 - i) + t * SPACING * ((targets - 1) / 2 - j))
            for i, t in enumerate(shares)
            for j in range(targets)
        ]
        for k, (x, y) in enumerate(places):
            assert all(abs(x - u) > 0.4 or abs(y - v) > 0.3 for u, v in places[:k])
