"""Where everything is drawn: nodes, edges and the places of symbols, in units of the picture.

The weights that enter a node are written in a column in front of it, each on its own line, in the order in which
they stand in that node's column of W. So no label meets another, or a line that is not its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from course_lib.inputs import as_count

LAYERS = ("input", "hidden", "output")
# What a column is wide: an input, a node with a number or with a symbol alone, a target.
INPUT, NODE, SYMBOL, TARGET = 66, 126, 84, 66
# A row of text, of which a node has one, or two with its net input; the place below it; an input, a target.
ROW, PADDING, TAG, CHIP = 24, 10, 22, 46
# Between two layers: the curves, then the labels of the weights, then the way into the node.
CURVE, LABEL, INTO = 54, 96, 11
MARGIN, TOP, BOTTOM, TO_TARGET = 8, 56, 10, 18


@dataclass(frozen=True)
class Node:
    """A neuron, a target or E: a rounded box around (x, y)."""

    kind: str
    layer: int
    index: int
    x: float
    y: float
    width: float
    height: float

    @property
    def slot(self) -> str:
        """Its place in words, such as ``hidden_2``."""
        return self.kind if self.kind == "error" else f"{self.kind}_{self.index}"

    @property
    def left(self) -> float:
        """Where its lines arrive."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Where its lines leave."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Edge:
    """A weight: a curve from its node to its row in front of the next, and (x, y), the middle of that row's line."""

    layer: int
    start: int
    end: int
    path: str
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
    """A network of three layers, laid out.

    With numbers, also what the outputs are compared with: `targets`, E the last of them, and `compared`, id and path
    of each line from an output to its target, and from there to E.
    """

    sizes: tuple[int, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    targets: tuple[Node, ...]
    compared: tuple[tuple[str, str], ...]
    width: float
    height: float

    @property
    def columns(self) -> tuple[float, ...]:
        """The middle of every layer, and of the targets."""
        return tuple(dict.fromkeys(node.x for node in (*self.nodes, *self.targets)))


def lay_out(sizes: Sequence[int], *, net_inputs: bool = True, numbers: bool = True) -> Layout:
    """Lay out an I-J-K network: with `net_inputs` beside the outputs, with room for `numbers`, the deltas and E."""
    sizes = checked(sizes)
    height = max(44, PADDING + (2 if net_inputs else 1) * (ROW if numbers else ROW + 10))
    tag = TAG if numbers else 0
    gap = max(28 * max(sizes[:2]), height + 2 * tag + 6) if max(sizes) > 2 else 128
    row = min(46, (gap - 8) / max(sizes[:2]))
    # A column is as high as its nodes, or as the weights in front of them.
    reach = [row * (entering - 1) / 2 for entering in (0, *sizes[:2])]
    spread = [gap * (n - 1) / 2 for n in sizes]
    middle = TOP + max(s + max(height / 2, r + ROW) for s, r in zip(spread, reach, strict=True))
    layers, left = [], MARGIN
    for layer, n in enumerate(sizes):
        width = (NODE if net_inputs else SYMBOL) if layer else INPUT
        at = [(left + width / 2, middle + gap * (k - (n - 1) / 2)) for k in range(n)]
        tall = height if layer else 44
        layers.append([Node(LAYERS[layer], layer, k, x, y, width, tall) for k, (x, y) in enumerate(at, 1)])
        left += width + CURVE + LABEL + INTO
    edges = [_edge(a, b, row, len(one)) for one, other in pairwise(layers) for a in one for b in other]
    targets, compared = _targets(layers[-1], gap) if numbers else ((), ())
    right = targets[-1].right if targets else layers[-1][-1].right
    bottom = max(middle + s + max(height / 2 + tag, r) for s, r in zip(spread, reach, strict=True))
    bottom = max([bottom, *(node.y + node.height / 2 for node in targets)])
    nodes = tuple(chain.from_iterable(layers))
    return Layout(sizes, nodes, tuple(edges), targets, compared, right + MARGIN, bottom + BOTTOM)


def checked(sizes: Sequence[int]) -> tuple[int, int, int]:
    """Return (I, J, K); raises on what cannot be drawn."""
    if len(sizes) != 3:
        raise ValueError(f"sizes: expected three layer sizes (I, J, K), got {sizes!r}")
    sizes = tuple(as_count(f"sizes[{layer}]", size, least=1) for layer, size in enumerate(sizes))
    if max(sizes) > 4:
        raise ValueError(f"sizes: expected at most 4 neurons in a layer, got {sizes!r}")
    return sizes


def _edge(a: Node, b: Node, row: float, rows: int) -> Edge:
    y = b.y + row * (a.index - (rows + 1) / 2)
    end = b.left - INTO
    path = f"{_curve(a.right, a.y, end - LABEL, y)}H{end:g}{_onward(end, y, b.left, b.y)}"
    return Edge(a.layer, a.index, b.index, path, end - LABEL / 2, y)


def _curve(x: float, y: float, u: float, v: float) -> str:
    """Return a curve from (x, y) to (u, v) that leaves and arrives level."""
    return f"M{x:g} {y:g}{_onward(x, y, u, v)}"


def _onward(x: float, y: float, u: float, v: float) -> str:
    middle = (x + u) / 2
    return f"C{middle:g} {y:g} {middle:g} {v:g} {u:g} {v:g}"


def _targets(outputs: Sequence[Node], gap: float) -> tuple[tuple[Node, ...], tuple[tuple[str, str], ...]]:
    """Return a target behind every output and E between them, with the lines from output to target and on to E."""
    x = outputs[0].right + TO_TARGET + TARGET / 2
    targets = [Node("target", 3, o.index, x, o.y, TARGET, CHIP) for o in outputs]
    before = targets[(len(targets) - 1) // 2]
    E = Node("error", 4, 1, x, before.y + gap / 2, TARGET, CHIP)
    lines = [
        (f"output_{t.index}_to_target", f"M{o.right:g} {o.y:g}H{t.left:g}")
        for o, t in zip(outputs, targets, strict=True)
    ]
    lines += [(f"target_{t.index}_to_error", _to_error(t, E, before)) for t in targets]
    return (*targets, E), tuple(lines)


def _to_error(target: Node, E: Node, before: Node) -> str:
    """Return the line from a target to E: straight from a neighbour, past it from any other."""
    down = 1 if target.y < E.y else -1
    if abs(target.y - E.y) <= abs(before.y - E.y) + 1:
        return f"M{target.x:g} {target.y + CHIP / 2 * down:g}V{E.y - CHIP / 2 * down:g}"
    x, out = target.right, target.right + 9
    return f"M{x:g} {target.y:g}C{out:g} {target.y:g} {out:g} {E.y:g} {E.right:g} {E.y:g}"


def places(layout: Layout) -> list[dict]:
    """Return every place of a symbol of the network: its slot, its symbol's name, words, and where it is."""
    found = []
    for node in layout.nodes:
        n, words = node.index, f"{node.kind} node {node.index}"
        if node.layer == 0:
            found.append(_place(node.slot, f"x_n{n}", f"input {n}", node.x, node.y))
            continue
        apart = (node.height - PADDING) / 4 if node.width == NODE else 0
        if apart:
            net = f"net_n{n}_{node.layer - 1}{node.layer}"
            found.append(_place(f"{node.slot}_net", net, f"{words}, net input", node.x, node.y - apart))
        output = f"{'xyo'[node.layer]}_n{n}"
        found.append(_place(f"{node.slot}_output", output, f"{words}, output", node.x, node.y + apart))
    for edge in layout.edges:
        words = f"edge from {LAYERS[edge.layer]} {edge.start} to {LAYERS[edge.layer + 1]} {edge.end}"
        found.append(_place(edge.slot, edge.name, words, edge.x, edge.y))
    return found


def target_places(layout: Layout) -> list[dict]:
    """Return the places of the targets and of E."""
    *targets, E = layout.targets or (None,)
    found = [_place(t.slot, f"d_n{t.index}", f"target {t.index}", t.x, t.y) for t in targets]
    return [*found, _place("error", "E", "the error", E.x, E.y)] if E else []


def back_places(layout: Layout) -> list[dict]:
    """Return the places under the nodes, in which the sweep back writes."""
    return [
        _place(
            f"{n.slot}_back",
            "",
            f"what comes back to {n.kind} node {n.index}",
            n.x,
            n.y + (n.height + TAG) / 2,
        )
        for n in layout.nodes
        if n.layer
    ]


def _place(slot: str, name: str, words: str, x: float, y: float) -> dict:
    return {"id": slot, "name": name, "words": words, "x": round(x, 1), "y": round(y, 1)}
