"""The network as an SVG image: the picture of a lesson, and what stands in for a diagram where widgets cannot run."""

from collections.abc import Iterable, Mapping, Sequence

from course_lib.checking.cards.card_html import inline
from course_lib.palette import COLOURS
from course_lib.plots import Picture, figure_html, image_tag
from course_lib.widgets.layout import LABEL, NODE, Layout, Node, lay_out, places, target_places
from course_lib.widgets.symbol_markup import family, latex_of, tspans

TITLES = ("layer 0: inputs", "layer 1: hidden", "layer 2: outputs", "targets")
WORDS = ("input", "hidden node", "output")
NODE_FAMILIES = ("x", "y", "o", "d", "net")
SVG = "image/svg+xml"
SIZE = 13


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
    return Picture(svg(layout, all_symbols(layout)), alt, "Every weight goes from left to right.", SVG)


def all_symbols(layout: Layout) -> dict[str, str]:
    """Return slot -> LaTeX for every place of the network."""
    return {place["id"]: latex_of(place["name"]) for place in (*places(layout), *target_places(layout))}


def static_html(
    layout: Layout,
    shown: Mapping[str, str],
    alt: str,
    caption: str,
    lit: Iterable[str] = (),
    numbers: Mapping[str, str] | None = None,
) -> str:
    """Return the network as an HTML figure: an image with its alternative text, no script, no style sheet."""
    return figure_html(image_tag(svg(layout, shown, lit, numbers), alt, SVG), inline(caption), max_width="54em")


def svg(
    layout: Layout, shown: Mapping[str, str], lit: Iterable[str] = (), numbers: Mapping[str, str] | None = None
) -> bytes:
    """Return the network as an SVG.

    `shown` is slot -> LaTeX; a slot that is not in it is drawn empty. `lit` are the slots of edges drawn strong.
    `numbers` is slot -> number, written under its symbol, on an edge beside it.
    """
    numbers, edges = numbers or {}, {edge.slot for edge in layout.edges}
    parts = [*_lines(layout, set(lit)), *map(_node, (*layout.nodes, *layout.targets))]
    for place in (*places(layout), *target_places(layout)):
        write = _on_edge if place["id"] in edges else _in_node
        parts.append(write(layout, place, shown.get(place["id"]), numbers.get(place["id"], "")))
    for x, title in zip(layout.columns, TITLES, strict=False):
        parts.append(f'<text x="{max(x, 52):g}" y="24" fill="#555" font-size="13">{title}</text>')
    width, height = layout.width, layout.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'font-family="DejaVu Serif,Georgia,serif" font-size="15" text-anchor="middle">{"".join(parts)}</svg>'
    ).encode()


def _lines(layout: Layout, lit: set[str]) -> list[str]:
    drawn = [(e.slot, e.path, family(e.name)) for e in layout.edges]
    drawn += [(slot, path, "d") for slot, path in layout.compared]
    return [
        f'<path d="{path}" fill="none" stroke="{COLOURS[colour]}" stroke-width="{5 if slot in lit else 2}"/>'
        for slot, path, colour in drawn
    ]


def _node(node: Node) -> str:
    return (
        f'<rect x="{node.left:g}" y="{node.y - node.height / 2:g}" width="{node.width:g}" height="{node.height:g}" '
        f'rx="{14 if node.layer < 3 else 4}" fill="#fff" stroke="{COLOURS[NODE_FAMILIES[node.layer]]}" '
        'stroke-width="2.5"/>'
    )


def _in_node(layout: Layout, place: dict, latex: str | None, number: str) -> str:
    x, y = place["x"], place["y"]
    if latex is None:
        return _empty(x, y - 14, 62)
    if not number:
        return _text(x, y + 5, tspans(latex))
    if place["id"].endswith(("_net", "_output")):
        return _text(x - NODE / 4 + 2, y + 5, tspans(latex)) + _text(x + NODE / 4, y + 5, number)
    return _text(x, y - 4, tspans(latex)) + _text(x, y + 14, number)


def _on_edge(layout: Layout, place: dict, latex: str | None, number: str) -> str:
    """Write on the line of an edge."""
    x, y = place["x"], place["y"] - 7
    if latex is None:
        return _empty(x, y - 21, 62)
    if not number:
        return _text(x, y, tspans(latex))
    return _text(x - LABEL / 4, y, tspans(latex)) + _text(x + LABEL / 4, y, number)


def _empty(x: float, top: float, width: float) -> str:
    return (
        f'<rect x="{x - width / 2:g}" y="{top:g}" width="{width:g}" height="28" rx="4" fill="#fff" stroke="#888" '
        'stroke-dasharray="3 3"/>'
    )


def _text(x: float, y: float, inside: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{SIZE}">{inside}</text>'
