"""Arrays in, pictures out: curves, clouds of points, the gradient of every layer. Each carries its alternative text."""

import base64
import html
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np

from course_lib.backprop import gradients
from course_lib.inputs import Array, as_array
from course_lib.palette import CLOUDS, INK, LINES
from course_lib.scales import format_number, use_log_scale, use_plain_scale

SIZE, DPI = (7.2, 3.6), 130
# The width on the page that a figure of this size has, where there is room for it.
PIXELS_PER_INCH = 90
# Up to so many points are drawn as dots, since between them there is nothing.
FEW = 40


@dataclass(frozen=True)
class Picture:
    """An image with its alternative text and a caption, shown in the notebook as a figure."""

    image: bytes
    alt: str
    caption: str
    media_type: str = "image/png"
    width: int | None = None

    def __repr__(self) -> str:
        return f"[picture: {self.alt}]"

    def _repr_html_(self) -> str:
        return figure_html(
            image_tag(self.image, self.alt, self.media_type, self.width), html.escape(self.caption)
        )


def image_tag(data: bytes, alt: str, media_type: str = "image/png", width: int | None = None) -> str:
    """Return an image as an HTML element that carries its own data."""
    size = f' width="{width}"' if width else ""
    source = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
    return f'<img src="{source}" alt="{html.escape(alt)}"{size} style="max-width:100%;height:auto">'


def figure_html(images: str, caption: str, max_width: str = "46em") -> str:
    """Return image elements and a caption, both HTML, as one figure."""
    return f'<figure style="margin:.5em 0;max-width:{max_width}">{images}<figcaption>{caption}</figcaption></figure>'


def line_plot(
    x: Array,
    lines: Mapping[str, Array],
    x_label: str,
    y_label: str,
    caption: str,
    log: bool = False,
    log_x: bool = False,
    jumps: Mapping[str, float] | None = None,
    notes: Mapping[str, tuple[float, float]] | None = None,
) -> Picture:
    """Draw one or more curves over the same `x`.

    Parameters
    ----------
    x : array_like
        (M,).
    lines : dict
        A name and (M,) values each; the names are in the legend and the alternative text.
    x_label, y_label, caption : str
    log, log_x : bool
        Whether the vertical and the horizontal axis count in powers of ten.
    jumps : dict, optional
        The name of a line and where it jumps: it is interrupted there.
    notes : dict, optional
        Words and the point (x, y) each, on which they are centred.

    Returns
    -------
    Picture
    """
    x, jumps = as_array("x", x), jumps or {}
    figure, axes = new_figure()
    words, values = (
        [f"{y_label} against {x_label}, from {format_number(x[0])} to {format_number(x[-1])}."],
        [],
    )
    for (name, y), (colour, style) in zip(lines.items(), cycle(LINES), strict=False):
        y = as_array(name, y)
        marker = "o" if len(x) <= FEW else ""
        drawn = _interrupted(x, y, jumps[name]) if name in jumps else (x, y)
        axes.plot(
            *drawn, color=colour, linestyle=style, linewidth=2.2, marker=marker, markersize=5, label=name
        )
        seen = y[np.isfinite(y)]  # a run that explodes is drawn as far as it is finite
        values.append(seen)
        first, last, low, high = map(format_number, (seen[0], seen[-1], seen.min(), seen.max()))
        words.append(f"{name}: begins at {first}, ends at {last}, between {low} and {high}.")
    for which, powers, shown in (("x", log_x, x), ("y", log, np.concatenate(values))):
        if powers:
            use_log_scale(axes, which, shown[shown > 0].min(), shown.max())
        else:
            use_plain_scale(axes, which, shown)
    for note, point in (notes or {}).items():
        axes.text(*point, note, ha="center", va="center", fontsize=13, color=INK)
        words.append(f"At ({format_number(point[0])}, {format_number(point[1])}) stands: {note}.")
    finish(axes, x_label, y_label, legend=len(lines) > 1)
    return picture_of(figure, " ".join(words), caption)


def _interrupted(x: Array, y: Array, where: float) -> tuple[Array, Array]:
    n = int(np.searchsorted(x, where))
    return np.insert(x, n, where), np.insert(y, n, np.nan)


