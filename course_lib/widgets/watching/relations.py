"""What belongs together in the picture: what enters a place, and everything that it reaches on the way to E."""

from course_lib.widgets.layout import LAYERS, Edge, Layout


def edge_at(layout: Layout, slot: str) -> Edge | None:
    """Return the edge of a place, or None where it is not one."""
    return next((edge for edge in layout.edges if edge.slot == slot), None)


def node_at(slot: str) -> tuple[int, int, str]:
    """Return (layer, number, "net", "output" or "back") of a neuron's place, layer -1 for anything else."""
    name, _, rest = slot.partition("_")
    index, _, what = rest.partition("_")
    if name not in LAYERS or not index.isdigit() or what not in ("", "net", "output", "back"):
        return -1, 0, ""
    return LAYERS.index(name), int(index), what


def outgoing(layout: Layout, layer: int, index: int) -> list[Edge]:
    """Return the weights that leave a node."""
    return [edge for edge in layout.edges if (edge.layer, edge.start) == (layer, index)]


def incoming(layout: Layout, layer: int, index: int) -> list[Edge]:
    """Return the weights that enter a node."""
    return [edge for edge in layout.edges if (edge.layer + 1, edge.end) == (layer, index)]


def related(layout: Layout, slot: str) -> dict[str, str]:
    """Return what lights up when `slot` is chosen: place -> "on", "up" (enters it) or "down" (it reaches that)."""
    edge, (layer, index, what) = edge_at(layout, slot), node_at(slot)
    lit = {}
    if edge:
        lit = _value_of(edge.layer, edge.start, "up") | _reached(layout, edge.layer + 1, edge.end)
    elif slot == "error":
        for k in range(1, layout.sizes[-1] + 1):
            lit |= _compared(k, "up") | _value_of(2, k, "up")
    elif slot.startswith("target_"):
        lit = _compared(int(slot.removeprefix("target_")), "down") | {"error": "down"}
    elif layer >= 0:
        if what != "output":  # an output is S of its net input, and of nothing else
            for one in incoming(layout, layer, index):
                lit |= {one.slot: "up"} | _value_of(one.layer, one.start, "up")
        lit |= _reached(layout, layer, index)
    return lit | {slot: "on"} if lit else {}


def _value_of(layer: int, index: int, kind: str) -> dict[str, str]:
    node = f"{LAYERS[layer]}_{index}"
    return {node: kind, f"{node}_output": kind} if layer else {node: kind}


def _reached(layout: Layout, layer: int, index: int) -> dict[str, str]:
    """Return everything between a node and E, the node itself included."""
    node = f"{LAYERS[layer]}_{index}"
    lit = {node: "down"} | ({f"{node}_net": "down", f"{node}_output": "down"} if layer else {})
    for edge in outgoing(layout, layer, index):
        lit |= {edge.slot: "down"} | _reached(layout, layer + 1, edge.end)
    if layer == len(layout.sizes) - 1:
        lit |= _compared(index, "down") | {"error": "down"}
    return lit


def _compared(k: int, kind: str) -> dict[str, str]:
    return {f"output_{k}_to_target": kind, f"target_{k}": kind, f"target_{k}_to_error": kind}
