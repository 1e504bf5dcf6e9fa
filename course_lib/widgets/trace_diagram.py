"""Choose a weight: every path from it to E, each factor with its value, the product, and the finite difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import traitlets

from course_lib import slopes
from course_lib.checking.cards.content import minus
from course_lib.checking.student.kernel import verdict_on
from course_lib.exercises import EXERCISES
from course_lib.inputs import Array, as_array, as_weights
from course_lib.network import forward, loss, random_network
from course_lib.numdiff import numerical_gradients
from course_lib.widgets.forward_diagram import layer_sizes
from course_lib.widgets.layout import Edge, lay_out
from course_lib.widgets.network_widget import NetworkWidget, board_data, network_with_symbols
from course_lib.widgets.symbol_markup import family, latex_of, mathml


@dataclass(frozen=True)
class Factor:
    """One factor on a path: how it is written, its value for every training pair, and the key of its colour."""

    latex: str
    values: Array
    family: str = ""


def trace_gradient(
    weights: Sequence[Array] | None = None, X: Array | None = None, D: Array | None = None
) -> Any:
    """Open a network in which choosing a weight shows where its derivative comes from.

    Parameters
    ----------
    weights, X, D : array_like, optional
        A network of three layers of at most four neurons, its inputs (N, I) and targets (N, K). Left out, it is a
        3-4-2 network with three training pairs.
    """
    if weights is None:
        weights, X, D = random_network(np.random.default_rng(136), (3, 4, 2), 3)
        weights, X, D = [W.round(1) for W in weights], X.round(1), D.round(0)
    weights, X, D = as_weights(weights), as_array("X", X, ndim=2), as_array("D", D, ndim=2)
    layer_sizes(weights)
    forward(weights, X)
    return TraceDiagram(weights, X, D)


def paths(weights: Sequence[Array], X: Array, D: Array, edge: Edge) -> list[list[Factor]]:
    """Return for each output that a weight reaches the factors on the way, from E back to the weight."""
    net, y = forward(weights, X)
    if edge.layer == 1:
        return [[*_from_error(net, y, D, edge.end), _factor(f"y_n{edge.start}", y[1][:, edge.start - 1])]]
    j = edge.end
    found = []
    for k in range(1, D.shape[1] + 1):
        onward = _factor(f"w{j}{k}_12", np.full(len(X), weights[1][j - 1, k - 1]))
        slope = Factor(f"S'({latex_of(f'net_n{j}_01')})", slopes.sigmoid(net[0][:, j - 1]), "net")
        into = _factor(f"x_n{edge.start}", X[:, edge.start - 1])
        found.append([*_from_error(net, y, D, k), onward, slope, into])
    return found


def _from_error(net: Sequence[Array], y: Sequence[Array], D: Array, k: int) -> list[Factor]:
    return [
        Factor("2", np.full(len(D), 2.0)),
        Factor(f"(o_{{n{k}}} - d_{{n{k}}})", y[-1][:, k - 1] - D[:, k - 1], "o"),
        Factor(f"S'({latex_of(f'net_n{k}_12')})", slopes.sigmoid(net[1][:, k - 1]), "net"),
    ]


def _factor(name: str, values: Array) -> Factor:
    return Factor(latex_of(name), values, family(name))


def is_open(edge: Edge, sizes: tuple[int, ...]) -> bool:
    """Return whether a weight may be traced: on the 2-2-1 network, only once its exercise is right."""
    exercise = EXERCISES.get(f"factors_{edge.name}")
    return sizes != (2, 2, 1) or exercise is None or verdict_on(exercise, None).right


class TraceDiagram(NetworkWidget):
    """A network whose weights are buttons."""

    def __init__(self, weights: list[Array], X: Array, D: Array) -> None:
        self._network = (weights, X, D)
        self._layout = lay_out(layer_sizes(weights))
        self._differences = numerical_gradients(lambda w: loss(w, X, D), weights)
        board = board_data(self._layout, "label") | {"pairs": len(X), "task": "Choose a weight."}
        edges = {edge.slot for edge in self._layout.edges}
        for place in board["places"]:
            place["role"] = "button" if place["id"] in edges else "label"
        super().__init__(mode="trace", title="every path from a weight to E", board=board)

    @traitlets.observe("selected", "pair")
    def _show(self, _: Any) -> None:
        edge = next((e for e in self._layout.edges if e.slot == self.selected), None)
        if edge is None:
            return
        if not is_open(edge, self._layout.sizes):
            self.lit, self.panel = [edge.slot], ""
            self.status = f"First find its factors, in factors_{edge.name}; then choose it again."
            return
        on_the_way = [edge] + [
            e for e in self._layout.edges if edge.layer == 0 and e.layer == 1 and e.start == edge.end
        ]
        found = paths(*self._network, edge)
        total = sum(np.prod([factor.values for factor in path], axis=0) for path in found)
        measured = float(self._differences[edge.layer][edge.start - 1, edge.end - 1])
        self.lit = [e.slot for e in on_the_way]
        self.panel = panel(edge, found, total, measured, self.pair % len(total))
        ways = "1 path" if len(found) == 1 else f"{len(found)} paths, summed over k"
        sentence = (
            f"{edge.slot.replace('_', ' ')}: {ways}; mean over n {total.mean():.6f}, "
            f"finite difference {measured:.6f}."
        )
        self.status = minus(sentence)

    def static_html(self) -> str:
        """Return the network with the symbol of every node and edge."""
        return network_with_symbols(
            self._layout, "In a running notebook, choosing a weight shows every path from it to E."
        )


def panel(edge: Edge, found: list[list[Factor]], total: Array, measured: float, n: int) -> str:
    """Return the paths as tables: factors with their values for training pair n, products, sums, the difference."""
    rows = "".join(_path(path, n, k, len(found)) for k, path in enumerate(found, 1))
    weight = mathml(latex_of(edge.name))
    summed = f"sum over k for pair {n + 1}" if len(found) > 1 else f"for pair {n + 1}"
    each = " + ".join(_number(value) for value in total).replace("+ −", "− ")
    return (
        f"<p>The derivative of E with respect to {weight}, for training pair n = {n + 1} of {len(total)}:</p>{rows}"
        f"<table class='bp-sums'><tr><th scope='row'>{summed}</th><td>{_number(total[n])}</td></tr>"
        f"<tr><th scope='row'>mean over n: ({each}) / {len(total)}</th><td><b>{_number(total.mean())}</b></td></tr>"
        f"<tr><th scope='row'>finite difference of E</th><td>{_number(measured)}</td></tr></table>"
    )


def _path(path: list[Factor], n: int, k: int, count: int) -> str:
    chips = "<span>·</span>".join(
        f"<span class='bp-chip bp-of-{f.family or 'none'}'><span>{mathml(f.latex)}</span>"
        f"<b>{_number(f.values[n])}</b></span>"
        for f in path
    )
    product = _number(float(np.prod([f.values[n] for f in path])))
    way = f"through output {k}" if count > 1 else "the path"
    return f"<p class='bp-chips'><i>{way}:</i>{chips}<span>=</span><b>{product}</b></p>"


def _number(value: float) -> str:
    return minus(f"{value:.4f}" if abs(value) >= 1e-3 or value == 0 else f"{value:.2e}")
