"""Mistakes on the way forward: counting, the sums, the sigmoid."""

from collections.abc import Callable, Iterator

import numpy as np

from course_lib import slopes
from course_lib.activations import sigmoid
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, WrongAnswers

MISTAKES = (
    Mistake(
        "biases_counted",
        "one extra weight is counted for every hidden and every output node, as if there were biases",
        "the lines of the picture. These nodes have no bias, only the weights on their lines.",
    ),
    Mistake(
        "nodes_multiplied",
        "all three layer sizes are multiplied",
        "which layers are connected: inputs to hidden nodes, and hidden nodes to outputs. Two tables, then a sum.",
    ),
    Mistake(
        "tables_multiplied",
        "the two numbers of lines are multiplied",
        "what becomes of the lines on the left and those on the right when all of them are counted.",
    ),
    Mistake(
        "layer_skipped",
        "lines from the inputs to the outputs are counted",
        "the picture: every line goes from one layer to the next, and none of them passes the hidden nodes by.",
    ),
    Mistake(
        "nodes_added",
        "the nodes are counted instead of the lines between them",
        "what a weight belongs to: a line from one node to another, not a node.",
    ),
    Mistake(
        "one_table_missing",
        "the weights are counted between two of the layers only",
        "the picture: there are lines on the left, and there are lines on the right.",
    ),
    Mistake(
        "one_network_counted",
        "the answer is the number of weights of the 3-4-2 network, whatever the sizes are",
        "what the function is given. I, J and K stand for any sizes, and other networks have other numbers.",
    ),
    Mistake(
        "index_from_zero",
        "the node after the one asked for is taken, because the index was used without subtracting 1",
        "the indices: i, j and k start from 1 in the formula, rows and columns from 0 in the array.",
        "w_ij is `W01[i-1, j-1]`",
    ),
    Mistake(
        "index_shifted_twice",
        "the weights are taken one row too early, because 1 is subtracted from an index that counts from 0 already",
        "the index of the sum. `range` starts at 0, as the rows do; the 1 is subtracted from what counts from 1.",
        "w_ij is `W01[i-1, j-1]`",
    ),
    Mistake(
        "end_of_sum_missing",
        "the first or the last term of the sum is missing",
        "what `range` gives: `range(n)` goes from 0 to n − 1, and `range(1, n)` leaves out 0.",
    ),
    Mistake(
        "one_term_only",
        "only the first or the last term of the sum is left",
        "what happens in each turn of the loop: is every term added to those before, and does `return` stand behind "
        "the loop?",
    ),
    Mistake(
        "no_activation",
        "the net input is given where the output of the node is asked for",
        "the last step in a node: S is applied to its net input.",
        "o_nk = S(net_nk^(1,2))",
    ),
    Mistake(
        "activation_twice",
        "S is applied where the plain sum is asked for",
        "the name: net is the weighted sum itself; S comes after it.",
        "net_nj^(0,1) = Σ_i w_ij^(0,1) x_ni",
    ),
    Mistake(
        "sign_in_exponent",
        "the sign in the exponent is reversed",
        "the exponent. For large z the sigmoid must be close to 1.",
        "S(z) = 1 / (1 + e^−z)",
        trace="this is 1 / (1 + e^z), which is 1 − S(z)",
    ),
    Mistake(
        "sign_of_z_lost",
        "below zero it gives what S is at −z",
        "the numerator. What is 1 on top for z ≥ 0 becomes e^z when top and bottom are multiplied by it.",
        "S(z) = e^z / (1 + e^z)",
        trace="this is S(|z|)",
    ),
    Mistake(
        "slope_for_value",
        "the slope of S is used where S itself belongs",
        "the name of what is asked for. S' says how steep the curve is, S how high; far to the right S is close to 1.",
        "S(z) = 1 / (1 + e^−z)",
    ),
    Mistake(
        "slope_turned",
        "the two factors of S′ are right except for a sign",
        "the order in the second factor. The curve of S rises everywhere, so its slope is never below 0.",
        "S′(z) = S(z) (1 − S(z))",
        trace="this is S (S − 1), or −S (1 − S)",
    ),
    Mistake(
        "sigmoid_twice",
        "S is applied twice",
        "what goes into the formula for S′ where it says S(z): the number S(z) itself, computed once.",
        "S′(z) = S(z) (1 − S(z))",
        trace="S(S(z)) is used where S(z) belongs",
    ),
    Mistake(
        "indices_exchanged",
        "a row of the matrix is used where its column belongs",
        "which index of the matrix the sum runs over, and which one says what node it is.",
        "w_ij is `W01[i-1, j-1]`",
    ),
)

