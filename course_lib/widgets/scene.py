"""Where everything stands on the board: nodes, edges and the places of symbols, in a picture 820 wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 820
COLUMNS = (52, 390, 722)
NODE_WIDTHS = (84, 184, 184)
TOP = 74
# Net input left of the middle of a node, output right of it.
ASIDE = 44
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
    """A weight: a line, and (x, y), where its symbol stands."""

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
class Scene:
    """A network of three layers, laid out."""

    sizes: tuple[int, ...]
    nodes: tuple[Node, ...] = field(default=())
    edges: tuple[Edge, ...] = field(default=())
    height: float = 0.0

    def node(self, layer: int, index: int) -> Node:
        """Return a neuron by its layer and its number, from 1."""
        return next(n for n in self.nodes if (n.layer, n.index) == (layer, index))


def lay_out(sizes: Sequence[int]) -> Scene:
    """Lay out an I-J-K network of at most four neurons a layer."""
    most = max(sizes)
    gap, height = (150, 56) if most <= 2 else (128, 54)
    middle = TOP + gap * (most - 1) / 2 + height / 2
    nodes = tuple(
        Node(layer, k + 1, COLUMNS[layer], middle + gap * (k - (n - 1) / 2), NODE_WIDTHS[layer], height)
        for layer, n in enumerate(sizes)
        for k in range(n)
    )
    bare = Scene(tuple(sizes), nodes)
    edges = tuple(
        _edge(bare, layer, i, j)
        for layer in (0, 1)
        for i in range(1, sizes[layer] + 1)
        for j in range(1, sizes[layer + 1] + 1)
    )
    return Scene(bare.sizes, nodes, edges, TOP + gap * (most - 1) + height + 18)


def _edge(scene: Scene, layer: int, i: int, j: int) -> Edge:
    a, b = scene.node(layer, i), scene.node(layer + 1, j)
    x, y, u, v = a.x + a.width / 2, a.y, b.x - b.width / 2, b.y
    along = _along(scene.sizes, layer, i, j)
    return Edge(layer, i, j, (x, y, u, v), x + along * (u - x), y + along * (v - y))


def _along(sizes: tuple[int, ...], layer: int, i: int, j: int) -> float:
    """Return how far along its edge a label stands: in two columns, so that labels keep apart where edges cross."""
    if max(sizes) <= 2:
        return (0.32, 0.42)[layer]
    if layer == 0:
        return (0.67, 0.33)[(i + j) % 2]
    # With three or four outputs too many labels would stand at the same height.
    return (0.77, 0.23)[(i + j) % 2] if sizes[2] <= 2 else (0.70, 0.25)[j % 2]


def places(scene: Scene) -> list[dict]:
    """Return every place a symbol of the network stands in: its slot, its symbol's name, words, and where it is."""
    found = []
    for node in scene.nodes:
        name, n = LAYERS[node.layer], node.index
        if node.layer == 0:
            found.append(_place(f"{name}_{n}", f"x_n{n}", f"{name} {n}", node.x, node.y))
            continue
        upper = f"{node.layer - 1}{node.layer}"
        letter = "y" if node.layer == 1 else "o"
        found.append(
            _place(
                f"{name}_{n}_net", f"net_n{n}_{upper}", f"{name} node {n}, net input", node.x - ASIDE, node.y
            )
        )
        found.append(
            _place(f"{name}_{n}_output", f"{letter}_n{n}", f"{name} node {n}, output", node.x + ASIDE, node.y)
        )
    for edge in scene.edges:
        words = f"edge from {LAYERS[edge.layer]} {edge.start} to {LAYERS[edge.layer + 1]} {edge.end}"
        found.append(_place(edge.slot, edge.name, words, edge.x, edge.y))
    return found


def _place(slot: str, name: str, words: str, x: float, y: float) -> dict:
    return {"id": slot, "name": name, "words": words, "x": round(x, 1), "y": round(y, 1)}
