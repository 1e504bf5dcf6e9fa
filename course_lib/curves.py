"""Curves and clouds of points: numbers in, a `Picture` with its alternative text out."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np

from course_lib.inputs import Array, as_array
from course_lib.plots import Picture

# A line of its own style and colour each, so that colour is never the only difference (Petroff's sequence).
LINES = (("#3f90da", "-"), ("#bd1f01", "--"), ("#832db6", "-."), ("#e76300", ":"), ("#717581", (0, (5, 1))))
CLOUDS = (("#3f90da", "o"), ("#bd1f01", "^"), ("#832db6", "s"), ("#e76300", "D"))
SIZE, DPI = (7.2, 3.6), 110


def line_plot(
    x: Array, lines: Mapping[str, Array], x_label: str, y_label: str, caption: str, log: bool = False
) -> Picture:
    """Draw one or more curves over the same `x`.

    Parameters
    ----------
    x : array_like
        (M,).
    lines : dict
        A name and (M,) values each; the names are in the legend and the alternative text.
    x_label, y_label, caption : str
    log : bool
        Whether the vertical axis counts in powers of ten.

    Returns
    -------
    Picture
    """
    x = as_array("x", x)
    figure, axes = new_figure()
    words = [f"{y_label} against {x_label}, from {x[0]:.3g} to {x[-1]:.3g}."]
    for (name, y), (colour, style) in zip(lines.items(), cycle(LINES), strict=False):
        y = as_array(name, y)
        axes.plot(x, y, color=colour, linestyle=style, linewidth=2.2, label=name)
        seen = y[np.isfinite(y)]  # a run that explodes is drawn as far as it goes
        low, high = seen.min(), seen.max()
        words.append(
            f"{name}: begins at {seen[0]:.3g}, ends at {seen[-1]:.3g}, between {low:.3g} and {high:.3g}."
        )
    if log:
        axes.set_yscale("log")
    finish(axes, x_label, y_label, legend=len(lines) > 1)
    return picture_of(figure, " ".join(words), caption)


def scatter_plot(groups: Mapping[str, Array], x_label: str, y_label: str, caption: str) -> Picture:
    """Draw clouds of points, a name and an array of shape (M, 2) each."""
    figure, axes = new_figure()
    words = [f"{y_label} against {x_label}."]
    for (name, points), (colour, marker) in zip(groups.items(), cycle(CLOUDS), strict=False):
        points = as_array(name, points)
        axes.scatter(*points.T, color=colour, marker=marker, s=22, alpha=0.75, linewidths=0, label=name)
        x, y = points.mean(axis=0)
        words.append(f"{name}: {len(points)} points around ({x:.3g}, {y:.3g}).")
    finish(axes, x_label, y_label, legend=len(groups) > 1)
    return picture_of(figure, " ".join(words), caption)


def new_figure(size: Sequence[float] = SIZE) -> tuple[Any, Any]:
    """Return a figure and its axes; no pyplot, so no window and no global state."""
    import matplotlib.figure  # here, so that the import of course_lib stays light

    figure = matplotlib.figure.Figure(figsize=tuple(size), dpi=DPI, layout="constrained")
    return figure, figure.add_subplot()


def finish(axes: Any, x_label: str, y_label: str, *, legend: bool) -> None:
    """Give every picture the same quiet frame."""
    axes.set_xlabel(x_label, fontsize=12)
    axes.set_ylabel(y_label, fontsize=12)
    axes.tick_params(labelsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    if legend:
        axes.legend(fontsize=11, frameon=True, framealpha=0.9, edgecolor="none")


def picture_of(figure: Any, alt: str, caption: str) -> Picture:
    """Render `figure`; `$` and braces of labels are left out of the spoken text."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Picture(buffer.getvalue(), alt.translate({ord(sign): None for sign in "${}\\"}), caption)
