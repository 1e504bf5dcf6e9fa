"""The symbols of the deck: how each is written, how it is said, and what it is worth on a given network.

The names are what a student types: ``y_n1`` for y_n1^(1), ``w11_12`` for w_11^(1,2), ``S'(net_n1_01)`` for
S'(net_n1^(0,1)). Values are for the 2-2-1 network of the deck's exercise; a symbol that names nothing there, such
as ``w12_12``, has none.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from course_lib import slopes
from course_lib.closing import guard
from course_lib.inputs import Array
from course_lib.network import forward

Value = Callable[[Sequence[Array], Array, Array], Array]


@dataclass(frozen=True)
class Symbol:
    """One symbol.

    Parameters
    ----------
    name, latex, words : str
        To type, to read, and what it is, to hear.
    value : callable, optional
        ``value(weights, X, D)`` gives one number, or (N,) of them; None where the 2-2-1 network has no such thing.
    where : str
        Its place on the diagram, such as ``"hidden_1_output"``; empty if it stands nowhere.
    means : str
        The name of the symbol this is another way to write, as the deck's x_1 is for x_n1.
    """

    name: str
    latex: str
    words: str
    value: Value | None = None
    where: str = ""
    means: str = ""


def _weight(layer: int, i: int, j: int) -> Symbol:
    upper = f"{layer},{layer + 1}"
    names = ("input", "hidden", "output")
    return Symbol(
        f"w{i}{j}_{layer}{layer + 1}",
        f"w_{{{i}{j}}}^{{({upper})}}",
        f"the weight from {i} to {j} between layers {layer} and {layer + 1}",
        lambda weights, X, D: np.asarray(weights[layer])[i - 1, j - 1],
        where=f"{names[layer]}_{i}_to_{names[layer + 1]}_{j}",
    )


def _net(layer: int, node: int) -> Symbol:
    return Symbol(
        f"net_n{node}_{layer}{layer + 1}",
        f"net_{{n{node}}}^{{({layer},{layer + 1})}}",
        f"the net input of node {node} of layer {layer + 1}",
        lambda weights, X, D: forward(weights, X).net[layer][:, node - 1],
        where=f"{('hidden', 'output')[layer]}_{node}_net",
    )


def _slope(layer: int, node: int) -> Symbol:
    upper = f"{layer},{layer + 1}"
    return Symbol(
        f"S'(net_n{node}_{layer}{layer + 1})",
        f"S'(net_{{n{node}}}^{{({upper})}})",
        f"the slope of S at the net input of node {node} of layer {layer + 1}",
        lambda weights, X, D: slopes.sigmoid(forward(weights, X).net[layer])[:, node - 1],
    )


def _input(i: int) -> Symbol:
    value = lambda weights, X, D: np.asarray(X)[:, i - 1]  # noqa: E731
    return Symbol(f"x_n{i}", f"x_{{n{i}}}", f"input {i}", value, where=f"input_{i}")


def _hidden(j: int) -> Symbol:
    return Symbol(
        f"y_n{j}",
        f"y_{{n{j}}}^{{(1)}}",
        f"the output of hidden node {j}",
        lambda weights, X, D: forward(weights, X).y[1][:, j - 1],
        where=f"hidden_{j}_output",
    )


def _output(weights: Sequence[Array], X: Array, D: Array) -> Array:
    return forward(weights, X).y[-1][:, 0]


def _target(weights: Sequence[Array], X: Array, D: Array) -> Array:
    return np.asarray(D)[:, 0]


def _error(weights: Sequence[Array], X: Array, D: Array) -> Array:
    return _output(weights, X, D) - _target(weights, X, D)


def _number(number: float) -> Value:
    return lambda weights, X, D: np.float64(number)


def _one_minus(symbol: Symbol) -> Symbol:
    return Symbol(
        f"1 - {symbol.name}",
        f"(1 - {symbol.latex})",
        f"one minus {symbol.words}",
        lambda weights, X, D: 1.0 - symbol.value(weights, X, D),
    )


def _deck(name: str, latex: str, symbol: Symbol) -> Symbol:
    """Return `symbol` as the deck also writes it."""
    return Symbol(name, latex, symbol.words, symbol.value, means=symbol.name)


_x, _y = (_input(1), _input(2)), (_hidden(1), _hidden(2))
_o = Symbol("o_n1", "o_{n1}", "the output", _output, where="output_1_output")
_IN_THE_NETWORK = (
    *_x,
    *(_net(0, 1), _net(0, 2), _net(1, 1)),
    *(*_y, _o),
    *(_weight(0, 1, 1), _weight(0, 1, 2), _weight(0, 2, 1), _weight(0, 2, 2)),
    *(_weight(1, 1, 1), _weight(1, 2, 1)),
)
_IN_A_GRADIENT = (
    Symbol("2", "2", "two", _number(2.0)),
    Symbol("-1", "(-1)", "minus one", _number(-1.0)),
    Symbol("o_n1 - d_n1", "(o_{n1} - d_{n1})", "output minus target", _error),
    Symbol("d_n1 - o_n1", "(d_{n1} - o_{n1})", "target minus output", lambda *case: -_error(*case)),
    *(_slope(1, 1), _slope(0, 1), _slope(0, 2)),
    *map(_one_minus, (_o, *_y)),
)
_AS_THE_DECK_WRITES = (
    *(_deck(f"x_{i}", f"x_{{{i}}}", x) for i, x in enumerate(_x, 1)),
    *(_deck(f"y_n{j}_12", f"y_{{n{j}}}^{{(1,2)}}", y) for j, y in enumerate(_y, 1)),
    _deck("o_1", "o_{1}", _o),
)
# Nothing in the 2-2-1 network is called so; who reaches for one of these has mixed up what the indices count.
_ELSEWHERE = (
    Symbol("d_n1", "d_{n1}", "the target", _target),
    Symbol("o_n2", "o_{n2}", "a second output"),
    Symbol("y_n1_01", "y_{n1}^{(0,1)}", "an output between layers 0 and 1"),
    Symbol("net_n2_12", "net_{n2}^{(1,2)}", "the net input of a second output"),
    Symbol("w12_12", "w_{12}^{(1,2)}", "the weight from 1 to 2 between layers 1 and 2"),
    Symbol("w22_12", "w_{22}^{(1,2)}", "the weight from 2 to 2 between layers 1 and 2"),
)

SYMBOLS = {
    symbol.name: symbol for symbol in (*_IN_THE_NETWORK, *_IN_A_GRADIENT, *_AS_THE_DECK_WRITES, *_ELSEWHERE)
}
# slot of the diagram -> the symbol that stands there
PLACES = {symbol.where: symbol.name for symbol in SYMBOLS.values() if symbol.where}


def product(names: Iterable[str], weights: Sequence[Array], X: Array, D: Array) -> float:
    """1/N sum_n of the product of the named symbols: the shape of every line of the deck's solution."""
    guard(__name__, "product")
    value = np.ones(len(X))
    for name in names:
        symbol = SYMBOLS[name]
        if symbol.value is None:
            raise ValueError(f"names: {name!r}, {symbol.words}, does not exist in the 2-2-1 network")
        value = value * symbol.value(weights, X, D)
    return float(value.mean())
