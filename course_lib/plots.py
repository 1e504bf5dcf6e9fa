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

# Petroff's ten-colour sequence; a symbol keeps its colour in every picture.
COLOURS = {
    "x": "#3f90da",
    "y": "#ffa90e",
    "o": "#bd1f01",
    "d": "#e76300",
    "net": "#a96b59",
    "w_01": "#94a4a2",
    "w_12": "#832db6",
}
# A line of its own style and colour each, so that colour is never the only difference (Petroff's sequence).
LINES = (("#3f90da", "-"), ("#bd1f01", "--"), ("#832db6", "-."), ("#e76300", ":"), ("#717581", (0, (5, 1))))
CLOUDS = (("#3f90da", "o"), ("#bd1f01", "^"), ("#832db6", "s"), ("#e76300", "D"))
SIZE, DPI = (7.2, 3.6), 110


@dataclass(frozen=True)
class Picture:
    """An image with its alternative text and a caption, shown in the notebook as a figure."""

    image: bytes
    alt: str
    caption: str
    media_type: str = "image/png"

    def __repr__(self) -> str:
        return f"[picture: {self.alt}]"

    def _repr_html_(self) -> str:
        return figure_html(image_tag(self.image, self.alt, self.media_type), html.escape(self.caption))


def image_tag(data: bytes, alt: str, media_type: str = "image/png", width: int | None = None) -> str:
    """Return an image as an HTML element that carries its own data."""
    # A white background of its own, so that the dark theme does not swallow the lines.
    style = "max-width:100%;background:#fff;border-radius:4px"
    size = f' width="{width}"' if width else ""
    source = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
    return f'<img src="{source}" alt="{html.escape(alt)}"{size} style="{style}">'


def figure_html(images: str, caption: str, max_width: str = "46em") -> str:
    """Return image elements and a caption, both HTML, as one figure."""
    return f'<figure style="margin:.5em 0;max-width:{max_width}">{images}<figcaption>{caption}</figcaption></figure>'


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
        seen = y[np.isfinite(y)]  # a run that explodes is drawn as far as it is finite
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
        words.append(f"{name}: {norms[0]:.2g} in the first layer, {norms[-1]:.2g} in the last.")
    if len({len(norms) for norms in lines.values()}) > 1:
        raise ValueError("networks: expected networks of the same depth")
    layers = np.arange(1, len(norms) + 1)
    return line_plot(
        layers, lines, "layer, counted from the inputs", "norm of ∂E/∂W", " ".join(words), log=True
    )


def new_figure(size: Sequence[float] = SIZE) -> tuple[Any, Any]:
    """Return a figure and its axes; no pyplot, so no window and no global state."""
    import matplotlib.figure  # here, so that the import of course_lib stays light

    figure = matplotlib.figure.Figure(figsize=tuple(size), dpi=DPI, layout="constrained")
    return figure, figure.add_subplot()


def finish(axes: Any, x_label: str, y_label: str, *, legend: bool) -> None:
    """Give every picture the same plain frame."""
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
