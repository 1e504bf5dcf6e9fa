"""The exercises of lesson 04."""

from __future__ import annotations

from functools import partial

import numpy as np

from course_lib.activations import KNOWN_SLOPE
from course_lib.exercises.base import Case, Draw, Lesson
from course_lib.exercises.gradient_cases import central_gradients, networks, true_gradients
from course_lib.exercises.kinds import FunctionExercise
from course_lib.exercises.lesson_04 import mistakes
from course_lib.exercises.lesson_04.hints import HINTS
from course_lib.exercises.lesson_04.planted_errors import PLANTED, verify_gradient_check
from course_lib.exercises.lesson_04.training import penguin_run, short_run, trained, verify_training
from course_lib.inputs import Array
from course_lib.mistakes import deltas, descent_steps
from course_lib.network import forward

ID = "04_backpropagation"
CLOSES = frozenset({"backprop", "descent", "slopes", "symbols"})

# I, J and K differ from each other, from N and from case to case, so that a sum over the wrong letter shows, and a
# size written as a number; and once J = K, where the transposed matrix still fits.
NETWORKS = networks((2, 4, 3), (4, 2, 5), (2, 3, 3))


def _outputs(network: Draw) -> Draw:
    def draw(rng: np.random.Generator) -> Case:
        weights, X, D = network(rng)
        return forward(weights, X).y[-1], D

    return draw


def _at_hidden_layer(network: Draw) -> Draw:
    def draw(rng: np.random.Generator) -> Case:
        weights, X, D = network(rng)
        _, y, o = forward(weights, X).y
        return _output_delta(o, D), weights[1], y

    return draw


def _with_gradients(network: Draw) -> Draw:
    def draw(rng: np.random.Generator) -> Case:
        weights, X, D = network(rng)
        return weights, true_gradients(weights, X, D), float(rng.uniform(0.2, 0.9))

    return draw


def _output_delta(o: Array, D: Array) -> Array:
    return 2.0 / len(D) * (o - D) * o * (1.0 - o)


def _hidden_delta(delta_o: Array, W12: Array, y: Array) -> Array:
    return delta_o @ W12.T * y * (1.0 - y)


def _updated(weights: list[Array], gradients: list[Array], learning_rate: float) -> list[Array]:
    return [W - learning_rate * g for W, g in zip(weights, gradients, strict=True)]


_function = partial(FunctionExercise, lesson=ID, draws=NETWORKS, closes=CLOSES | {"numdiff"})

OUTPUT_DELTA = _function(
    id="output_delta",
    points=3,
    title="the delta of the output layer",
    asks="output_delta(o, D) → array of shape (N, K)",
    draws=tuple(map(_outputs, NETWORKS)),
    reference=_output_delta,
    mistakes=deltas.OUTPUT,
    hints=HINTS["output_delta"],
)
GRADIENT_W12 = _function(
    id="gradient_W12",
    points=3,
    title="∂E/∂W^(1,2)",
    asks="gradient_W12(weights, X, D) → array of shape (J, K)",
    reference=lambda *case: true_gradients(*case)[1],
    shown=lambda *case: central_gradients(*case)[1],
    mistakes=mistakes.of_layer(1),
    hints=HINTS["gradient_W12"],
)
HIDDEN_DELTA = _function(
    id="hidden_delta",
    points=4,
    title="the delta of the hidden layer",
    asks="hidden_delta(delta_o, W12, y) → array of shape (N, J)",
    draws=tuple(map(_at_hidden_layer, NETWORKS)),
    reference=_hidden_delta,
    mistakes=deltas.HIDDEN,
    hints=HINTS["hidden_delta"],
)
GRADIENT_W01 = _function(
    id="gradient_W01",
    points=3,
    title="∂E/∂W^(0,1)",
    asks="gradient_W01(weights, X, D) → array of shape (I, J)",
    reference=lambda *case: true_gradients(*case)[0],
    shown=lambda *case: central_gradients(*case)[0],
    mistakes=mistakes.of_layer(0),
    hints=HINTS["gradient_W01"],
)
BACKPROP = _function(
    id="backprop",
    points=5,
    title="backpropagation",
    asks="backprop(weights, X, D) → [dW01, dW12]",
    reference=true_gradients,
    shown=central_gradients,
    mistakes=mistakes.of_both_layers(),
    pieces=("dW01", "dW12"),
    hints=HINTS["backprop"],
)
UPDATE = _function(
    id="update",
    points=3,
    title="the update",
    asks="update(weights, gradients, learning_rate) → [new W01, new W12]",
    draws=tuple(map(_with_gradients, NETWORKS)),
    reference=_updated,
    pieces=("W01", "W12"),
    mistakes=descent_steps.UPDATE,
    hints=HINTS["update"],
)
GRADIENT_CHECK = _function(
    id="gradient_check",
    points=5,
    title="checking a gradient",
    asks="gradient_check(weights, X, D, gradients) → True or False",
    draws=PLANTED,
    verify=verify_gradient_check,
    closes=CLOSES | {KNOWN_SLOPE},
    hints=HINTS["gradient_check"],
)
TRAINING = _function(
    id="training",
    points=6,
    title="training",
    asks="training(weights, X, D, learning_rate, steps) → (weights, losses)",
    draws=(short_run(NETWORKS[0], 6), short_run(NETWORKS[1], 4), penguin_run, penguin_run),
    reference=trained,
    verify=verify_training,
    mistakes=descent_steps.TRAINING,
    pieces=("weights", "losses"),
    hints=HINTS["training"],
)

LESSON = Lesson(
    id=ID,
    title="Backpropagation",
    minutes=120,
    open=frozenset({"activations", "network", "numdiff"}),
    exercises=(
        OUTPUT_DELTA,
        GRADIENT_W12,
        HIDDEN_DELTA,
        GRADIENT_W01,
        BACKPROP,
        UPDATE,
        GRADIENT_CHECK,
        TRAINING,
    ),
)
