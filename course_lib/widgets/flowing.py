"""Change an input or a weight and watch it travel: net, y, o and E of one training pair, and the sums in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets

from course_lib.inputs import Array, as_array, as_weights
from course_lib.network import forward, loss
from course_lib.widgets.component import NetworkDiagram
from course_lib.widgets.drawn import described, latex_of, still
from course_lib.widgets.notation import family, mathml, spoken
from course_lib.widgets.scene import LAYERS, lay_out

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
    if len(weights) != 2 or max(*weights[0].shape, weights[1].shape[1]) > 4:
        raise ValueError("weights: expected [W01, W12] with at most four neurons in a layer")
    x = np.array([0.9, -0.4, 0.6, 0.3][: len(weights[0])]) if x is None else as_array("x", x, ndim=1)
    d = np.array([1.0, 0.0, 1.0, 0.0][: weights[1].shape[1]]) if d is None else as_array("d", d, ndim=1)
    return ForwardDiagram(weights, x, d)


class ForwardDiagram(NetworkDiagram):
    """Inputs and weights are set by hand; everything behind them follows."""

    def __init__(self, weights: list[Array], x: Array, d: Array) -> None:
        self._laid_out = lay_out((*weights[0].shape, weights[1].shape[1]))
        self._d = d
        self._first = self._values(weights, x)
        scene = described(self._laid_out, "button") | {"least": LEAST, "most": MOST}
        scene["task"] = "Choose an input or a weight and move it. Choose a node to see its sum in numbers."
        super().__init__(mode="forward", title="numbers on their way through the network", scene=scene)
        self.values = dict(self._first)
        self.on_msg(self._told)

    def _values(self, weights: Sequence[Array], x: Array) -> dict[str, float]:
        found = {f"input_{i}": float(value) for i, value in enumerate(x, 1)}
        for edge in self._laid_out.edges:
            found[edge.slot] = float(weights[edge.layer][edge.start - 1, edge.end - 1])
        return found

    @traitlets.validate("values")
    def _only_known(self, proposal: Any) -> dict[str, float]:
        """Keep the places there are, and numbers that the slider can show."""
        told = {k: v for k, v in proposal["value"].items() if k in self._first and isinstance(v, int | float)}
        return self._first | {k: float(np.clip(v, LEAST, MOST)) for k, v in told.items() if np.isfinite(v)}

    def _arrays(self) -> tuple[list[Array], Array]:
        sizes = self._laid_out.sizes
        weights = [np.zeros(shape) for shape in (sizes[:2], sizes[1:])]
        for edge in self._laid_out.edges:
            weights[edge.layer][edge.start - 1, edge.end - 1] = self.values[edge.slot]
        return weights, np.array([[self.values[f"input_{i}"] for i in range(1, sizes[0] + 1)]])

    def _told(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict) and content.get("do") == "reset":
            self.values = dict(self._first)

    @traitlets.observe("values", "selected")
    def _flow(self, _: Any) -> None:
        weights, X = self._arrays()
        net, y = forward(weights, X)
        E = loss(weights, X, self._d[None])
        texts = dict(self.values)
        for layer in (1, 2):
            for n in range(1, y[layer].shape[1] + 1):
                texts[f"{LAYERS[layer]}_{n}_net"] = float(net[layer - 1][0, n - 1])
                texts[f"{LAYERS[layer]}_{n}_output"] = float(y[layer][0, n - 1])
        with self.hold_sync():
            self.texts = {slot: _short(value) for slot, value in texts.items()}
            self.panel = self._panel(texts, E)
            self.status = self._sentence(texts, E)
            self.lit = self._into(self.selected)

    def _into(self, slot: str) -> list[str]:
        """Return the edges whose values enter what is selected."""
        layer, index, _ = _node(slot)
        if layer < 1:
            return [slot] if "_to_" in slot else []
        return [e.slot for e in self._laid_out.edges if (e.layer + 1, e.end) == (layer, index)]

    def _sentence(self, texts: dict[str, float], E: float) -> str:
        place = next((p for p in self.scene["places"] if p["id"] == self.selected), None)
        if place is None:
            return f"E is {_short(E)}."
        return f"{spoken(latex_of(place['name']))} is {_short(texts[place['id']])}, and E is {_short(E)}."

    def _panel(self, texts: dict[str, float], E: float) -> str:
        layer, index, what = _node(self.selected)
        error = self._error(texts, E)
        if layer < 1:
            return error
        if what == "output":
            name = f"{'yo'[layer - 1]}_n{index}"
            inside = _short(texts[f"{LAYERS[layer]}_{index}_net"])
            net = mathml(latex_of(f"net_n{index}_{layer - 1}{layer}"))
            value = _short(texts[self.selected])
            return (
                f"<p class='bp-formula'>{mathml(latex_of(name))} = S({net}) = 1 / (1 + exp(−({inside}))) "
                f"= <b>{value}</b></p>{error}"
            )
        return self._sum(layer, index, texts) + error

    def _sum(self, layer: int, index: int, texts: dict[str, float]) -> str:
        letters, numbers = [], []
        for i in range(1, self._laid_out.sizes[layer - 1] + 1):
            weight = f"w{i}{index}_{layer - 1}{layer}"
            source = f"x_n{i}" if layer == 1 else f"y_n{i}"
            at = f"input_{i}" if layer == 1 else f"hidden_{i}_output"
            letters.append(_coloured(weight) + _coloured(source))
            edge = next(e.slot for e in self._laid_out.edges if e.name == weight)
            numbers.append(f"{_signed(texts[edge])} · {_signed(texts[at])}")
        net = mathml(latex_of(f"net_n{index}_{layer - 1}{layer}"))
        return (
            f"<p class='bp-formula'>{net} = {' + '.join(letters)}</p>"
            f"<p class='bp-formula'>= {' + '.join(numbers)} = <b>{_short(texts[self.selected])}</b></p>"
        )

    def _error(self, texts: dict[str, float], E: float) -> str:
        outputs = [texts[f"output_{k}_output"] for k in range(1, len(self._d) + 1)]
        squares = " + ".join(f"({_short(o)} − {_short(t)})²" for o, t in zip(outputs, self._d, strict=True))
        return f"<p class='bp-formula'>E for this pair = {squares} = <b>{_short(E)}</b></p>"

    def still(self) -> str:
        """Return the network with the symbol of every node and edge."""
        shown = {place["id"]: latex_of(place["name"]) for place in self.scene["places"]}
        sizes = "-".join(map(str, self._laid_out.sizes))
        told = "In a running notebook, inputs and weights can be moved, and the numbers follow."
        return still(
            self._laid_out, shown, f"A {sizes} network with the symbol of every node and edge.", told
        )


def _node(slot: str) -> tuple[int, int, str]:
    """Return (layer, number, "net" or "output") of a neuron's place, layer 0 for anything else."""
    name, _, rest = slot.partition("_")
    index, _, what = rest.partition("_")
    if what not in ("net", "output") or name not in LAYERS:
        return 0, 0, ""
    return LAYERS.index(name), int(index), what


def _coloured(name: str) -> str:
    return f"<span class='bp-of-{family(name)}'>{mathml(latex_of(name))}</span>"


def _short(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")


def _signed(value: float) -> str:
    return f"({_short(value)})" if value < 0 else _short(value)
