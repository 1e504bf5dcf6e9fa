"""The one front-end component: its state in traitlets, its looks in the files of front/."""

from pathlib import Path

import anywidget
import traitlets

from course_lib.palette import COLOURS
from course_lib.widgets.layout import LABEL, NODE, Layout, Node, back_places, places, target_places
from course_lib.widgets.saved_picture import WithSavedPicture, with_connection_notice
from course_lib.widgets.static import DELTA, NODE_FAMILIES, TITLES
from course_lib.widgets.symbol_markup import family, latex_of, mathml, spoken, without_layers

_FRONT = Path(__file__).parent / "front"
# One module: an ES module of the notebook cannot import a second one.
SOURCES = ("drawing.js", "keys_and_pointers.js", "frame.js", "answering.js", "watching.js", "modes.js")
BENEATH = ("", "net input, then output", "net input, then output", "")


class NetworkWidget(WithSavedPicture, anywidget.AnyWidget):
    """A network on the screen. A subclass is one mode: what is drawn, and what a click means."""

    _esm = with_connection_notice("\n".join((_FRONT / name).read_text(encoding="utf-8") for name in SOURCES))
    _css = (_FRONT / "network.css").read_text(encoding="utf-8")

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
    step = traitlets.Int(0).tag(sync=True)
    # place -> number that can be set; place -> number to show; place -> MathML where it is not its own symbol.
    values = traitlets.Dict().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    symbols = traitlets.Dict().tag(sync=True)
    # edge -> its weight, for the width of its line; place -> "on", "up" or "down"; what flows, and which way.
    strengths = traitlets.Dict().tag(sync=True)
    lit = traitlets.Dict().tag(sync=True)
    flow = traitlets.Dict().tag(sync=True)
    # HTML made here, and the same in one sentence for whoever cannot see it.
    panel = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)


def board_data(layout: Layout, role: str) -> dict:
    """Return nodes, lines and places as plain data; `role` is what a place is: "slot", "label" or "button"."""
    found = [*places(layout), *target_places(layout)]
    return {
        "width": layout.width,
        "height": layout.height,
        "label": LABEL,
        "node": NODE,
        "titles": [
            {"x": x, "title": title, "beneath": beneath}
            for x, title, beneath in zip(layout.columns, TITLES, BENEATH, strict=False)
        ],
        "nodes": [_box(node) for node in (*layout.nodes, *layout.targets)],
        "lines": [{"id": e.slot, "d": e.path, "family": family(e.name)} for e in layout.edges]
        + [{"id": slot, "d": path, "family": "d"} for slot, path in layout.compared],
        "places": [
            place | {"role": role, "kind": _kind(place["id"])} | _symbol(place["name"]) for place in found
        ],
        "colours": COLOURS | {"delta": DELTA},
    }


def with_back_places(board: dict, layout: Layout) -> dict:
    """Return `board` with the places under the nodes, where the sweep back writes."""
    blank = {"role": "button", "kind": "tag", "math": "", "short": "", "spoken": "", "family": "delta"}
    return board | {"places": board["places"] + [place | blank for place in back_places(layout)]}


def _box(node: Node) -> dict:
    return {
        "id": node.slot,
        "x": node.left,
        "y": node.y - node.height / 2,
        "w": node.width,
        "h": node.height,
        "family": NODE_FAMILIES[node.layer],
        "square": node.layer > 2,
    }


def _kind(slot: str) -> str:
    if "_to_" in slot:
        return "edge"
    return "row" if slot.endswith(("_net", "_output")) else "node"


def _symbol(name: str) -> dict[str, str]:
    latex = latex_of(name)
    return {
        "math": mathml(latex),
        "short": mathml(without_layers(latex)),
        "spoken": spoken(latex),
        "family": family(name),
    }
