"""Arrays in, pictures out. Every picture carries its alternative text."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass

from course_lib.inputs import as_count

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

SPACING = 1.6


@dataclass(frozen=True)
class Picture:
    """A PNG with its alternative text, shown in the notebook as an image with a caption."""

    png: bytes
    alt: str
    caption: str

    def __repr__(self) -> str:
        return f"[picture: {self.alt}]"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode()
        alt, caption = html.escape(self.alt), html.escape(self.caption)
        # A white ground of its own, so that the dark theme does not swallow the lines.
        style = "max-width:100%;background:#fff;border-radius:4px"
        image = f'<img src="data:image/png;base64,{data}" alt="{alt}" style="{style}">'
        return (
            f'<figure style="margin:.5em 0;max-width:46em">{image}<figcaption>{caption}</figcaption></figure>'
        )


def network_diagram(sizes: Sequence[int]) -> Picture:
    """Draw an I-J-K network with the deck's symbols on every node and edge.

    Parameters
    ----------
    sizes : sequence of int
        (I, J, K), at most four each, so that the labels stay readable.

    Returns
    -------
    Picture
    """
    import matplotlib.figure  # not pyplot: no window, no global state, and the import of course_lib stays light

    if len(sizes) != 3:
        raise ValueError(f"sizes: expected three layer sizes (I, J, K), got {sizes!r}")
    counts = [as_count(f"sizes[{layer}]", size, least=1) for layer, size in enumerate(sizes)]
    if max(counts) > 4:
        raise ValueError(f"sizes: expected at most 4 neurons in a layer, got {sizes!r}")
    half = SPACING * (max(counts) - 1) / 2
    figure = matplotlib.figure.Figure(figsize=(7.2, 0.85 * (2 * half + 1.6)), dpi=110)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-0.75, 6.75), ylim=(-half - 0.55, half + 1.05))
    axes.axis("off")
    nodes = [[(3.0 * layer, SPACING * ((n - 1) / 2 - k)) for k in range(n)] for layer, n in enumerate(counts)]
    _draw_edges(axes, nodes)
    _draw_nodes(axes, nodes)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Picture(buffer.getvalue(), _network_words(counts), "Every weight goes from left to right.")


def _draw_nodes(axes: object, nodes: list[list[tuple[float, float]]]) -> None:
    labels = (r"$x_{{n{}}}$", r"$y_{{n{}}}^{{(1)}}$", r"$o_{{n{}}}$")
    names = ("layer 0: inputs", "layer 1: hidden", "layer 2: output")
    top = max(y for layer in nodes for _, y in layer)
    for layer, (points, letter) in enumerate(zip(nodes, "xyo", strict=True)):
        axes.text(3.0 * layer, top + 0.68, names[layer], ha="center", fontsize=11, color="#444")
        for k, (x, y) in enumerate(points, start=1):
            axes.scatter(
                [x], [y], s=1500, facecolor="white", edgecolor=COLOURS[letter], linewidth=2.5, zorder=3
            )
            axes.text(x, y, labels[layer].format(k), ha="center", va="center", fontsize=14, zorder=4)


def _draw_edges(axes: object, nodes: list[list[tuple[float, float]]]) -> None:
    for layer in (0, 1):
        shares = _label_places(len(nodes[layer]), len(nodes[layer + 1]))
        colour, style = (COLOURS["w_01"], "-") if layer == 0 else (COLOURS["w_12"], "--")
        for i, (x, y) in enumerate(nodes[layer], start=1):
            for j, (u, v) in enumerate(nodes[layer + 1], start=1):
                axes.plot([x, u], [y, v], color=colour, linestyle=style, linewidth=1.8, zorder=1)
                a, b = x + shares[i - 1] * (u - x), y + shares[i - 1] * (v - y)
                label = rf"$w_{{{i}{j}}}^{{({layer},{layer + 1})}}$"
                ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
                axes.text(a, b, label, ha="center", va="center", fontsize=13, bbox=ground, zorder=2)


def _label_places(sources: int, targets: int) -> list[float]:
    """Return how far along its edge a label stands, for each source, so that no two labels meet."""
    # Nearer to where it starts than the middle keeps crossing edges apart; with more edges, a column each source.
    if targets <= 2:
        return [0.3] * sources
    return [0.32 + 0.46 * k / max(1, sources - 1) for k in range(sources)]


def _network_words(counts: list[int]) -> str:
    inputs, hidden, outputs = counts
    return (
        f"A network with {inputs} inputs, {hidden} hidden nodes and {outputs} output{'s' if outputs > 1 else ''}. "
        f"Each input i is joined to each hidden node j by the weight w_ij^(0,1), and each hidden node j "
        f"to each output k by w_jk^(1,2)."
    )
