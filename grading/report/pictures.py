"""Pictures of a class for the next lecture: which mistakes, who is stuck where, how the points are spread."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np

from course_lib.checking.cards.card_html import STATES
from course_lib.mistakes import MISTAKES
from course_lib.palette import COLOURS, INK
from course_lib.plots import frame_axes, new_figure
from grading.report.statistics import OfExercise, OfMistake, decided
from grading.report.submissions import LessonOfClass, State

SVG, XLINK = "http://www.w3.org/2000/svg", "{http://www.w3.org/1999/xlink}href"
MOST_MISTAKES, WIDE = 8, 8.4
# A part of a bar that is narrower than this has no room for its number.
NARROW = 0.055
_URL = re.compile(r"url\(#")
_SYMBOL = re.compile(r"\b([A-Za-zδ]+?)(?:_(\w+))?\^\((\d(?:,\d)?)\)")
HATCHES = {State.PARTLY: "....", State.WRONG: "////", State.WAITING: "\\\\\\\\"}
WORDS = {
    State.RIGHT: "right",
    State.PARTLY: "partly right",
    State.WRONG: "not right",
    State.UNANSWERED: "not answered",
    State.WAITING: "waits for a mark",
}


class Drawing(NamedTuple):
    """A picture as SVG, and its caption."""

    svg: str
    caption: str


def mistakes(found: Sequence[OfMistake], graded: int, name: str) -> Drawing:
    """Draw how many students made each of the most common mistakes."""
    shown = found[:MOST_MISTAKES]
    figure, axes = new_figure((WIDE, 0.5 + 0.62 * len(shown)))
    counts = [one.count for one in shown]
    places = np.arange(len(shown))
    axes.barh(places, counts, height=0.34, color=COLOURS["o"])
    for place, one in enumerate(shown):
        label = _set(textwrap.shorten(MISTAKES[one.id].done, 88, placeholder=" …"))
        axes.text(0, place - 0.27, label, fontsize=13, color=INK, va="bottom")
        axes.text(one.count, place, f" {one.count}", fontsize=14, color=INK, va="center", weight="bold")
    axes.set_xlim(0, max(counts) * 1.12)
    axes.set_ylim(len(shown) - 0.6, -0.75)
    axes.set_axis_off()
    alt = "; ".join(f"{MISTAKES[one.id].done}: {one.count}" for one in shown)
    caption = f"The most common mistakes, with the number of students (of {graded}) who made each."
    return _drawn(figure, f"{name}-mistakes", f"Students by mistake. {alt}.", caption)


def stuck(found: Sequence[OfExercise], name: str) -> Drawing:
    """Draw how many students have each exercise right, partly right, not right and not answered."""
    figure, axes = new_figure((WIDE, 0.9 + 0.4 * len(found)))
    left = np.zeros(len(found))
    for state in (State.RIGHT, State.PARTLY, State.WRONG, State.UNANSWERED, State.WAITING):
        counts = np.array([len(one.students[state]) for one in found], dtype=float)
        shares = counts / np.maximum([_all(one) for one in found], 1)
        if counts.any():
            _bars(axes, shares, left, counts, state)
        left += shares
    axes.set_yticks(range(len(found)), [one.exercise.id for one in found])
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    frame_axes(axes, "", "")
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    figure.legend(
        loc="outside upper left", ncols=5, fontsize=12, frameon=False, labelcolor=INK, handlelength=1.4
    )
    words = (
        f"{one.exercise.id}: "
        + ", ".join(f"{len(one.students[s])} {WORDS[s]}" for s in State if one.students[s])
        for one in found
    )
    alt = f"Students by exercise. {'; '.join(words)}."
    return _drawn(figure, f"{name}-stuck", alt, "Who is where, exercise by exercise.")


def _set(text: str) -> str:
    """Return a text with its symbols set as formulas: net^(1,2), w_jk^(1,2)."""
    return _SYMBOL.sub(
        lambda found: rf"$\mathregular{{{found[1]}_{{{found[2] or ''}}}^{{({found[3]})}}}}$", text
    )


def _all(one: OfExercise) -> int:
    return sum(map(len, one.students.values()))


def _bars(axes: Any, shares: np.ndarray, left: np.ndarray, counts: np.ndarray, state: State) -> None:
    colour = STATES[state][2]
    places, size = range(len(shares)), {"left": left, "height": 0.72, "linewidth": 1.0}
    hatch = HATCHES.get(state)
    full = colour if state is State.RIGHT else f"{colour}30"
    axes.barh(places, shares, color=full, edgecolor=colour, label=None if hatch else WORDS[state], **size)
    if hatch:  # apart: it would be as transparent as what it lies on
        axes.barh(places, shares, color="none", edgecolor=colour, hatch=hatch, label=WORDS[state], **size)
    for place, (share, begin, count) in enumerate(zip(shares, left, counts, strict=True)):
        if share > NARROW:
            box = {"boxstyle": "round,pad=0.15", "facecolor": "#1d2127", "edgecolor": "none"}
            axes.text(
                begin + share / 2, place, f"{count:.0f}", fontsize=12, color="#ffffff", ha="center", va="center",
                bbox=box,
            )  # fmt: skip


def scores(told: LessonOfClass) -> Drawing:
    """Draw how many students have how many points."""
    points = np.array([submission.points for submission in decided(told)] or [0.0])
    most = told.lesson.points
    figure, axes = new_figure((WIDE, 2.9))
    edges = np.linspace(0, most, min(round(most), 20) + 1)
    counts, _ = np.histogram(np.clip(points, 0, most), edges)
    axes.bar(edges[:-1], counts, width=np.diff(edges) * 0.9, align="edge", color=COLOURS["x"])
    axes.axvline(points.mean(), color=COLOURS["d"], linewidth=2, linestyle="--")
    axes.annotate(
        f"mean {points.mean():.1f}", (points.mean(), counts.max() * 1.13), xytext=(6, 0),
        textcoords="offset points", fontsize=13, color=COLOURS["d"], va="center",
    )  # fmt: skip
    axes.set_ylim(0, counts.max() * 1.25)
    axes.set_xlim(-0.02 * most, most * 1.12)
    axes.yaxis.get_major_locator().set_params(integer=True)
    frame_axes(axes, f"points, of {most:g}", "students")
    quarters = np.percentile(points, (25, 50, 75))
    alt = (
        f"How the points are spread: mean {points.mean():.1f} of {most:g}, a quarter has less than {quarters[0]:.1f}, "
        f"half less than {quarters[1]:.1f}, a quarter more than {quarters[2]:.1f}."
    )
    return _drawn(figure, f"{told.lesson.id}-scores", alt, alt)


def _drawn(figure: Any, name: str, alt: str, caption: str) -> Drawing:
    """Return a figure as a piece of the page: its ink is that of the page, its letters are shapes of their own."""
    import matplotlib

    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": name, "svg.fonttype": "path", "hatch.linewidth": 0.6}):
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    tree = ElementTree.fromstring(buffer.getvalue())
    _make_part_of_a_page(tree, name)
    tree.attrib |= {"role": "img", "aria-label": alt}
    ElementTree.register_namespace("", SVG)
    return Drawing(ElementTree.tostring(tree, encoding="unicode").replace(INK, "currentColor"), caption)


def _make_part_of_a_page(tree: ElementTree.Element, name: str) -> None:
    """Take out what is meant for a file of its own, its size and its style, and make its ids its own."""
    for size in ("width", "height"):
        del tree.attrib[size]
    for parent in list(tree.iter()):
        parent.attrib |= {key: _URL.sub(rf"url(#{name}-", value) for key, value in parent.attrib.items()}
        if "id" in parent.attrib:
            parent.set("id", f"{name}-{parent.get('id')}")
        if XLINK in parent.attrib:
            parent.set("href", f"#{name}-{parent.attrib.pop(XLINK).removeprefix('#')}")
        for child in [child for child in parent if child.tag == f"{{{SVG}}}style"]:
            parent.remove(child)
