"""The one front-end component: its state in traitlets, its looks in network.js and network.css."""

from pathlib import Path

import anywidget
import traitlets

from course_lib.palette import COLOURS
from course_lib.widgets.layout import COLUMNS, WIDTH, Layout, places
from course_lib.widgets.saved_picture import WithSavedPicture, with_connection_notice
from course_lib.widgets.static import NODE_FAMILIES, TITLES, all_symbols, static_html
from course_lib.widgets.symbol_markup import family, latex_of, mathml, spoken

_HERE = Path(__file__).parent
BENEATH = ("", "net input → output", "net input → output")


class NetworkWidget(WithSavedPicture, anywidget.AnyWidget):
    """A network on the screen. A subclass is one mode: what is drawn, and what a click means."""

    _esm = with_connection_notice((_HERE / "network.js").read_text(encoding="utf-8"))
    _css = (_HERE / "network.css").read_text(encoding="utf-8")

    mode = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    # What never changes while the diagram is open: nodes, lines, places, tiles, sentences.
    board = traitlets.Dict().tag(sync=True)
    # slot -> symbol; `change` counts the student's changes, `saved` is the last one that is safe in the file.
    answers = traitlets.Dict().tag(sync=True)
    change = traitlets.Int(0).tag(sync=True)
    saved = traitlets.Int(0).tag(sync=True)
    # slot -> "right", "deck" or "wrong", after a check.
    marks = traitlets.Dict().tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)
    pair = traitlets.Int(0).tag(sync=True)
    # place -> number that can be set; place -> number to show.
    values = traitlets.Dict().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    lit = traitlets.List().tag(sync=True)
    # HTML made here, and the same in one sentence for whoever cannot see it.
    panel = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)


def board_data(layout: Layout, role: str) -> dict:
    """Return nodes, lines and places as plain data; `role` is what a place is: "slot", "label" or "button"."""
    return {
        "width": WIDTH,
        "height": layout.height,
        "titles": [
            {"x": x, "title": t, "beneath": b} for x, t, b in zip(COLUMNS, TITLES, BENEATH, strict=True)
        ],
        "nodes": [
            {"x": n.x - n.width / 2, "y": n.y - n.height / 2, "w": n.width, "h": n.height,
             "family": NODE_FAMILIES[n.layer], "arrow": n.layer > 0}
            for n in layout.nodes
        ],
        "lines": [{"id": e.slot, "at": e.line, "family": family(e.name)} for e in layout.edges],
        "places": [
            {**p, "role": role, "edge": "_to_" in p["id"], **_symbol(p["name"])} for p in places(layout)
        ],
        "colours": COLOURS,
    }  # fmt: skip


def _symbol(name: str) -> dict[str, str]:
    latex = latex_of(name)
    return {"math": mathml(latex), "spoken": spoken(latex), "family": family(name)}


def network_with_symbols(layout: Layout, caption: str) -> str:
    """Return the network with the symbol of every node and edge, as an HTML figure."""
    alt = f"A {'-'.join(map(str, layout.sizes))} network with the symbol of every node and edge."
    return static_html(layout, all_symbols(layout), alt, caption)
