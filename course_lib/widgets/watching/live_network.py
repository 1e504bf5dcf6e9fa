"""The network that forward pass, tracer and sweep back share: live numbers, and what lights up when one is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import traitlets

from course_lib.checking.cards.content import minus
from course_lib.inputs import Array, as_array, as_weights
from course_lib.network import forward, loss
from course_lib.widgets.layout import LAYERS, Layout, lay_out
from course_lib.widgets.network_widget import NetworkWidget, board_data
from course_lib.widgets.static import Still, all_symbols, static_html
from course_lib.widgets.symbol_markup import latex_of, spoken
from course_lib.widgets.watching.formulas import brief, line, number, result, signed, symbol
from course_lib.widgets.watching.relations import node_at, related

Network = tuple[list[Array], Array, Array]


def as_small_network(weights: Sequence[Array], X: Array, D: Array) -> Network:
    """Return [W01, W12] of at most four neurons a layer, X (N, I) and D (N, K); raises on any other."""
    weights, X, D = as_weights(weights), as_array("X", X, ndim=2), as_array("D", D, ndim=2)
    if len(weights) != 2 or max(*weights[0].shape, weights[1].shape[1]) > 4:
        raise ValueError("weights: expected [W01, W12] with at most four neurons in a layer")
    loss(weights, X, D)  # says which shapes do not fit
    for name, arrays in (("weights", weights), ("X", [X]), ("D", [D])):
        if not all(np.isfinite(array).all() and np.isrealobj(array) for array in arrays):
            raise ValueError(f"{name}: expected real, finite numbers, or there is nothing to draw")
    return [W.copy() for W in weights], X, D


def sizes_of(weights: Sequence[Array]) -> tuple[int, int, int]:
    """Return (I, J, K)."""
    return (*weights[0].shape, weights[1].shape[1])


@dataclass(frozen=True)
class Numbers:
    """Everything that a forward pass computes, seen at training pair `n`."""

    weights: list[Array]
    X: Array
    D: Array
    net: list[Array]
    y: list[Array]
    E: float
    n: int

    @classmethod
    def of(cls, network: Network, n: int) -> "Numbers":
        """Send all training pairs through the network."""
        weights, X, D = network
        net, y = forward(weights, X)
        return cls(weights, X, D, net, y, float(loss(weights, X, D)), n % len(X))

    def at_places(self, layout: Layout) -> dict[str, float]:
        """Return slot -> number for every place of the picture."""
        found = {f"input_{i}": value for i, value in enumerate(self.X[self.n], 1)}
        found |= {e.slot: self.weights[e.layer][e.start - 1, e.end - 1] for e in layout.edges}
        for layer in (1, 2):
            for k in range(layout.sizes[layer]):
                found[f"{LAYERS[layer]}_{k + 1}_net"] = self.net[layer - 1][self.n, k]
                found[f"{LAYERS[layer]}_{k + 1}_output"] = self.y[layer][self.n, k]
        found |= {f"target_{k}": value for k, value in enumerate(self.D[self.n], 1)}
        return {slot: float(value) for slot, value in found.items()} | {"error": self.E}


class LiveNetwork(NetworkWidget):
    """Choose a node or a weight: its symbol, its value, what enters it and what it reaches."""

    caption = "In a running notebook, every node and weight can be chosen."

    def __init__(self, network: Network, board: dict | None = None, **more: Any) -> None:
        self._network = network
        self._layout = lay_out(sizes_of(network[0]))
        board = board_data(self._layout, "button") | {"pairs": len(network[1])} | (board or {})
        super().__init__(board=board, **more)

    def numbers(self) -> Numbers:
        """Return all numbers as they are now."""
        return Numbers.of(self._network, self.pair)

    @traitlets.observe("selected", "pair")
    def show(self, _: Any = None) -> None:
        """Bring the picture and the words beside it up to date."""
        now = self.numbers()
        with self.hold_sync():  # one message, so that nothing shows half of it
            self.lit = self.lights()
            values = now.at_places(self._layout)
            self.strengths = {edge.slot: values[edge.slot] for edge in self._layout.edges}
            self.texts = {slot: self.written(slot, value) for slot, value in values.items()}
            self.tell(now, values)

    def lights(self) -> dict[str, str]:
        """Return what lights up around the chosen place."""
        return related(self._layout, self.selected)

    @staticmethod
    def written(slot: str, value: float) -> str:
        """Return a number as it stands in the picture: a weight or an input with two decimals."""
        given = "_to_" in slot or slot.startswith(("input", "target"))
        return minus(f"{value:.{2 if given else 3}f}") if abs(value) < 1e2 else brief(value)

    def tell(self, now: Numbers, values: dict[str, float]) -> None:
        """Set panel and status."""
        raise NotImplementedError

    def name_of(self, slot: str) -> str:
        """Return the symbol of a place, such as w12_01, or nothing."""
        return next((place["name"] for place in self.board["places"] if place["id"] == slot), "")

    def said(self, slot: str, values: dict[str, float]) -> str:
        """Return a chosen place and its value in words."""
        return f"{spoken(latex_of(self.name_of(slot)))} is {number(values[slot])}"

    def still(self) -> Still:
        """Return what a picture without a script shows: the symbol and the value of every node and edge."""
        values = self.numbers().at_places(self._layout)
        shape = "-".join(map(str, self._layout.sizes))
        inputs = ", ".join(
            number(v) for slot, v in values.items() if slot.startswith("input_") and "_to_" not in slot
        )
        outputs = ", ".join(number(v) for slot, v in values.items() if slot in _outputs(self._layout))
        alt = (
            f"A {shape} network with the symbol and the value of every node and weight: "
            f"inputs {inputs}; outputs {outputs}; E is {number(values['error'])}."
        )
        texts = {slot: self.written(slot, value) for slot, value in values.items()}
        negative = frozenset(edge.slot for edge in self._layout.edges if values[edge.slot] < 0)
        return Still(all_symbols(self._layout), alt, numbers=texts, dashed=negative)

    def static_html(self) -> str:
        """Return the network as an HTML figure."""
        return static_html(self._layout, self.still(), self.caption)


def _outputs(layout: Layout) -> set[str]:
    return {f"output_{k}_output" for k in range(1, layout.sizes[-1] + 1)}


def node_formula(slot: str, layout: Layout, values: dict[str, float]) -> str:
    """Return how the number of a node comes about, in letters and in numbers; nothing for other places."""
    layer, index, what = node_at(slot)
    if layer < 0:
        return ""
    if layer == 0:
        return line(symbol(f"x_n{index}"), result(values[slot]))
    if what == "output":
        net = symbol(f"net_n{index}_{layer - 1}{layer}")
        inside = number(values[f"{LAYERS[layer]}_{index}_net"])
        value = values[slot]
        return line(
            f"{symbol('xyo'[layer] + f'_n{index}')} = S({net})",
            f"= 1 / (1 + exp(−({inside})))",
            result(value),
        )
    letters, terms = [], []
    for i in range(1, layout.sizes[layer - 1] + 1):
        weight, source = f"w{i}{index}_{layer - 1}{layer}", f"{'xy'[layer - 1]}_n{i}"
        at = f"input_{i}" if layer == 1 else f"hidden_{i}_output"
        edge = f"{LAYERS[layer - 1]}_{i}_to_{LAYERS[layer]}_{index}"
        letters.append(symbol(weight) + symbol(source))
        terms.append(f"{signed(values[edge])} · {signed(values[at])}")
    value = values[f"{LAYERS[layer]}_{index}_net"]
    return line(f"{symbol(f'net_n{index}_{layer - 1}{layer}')} =", *_plus(letters)) + line(
        *_plus(terms, "= "), result(value)
    )


def _plus(pieces: Sequence[str], first: str = "") -> list[str]:
    """Put a plus before each piece but the first."""
    return [first + piece if not n else f"+ {piece}" for n, piece in enumerate(pieces)]


def error_formula(now: Numbers, *, whole: bool) -> str:
    """Return E of this pair as a sum of squares; with `whole`, E over all pairs behind it."""
    o, d = now.y[-1][now.n], now.D[now.n]
    squares = [f"({number(a)} − {number(b)})²" for a, b in zip(o, d, strict=True)]
    of_pair = float(np.square(o - d).sum())
    several = len(now.X) > 1
    said = "<i>E</i> for this pair" if several else "<i>E</i>"
    shown = line(f"{said} =", *_plus(squares), result(of_pair))
    return shown + (
        line(f"<i>E</i>, the mean over the {len(now.X)} pairs", result(now.E)) if several and whole else ""
    )
