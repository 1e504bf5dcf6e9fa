"""Lesson 02: the forward pass, sum by sum and then in matrices, and the error at its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib import activations, slopes
from course_lib.exercises.base import CASES, Draw, Lesson
from course_lib.exercises.fill_symbols import FILL_SYMBOLS
from course_lib.exercises.hints_02 import HINTS
from course_lib.exercises.kinds import FunctionExercise
from course_lib.inputs import Array
from course_lib.mistakes import forward_pass
from course_lib.network import forward, mse, random_network

ID = "02_forward_pass"
# Everything the lesson asks for is in the library, so nothing of it is there.
CLOSES = frozenset({"activations", "backprop", "descent", "network", "numdiff", "slopes", "symbols"})
# S must neither overflow nor warn here.
FAR = 1e4


def _sizes(rng: np.random.Generator) -> tuple[int, int, int]:
    # Three different numbers, none of them 1, so that no product hides a mistake.
    I, J, K = rng.permutation(np.arange(2, 12))[:3]
    return int(I), int(J), int(K)


def _near(rng: np.random.Generator) -> tuple[Array]:
    return (rng.uniform(-4.0, 4.0, size=(5, 3)),)


def _far(rng: np.random.Generator) -> tuple[Array]:
    return (np.concatenate([rng.uniform(-30.0, 30.0, size=6), [FAR, -FAR, 800.0, -800.0, 0.0]]),)


def _line(rng: np.random.Generator) -> tuple[Array]:
    return (rng.normal(size=7),)


def _one_sample(layer: int, node: int, sizes: tuple[int, int, int]) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[Array, Array, int]:
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
    def draw(rng: np.random.Generator) -> tuple[Array, Array, Array]:
        (W01, W12), X, _ = random_network(rng, sizes, samples)
        return W01, W12, X

    return draw


# The last one with equal layers, where a transposed matrix still fits.
NETWORKS = (_network(5, 4, 2, 3), _network(7, 2, 4, 5), _network(4, 3, 3, 3))


def _four(W01: Array, W12: Array, X: Array) -> tuple[Array, ...]:
    net, y = forward([W01, W12], X)
    return net[0], y[1], net[1], y[2]


def _errors(*shape: int) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[Array, Array]:
        while True:
            O, D = rng.uniform(size=(2, *shape))
            if (O > D).any() and (O < D).any():
                return O, D

    return draw


# Not with 2 outputs: a mean over 2 is the half that some keep in front of the squares.
SINGLE = tuple(map(_errors, (5, 7, 11)))
SEVERAL = tuple(map(_errors, (5, 7, 11), (3, 4, 5)))


def _exercise(name: str, points: float, title: str, asks: str, reference: Callable, **more: Any):
    return FunctionExercise(
        id=name,
        lesson=ID,
        points=points,
        title=title,
        asks=asks,
        reference=reference,
        closes=CLOSES,
        hints=HINTS[name],
        **more,
    )


COUNT = _exercise(
    "count_weights",
    2,
    "how many weights",
    "count_weights(I, J, K) → int",
    lambda I, J, K: I * J + J * K,
    draws=(_sizes,) * CASES,
    mistakes=forward_pass.COUNT,
)
NET_HIDDEN = _exercise(
    "net_hidden",
    2,
    "the net input of hidden node j",
    "net_hidden(W01, x, j) → float, with j from 1",
    lambda W01, x, j: float(x @ W01[:, j - 1]),
    draws=HIDDEN_NODES,
    mistakes=forward_pass.NET_HIDDEN,
)
SIGMOID = _exercise(
    "sigmoid",
    2,
    "the sigmoid S",
    "sigmoid(z) → array of z's shape",
    activations.sigmoid,
    draws=(_near, _far, _line),
    warning_free=True,
    mistakes=forward_pass.SIGMOID,
)
SLOPE = _exercise(
    "sigmoid_slope",
    2,
    "the slope S′",
    "sigmoid_slope(z) → array of z's shape",
    slopes.sigmoid,
    draws=(_near, _line, _near),
    mistakes=forward_pass.SIGMOID_SLOPE,
)
OUTPUT_K = _exercise(
    "output_k",
    1,
    "the output of node k",
    "output_k(W12, y, k) → float, with k from 1",
    lambda W12, y, k: float(activations.sigmoid(y @ W12[:, k - 1])),
    draws=OUTPUT_NODES,
    mistakes=forward_pass.OUTPUT_K,
)
FORWARD = _exercise(
    "forward_pass",
    5,
    "the forward pass",
    "forward_pass(W01, W12, X) → (net01, y, net12, o)",
    _four,
    draws=NETWORKS,
    pieces=("net01", "y", "net12", "o"),
    mistakes=forward_pass.FORWARD,
)
MSE_SINGLE = _exercise(
    "mse_single",
    2,
    "the MSE of one output",
    "mse_single(o, d) → float",
    lambda o, d: mse(o[:, None], d[:, None]),
    draws=SINGLE,
    # With one output nothing can be averaged over the outputs.
    mistakes={name: answers for name, answers in forward_pass.MSE.items() if name != "mean_over_all"},
)
MSE = _exercise(
    "mse",
    2,
    "the MSE of K outputs",
    "mse(O, D) → float",
    mse,
    draws=SEVERAL,
    mistakes=forward_pass.MSE,
)

LESSON = Lesson(
    id=ID,
    title="The forward pass",
    minutes=90,
    open=frozenset(),
    exercises=(COUNT, NET_HIDDEN, SIGMOID, SLOPE, OUTPUT_K, FILL_SYMBOLS, FORWARD, MSE_SINGLE, MSE),
)
