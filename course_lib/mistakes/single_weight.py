"""Mistakes in the derivative for one weight of the 2-2-1 network: the wrong node, or a row where a column belongs."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from course_lib import slopes
from course_lib.backprop import gradients
from course_lib.inputs import Array
from course_lib.mistakes.base import Answers, Mistake, WrongAnswers
from course_lib.network import forward

MISTAKES = (
    Mistake(
        "other_node",
        "this is the derivative with respect to a different weight, one that starts or ends at another node",
        "the two indices of the weight: which node does it start from, and which does it enter? "
        "Arrays count from 0, so node 2 is column 1.",
        formula="w_ij goes from i to j",
    ),
    Mistake(
        "mixed_nodes",
        "one factor belongs to another hidden node than the rest",
        "the index of the hidden node in every factor: the path goes through one hidden node only. "
        "Arrays count from 0, so node 2 is column 1.",
        formula="w_ij^(0,1) → net_nj^(0,1) → y_nj^(1) → w_jk^(1,2)",
    ),
    Mistake(
        "weight_before",
        "a weight in front of the hidden node is used where the one behind it belongs",
        "which way the path goes on from the hidden node: through the weight that leaves it. A weight that enters it "
        "is no part of that way.",
        formula="net_nk^(1,2) = Σ_j w_jk^(1,2) y_nj^(1)",
    ),
    Mistake(
        "row_for_column",
        "a row (one sample with all its nodes) is used where the column of one node belongs",
        "what a single index picks: from `y[1]` or `X` it is one sample. "
        "One node, for all samples, is a column; print the shape.",
    ),
    Mistake(
        "index_of_other_end",
        "one factor belongs to another node: its index does not follow i and j as it should",
        "the index of each factor, one by one. What enters the weight belongs to the node it starts from; a slope, and "
        "the weight that leads on, belong to the node it enters.",
        formula="w_ij goes from i to j",
    ),
)


def of_one_weight(layer: int, row: int, column: int) -> WrongAnswers:
    """Return what can be mixed up about the weight in this place; the case is (W01, W12, X, D)."""

    def others(W01: Array, W12: Array, X: Array, D: Array) -> list[float]:
        gradient = gradients([W01, W12], X, D)[layer]
        # The weight with its indices exchanged has an entry of its own in the catalogue.
        left_out = {(row, column)} | ({(column, row)} if layer == 0 else set())
        return [float(gradient[at]) for at in np.ndindex(gradient.shape) if at not in left_out]

    def rows(W01: Array, W12: Array, X: Array, D: Array) -> list[float]:
        net, y = forward([W01, W12], X)
        delta = 2.0 * (y[2] - D) * slopes.sigmoid(net[1])
        ways = _hidden_rows(W12, X, y[1], delta, row, column) if layer == 0 else [delta * y[1][row]]
        # The mean over all numbers of the table that this makes. (Their sum over N is twice that: with the 2 forgotten
        # as well it would be this.)
        return [float(table.mean()) for table in ways]

    found = {"other_node": others, "row_for_column": rows}
    if layer == 0:
        found |= {"mixed_nodes": _mixed(row, column), "weight_before": _before(row, column)}
    return found


def _mixed(i: int, j: int) -> Answers:
    """Return what comes of the weight behind one hidden node and the slope of the other, with either input."""

    def answers(W01: Array, W12: Array, X: Array, D: Array) -> list[float]:
        net, y = forward([W01, W12], X)
        delta = 2.0 * (y[2] - D) * slopes.sigmoid(net[1])
        slope = slopes.sigmoid(net[0])
        return [
            float((delta * W12[w] * slope[:, [1 - w]] * X[:, [x]]).mean()) for w in (0, 1) for x in (i, 1 - i)
        ]

    return answers


def _before(i: int, j: int) -> Answers:
    """Return what comes of each weight of W01 in place of the one behind the hidden node, and of a row or a column.

    ``np.sum(delta * W01[0], axis=1)`` adds the two weights of a row.
    """

    def answers(W01: Array, W12: Array, X: Array, D: Array) -> list[float]:
        net, y = forward([W01, W12], X)
        delta = 2.0 * (y[2] - D) * slopes.sigmoid(net[1])
        rest = float((delta * slopes.sigmoid(net[0][:, [j]]) * X[:, [i]]).mean())
        weights = (*W01.ravel(), *W01.sum(axis=0), *W01.sum(axis=1))
        return [float(weight) * rest for weight in weights]

    return answers


def _hidden_rows(W12: Array, X: Array, y: Array, delta: Array, i: int, j: int) -> Iterator[Array]:
    for x_at, y_at in product((X[:, [i]], X[i]), (y[:, [j]], y[j])):
        if x_at.ndim + y_at.ndim < 4:  # one of them is a row
            yield delta * W12[j] * y_at * (1.0 - y_at) * x_at


def _swapped(W01: Array, W12: Array, X: Array, D: Array, layer: int, i: int, j: int) -> list[float]:
    """Return what comes of i and j exchanged: where there are two of each, or also where there is one output."""
    found = gradients([W01, W12], X, D)
    if layer == 0:
        return [float(found[0][j - 1, i - 1])] * 2
    return [float(found[1][i - 1, j - 1]), float(found[1][j - 1, 0])]


def _other_weights(W01: Array, W12: Array, X: Array, D: Array, layer: int, i: int, j: int) -> list[float]:
    """Return the derivative for the other input or the other hidden node, and for the weight opposite."""
    found = gradients([W01, W12], X, D)
    if layer == 1:
        return [float(found[1][2 - i, 0]), float(found[1][i - 1, 0]), float(found[1][2 - i, 0])]
    i, j = i - 1, j - 1
    return [float(found[0][at]) for at in ((i, j), (1 - i, j), (i, 1 - j))]


def _rows(W01: Array, W12: Array, X: Array, D: Array, layer: int, i: int, j: int) -> list[float]:
    net, y = forward([W01, W12], X)
    delta = 2.0 * (y[2] - D) * slopes.sigmoid(net[1])
    right = float(gradients([W01, W12], X, D)[layer][i - 1, j - 1])
    if layer == 1:
        wrong = float((delta * y[1][i - 1]).mean())
        return [wrong, right, right, right, wrong, wrong, wrong]
    wrong = [float(table.mean()) for table in _hidden_rows(W12, X, y[1], delta, i - 1, j - 1)]
    return [right, *wrong, *wrong]


def _other_ends(W01: Array, W12: Array, X: Array, D: Array, layer: int, i: int, j: int) -> list[float]:
    """Return what comes of one index that stands for another, or is written as a number."""
    (net01, net12), (_, y, o) = forward([W01, W12], X)
    delta, slope = (2.0 * (o - D) * slopes.sigmoid(net12))[:, 0], slopes.sigmoid(net01)
    i, j = i - 1, j - 1
    # On the output side only what enters the weight has an index; hidden node 1, or the one that the output's has.
    output = [float((delta * y[:, at]).mean()) for at in (i, 0)]

    def hidden(weight: int, node: int, entering: int) -> float:
        return float((delta * W12[weight, 0] * slope[:, node] * X[:, entering]).mean())

    ways = (
        *((weight, j, i) for weight in (i, 0, 1, 1 - j)),
        *((j, node, i) for node in (i, 0, 1, 1 - j)),
        *((j, j, entering) for entering in (j, 0, 1)),
    )
    if layer == 1:
        return [*[output[0]] * len(ways), output[1]]
    return [*(hidden(*way) for way in ways), hidden(j, j, i)]


def _from_zero(W01: Array, W12: Array, X: Array, D: Array, layer: int, i: int, j: int) -> list[float]:
    """Return what comes of i and j used as they are; nothing where numpy has no such place."""
    found = gradients([W01, W12], X, D)[layer]
    places = ((i, j),) if layer == 0 else ((i, 0),)  # there is one output, so nobody needs its index
    return [float(found[at]) for at in places if at[0] < found.shape[0] and at[1] < found.shape[1]]


OF_ANY_WEIGHT: WrongAnswers = {
    "index_from_zero": _from_zero,
    "swapped_indices": _swapped,
    "other_node": _other_weights,
    "row_for_column": _rows,
    "index_of_other_end": _other_ends,
}
