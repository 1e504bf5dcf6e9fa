"""The exercises of lesson 04."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from course_lib.activations import KNOWN_SLOPE
from course_lib.exercises.gradient_cases import (
    central_gradients,
    in_gradient,
    made_of,
    networks,
    true_gradients,
)
from course_lib.exercises.kinds import Case, FunctionExercise, Lesson
from course_lib.exercises.lesson_04.planted_errors import PLANTED, verify_gradient_check
from course_lib.exercises.lesson_04.probing import PROBES, told_by
from course_lib.exercises.lesson_04.training import penguin_run, short_run, trained, verify_training
from course_lib.inputs import Array
from course_lib.mistakes import RECIPES, backward, descent_steps
from course_lib.mistakes import training as training_mistakes
from course_lib.network import forward

ID = "04_backpropagation"
CLOSES = frozenset({"backprop", "descent", "slopes", "symbols"})

# I, J and K differ from each other, from N and from case to case, so that a sum over the wrong letter shows, and a
# size written as a number; and once J = K, where the transposed matrix still fits.
NETWORKS = networks((2, 4, 3), (4, 2, 5), (2, 3, 3))
# Left out: what ends in an error of shapes in these sizes, and `swapped_indices`, which is the name of a transposed
# gradient where one weight is asked for.
FITTING = tuple(mistake for mistake in RECIPES if mistake not in ("swapped_indices", "transposed_weight"))
NOT_ONE_LAYER = frozenset({"swapped_layers"})
# One to four layers, the deepest ways of going wrong first.
DEEP_NETWORKS = networks((2, 4, 3, 5), (4, 3), (2, 3, 4), (4, 3, 2, 4, 3))
# One of these is made with two layers only, the other with one output only.
NOT_DEEP = frozenset({"updated_weight", "broadcast_targets"})
# These leave the output side as it is.
NOT_W12 = NOT_ONE_LAYER | {
    *("no_hidden_slope", "no_output_slope_in_hidden", "slope_of_output_h", "one_output_only"),
    *("mean_over_outputs", "activation_for_weight", "no_weight", "gradient_for_weight", "updated_weight"),
    "hidden_for_input",
}
# Seen from the hidden side alone a mean over k is a factor 1/K, so neither is named there. And it is the same where
# the output's slope is lost, so it is called by one name.
NOT_W01 = NOT_ONE_LAYER | {
    *("averaged_over_outputs", "mean_over_outputs", "no_output_slope_in_hidden", "input_for_hidden"),
}


def _outputs(rng: np.random.Generator, weights: list[Array], X: Array, D: Array) -> Case:
    return forward(weights, X).y[-1], D


def _at_hidden_layer(rng: np.random.Generator, weights: list[Array], X: Array, D: Array) -> Case:
    _, y, o = forward(weights, X).y
    return _output_delta(o, D), weights[1], y


def _with_gradients(rng: np.random.Generator, weights: list[Array], X: Array, D: Array) -> Case:
    return weights, true_gradients(weights, X, D), float(rng.uniform(0.2, 0.9))


def _output_delta(o: Array, D: Array) -> Array:
    return 2.0 / len(D) * (o - D) * o * (1.0 - o)


def _hidden_delta(delta_o: Array, W12: Array, y: Array) -> Array:
    return delta_o @ W12.T * y * (1.0 - y)


def _updated(weights: list[Array], gradients: list[Array], learning_rate: float) -> list[Array]:
    return [W - learning_rate * g for W, g in zip(weights, gradients, strict=True)]


def _of_layer(layer: int) -> Mapping[str, Any]:
    """Return the mistakes that fit the gradient of one layer, alone and two at once."""
    fitting = [i for i in FITTING if i not in (NOT_W01, NOT_W12)[layer]]
    return in_gradient(fitting, lambda *case: case, lambda g: g[layer])


_function = partial(FunctionExercise, lesson=ID, draws=NETWORKS, closes=CLOSES | {"numdiff"})

OUTPUT_DELTA = _function(
    id="output_delta",
    points=3,
    title="the delta of the output layer",
    asks="output_delta(o, D) → array of shape (N, K)",
    draws=made_of(NETWORKS, _outputs),
    reference=_output_delta,
    mistakes=backward.DELTA_OF_OUTPUT,
    together=backward.output_delta_together,
    hints=(
        "From E back to net_nk^(1,2) there are two arrows: E to o_nk, and o_nk to its net input.",
        "Three factors: 2/N from the mean of squares, o_nk − d_nk, and the slope of S, which you can get from o_nk "
        "itself: S′(net) = o (1 − o). Entry by entry, no sum.",
        "A similar case: were S the identity, the slope would be 1, and the delta 2/N (o_nk − d_nk).",
    ),
)
GRADIENT_W12 = _function(
    id="gradient_W12",
    points=3,
    title="∂E/∂W^(1,2)",
    asks="gradient_W12(weights, X, D) → array of shape (J, K)",
    reference=lambda *case: true_gradients(*case)[1],
    shown=lambda *case: central_gradients(*case)[1],
    **_of_layer(1),
    hints=(
        "w_jk^(1,2) sits between y_nj^(1) and net_nk^(1,2). Each sample adds one product.",
        "Sum over n of y_nj^(1) times the delta of output k. In matrices: rows must become j, columns k, and n must "
        "disappear. Which of the two factors has to be transposed?",
        "A similar case: for three numbers a_n and three numbers b_n, Σ_n a_n b_n is `a @ b`. With a column of a for "
        "every j and a column of b for every k it is `A.T @ B`.",
    ),
)
HIDDEN_DELTA = _function(
    id="hidden_delta",
    points=4,
    title="the delta of the hidden layer",
    asks="hidden_delta(delta_o, W12, y) → array of shape (N, J)",
    draws=made_of(NETWORKS, _at_hidden_layer),
    reference=_hidden_delta,
    mistakes=backward.DELTA_OF_HIDDEN,
    together=backward.hidden_delta_together,
    hints=(
        "Hidden node j feeds every output k. What comes back to it along each line?",
        "Along the line to k comes the delta of k times w_jk^(1,2). Sum over k, then multiply by the slope of the "
        "hidden node, y (1 − y). The 2/N is already in delta_o.",
        "A similar case: one hidden node with two lines of weights 3 and −1, to outputs with the deltas 0.2 and 0.5, "
        "gets back 3 · 0.2 − 1 · 0.5 = 0.1, before its own slope.",
    ),
)
GRADIENT_W01 = _function(
    id="gradient_W01",
    points=3,
    title="∂E/∂W^(0,1)",
    asks="gradient_W01(weights, X, D) → array of shape (I, J)",
    reference=lambda *case: true_gradients(*case)[0],
    shown=lambda *case: central_gradients(*case)[0],
    **_of_layer(0),
    hints=(
        "w_ij^(0,1) sits between x_ni and net_nj^(0,1). It is `gradient_W12` again, one layer to the left.",
        "What entered the layer, times the delta of the layer, summed over n. What enters layer 1 is X.",
        "A similar case: dE/dW^(1,2) is what entered its layer, y, and the delta of that layer. Every layer of every "
        "network is the same product with other names.",
    ),
)
BACKPROP = _function(
    id="backprop",
    points=3,
    title="backpropagation",
    asks="backprop(weights, X, D) → [dW01, dW12]",
    reference=true_gradients,
    shown=central_gradients,
    **in_gradient(FITTING, lambda *case: case, lambda gradients: gradients),
    pieces=("dW01", "dW12"),
    hints=(
        "Nothing new: forward, the delta at the end, back through W12, and two products.",
        "Return the two gradients in the order of the weights, [dW01, dW12]. W12 is used as it is: nothing is updated "
        "in between.",
        "A similar case: with three matrices there would be one more delta, made from the one after it in the same "
        "way, and one more product.",
    ),
)
_DEEP = in_gradient(
    [i for i in FITTING if i not in NOT_DEEP], lambda *case: case, lambda gradients: gradients
)
BACKPROP_DEEP = _function(
    id="backprop_deep",
    points=5,
    title="backpropagation through any number of layers",
    asks="backprop_deep(weights, X, D) → list of gradients, one for each matrix",
    draws=DEEP_NETWORKS,
    reference=true_gradients,
    shown=central_gradients,
    mistakes={**_DEEP["mistakes"], **backward.IN_A_LOOP},
    together=_DEEP["together"],
    one_sided=_DEEP["one_sided"],
    pieces=("dW01", "dW12", "dW23", "dW34"),
    hints=(
        "Begin at the last matrix: its delta is that of the output, whatever the depth. What has to be done once more "
        "for each matrix before it, and what do you need for it from the step before?",
        "Carry one delta along in a variable. For each layer, from the last to the first: the gradient is what entered "
        "the layer, y[layer], times the delta; then, unless this was the first layer, the delta goes back through "
        "weights[layer] and gets the slope of y[layer].",
        "A similar case: a loop that goes from the last entry of a list to its first is `for n in reversed(range("
        "len(a))):`, and `result.insert(0, value)` puts each value in front of those that are there already.",
    ),
)
UPDATE = _function(
    id="update",
    points=3,
    title="the update",
    asks="update(weights, gradients, learning_rate) → [new W01, new W12]",
    draws=made_of(NETWORKS, _with_gradients),
    reference=_updated,
    pieces=("W01", "W12"),
    mistakes=descent_steps.UPDATE,
    together=descent_steps.update_together,
    hints=(
        "Which sign? A derivative above zero means: more of this weight, more error.",
        "New W = W − learning_rate · gradient, for both matrices, into a new list. `W -= ...` would change the "
        "caller's weights.",
        "A similar case: the weight 0.8 with the derivative −0.5 and the rate 0.1 becomes 0.85: E falls when it grows.",
    ),
)
GRADIENT_CHECK = _function(
    id="gradient_check",
    points=5,
    title="checking a gradient",
    asks="gradient_check(weights, X, D, gradients) → True or False",
    draws=PLANTED,
    verify=verify_gradient_check,
    probes=PROBES,
    told_by=told_by,
    closes=CLOSES | {KNOWN_SLOPE},
    hints=(
        "Measure dE/dw for every entry of both matrices, and compare entry by entry.",
        "A difference quotient is right to about nine digits, and the mistakes are 0.1 % or more of their entry. A "
        "tolerance relative to the entry, somewhere in between, tells them apart. One tolerance for all entries, "
        "taken from the largest, may miss a small one.",
        "A similar case: for one number, measured 0.0400001 and claimed 0.04004: they differ by 0.1 % of 0.04, which "
        "is 0.00004, far above the error of the measurement.",
    ),
)
TRAINING = _function(
    id="training",
    points=6,
    title="training",
    asks="training(weights, X, D, learning_rate, steps) → (weights, losses)",
    draws=(short_run(NETWORKS[0], 6), short_run(NETWORKS[1], 4), penguin_run, penguin_run),
    reference=trained,
    verify=verify_training,
    mistakes=training_mistakes.training_with(FITTING, RECIPES),
    together=training_mistakes.training_together(RECIPES),
    pieces=("weights", "losses"),
    hints=(
        "The loss is recorded before the first step and after each one: steps + 1 numbers.",
        "In each step: gradients from your `backprop`, all of them at the same weights, then `update`. Start from "
        "copies, or let `update` make new arrays.",
        "A similar case: descend in lesson 01 does the same with a point x and returns the whole path; here only the "
        "losses and the last weights are kept.",
    ),
)

LESSON = Lesson(
    id=ID,
    title="Backpropagation",
    minutes=115,
    open=frozenset({"activations", "network", "numdiff"}),
    exercises=(
        OUTPUT_DELTA,
        GRADIENT_W12,
        HIDDEN_DELTA,
        GRADIENT_W01,
        BACKPROP,
        BACKPROP_DEEP,
        UPDATE,
        GRADIENT_CHECK,
        TRAINING,
    ),
)
