"""Curves, clouds, contour plots and networks: an image each, and words that say what can be seen."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import contour_plot, line_plot, network_diagram, scatter_plot

PNG = b"\x89PNG\r\n\x1a\n"


def bowl(x):
    return x[0] ** 2 + 2 * x[1] ** 2


def test_a_line_plot_says_where_its_lines_begin_and_end():
    x = np.array([1.0, 2.0, 3.0])
    picture = line_plot(
        x, {"E": [4.0, 0.5, 1.0], "$F_1$": [1e-3, 1.0, 2.0]}, "step", "loss", "Two runs.", log=True
    )
    assert picture.image.startswith(PNG)
    assert picture.caption == "Two runs."
    assert "loss against step, from 1 to 3" in picture.alt
    assert "E: begins at 4, ends at 1, between 0.5 and 4." in picture.alt
    assert "F_1: begins at 0.001" in picture.alt


def test_a_scatter_plot_says_where_its_clouds_are():
    picture = scatter_plot({"a": [[0, 0], [2, 4]], "b": [[5, 5]]}, "x", "y", "Two clouds.")
    assert picture.image.startswith(PNG)
    assert "a: 2 points around (1, 2). b: 1 point at (5, 5)." in picture.alt


def test_a_contour_plot_tells_its_paths_and_which_one_runs_away():
    paths = {"good": [[1.0, 1.0], [0.5, 0.0]], "bad": [[1.0, 1.0], [9.0, 9.0], [1e6, np.nan], [np.inf, 0.0]]}
    picture = contour_plot(bowl, (-1, 1), (-1, 1), "Two walks.", paths=paths)
    assert picture.image.startswith(PNG)
    assert "lowest near (0, 0)" in picture.alt
    assert "Path good: from (1, 1), 1 steps, ends at (0.5, 0)." in picture.alt
    assert "Path bad: from (1, 1), 3 steps, runs away." in picture.alt


def test_a_contour_plot_lists_its_arrows():
    picture = contour_plot(bowl, (-1, 1), (-1, 1), "Arrows.", arrows={"a": 0.0, "b": 90.0}, at=(0.5, 0.5))
    assert (
        "2 arrows start at (0.5, 0.5), by their angle from the x1 axis: a at 0.0°, b at 90.0°." in picture.alt
    )


def test_the_network_of_a_lesson_is_a_picture_with_every_symbol():
    picture = network_diagram([3, 4, 1])
    assert picture.media_type == "image/svg+xml"
    assert picture.image.count(b"<text") == 3 + 3 + 4 + 1 + 12 + 4  # titles, nodes, edges
    assert "3 inputs, 4 hidden nodes and 1 output." in picture.alt
    assert "data:image/svg+xml" in picture._repr_html_()


@pytest.mark.parametrize("sizes", [[3, 4], [3, 5, 2], [3, 0, 2], [3, 2.5, 1]])
def test_a_network_that_cannot_be_drawn_is_refused_by_name(sizes):
    with pytest.raises((ValueError, TypeError), match="sizes"):
        network_diagram(sizes)
