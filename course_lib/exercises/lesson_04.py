"""Lesson 04: backpropagation with K outputs, its check, and training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_lib.descent import train
from course_lib.exercises.base import Draw, Lesson
from course_lib.exercises.gradient_cases import central_gradients, networks, true_gradients
from course_lib.exercises.hints_04 import HINTS
from course_lib.exercises.kinds import FunctionExercise
from course_lib.exercises.planted import SORTS as PLANTED
from course_lib.exercises.planted import not_a_check
from course_lib.inputs import Array, as_array, as_weights
from course_lib.mistakes import RECIPES, deltas, descent_steps, gradient_mistakes
from course_lib.network import forward, loss, random_network
from course_lib.penguins import load_penguins

ID = "04_backpropagation"
OPEN = frozenset({"activations", "network", "numdiff"})
CLOSES = frozenset({"backprop", "descent", "slopes", "symbols"})
BY_HAND = CLOSES | {"numdiff"}

# I, J and K differ from each other, from N and from case to case, so that a sum over the wrong letter shows, and a
# size written as a number; and once J = K, where the transposed matrix still fits.
NETWORKS = networks((2, 4, 3), (4, 2, 5), (2, 3, 3))
# Training on the penguins, as the notebook states it.
HIDDEN, RATE, STEPS, GOAL = 4, 1.0, 500, 0.05


def _outputs(network: Draw) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[Array, Array]:
        weights, X, D = network(rng)
        return forward(weights, X).y[-1], D

    return draw


def _at_hidden(network: Draw) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[Array, Array, Array]:
        weights, X, D = network(rng)
        y = forward(weights, X).y
        return _output_delta(y[-1], D), weights[1], y[1]

    return draw


def _with_gradients(network: Draw) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[list[Array], list[Array], float]:
        weights, X, D = network(rng)
        return weights, true_gradients(weights, X, D), float(rng.uniform(0.2, 0.9))

    return draw


def _output_delta(o: Array, D: Array) -> Array:
    return 2.0 / len(D) * (o - D) * o * (1.0 - o)


def _hidden_delta(delta_o: Array, W12: Array, y: Array) -> Array:
    return delta_o @ W12.T * y * (1.0 - y)


def _moved(weights: list[Array], gradients: list[Array], learning_rate: float) -> list[Array]:
    return [W - learning_rate * g for W, g in zip(weights, gradients, strict=True)]


def _short_run(network: Draw, steps: int) -> Draw:
    return lambda rng: (*network(rng), float(rng.uniform(0.3, 1.5)), steps)


def _penguin_run(rng: np.random.Generator) -> tuple:
    X, D = load_penguins()
    weights, _, _ = random_network(rng, (X.shape[1], HIDDEN, D.shape[1]), 1)
    return weights, X, D, RATE, STEPS


def _trained(weights: list[Array], X: Array, D: Array, learning_rate: float, steps: int) -> tuple | None:
    # Over many steps rounding grows, so a long run is held against its goal and not against every digit.
    return train(weights, X, D, learning_rate, steps) if steps < STEPS else None


def not_trained(case: tuple, value: Any) -> str | None:
    """Say what is wrong with a long run: its shapes, its beginning, its end, or losses that are not its own."""
    weights, X, D, _, steps = case
    if steps < STEPS:
        return None
    try:
        after, losses = value
        after, losses = as_weights(list(after)), as_array("losses", losses)
    except (TypeError, ValueError):
        return "expected a pair, `return weights, losses`"
    if losses.shape != (steps + 1,):
        return f"expected losses of shape ({steps + 1},), got shape {losses.shape}"
    if [W.shape for W in after] != [W.shape for W in weights]:
        return "the new weights have other shapes than the old ones"
    begins, ends = loss(weights, X, D), loss(after, X, D)
    if not abs(losses[0] - begins) <= 1e-6 * begins:
        return f"losses[0] is to be E before the first step, {begins:.6f}, and is {losses[0]:.6f}"
    if not abs(losses[-1] - ends) <= 1e-6 * ends:
        return f"the last loss is {losses[-1]:.6f}, but E of the weights you return is {ends:.6f}"
    if not ends < GOAL:
        return f"on the penguins E is {ends:.4f} after {steps} steps; the right gradient gets below {GOAL}"
    return None


def _exercise(
    name: str,
    points: float,
    title: str,
    asks: str,
    draws: tuple[Draw, ...],
    reference: Callable | None,
    **more,
) -> FunctionExercise:
    settings = {"closes": BY_HAND, "hints": HINTS[name]} | more
    return FunctionExercise(
        id=name,
        lesson=ID,
        points=points,
        title=title,
        asks=asks,
        draws=draws,
        reference=reference,
        **settings,
    )


# Left out: what ends in an error of shapes in these sizes, and `swapped_indices`, which is the name of a transposed
# gradient where one weight is asked for.
MISTAKES = tuple(
    i
    for i in RECIPES
    if i not in ("swapped_indices", "transposed_weight", "input_for_hidden", "hidden_for_input")
)
# These leave the output side as it is.
HIDDEN_SIDE = frozenset(
    {
        *("no_hidden_slope", "no_output_slope_in_hidden", "slope_of_output_h", "one_output_only"),
        *("mean_over_outputs", "activation_for_weight", "no_weight", "gradient_for_weight", "updated_weight"),
    }
)
# Seen from the hidden side alone a mean over k is a factor 1/K, so neither is named there.
SAME_FACTOR = frozenset({"averaged_over_outputs", "mean_over_outputs"})
# And it is the same where the output's slope is lost, so it is called by one name.
SAME_SLOPE = frozenset({"no_output_slope_in_hidden"})


def _mistakes(layer: int | None) -> Mapping[str, Callable]:
    """Return the mistakes that fit the gradient of one layer, or of both."""
    unfit = {
        None: frozenset(),
        0: {"swapped_layers"} | SAME_FACTOR | SAME_SLOPE,
        1: {"swapped_layers"} | HIDDEN_SIDE,
    }
    pick = (lambda gradients: gradients) if layer is None else (lambda gradients: gradients[layer])
    return gradient_mistakes((i for i in MISTAKES if i not in unfit[layer]), lambda *case: case, pick)


OUTPUT_DELTA = _exercise(
    "output_delta",
    3,
    "the delta of the output layer",
    "output_delta(o, D) → array of shape (N, K)",
    tuple(map(_outputs, NETWORKS)),
    _output_delta,
    mistakes=deltas.OUTPUT,
)
GRADIENT_W12 = _exercise(
    "gradient_W12",
    3,
    "∂E/∂W^(1,2)",
    "gradient_W12(weights, X, D) → array of shape (J, K)",
    NETWORKS,
    lambda *case: true_gradients(*case)[1],
    shown=lambda *case: central_gradients(*case)[1],
    mistakes=_mistakes(1),
)
HIDDEN_DELTA = _exercise(
    "hidden_delta",
    4,
    "the delta of the hidden layer",
    "hidden_delta(delta_o, W12, y) → array of shape (N, J)",
    tuple(map(_at_hidden, NETWORKS)),
    _hidden_delta,
    mistakes=deltas.HIDDEN,
)
GRADIENT_W01 = _exercise(
    "gradient_W01",
    3,
    "∂E/∂W^(0,1)",
    "gradient_W01(weights, X, D) → array of shape (I, J)",
    NETWORKS,
    lambda *case: true_gradients(*case)[0],
    shown=lambda *case: central_gradients(*case)[0],
    mistakes=_mistakes(0),
)
BACKPROP = _exercise(
    "backprop",
    5,
    "backpropagation",
    "backprop(weights, X, D) → [dW01, dW12]",
    NETWORKS,
    true_gradients,
    shown=central_gradients,
    mistakes=_mistakes(None),
    pieces=("dW01", "dW12"),
)
UPDATE = _exercise(
    "update",
    3,
    "the update",
    "update(weights, gradients, learning_rate) → [new W01, new W12]",
    tuple(map(_with_gradients, NETWORKS)),
    _moved,
    pieces=("W01", "W12"),
    mistakes=descent_steps.UPDATE,
)
GRADIENT_CHECK = _exercise(
    "gradient_check",
    5,
    "checking a gradient",
    "gradient_check(weights, X, D, gradients) → True or False",
    PLANTED,
    None,
    verify=not_a_check,
    closes=CLOSES,
)
TRAINING = _exercise(
    "training",
    6,
    "training",
    "training(weights, X, D, learning_rate, steps) → (weights, losses)",
    (_short_run(NETWORKS[0], 6), _short_run(NETWORKS[1], 4), _penguin_run, _penguin_run),
    _trained,
    verify=not_trained,
    mistakes=descent_steps.TRAINING,
    pieces=("weights", "losses"),
)

LESSON = Lesson(
    id=ID,
    title="Backpropagation",
    minutes=120,
    open=OPEN,
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
