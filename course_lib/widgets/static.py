"""The network as an SVG image: the picture of a lesson, and what stands in for a diagram where widgets cannot run."""

from collections.abc import Iterable, Mapping, Sequence

from course_lib.checking.cards.card_html import inline
from course_lib.palette import COLOURS
from course_lib.plots import Picture, figure_html, image_tag
from course_lib.widgets.layout import COLUMNS, WIDTH, Layout, lay_out, places
from course_lib.widgets.symbol_markup import family, latex_of, tspans

TITLES = ("layer 0: inputs", "layer 1: hidden", "layer 2: outputs")
WORDS = ("input", "hidden node", "output")
NODE_FAMILIES = ("x", "y", "o")
SVG = "image/svg+xml"


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
    layout = lay_out(sizes, net_inputs=False)
    counts = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in zip(layout.sizes, WORDS, strict=True)]
    alt = (
        f"A network with {counts[0]}, {counts[1]} and {counts[2]}. Each input i is joined to each hidden node j by "
        "the weight w_ij^(0,1), and each hidden node j to each output k by w_jk^(1,2)."
    )
    return Picture(svg(layout, all_symbols(layout)), alt, "Every weight goes from left to right.", SVG)


def all_symbols(layout: Layout) -> dict[str, str]:
    """Return slot -> LaTeX for every place of the network."""
    return {place["id"]: latex_of(place["name"]) for place in places(layout)}


def static_html(
    layout: Layout, shown: Mapping[str, str], alt: str, caption: str, lit: Iterable[str] = ()
) -> str:
    """Return the network as an HTML figure: an image with its alternative text, no script, no style sheet."""
    return figure_html(image_tag(svg(layout, shown, lit), alt, SVG), inline(caption), max_width="51em")


def svg(layout: Layout, shown: Mapping[str, str], lit: Iterable[str] = ()) -> bytes:
    """Return the network as an SVG.

    `shown` is slot -> LaTeX; a slot that is not in it is drawn empty. `lit` are the slots of edges drawn strong.
    """
    parts = [
        *_lines(layout, set(lit)),
        *_nodes(layout),
        *(_label(p, shown.get(p["id"])) for p in places(layout)),
    ]
    for x, title in zip(COLUMNS, TITLES, strict=True):
        parts.append(f'<text x="{max(x, 62)}" y="24" fill="#555" font-size="14">{title}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {layout.height:g}" width="{WIDTH}" '
        f'font-family="DejaVu Serif,Georgia,serif" font-size="16" text-anchor="middle">{"".join(parts)}</svg>'
    ).encode()


def _lines(layout: Layout, lit: set[str]) -> list[str]:
    return [
        '<line x1="{:g}" y1="{:g}" x2="{:g}" y2="{:g}" stroke="{}" stroke-width="{}"{}/>'.format(
            *edge.line,
            COLOURS[family(edge.name)],
            5 if edge.slot in lit else 2,
            ' stroke-dasharray="7 4"' if edge.layer else "",
        )
        for edge in layout.edges
    ]


def _nodes(layout: Layout) -> list[str]:
    return [
        f'<rect x="{n.x - n.width / 2:g}" y="{n.y - n.height / 2:g}" width="{n.width:g}" height="{n.height:g}" '
        f'rx="{n.height / 2:g}" fill="#fff" stroke="{COLOURS[NODE_FAMILIES[n.layer]]}" stroke-width="2.5"/>'
        for n in layout.nodes
    ]


def _label(place: dict, latex: str | None) -> str:
    x, y = place["x"], place["y"]
    if latex is None:
        return (
            f'<rect x="{x - 30:g}" y="{y - 14:g}" width="60" height="28" rx="4" fill="#fff" stroke="#888" '
            'stroke-dasharray="3 3"/>'
        )
    background = f'<rect x="{x - 28:g}" y="{y - 13:g}" width="56" height="26" fill="#fff"/>'
    return f'{background}<text x="{x:g}" y="{y + 5:g}">{tspans(latex)}</text>'
