"""Change an input or a weight and watch the effect: net, y, o and E of one training pair, and the sums in numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets

from course_lib.inputs import Array, as_array, as_weights
from course_lib.widgets.watching.formulas import number
from course_lib.widgets.watching.live_network import (
    LiveNetwork,
    Network,
    Numbers,
    as_small_network,
    error_formula,
    node_formula,
    sizes_of,
)

LEAST, MOST = -3.0, 3.0


def one_pair(weights: Sequence[Array] | None, x: Array | None = None, d: Array | None = None) -> Network:
    """Return a network with one training pair; what is left out is that of the picture, 3-4-2."""
    if weights is None:
        rng = np.random.default_rng(2)
        weights = [rng.uniform(-1.2, 1.2, size=shape).round(1) for shape in ((3, 4), (4, 2))]
    weights = as_weights(weights)
    I, K = weights[0].shape[0], weights[-1].shape[1]
    x = np.array([0.9, -0.4, 0.6, 0.3][:I]) if x is None else as_array("x", x, ndim=1)
    d = np.array([1.0, 0.0, 1.0, 0.0][:K]) if d is None else as_array("d", d, ndim=1)
    return as_small_network(weights, x[None], d[None])


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
    return ForwardDiagram(one_pair(weights, x, d))


class ForwardDiagram(LiveNetwork):
    """Inputs and weights can be changed; everything after them follows."""

    caption = "In a running notebook, inputs and weights can be changed, and the numbers follow."

    def __init__(self, network: Network) -> None:
        self._initial: dict[str, float] = {}
        task = "Choose an input or a weight and move the slider. Choose a node to see its sum in numbers."
        board = {"least": LEAST, "most": MOST, "task": task}
        super().__init__(network, board, mode="forward", title="the forward pass in numbers")
        found = Numbers.of(network, 0).at_places(self._layout)
        self._initial = {s: v for s, v in found.items() if s.partition("_")[0] == "input" or "_to_" in s}
        self.values = dict(self._initial)
        self.on_msg(self._on_message)
        self.show()

    @traitlets.validate("values")
    def _only_known(self, proposal: Any) -> dict[str, float]:
        """Keep known places only, and only numbers that the slider can show."""
        numbers = {
            k: v for k, v in proposal["value"].items() if k in self._initial and isinstance(v, int | float)
        }
        return self._initial | {
            k: float(np.clip(v, LEAST, MOST)) for k, v in numbers.items() if np.isfinite(v)
        }

    @traitlets.observe("values")
    def _moved(self, _: Any) -> None:
        weights, _, D = self._network
        weights = [np.empty_like(W) for W in weights]
        for edge in self._layout.edges:
            weights[edge.layer][edge.start - 1, edge.end - 1] = self.values[edge.slot]
        X = np.array([[self.values[f"input_{i}"] for i in range(1, sizes_of(weights)[0] + 1)]])
        self._network = (weights, X, D)
        self.show()

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict) and content.get("do") == "reset":
            self.values = dict(self._initial)

    def tell(self, now: Numbers, values: dict[str, float]) -> None:
        """Write the chosen node's sum and the error of the pair."""
        self.panel = node_formula(self.selected, self._layout, values) + error_formula(now, whole=True)
        said = f"{self.said(self.selected, values)}, and " if self.selected in values else ""
        self.status = f"{said}E is {number(now.E)}."
