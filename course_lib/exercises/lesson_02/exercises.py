"""The exercises of lesson 02."""

from functools import partial

import numpy as np

from course_lib import activations, slopes, symbols
from course_lib.exercises.kinds import CASES, Case, DiagramExercise, Draw, FunctionExercise, Lesson
from course_lib.inputs import Array
from course_lib.mistakes import forward_pass, mean_squared_error
from course_lib.network import forward, mse, random_network

ID = "02_forward_pass"
# Everything the lesson asks for is in the library, so nothing of it is there.
CLOSES = frozenset({"activations", "backprop", "descent", "network", "numdiff", "slopes", "symbols"})
# S must neither overflow nor warn here.
FAR = 1e4


def _sizes(rng: np.random.Generator) -> Case:
    # Three different numbers, none of them 1, so that no product hides a mistake.
    I, J, K = rng.permutation(np.arange(2, 12))[:3]
    return int(I), int(J), int(K)


def _near(rng: np.random.Generator) -> Case:
    return (rng.uniform(-4.0, 4.0, size=(5, 3)),)


def _far(rng: np.random.Generator) -> Case:
    return (np.concatenate([rng.uniform(-30.0, 30.0, size=6), [FAR, -FAR, 800.0, -800.0, 0.0]]),)


def _vector(rng: np.random.Generator) -> Case:
    return (rng.normal(size=7),)


def _one_sample(layer: int, node: int, sizes: tuple[int, int, int]) -> Draw:
    def draw(rng: np.random.Generator) -> Case:
        weights, X, _ = random_network(rng, sizes, 1)
        return weights[layer], forward(weights, X).y[layer][0], node

    return draw


# Never the last node: an index used as it is then finds a number, and a wrong one. And no layer is of one size twice:
# a size written as a number fits once.
HIDDEN_NODES, OUTPUT_NODES = (
    tuple(_one_sample(layer, node, sizes) for node, sizes in ((2, (3, 5, 4)), (1, (4, 3, 2)), (3, (2, 4, 5))))
    for layer in (0, 1)
)


def _network(samples: int, *sizes: int) -> Draw:
    def draw(rng: np.random.Generator) -> Case:
        (W01, W12), X, _ = random_network(rng, sizes, samples)
        return W01, W12, X

    return draw


def _both_layers(W01: Array, W12: Array, X: Array) -> tuple[Array, ...]:
    net, y = forward([W01, W12], X)
    return net[0], y[1], net[1], y[2]


def _outputs_and_targets(*shape: int) -> Draw:
    def draw(rng: np.random.Generator) -> Case:
        while True:
            O, D = rng.uniform(size=(2, *shape))
            if (O > D).any() and (O < D).any():
                return O, D

    return draw


_function = partial(FunctionExercise, lesson=ID, closes=CLOSES)

COUNT = _function(
    id="count_weights",
    points=2,
    title="how many weights",
    asks="count_weights(I, J, K) → int",
    draws=(_sizes,) * CASES,
    reference=lambda I, J, K: I * J + J * K,
    mistakes=forward_pass.COUNT,
    hints=(
        "Count the lines of the diagram: first those on the left, then those on the right.",
        "Every input is joined to every hidden node. How many pairs is that? And from the hidden nodes to the outputs?",
        "A similar case: a network without a hidden layer, 3 inputs and 2 outputs, has 3 · 2 = 6 weights.",
    ),
)
NET_HIDDEN = _function(
    id="net_hidden",
    points=2,
    title="the net input of hidden node j",
    asks="net_hidden(W01, x, j) → float, with j from 1",
    draws=HIDDEN_NODES,
    reference=lambda W01, x, j: float(x @ W01[:, j - 1]),
    mistakes=forward_pass.NET_HIDDEN,
    together=forward_pass.net_hidden_together,
    hints=(
        "One sample, one node: the sum runs over the inputs i, and the node j stays the same.",
        "The weights into node j are one column of W01, because w_ij goes from i to j. Nodes are counted from 1, "
        "columns from 0.",
        "A similar case: what leaves input 2 is the row W01[1], and what input 2 sends to node 3 is W01[1, 2] · x[1].",
    ),
)
SIGMOID = _function(
    id="sigmoid",
    points=2,
    title="the sigmoid S",
    asks="sigmoid(z) → array of z's shape",
    draws=(_near, _far, _vector),
    reference=activations.sigmoid,
    warning_free=True,
    mistakes=forward_pass.SIGMOID,
    hints=(
        "e^−z becomes too large for a computer when z is far below zero. Where z is far above, it is harmless.",
        "Below zero, multiply top and bottom of 1 / (1 + e^−z) by e^z. Then only e^z is needed, which is small there. "
        "`np.where` computes both its branches, so make each of them safe: e^−|z| never grows.",
        "A similar case: tanh(z) = (e^z − e^−z) / (e^z + e^−z) overflows on both sides. With e = e^−2|z| it is "
        "(1 − e) / (1 + e) for z ≥ 0, and the negative of that for z < 0.",
    ),
)
SLOPE = _function(
    id="sigmoid_slope",
    points=2,
    title="the slope S′",
    asks="sigmoid_slope(z) → array of z's shape",
    draws=(_near, _vector, _near),
    reference=slopes.sigmoid,
    mistakes=forward_pass.SIGMOID_SLOPE,
    hints=(
        "The formula in the text uses S itself. Which number goes into S?",
        "S(z) and 1 − S(z), multiplied entry by entry: `*`, not `@`. Compute S(z) once and use it twice.",
        "A similar case: for tanh the slope is 1 − tanh(z)². At z = 0 it is 1, where the curve is steepest.",
    ),
)
OUTPUT_K = _function(
    id="output_k",
    points=1,
    title="the output of node k",
    asks="output_k(W12, y, k) → float, with k from 1",
    draws=OUTPUT_NODES,
    reference=lambda W12, y, k: float(activations.sigmoid(y @ W12[:, k - 1])),
    mistakes=forward_pass.OUTPUT_K,
    together=forward_pass.output_k_together,
    hints=(
        "Two things happen in a node: the weighted sum, and then S.",
        "The sum runs over the hidden nodes j; the weights into output k are column k − 1 of W12.",
        "A similar case: with y = (0.5, 0.5) and the weights 2 and −2 into an output node, its net input is 0 and its "
        "output S(0) = 0.5.",
    ),
)
# The deck's "Fill up the network with symbols", for training pair n. Right ones, the deck's own spellings, and telling
# neighbours; sorted by letter, so that the order tells nothing.
TILES = (
    *("x_1", "x_2", "x_n1", "x_n2"),
    *("net_n1_01", "net_n2_01", "net_n1_12", "net_n2_12"),
    *("y_n1", "y_n2", "y_n1_01", "y_n1_12", "y_n2_12"),
    *("d_n1", "o_1", "o_n1", "o_n2"),
    *("w11_01", "w12_01", "w21_01", "w22_01"),
    *("w11_12", "w12_12", "w21_12", "w22_12"),
)

