"""Where everything is drawn: nodes, edges and the places of symbols, in a picture 820 wide."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from course_lib.inputs import as_count

WIDTH = 820
COLUMNS = (52, 390, 722)
# Wide enough for one symbol, and for a net input with an output.
ONE_SYMBOL, TWO_SYMBOLS = 84, 184
TOP = 74
# Net input left of the centre of a node, output right of it.
OFFSET = 44
LAYERS = ("input", "hidden", "output")


@dataclass(frozen=True)
class Node:
    """A neuron: a rounded box of width `width` around (x, y)."""

    layer: int
    index: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Edge:
    """A weight: a line, and (x, y), where its symbol is written."""

    layer: int
    start: int
    end: int
    line: tuple[float, float, float, float]
    x: float
    y: float

    @property
    def name(self) -> str:
        """The name of its weight, such as ``w12_01``."""
        return f"w{self.start}{self.end}_{self.layer}{self.layer + 1}"

    @property
    def slot(self) -> str:
        """Its place in words, such as ``input_1_to_hidden_2``."""
        return f"{LAYERS[self.layer]}_{self.start}_to_{LAYERS[self.layer + 1]}_{self.end}"


@dataclass(frozen=True)
class Layout:
    """A network of three layers, laid out."""

    sizes: tuple[int, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    height: float


def lay_out(sizes: Sequence[int], *, net_inputs: bool = True) -> Layout:
    """Lay out an I-J-K network; `net_inputs` makes room for a net input beside each output."""
    if len(sizes) != 3:
        raise ValueError(f"sizes: expected three layer sizes (I, J, K), got {sizes!r}")
    sizes = tuple(as_count(f"sizes[{layer}]", size, least=1) for layer, size in enumerate(sizes))
    most = max(sizes)
    if most > 4:
        raise ValueError(f"sizes: expected at most 4 neurons in a layer, got {sizes!r}")
    gap, height = (150, 56) if most <= 2 else (128, 54)
    middle = TOP + gap * (most - 1) / 2 + height / 2
    wide = TWO_SYMBOLS if net_inputs else ONE_SYMBOL
    layers = [
        [
            Node(
                layer,
                k + 1,
                COLUMNS[layer],
                middle + gap * (k - (n - 1) / 2),
                wide if layer else ONE_SYMBOL,
                height,
            )
            for k in range(n)
        ]
        for layer, n in enumerate(sizes)
    ]
    edges = tuple(_edge(sizes, a, b) for layer in (0, 1) for a in layers[layer] for b in layers[layer + 1])
    return Layout(sizes, tuple(chain.from_iterable(layers)), edges, TOP + gap * (most - 1) + height + 18)


def _edge(sizes: tuple[int, ...], a: Node, b: Node) -> Edge:
    x, y, u, v = a.x + a.width / 2, a.y, b.x - b.width / 2, b.y
    along = _along(sizes, a.layer, a.index, b.index)
    return Edge(a.layer, a.index, b.index, (x, y, u, v), x + along * (u - x), y + along * (v - y))


def _along(sizes: tuple[int, ...], layer: int, i: int, j: int) -> float:
    """Return how far along its edge a label is written: in two columns, so that labels keep apart where edges cross."""
    if max(sizes) <= 2:
        return (0.32, 0.42)[layer]
    if layer == 0:
        return (0.67, 0.33)[(i + j) % 2]
    # With three or four outputs too many labels would be at the same height.
    return (0.77, 0.23)[(i + j) % 2] if sizes[2] <= 2 else (0.70, 0.25)[j % 2]


def places(layout: Layout) -> list[dict]:
    """Return every place of a symbol: its slot, its symbol's name, words, and where it is."""
    found = []
    for node in layout.nodes:
        name, n = LAYERS[node.layer], node.index
        if node.layer == 0:
            found.append(_place(f"{name}_{n}", f"x_n{n}", f"{name} {n}", node.x, node.y))
            continue
        letter, offset = "xyo"[node.layer], OFFSET if node.width == TWO_SYMBOLS else 0
        if offset:
            net = f"net_n{n}_{node.layer - 1}{node.layer}"
            found.append(
                _place(f"{name}_{n}_net", net, f"{name} node {n}, net input", node.x - offset, node.y)
            )
        output = f"{name} node {n}, output"
        found.append(_place(f"{name}_{n}_output", f"{letter}_n{n}", output, node.x + offset, node.y))
    for edge in layout.edges:
        words = f"edge from {LAYERS[edge.layer]} {edge.start} to {LAYERS[edge.layer + 1]} {edge.end}"
        found.append(_place(edge.slot, edge.name, words, edge.x, edge.y))
    return found


def _place(slot: str, name: str, words: str, x: float, y: float) -> dict:
    return {"id": slot, "name": name, "words": words, "x": round(x, 1), "y": round(y, 1)}
