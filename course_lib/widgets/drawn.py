"""A scene as the front end wants it (plain data), and as a still picture for places without widgets."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping

from course_lib.checking.cards.card_html import inline
from course_lib.plots import COLOURS
from course_lib.widgets.notation import family, mathml, spoken, tspans
from course_lib.widgets.scene import COLUMNS, WIDTH, Scene, places

TITLES = ("layer 0: inputs", "layer 1: hidden", "layer 2: outputs")
BENEATH = ("", "net input → output", "net input → output")
_NODE_FAMILY = ("x", "y", "o")


def latex_of(name: str) -> str:
    """Return the LaTeX of any weight, net input or output of a network of any size."""
    letter, _, index = name.partition("_")
    if letter[0] == "w":
        return f"w_{{{letter[1:]}}}^{{({index[0]},{index[1]})}}"
    if letter == "net":
        node, _, layers = index.partition("_")
        return f"net_{{{node}}}^{{({layers[0]},{layers[1]})}}"
    return f"{letter}_{{{index}}}" + ("^{(1)}" if letter == "y" else "")


def described(scene: Scene, role: str) -> dict:
    """Return nodes, lines and places as plain data; `role` is what a place is: "slot", "label" or "button"."""
    return {
        "width": WIDTH,
        "height": scene.height,
        "titles": [
            {"x": x, "title": t, "beneath": b} for x, t, b in zip(COLUMNS, TITLES, BENEATH, strict=True)
        ],
        "nodes": [
            {"x": n.x - n.width / 2, "y": n.y - n.height / 2, "w": n.width, "h": n.height,
             "family": _NODE_FAMILY[n.layer], "arrow": n.layer > 0}
            for n in scene.nodes
        ],
        "lines": [{"id": e.slot, "at": e.line, "family": family(e.name)} for e in scene.edges],
        "places": [
            {**p, "role": role, "edge": "_to_" in p["id"], **_symbol(p["name"])} for p in places(scene)
        ],
        "colours": COLOURS,
    }  # fmt: skip


def _symbol(name: str) -> dict[str, str]:
    latex = latex_of(name)
    return {"math": mathml(latex), "said": spoken(latex), "family": family(name)}


def still(scene: Scene, shown: Mapping[str, str], alt: str, caption: str, lit: tuple[str, ...] = ()) -> str:
    """Return the scene as an HTML figure: an SVG image with its alternative text, no script, no style sheet.

    `shown` is slot -> LaTeX; a slot that is not in it is drawn empty. `lit` are the slots of edges drawn strong.
    """
    parts = [*_lines(scene, lit), *_boxes(scene), *(_label(p, shown.get(p["id"])) for p in places(scene))]
    for x, title in zip(COLUMNS, TITLES, strict=True):
        parts.append(f'<text x="{max(x, 62)}" y="24" fill="#555" font-size="14">{title}</text>')
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {scene.height:g}" width="{WIDTH}" '
        f'font-family="DejaVu Serif,Georgia,serif" font-size="16" text-anchor="middle">{"".join(parts)}</svg>'
    )
    source = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    # A white ground of its own, so that the dark theme does not swallow the lines.
    style = "max-width:100%;background:#fff;border-radius:4px"
    image = f'<img src="{source}" alt="{html.escape(alt)}" style="{style}">'
    return (
        f'<figure style="margin:.5em 0;max-width:51em">{image}'
        f"<figcaption>{inline(caption)}</figcaption></figure>"
    )


def _lines(scene: Scene, lit: tuple[str, ...]) -> list[str]:
    return [
        '<line x1="{:g}" y1="{:g}" x2="{:g}" y2="{:g}" stroke="{}" stroke-width="{}"{}/>'.format(
            *edge.line,
            COLOURS[family(edge.name)],
            5 if edge.slot in lit else 2,
            ' stroke-dasharray="7 4"' if edge.layer else "",
        )
        for edge in scene.edges
    ]


def _boxes(scene: Scene) -> list[str]:
    return [
        f'<rect x="{n.x - n.width / 2:g}" y="{n.y - n.height / 2:g}" width="{n.width:g}" height="{n.height:g}" '
        f'rx="{n.height / 2:g}" fill="#fff" stroke="{COLOURS[_NODE_FAMILY[n.layer]]}" stroke-width="2.5"/>'
        for n in scene.nodes
    ]


def _label(place: dict, latex: str | None) -> str:
    x, y = place["x"], place["y"]
    if latex is None:
        return (
            f'<rect x="{x - 30:g}" y="{y - 14:g}" width="60" height="28" rx="4" fill="#fff" stroke="#888" '
            'stroke-dasharray="3 3"/>'
        )
    ground = f'<rect x="{x - 30:g}" y="{y - 13:g}" width="60" height="26" fill="#fff"/>'
    return f'{ground}<text x="{x:g}" y="{y + 5:g}">{tspans(latex)}</text>'