def scatter_plot(groups: Mapping[str, Array], x_label: str, y_label: str, caption: str) -> Picture:
    """Draw clouds of points, a name and an array of shape (M, 2) each."""
    figure, axes = new_figure()
    words = [f"{y_label} against {x_label}."]
    for (name, points), (colour, marker) in zip(groups.items(), cycle(CLOUDS), strict=False):
        points = as_array(name, points)
        size = 24 if len(points) > FEW else 90
        axes.scatter(*points.T, color=colour, marker=marker, s=size, alpha=0.8, linewidths=0, label=name)
        x, y = points.mean(axis=0)
        many = "1 point at" if len(points) == 1 else f"{len(points)} points around"
        words.append(f"{name}: {many} ({x:.3g}, {y:.3g}).")
    finish(axes, x_label, y_label, legend=len(groups) > 1)
    return picture_of(figure, " ".join(words), caption)


def layer_plot(networks: Mapping[str, tuple[Any, ...]]) -> Picture:
    """Draw the norm of every layer's gradient, for one or more networks of the same depth.

    Parameters
    ----------
    networks : dict
        A name and the arguments of `gradients` each: (weights, X, D) or (weights, X, D, activation).

    Returns
    -------
    Picture
        Its caption compares the first layer with the last, network by network.
    """
    if not networks:
        raise ValueError("networks: expected at least one, got an empty dict")
    lines, words = {}, []
    for name, network in networks.items():
        norms = np.array([np.linalg.norm(g) for g in gradients(*network)])
        lines[name] = norms
        words.append(
            f"{name}: {format_number(norms[0], 2)} in the first layer, {format_number(norms[-1], 2)} in the last."
        )
    if len({len(norms) for norms in lines.values()}) > 1:
        raise ValueError("networks: expected networks of the same depth")
    layers = np.arange(1, len(norms) + 1)
    return line_plot(
        layers, lines, "layer, counted from the inputs", "norm of ∂E/∂W", " ".join(words), log=True
    )


def new_figure(
    size: Sequence[float] = SIZE, box: tuple[float, float, float, float] | None = None
) -> tuple[Any, Any]:
    """Return a figure and its axes; no pyplot, so no window and no global state.

    `box` is where the axes stand, as fractions of the figure; without it they make room for their words.
    """
    import matplotlib.figure  # here, so that the import of course_lib stays light

    layout = None if box else "constrained"
    figure = matplotlib.figure.Figure(figsize=tuple(size), dpi=DPI, layout=layout, facecolor="none")
    axes = figure.add_axes(box, facecolor="none") if box else figure.add_subplot(facecolor="none")
    return figure, axes


def frame_axes(axes: Any, x_label: str, y_label: str, size: float = 13) -> None:
    """Give axes the same plain frame in every picture; the name of the vertical axis lies on top of it, to be read."""
    axes.set_xlabel(x_label, fontsize=size, color=INK)
    axes.set_title(y_label, fontsize=size, color=INK, loc="left", pad=4)
    axes.tick_params(labelsize=size - 1, color=INK, labelcolor=INK)
    axes.spines[["left", "bottom"]].set_color(INK)
    axes.spines[["top", "right"]].set_visible(False)


def finish(axes: Any, x_label: str, y_label: str, *, legend: bool) -> None:
    """Frame the axes, and put the legend where it covers nothing: above them."""
    frame_axes(axes, x_label, y_label)
    if legend:
        outside = "outside " if axes.figure.get_layout_engine() else ""
        axes.figure.legend(
            loc=f"{outside}upper left",
            ncols=_columns(axes),
            fontsize=12,
            frameon=False,
            labelcolor=INK,
            handlelength=3,
            borderaxespad=0.1,
        )


def _columns(axes: Any) -> int:
    """Return how many names of a legend fit side by side into the figure: four at most."""
    longest = max(len(name) for name in axes.get_legend_handles_labels()[1])
    # A letter of this size is about 0.09 inches wide; the piece of line before the name and the gaps take 0.9.
    return min(4, max(1, int(axes.figure.get_figwidth() / (0.9 + 0.09 * longest))))


def picture_of(figure: Any, alt: str, caption: str) -> Picture:
    """Render `figure`; `$` and braces of labels are left out of the spoken text."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    spoken = alt.translate({ord(sign): None for sign in "${}\\"})
    width = round(figure.get_figwidth() * PIXELS_PER_INCH)
    return Picture(buffer.getvalue(), spoken, caption, width=width)
