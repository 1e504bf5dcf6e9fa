"""Choose a weight: every path from it to E, each factor with its value, the product, and the finite difference."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib import slopes
from course_lib.checking.cards.content import minus
from course_lib.checking.student.kernel import verdict_on
from course_lib.closing import guard
from course_lib.exercises import EXERCISES
from course_lib.inputs import Array
from course_lib.network import forward, loss, random_network
from course_lib.numdiff import numerical_gradients
from course_lib.widgets.layout import Edge
from course_lib.widgets.symbol_markup import latex_of, mathml
from course_lib.widgets.watching.formulas import (
    Factor,
    chips,
    line,
    named,
    number,
    product,
    result,
    sum_of,
    table,
)
from course_lib.widgets.watching.live_network import (
    LiveNetwork,
    Network,
    Numbers,
    as_small_network,
    error_formula,
    node_formula,
    sizes_of,
)
from course_lib.widgets.watching.relations import edge_at


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
    guard("course_lib.backprop", "trace_gradient")
    if weights is None:
        weights, X, D = random_network(np.random.default_rng(136), (3, 4, 2), 3)
        weights, X, D = [W.round(1) for W in weights], X.round(1), D.round(0)
    return TraceDiagram(as_small_network(weights, X, D))


def paths(weights: Sequence[Array], X: Array, D: Array, edge: Edge) -> list[list[Factor]]:
    """Return for each output that a weight reaches the factors on the way, from E back to the weight."""
    net, y = forward(weights, X)
    if edge.layer == 1:
        return [[*_from_error(net, y, D, edge.end), named(f"y_n{edge.start}", y[1][:, edge.start - 1])]]
    j = edge.end
    found = []
    for k in range(1, D.shape[1] + 1):
        onward = named(f"w{j}{k}_12", np.full(len(X), weights[1][j - 1, k - 1]))
        slope = Factor(f"S'({latex_of(f'net_n{j}_01')})", slopes.sigmoid(net[0][:, j - 1]), "net")
        into = named(f"x_n{edge.start}", X[:, edge.start - 1])
        found.append([*_from_error(net, y, D, k), onward, slope, into])
    return found


def _from_error(net: Sequence[Array], y: Sequence[Array], D: Array, k: int) -> list[Factor]:
    return [
        Factor("2", np.full(len(D), 2.0)),
        Factor(f"(o_{{n{k}}} - d_{{n{k}}})", y[-1][:, k - 1] - D[:, k - 1], "o"),
        Factor(f"S'({latex_of(f'net_n{k}_12')})", slopes.sigmoid(net[1][:, k - 1]), "net"),
    ]


def is_open(edge: Edge, sizes: tuple[int, ...]) -> bool:
    """Return whether a weight may be traced: on the 2-2-1 network, only once its exercise is right."""
    exercise = EXERCISES.get(f"factors_{edge.name}")
    return sizes != (2, 2, 1) or exercise is None or verdict_on(exercise, None).right


class TraceDiagram(LiveNetwork):
    """A network in which a weight shows its paths."""

    caption = "In a running notebook, choosing a weight shows every path from it to E."

    def __init__(self, network: Network) -> None:
        weights, X, D = network
        self._differences = numerical_gradients(lambda w: loss(w, X, D), weights)
        task = "Choose a weight to see every path from it to <i>E</i>, or a node to see its number."
        super().__init__(network, {"task": task}, mode="trace", title="every path from a weight to E")
        self.show()

    def tell(self, now: Numbers, values: dict[str, float]) -> None:
        """Write the paths of the chosen weight, or the number of the chosen node."""
        edge = edge_at(self._layout, self.selected)
        if edge is None:
            self.panel = node_formula(self.selected, self._layout, values) + error_formula(now, whole=True)
            self.status = f"{self.said(self.selected, values)}." if self.selected in values else ""
            return
        if not is_open(edge, sizes_of(now.weights)):
            self.status = f"First find its factors, in factors_{edge.name}; then choose it again."
            self.lit, self.panel = {edge.slot: "on"}, f"<p>{self.status}</p>"
            return
        found = paths(*self._network, edge)
        total = sum(np.prod([factor.values for factor in path], axis=0) for path in found)
        measured = float(self._differences[edge.layer][edge.start - 1, edge.end - 1])
        self.panel = panel(edge, found, total, measured, now.n)
        ways = "1 path" if len(found) == 1 else f"{len(found)} paths, summed over k"
        words = edge.slot.replace("_", " ")
        sentence = f"{words}: {ways}; mean over n {total.mean():.6f}, finite difference {measured:.6f}."
        self.status = minus(sentence)


def panel(edge: Edge, found: list[list[Factor]], total: Array, measured: float, n: int) -> str:
    """Return the paths: factors with their values for training pair n, products, sums, the difference."""
    weight = mathml(latex_of(edge.name))
    summed = f"sum over k for pair {n + 1}" if len(found) > 1 else f"for pair {n + 1}"
    return (
        f"<p>The derivative of <i>E</i> with respect to {weight}, for training pair {n + 1} of {len(total)}:</p>"
        + "".join(_path(path, n, k, len(found)) for k, path in enumerate(found, 1))
        + table(
            (
                (summed, number(total[n])),
                (f"mean over n: ({sum_of(total)}) / {len(total)}", f"<b>{number(total.mean())}</b>"),
                ("finite difference of <i>E</i>", number(measured)),
            )
        )
    )


def _path(path: list[Factor], n: int, k: int, count: int) -> str:
    way = f"through output {k}:" if count > 1 else "the path:"
    boxes = chips(path, n)
    boxes[-1] = f"{boxes[-1]}<span class='bp-result'>{result(product(path, n))}</span>"
    return line(f"<i>{way}</i>", *boxes, kind="bp-chips")