FILL_SYMBOLS = DiagramExercise(
    id="fill_symbols",
    lesson=ID,
    points=6,
    parts=len(symbols.PLACES),
    title="the network filled with symbols",
    asks='place("fill_symbols", "hidden_1_output", ...), and so on',
    reference=lambda: dict(symbols.PLACES),
    slots=tuple(symbols.PLACES),
    tiles=TILES,
    hints=(
        "Start at the left and walk along the edges. For each thing you meet ask: which layer is it in, and which "
        "node of that layer? An edge has two ends, so it needs two numbers.",
        "In w_ij the first index says where the edge starts and the second where it ends; the layers in the "
        "superscript say the same. A node behind the first layer has two things: its net input, and the output that S "
        "makes of it.",
        "A similar case, in a 3-4-2 network: the edge from input 3 into hidden node 4 is w34^(0,1), what hidden node 4 "
        "collects for training pair n is net_n4^(0,1), and what it sends on is y_n4^(1).",
    ),
)


FORWARD = _function(
    id="forward_pass",
    points=5,
    title="the forward pass",
    asks="forward_pass(W01, W12, X) → (net01, y, net12, o)",
    # The last one with equal layers, where a transposed matrix still fits.
    draws=(_network(5, 4, 2, 3), _network(7, 2, 4, 5), _network(4, 3, 3, 3)),
    reference=_both_layers,
    pieces=("net01", "y", "net12", "o"),
    mistakes=forward_pass.FORWARD,
    hints=(
        "Four lines, one for each value you return. Check the shape after each of them.",
        "The sum over i is `X @ W01`: row n of X with column j of W01. S is applied to every entry. The second layer "
        "does the same with y in place of X.",
        "A similar case: three samples of two inputs, (3, 2), times a matrix (2, 5) gives (3, 5): five net inputs for "
        "each sample.",
    ),
)
MSE_SINGLE = _function(
    id="mse_single",
    points=2,
    title="the MSE of one output",
    asks="mse_single(o, d) → float",
    draws=tuple(map(_outputs_and_targets, (5, 7, 11))),
    reference=lambda o, d: mse(o[:, None], d[:, None]),
    mistakes=mean_squared_error.MSE_SINGLE,
    together=mean_squared_error.mse_together,
    hints=(
        "One error for each sample; square each, then take the mean.",
        "Square first, then average: the other order lets errors of different signs cancel. There is no ½.",
        "A similar case: the errors 1 and −3 give (1 + 9) / 2 = 5.",
    ),
)
MSE = _function(
    id="mse",
    points=2,
    title="the MSE of K outputs",
    asks="mse(O, D) → float",
    # Not with 2 outputs: a mean over 2 is the half that some keep in front of the squares.
    draws=tuple(map(_outputs_and_targets, (5, 7, 11), (3, 4, 5))),
    reference=mse,
    mistakes=mean_squared_error.MSE,
    together=mean_squared_error.mse_together,
    hints=(
        "Two steps: E_n for each sample, then the mean of the E_n.",
        "E_n adds over the outputs k, which are the columns: `axis=1`. Only the samples are averaged.",
        "A similar case: two samples with the errors (1, 2) and (0, −1) have E_1 = 5 and E_2 = 1, so the MSE is 3.",
    ),
)

LESSON = Lesson(
    id=ID,
    title="The forward pass",
    minutes=110,
    open=frozenset(),
    exercises=(COUNT, NET_HIDDEN, SIGMOID, SLOPE, OUTPUT_K, FILL_SYMBOLS, FORWARD, MSE_SINGLE, MSE),
)
