"""The exercises of lesson 02."""

from __future__ import annotations

from functools import partial

import numpy as np

from course_lib import activations, slopes
from course_lib.exercises.base import CASES, Case, Draw, Lesson
from course_lib.exercises.kinds import FunctionExercise
from course_lib.exercises.lesson_02.fill_symbols import FILL_SYMBOLS, ID
from course_lib.exercises.lesson_02.hints import HINTS
from course_lib.inputs import Array
from course_lib.mistakes import forward_pass
from course_lib.network import forward, mse, random_network

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
    hints=HINTS["count_weights"],
)
NET_HIDDEN = _function(
    id="net_hidden",
    points=2,
    title="the net input of hidden node j",
    asks="net_hidden(W01, x, j) → float, with j from 1",
    draws=HIDDEN_NODES,
    reference=lambda W01, x, j: float(x @ W01[:, j - 1]),
    mistakes=forward_pass.NET_HIDDEN,
    hints=HINTS["net_hidden"],
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
    hints=HINTS["sigmoid"],
)
SLOPE = _function(
    id="sigmoid_slope",
    points=2,
    title="the slope S′",
    asks="sigmoid_slope(z) → array of z's shape",
    draws=(_near, _vector, _near),
    reference=slopes.sigmoid,
    mistakes=forward_pass.SIGMOID_SLOPE,
    hints=HINTS["sigmoid_slope"],
)
OUTPUT_K = _function(
    id="output_k",
    points=1,
    title="the output of node k",
    asks="output_k(W12, y, k) → float, with k from 1",
    draws=OUTPUT_NODES,
    reference=lambda W12, y, k: float(activations.sigmoid(y @ W12[:, k - 1])),
    mistakes=forward_pass.OUTPUT_K,
    hints=HINTS["output_k"],
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
    hints=HINTS["forward_pass"],
)
MSE_SINGLE = _function(
    id="mse_single",
    points=2,
    title="the MSE of one output",
    asks="mse_single(o, d) → float",
    draws=tuple(map(_outputs_and_targets, (5, 7, 11))),
    reference=lambda o, d: mse(o[:, None], d[:, None]),
    # With one output nothing can be averaged over the outputs.
    mistakes={name: answers for name, answers in forward_pass.MSE.items() if name != "mean_over_all"},
    hints=HINTS["mse_single"],
)
MSE = _function(
    id="mse",
    points=2,
    title="the MSE of K outputs",
    asks="mse(O, D) → float",
    # Not with 2 outputs: a mean over 2 is the half that some keep in front of the squares.
    draws=tuple(map(_outputs_and_targets, (5, 7, 11), (3, 4, 5))),
    reference=mse,
    mistakes=forward_pass.MSE,
    hints=HINTS["mse"],
)

LESSON = Lesson(
    id=ID,
    title="The forward pass",
    minutes=90,
    open=frozenset(),
    exercises=(COUNT, NET_HIDDEN, SIGMOID, SLOPE, OUTPUT_K, FILL_SYMBOLS, FORWARD, MSE_SINGLE, MSE),
)
