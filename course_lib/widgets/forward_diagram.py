"""Change an input or a weight and watch the effect: net, y, o and E of one training pair, and the sums in numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets

from course_lib.checking.cards.content import minus
from course_lib.inputs import Array, as_array, as_weights
from course_lib.network import forward, loss
from course_lib.widgets.layout import LAYERS, lay_out
from course_lib.widgets.network_widget import NetworkWidget, board_data, network_with_symbols
from course_lib.widgets.symbol_markup import family, latex_of, mathml, spoken

LEAST, MOST = -3.0, 3.0


def watch_forward(
    weights: Sequence[Array] | None = None, x: Array | None = None, d: Array | None = None
) -> Any:
    """Open a network with live numbers, for one training pair.

    Parameters
    ----------
    weights : list of array_like, optional
        [W01, W12] with at most four neurons in a layer; left out, a 3-4-2 network.
    x, d : array_like, optional
        Inputs (I,) and targets (K,).
    """
    if weights is None:
        rng = np.random.default_rng(2)
        weights = [rng.uniform(-1.2, 1.2, size=shape).round(1) for shape in ((3, 4), (4, 2))]
    weights = [W.copy() for W in as_weights(weights)]
    sizes = layer_sizes(weights)
    x = np.array([0.9, -0.4, 0.6, 0.3][: sizes[0]]) if x is None else as_array("x", x, ndim=1)
    d = np.array([1.0, 0.0, 1.0, 0.0][: sizes[2]]) if d is None else as_array("d", d, ndim=1)
    return ForwardDiagram(weights, x, d)


def layer_sizes(weights: Sequence[Array]) -> tuple[int, int, int]:
    """Return (I, J, K) of a network of three layers of at most four neurons; raises on any other."""
    if len(weights) != 2 or max(*weights[0].shape, weights[1].shape[1]) > 4:
        raise ValueError("weights: expected [W01, W12] with at most four neurons in a layer")
    return (*weights[0].shape, weights[1].shape[1])


class ForwardDiagram(NetworkWidget):
    """Inputs and weights can be changed; everything after them follows."""

    def __init__(self, weights: list[Array], x: Array, d: Array) -> None:
        self._layout = lay_out(layer_sizes(weights))
        self._d = d
        self._initial = self._values(weights, x)
        board = board_data(self._layout, "button") | {"least": LEAST, "most": MOST}
        board["task"] = (
            "Choose an input or a weight and move the slider. Choose a node to see its sum in numbers."
        )
        super().__init__(mode="forward", title="the forward pass in numbers", board=board)
        self.values = dict(self._initial)
        self.on_msg(self._on_message)

    def _values(self, weights: Sequence[Array], x: Array) -> dict[str, float]:
        found = {f"input_{i}": float(value) for i, value in enumerate(x, 1)}
        for edge in self._layout.edges:
            found[edge.slot] = float(weights[edge.layer][edge.start - 1, edge.end - 1])
        return found

    @traitlets.validate("values")
    def _only_known(self, proposal: Any) -> dict[str, float]:
        """Keep known places only, and only numbers that the slider can show."""
        numbers = {
            k: v for k, v in proposal["value"].items() if k in self._initial and isinstance(v, int | float)
        }
        return self._initial | {
            k: float(np.clip(v, LEAST, MOST)) for k, v in numbers.items() if np.isfinite(v)
        }

    def _arrays(self) -> tuple[list[Array], Array]:
        sizes = self._layout.sizes
        weights = [np.zeros(shape) for shape in (sizes[:2], sizes[1:])]
        for edge in self._layout.edges:
            weights[edge.layer][edge.start - 1, edge.end - 1] = self.values[edge.slot]
        return weights, np.array([[self.values[f"input_{i}"] for i in range(1, sizes[0] + 1)]])

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict) and content.get("do") == "reset":
            self.values = dict(self._initial)

    @traitlets.observe("values", "selected")
    def _compute(self, _: Any) -> None:
        weights, X = self._arrays()
        net, y = forward(weights, X)
        E = loss(weights, X, self._d[None])
        texts = dict(self.values)
        for layer in (1, 2):
            for n in range(1, y[layer].shape[1] + 1):
                texts[f"{LAYERS[layer]}_{n}_net"] = float(net[layer - 1][0, n - 1])
                texts[f"{LAYERS[layer]}_{n}_output"] = float(y[layer][0, n - 1])
        with self.hold_sync():
            self.texts = {slot: _number(value) for slot, value in texts.items()}
            self.panel = self._panel(texts, E)
            self.status = self._sentence(texts, E)
            self.lit = self._into(self.selected)

    def _into(self, slot: str) -> list[str]:
        """Return the edges whose values enter the selected node."""
        layer, index, _ = _node(slot)
        if layer < 1:
            return [slot] if "_to_" in slot else []
        return [e.slot for e in self._layout.edges if (e.layer + 1, e.end) == (layer, index)]

    def _sentence(self, texts: dict[str, float], E: float) -> str:
        place = next((p for p in self.board["places"] if p["id"] == self.selected), None)
        if place is None:
            return f"E is {_number(E)}."
        return f"{spoken(latex_of(place['name']))} is {_number(texts[place['id']])}, and E is {_number(E)}."

    def _panel(self, texts: dict[str, float], E: float) -> str:
        layer, index, what = _node(self.selected)
        error = self._error(texts, E)
        if layer < 1:
            return error
        if what == "output":
            name = f"{'yo'[layer - 1]}_n{index}"
            inside = _number(texts[f"{LAYERS[layer]}_{index}_net"])
            net = mathml(latex_of(f"net_n{index}_{layer - 1}{layer}"))
            value = _number(texts[self.selected])
            return (
                f"<p class='bp-formula'>{mathml(latex_of(name))} = S({net}) = 1 / (1 + exp(−({inside}))) "
                f"= <b>{value}</b></p>{error}"
            )
        return self._sum(layer, index, texts) + error

    def _sum(self, layer: int, index: int, texts: dict[str, float]) -> str:
        letters, numbers = [], []
        for i in range(1, self._layout.sizes[layer - 1] + 1):
            weight = f"w{i}{index}_{layer - 1}{layer}"
            source = f"x_n{i}" if layer == 1 else f"y_n{i}"
            at = f"input_{i}" if layer == 1 else f"hidden_{i}_output"
            letters.append(_coloured(weight) + _coloured(source))
            edge = next(e.slot for e in self._layout.edges if e.name == weight)
            numbers.append(f"{_signed(texts[edge])} · {_signed(texts[at])}")
        net = mathml(latex_of(f"net_n{index}_{layer - 1}{layer}"))
        return (
            f"<p class='bp-formula'>{net} = {' + '.join(letters)}</p>"
            f"<p class='bp-formula'>= {' + '.join(numbers)} = <b>{_number(texts[self.selected])}</b></p>"
        )

    def _error(self, texts: dict[str, float], E: float) -> str:
        outputs = [texts[f"output_{k}_output"] for k in range(1, len(self._d) + 1)]
        squares = " + ".join(f"({_number(o)} − {_number(t)})²" for o, t in zip(outputs, self._d, strict=True))
        return f"<p class='bp-formula'>E for this pair = {squares} = <b>{_number(E)}</b></p>"

    def static_html(self) -> str:
        """Return the network with the symbol of every node and edge."""
        caption = "In a running notebook, inputs and weights can be changed, and the numbers follow."
        return network_with_symbols(self._layout, caption)


def _node(slot: str) -> tuple[int, int, str]:
    """Return (layer, number, "net" or "output") of a neuron's place, layer 0 for anything else."""
    name, _, rest = slot.partition("_")
    index, _, what = rest.partition("_")
    if what not in ("net", "output") or name not in LAYERS:
        return 0, 0, ""
    return LAYERS.index(name), int(index), what


def _coloured(name: str) -> str:
    return f"<span class='bp-of-{family(name)}'>{mathml(latex_of(name))}</span>"


def _number(value: float) -> str:
    return minus(f"{value:.3f}")


def _signed(value: float) -> str:
    return f"({_number(value)})" if value < 0 else _number(value)