COUNT: WrongAnswers = {
    "biases_counted": lambda I, J, K: [I * J + J * K + J + K],
    "nodes_multiplied": lambda I, J, K: [I * J * K],
    "nodes_added": lambda I, J, K: [I + J + K],
    "one_table_missing": lambda I, J, K: [I * J, J * K, I * J + K, I + J * K],
    "tables_multiplied": lambda I, J, K: [I * J * J * K],
    "layer_skipped": lambda I, J, K: [I * J + I * K, I * K + J * K, I * J + J * K + I * K],
    "one_network_counted": lambda I, J, K: [3 * 4 + 4 * 2],
}
SIGMOID: WrongAnswers = {
    "sign_in_exponent": lambda z: [sigmoid(-z)],
    "sign_of_z_lost": lambda z: [sigmoid(np.abs(z))],
    "slope_for_value": lambda z: [slopes.sigmoid(z)],
}
SIGMOID_SLOPE: WrongAnswers = {
    "slope_is_sigmoid": lambda z: [sigmoid(z)],
    "slope_is_one_minus": lambda z: [1.0 - sigmoid(z)],
    "slope_on_net": lambda z: [z * (1.0 - z)],
    "sigmoid_twice": lambda z: [slopes.sigmoid(sigmoid(z))],
    "slope_turned": lambda z: [-slopes.sigmoid(z)],
}


def _sums(W: Array, values: Array, node: int, end: Callable) -> list[float]:
    """Return what the column at an index counted from 0 leads to, if there is such a column."""
    return [float(end(values @ W[:, node]))] if node < W.shape[1] else []


def _row_sums(W: Array, values: Array, node: int, end: Callable) -> list[float]:
    """Return what the row leads to, if there is one and a loop over `values` stays within it."""
    fits = node < W.shape[0] and len(values) <= W.shape[1]
    return [float(end(W[node, : len(values)] @ values))] if fits else []


def _loop_slips(end: Callable) -> WrongAnswers:
    """Return what goes wrong in a loop over the terms of the sum into a node."""

    def of(*ways: Callable[[Array, Array], float]) -> Callable[[Array, Array, int], list[float]]:
        return lambda W, values, node: [float(end(way(W[:, node - 1], values))) for way in ways]

    return {
        "index_shifted_twice": of(lambda column, values: np.roll(column, 1) @ values),
        "end_of_sum_missing": of(
            lambda column, values: column[1:] @ values[1:], lambda column, values: column[:-1] @ values[:-1]
        ),
        "one_term_only": of(
            lambda column, values: column[0] * values[0], lambda column, values: column[-1] * values[-1]
        ),
    }


NET_HIDDEN: WrongAnswers = {
    "index_from_zero": lambda W, x, j: _sums(W, x, j, lambda net: net),
    "indices_exchanged": lambda W, x, j: _row_sums(W, x, j - 1, lambda net: net),
    "activation_twice": lambda W, x, j: [float(sigmoid(x @ W[:, j - 1]))],
    **_loop_slips(lambda net: net),
}


def net_hidden_together() -> Iterator[tuple[tuple[str, ...], Callable[..., float]]]:
    """Return what the wrong column or row leads to when S is applied as well."""
    yield (
        ("index_from_zero", "activation_twice"),
        lambda W, x, j: _one_of(_sums(W, x, j, sigmoid)),
    )
    yield ("indices_exchanged", "index_from_zero"), lambda W, x, j: _one_of(_row_sums(W, x, j, _same))
    yield ("indices_exchanged", "activation_twice"), lambda W, x, j: _one_of(_row_sums(W, x, j - 1, sigmoid))


def output_k_together() -> Iterator[tuple[tuple[str, ...], Callable[..., float]]]:
    """Return what the wrong column or row leads to when S is left out."""
    yield ("no_activation", "index_from_zero"), lambda W, y, k: _one_of(_sums(W, y, k, _same))
    yield ("no_activation", "indices_exchanged"), lambda W, y, k: _one_of(_row_sums(W, y, k - 1, _same))
    yield ("indices_exchanged", "index_from_zero"), lambda W, y, k: _one_of(_row_sums(W, y, k, sigmoid))


def _same(net: Array) -> Array:
    return net


def _one_of(found: list[float]) -> float:
    if not found:
        raise ValueError("there is no such row or column")
    return found[0]


OUTPUT_K: WrongAnswers = {
    "sign_in_exponent": lambda W, y, k: [float(sigmoid(-(y @ W[:, k - 1])))],
    "no_activation": lambda W, y, k: [float(y @ W[:, k - 1])],
    "index_from_zero": lambda W, y, k: _sums(W, y, k, sigmoid),
    "indices_exchanged": lambda W, y, k: _row_sums(W, y, k - 1, sigmoid),
    **_loop_slips(sigmoid),
}


def _four(W01: Array, W12: Array, X: Array, hidden: Callable, output: Callable) -> tuple[Array, ...]:
    net01 = X @ W01
    y = hidden(net01)
    net12 = y @ W12
    return net01, y, net12, output(net12)


FORWARD: WrongAnswers = {
    "no_activation": lambda W01, W12, X: [
        _four(W01, W12, X, sigmoid, np.copy),
        _four(W01, W12, X, np.copy, sigmoid),
        _four(W01, W12, X, np.copy, np.copy),
    ],
    "sign_in_exponent": lambda W01, W12, X: [
        _four(W01, W12, X, lambda z: sigmoid(-z), lambda z: sigmoid(-z))
    ],
    "slope_for_value": lambda W01, W12, X: [_four(W01, W12, X, slopes.sigmoid, slopes.sigmoid)],
}
