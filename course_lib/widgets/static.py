"""The network as an SVG image: the picture of a lesson, and what stands in for a diagram where widgets cannot run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from course_lib.checking.cards.card_html import inline
from course_lib.palette import COLOURS, INK
from course_lib.plots import Picture, figure_html, image_tag
from course_lib.widgets.layout import (
    LABEL,
    NODE,
    TAG,
    Layout,
    Node,
    back_places,
    lay_out,
    places,
    target_places,
)
from course_lib.widgets.symbol_markup import family, latex_of, tspans

TITLES = ("layer 0: inputs", "layer 1: hidden", "layer 2: outputs", "targets")
WORDS = ("input", "hidden node", "output")
NODE_FAMILIES = ("x", "y", "o", "d", "net")
SVG = "image/svg+xml"
SIZE, DASHES = 13, ' stroke-dasharray="7 5"'
# What flows back; in every picture of the sweep.
DELTA = "#d83f87"


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
    layout = lay_out(sizes, net_inputs=False, numbers=False)
    counts = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in zip(layout.sizes, WORDS, strict=True)]
    alt = (
        f"A network with {counts[0]}, {counts[1]} and {counts[2]}. Each input i is joined to each hidden node j by "
        "the weight w_ij^(0,1), and each hidden node j to each output k by w_jk^(1,2)."
    )
    return Picture(
        svg(layout, Still(all_symbols(layout), alt)), alt, "Every weight goes from left to right.", SVG
    )


def all_symbols(layout: Layout) -> dict[str, str]:
    """Return slot -> LaTeX for every place of the network."""
    return {place["id"]: latex_of(place["name"]) for place in (*places(layout), *target_places(layout))}


@dataclass(frozen=True)
class Still:
    """What is drawn: slot -> LaTeX, a slot that is missing is drawn empty, and words for whoever cannot see it.

    `lit` are edges drawn strong, `dashed` those drawn so; `numbers` is slot -> number, beside its symbol; `tags` is
    slot -> symbol and number under a node.
    """

    shown: Mapping[str, str]
    alt: str
    lit: frozenset[str] = frozenset()
    dashed: frozenset[str] = frozenset()
    numbers: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def static_html(layout: Layout, still: Still, caption: str) -> str:
    """Return the network as an HTML figure: an image with its alternative text, no script, no style sheet."""
    return figure_html(image_tag(svg(layout, still), still.alt, SVG), inline(caption), max_width="54em")


def svg(layout: Layout, still: Still) -> bytes:
    """Return the network as an SVG."""
    edges = {edge.slot for edge in layout.edges}
    parts = [*_lines(layout, still), *map(_node, (*layout.nodes, *layout.targets))]
    for place in (*places(layout), *target_places(layout)):
        write, slot = _on_edge if place["id"] in edges else _in_node, place["id"]
        parts.append(write(place, still.shown.get(slot), still.numbers.get(slot, "")))
    parts += [
        _tag(place, *still.tags[place["id"]]) for place in back_places(layout) if place["id"] in still.tags
    ]
    for x, title in zip(layout.columns, TITLES, strict=False):
        at = min(max(x, 56), layout.width - 56)
        parts.append(f'<text x="{at:g}" y="24" font-size="13">{title}</text>')
    width, height = layout.width, layout.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'font-family="DejaVu Serif,Georgia,serif" font-size="15" text-anchor="middle" fill="{INK}">'
        f"{''.join(parts)}</svg>"
    ).encode()


def _lines(layout: Layout, still: Still) -> list[str]:
    drawn = [(e.slot, e.path, family(e.name)) for e in layout.edges]
    drawn += [(slot, path, "d") for slot, path in layout.compared]
    return [
        f'<path d="{path}" fill="none" stroke="{COLOURS[colour]}" stroke-width="{5 if slot in still.lit else 2}"'
        f"{DASHES if slot in still.dashed else ''}/>"
        for slot, path, colour in drawn
    ]


def _tag(place: dict, latex: str, number: str) -> str:
    x, y, width = place["x"], place["y"], NODE - 24
    return (
        f'<rect x="{x - width / 2:g}" y="{y - TAG / 2:g}" width="{width:g}" height="{TAG - 2:g}" rx="7" '
        f'fill="{DELTA}" fill-opacity=".14" stroke="{DELTA}"/>'
        + _text(x - width / 4, y + 4, tspans(latex))
        + _text(x + width / 4 - 2, y + 4, number)
    )


def _node(node: Node) -> str:
    return (
        f'<rect x="{node.left:g}" y="{node.y - node.height / 2:g}" width="{node.width:g}" height="{node.height:g}" '
        f'rx="{14 if node.layer < 3 else 4}" fill="none" stroke="{COLOURS[NODE_FAMILIES[node.layer]]}" '
        'stroke-width="2.5"/>'
    )


def _in_node(place: dict, latex: str | None, number: str) -> str:
    x, y = place["x"], place["y"]
    if latex is None:
        return _empty(x, y - 14, 62)
    if not number:
        return _text(x, y + 5, tspans(latex))
    if place["id"].endswith(("_net", "_output")):
        return _text(x - NODE / 4 + 2, y + 5, tspans(latex)) + _text(x + NODE / 4, y + 5, number)
    return _text(x, y - 4, tspans(latex)) + _text(x, y + 14, number)


def _on_edge(place: dict, latex: str | None, number: str) -> str:
    """Write on the line of an edge."""
    x, y = place["x"], place["y"] - 7
    if latex is None:
        return _empty(x, y - 21, 62)
    if not number:
        return _text(x, y, tspans(latex))
    return _text(x - LABEL / 4, y, tspans(latex)) + _text(x + LABEL / 4, y, number)


def _empty(x: float, top: float, width: float) -> str:
    return (
        f'<rect x="{x - width / 2:g}" y="{top:g}" width="{width:g}" height="28" rx="4" fill="none" stroke="{INK}" '
        'stroke-dasharray="3 3"/>'
    )


def _text(x: float, y: float, inside: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{SIZE}">{inside}</text>'
