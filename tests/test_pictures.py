"""Curves, clouds, contour plots and networks: an image each, and words that say what can be seen."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from matplotlib.contour import ContourSet
from matplotlib.path import Path
from PIL import Image

from course_lib import contour_plot, landscape, line_plot, network_diagram, plots, scatter_plot
from course_lib.palette import INK
from course_lib.widgets.layout import lay_out
from course_lib.widgets.static import Still, all_symbols, static_html
from tests.figures import SHARED

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


@pytest.fixture
def figure(monkeypatch):
    """Draw with what is called, and return its figure."""

    def draw(plot, *arguments, **more):
        drawn = []
        for module in (plots, landscape):
            monkeypatch.setattr(module, "picture_of", lambda figure, *_: drawn.append(figure))
        plot(*arguments, **more)
        return drawn[0]

    return draw


def valley(x):
    return 0.5 * x[0] ** 2 + 3 * x[1] ** 2


def test_the_letters_of_arrows_stand_clear_of_the_contour_lines(figure):
    angles = dict(zip("abcdefgh", 26.565051 + 45 * np.arange(8), strict=True))
    drawn = figure(contour_plot, valley, (-1, 4), (-1, 2.2), "Arrows.", arrows=angles, at=(2, 1))
    drawn.draw_without_rendering()
    (axes,) = drawn.axes
    (lines,) = (artist for artist in axes.collections if isinstance(artist, ContourSet) and not artist.filled)
    pieces = (piece for path in lines.get_paths() for piece in path.to_polygons(closed_only=False))
    points = axes.transData.transform(np.vstack([Path(piece).interpolated(9).vertices for piece in pieces]))
    letters = {text.get_text(): text.get_window_extent() for text in axes.texts if text.get_text() in angles}
    assert set(letters) == set(angles)
    assert not [name for name, box in letters.items() if box.padded(-SHARED).count_contains(points)]


def test_a_jump_is_no_steep_line(figure):
    x = np.array([-2.0, -1.0, 1.0, 2.0])
    step = figure(line_plot, x, {"a": x > 0, "b": x}, "x", "y", "A jump.", jumps={"a": 0})
    jumping, straight = step.axes[0].lines
    assert np.isnan(jumping.get_ydata()[2])
    assert not np.isnan(straight.get_ydata()).any()


def test_few_points_are_dots_and_steps_are_whole_numbers(figure):
    few, many = (figure(line_plot, np.arange(n), {"a": np.arange(n)}, "n", "y", "Dots.") for n in (5, 50))
    assert few.axes[0].lines[0].get_marker() == "o"
    assert many.axes[0].lines[0].get_marker() == ""
    assert all(tick == round(tick) for tick in few.axes[0].get_xticks())


def test_the_contours_of_a_bowl_are_round_and_have_heights(figure):
    for f in (
        bowl,
        lambda x: float(x[0]) ** 2 + 2 * float(x[1]) ** 2,
    ):  # the latter takes one point at a time
        drawn = figure(contour_plot, f, (-1, 1), (-1, 1), "A bowl.").axes[0]
        lines = next(each for each in drawn.collections if each.get_facecolor().size == 0)
        for path, level in zip(lines.get_paths(), lines.levels, strict=True):
            assert np.allclose(bowl(path.vertices.T), level, rtol=0.02)
        assert {text.get_text() for text in drawn.texts} <= {f"{level:g}" for level in lines.levels}
        assert len(drawn.texts) > 5


def test_a_picture_shows_what_lies_behind_it():
    pixels = Image.open(io.BytesIO(line_plot([0, 1], {"a": [0, 1]}, "x", "y", "A line.").image))
    assert pixels.mode == "RGBA"
    assert pixels.getpixel((0, 0))[3] == 0


def test_axes_carry_the_names_they_are_given():
    assert (
        "of w1 from -1 to 1 and w2 from 0 to 2"
        in contour_plot(bowl, (-1, 1), (0, 2), "", names=("w1", "w2")).alt
    )


@pytest.mark.parametrize("filled", [True, False])
def test_a_diagram_has_no_paper_of_its_own(filled):
    layout = lay_out((2, 2, 1))
    drawn = static_html(layout, Still(all_symbols(layout) if filled else {}, ""), "")
    (image,) = re.findall(r"base64,([\w+/=]+)", drawn)
    assert "background" not in drawn
    assert set(re.findall('fill="(.*?)"', base64.b64decode(image).decode())) == {"none", INK}


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
