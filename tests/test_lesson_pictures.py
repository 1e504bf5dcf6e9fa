"""Every figure of the lessons can be read: nothing is cut, no words overlap, and the colours pass on any page."""

from __future__ import annotations

import itertools

import pytest
from matplotlib.figure import Figure

from course_lib import palette, plots
from course_lib.exercises import LESSONS
from course_lib.landscape import DEEPEST
from tests import figures, lessons
from tests.corpus import sampling

DRAWN = [lesson for lesson in LESSONS if lesson[:2] in ("01", "02", "04", "05")]
# The narrowest output: that of a window of 900 pixels with the file browser closed.
NARROW = 535
# The grounds on which JupyterLab's light and dark themes show an output.
PAGES = ("#ffffff", "#111111", "#212121")


@pytest.mark.sampled
@pytest.mark.parametrize("lesson", DRAWN if sampling.WHOLE else DRAWN[:1])
def test_the_words_of_every_figure_can_be_read(lesson):
    drawn = lessons.drawn(lesson)[: None if sampling.WHOLE else 2]
    assert drawn
    assert [figures.faults(figure, min(NARROW, 90 * figure.get_figwidth())) for figure in drawn] == [
        []
    ] * len(drawn)


def luminance(colour: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the contrast of two colours as WCAG defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast(channels("#000000"), channels("#ffffff")) == pytest.approx(21)
    assert contrast(channels("#777777"), channels("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    "colour",
    sorted(
        {*palette.COLOURS.values(), palette.INK, palette.LAND, *dict(palette.LINES), *dict(palette.CLOUDS)}
    ),
)
def test_every_colour_stands_out_on_light_and_dark_pages(colour):
    assert min(contrast(channels(colour), channels(page)) for page in PAGES) >= 3


def test_no_two_symbols_have_one_colour():
    assert all(one != other for one, other in itertools.combinations(palette.COLOURS.values(), 2))


@pytest.mark.parametrize("page", PAGES[:2])
def test_heights_can_be_read_on_the_deepest_ground(page):
    land, ground = channels(palette.LAND), channels(page)
    deepest = tuple(DEEPEST * a + (1 - DEEPEST) * b for a, b in zip(land, ground, strict=True))
    assert contrast(channels(palette.INK), deepest) >= 3


@pytest.mark.parametrize(
    "names", [("a", "b", "c", "d"), [f"kept aside, with decay 0.00{n}" for n in range(4)]]
)
def test_a_legend_finds_room_for_its_names(names, monkeypatch):
    drawn = []
    monkeypatch.setattr(plots, "picture_of", lambda figure, *_: drawn.append(figure))
    plots.line_plot([0, 1], {name: [0, 1] for name in names}, "step", "E", "Four runs.")
    assert figures.faults(drawn[0], NARROW) == []


def test_what_is_wrong_with_a_figure_is_found():
    figure = Figure((4, 3), dpi=100)
    axes = figure.add_axes((0.2, 0.2, 0.7, 0.7))
    assert figures.faults(figure, 400) == []
    axes.text(0.5, 0.5, "one")
    axes.text(0.52, 0.52, "other")
    axes.text(0.1, 0.9, "tiny", fontsize=6)
    axes.set_ylabel("a label\nof many\nlines")
    found = figures.faults(figure, 400)
    assert "'one' and 'other' overlap" in found
    assert "'tiny' is too small" in found
    assert "'a label\\nof many\\nlines' is cut" in found
    assert not any("0.0" in fault for fault in figures.faults(figure, 400))
