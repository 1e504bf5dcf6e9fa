"""The exercises of lesson 05."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from course_lib import slopes
from course_lib.backprop import gradients
from course_lib.exercises.base import Lesson, Tolerance
from course_lib.exercises.kinds import ChoiceExercise, FunctionExercise
from course_lib.exercises.lesson_05 import cases
from course_lib.exercises.lesson_05.deep_networks import clipped_errors_cosine, verify_rescue
from course_lib.exercises.lesson_05.hints import HINTS
from course_lib.inputs import Array
from course_lib.mistakes import clipping_and_decay, vanishing
from course_lib.network import Activation, loss
from course_lib.numdiff import complex_step_gradients, numerical_gradients

ID = "05_vanishing_and_exploding_gradients"
CLOSES = frozenset({"descent", "symbols"})


def saturated_beyond(t: float) -> float | None:
    """Return the |z| past which S' stays below t; None where the answer has to refuse."""
    if t <= 0.0:
        return None
    # S'(z) = 1 / (4 cosh(z/2)^2)
    return 2.0 * float(np.arccosh(0.5 / np.sqrt(t))) if t < 0.25 else 0.0


def _layer_norms(weights: list[Array], X: Array, D: Array, activation: Activation) -> Array:
    return vanishing.norms(gradients(weights, X, D, activation))


def _clipped(arrays: list[Array], max_norm: float) -> list[Array]:
    norm = float(np.linalg.norm(vanishing.norms(arrays)))
    return [g * (max_norm / norm if norm > max_norm else 1.0) for g in arrays]


def _decayed_loss(X: Array, D: Array, weight_decay: float) -> Callable:
    return lambda weights: loss(weights, X, D, weight_decay=weight_decay)


_function = partial(FunctionExercise, lesson=ID, closes=CLOSES)

BEYOND = _function(
    id="saturated_beyond",
    points=2,
    title="where the sigmoid is flat",
    asks="saturated_beyond(t) → float",
    draws=cases.SLOPE_LIMITS,
    reference=saturated_beyond,
    refuses=lambda t: "ValueError" if t <= 0.0 else "",
    mistakes=vanishing.BEYOND,
    hints=HINTS["saturated_beyond"],
)
SLOPES = _function(
    id="slopes",
    points=4,
    title="three other slopes",
    asks='slopes = {"tanh": f, "relu": f, "leaky_relu": f}, each f(z) → array of z\'s shape',
    draws=cases.NET_INPUTS,
    reference=lambda z: [getattr(slopes, name)(z) for name in vanishing.NAMES],
    functions=vanishing.NAMES,
    pieces=vanishing.NAMES,
    closes=CLOSES | {"backprop", "numdiff", "slopes"},
    mistakes=vanishing.SLOPES,
    hints=HINTS["slopes"],
)
NORMS = _function(
    id="layer_norms",
    points=4,
    title="the norm of every layer's gradient",
    asks="layer_norms(weights, X, D, activation) → array of shape (L,)",
    draws=cases.DEEP_NETWORKS,
    reference=_layer_norms,
    mistakes=vanishing.NORMS,
    hints=HINTS["layer_norms"],
)
RESCUE = ChoiceExercise(
    id="rescue",
    lesson=ID,
    points=3,
    title="a deep network that can learn",
    asks='rescue = {"activation": ..., "scale": ...}, both from the printed choices',
    verify=verify_rescue,
    hints=HINTS["rescue"],
)
SHRINK = _function(
    id="shrink_bound",
    points=3,
    title="how much of a delta can be left",
    asks="shrink_bound(weights) → float",
    draws=cases.WEIGHTS,
    reference=lambda weights: vanishing.bound(weights[1:]),
    mistakes=vanishing.SHRINK,
    hints=HINTS["shrink_bound"],
)
CLIP = _function(
    id="clip_by_global_norm",
    points=4,
    title="clipping by the global norm",
    asks="clip_by_global_norm(gradients, max_norm) → list of arrays",
    draws=cases.TO_CLIP,
    reference=_clipped,
    mistakes=clipping_and_decay.CLIP,
    hints=HINTS["clip_by_global_norm"],
)
CLIP_WHAT = ChoiceExercise(
    id="clip_what",
    lesson=ID,
    points=2,
    parts=2,
    title="what to clip",
    asks='clip_what = {"clip": "gradient" or "error", "cosine": ...}',
    # The cosine first: the word alone could be guessed, and counts with it.
    reference=lambda: {"cosine": clipped_errors_cosine(), "clip": "gradient"},
    tiles=("gradient", "error"),
    tolerance=Tolerance(relative=5e-4, layer=0.0),
    hints=HINTS["clip_what"],
)
DECAYED = _function(
    id="decayed_gradients",
    points=4,
    title="the gradient with weight decay",
    asks="decayed_gradients(weights, X, D, weight_decay) → list of arrays",
    draws=cases.WITH_DECAY,
    reference=lambda weights, *rest: complex_step_gradients(_decayed_loss(*rest), weights),
    shown=lambda weights, *rest: numerical_gradients(_decayed_loss(*rest), weights),
    closes=CLOSES | {"numdiff", "weight_decay"},
    pieces=("dW01", "dW12", "dW23"),
    mistakes=clipping_and_decay.DECAYED,
    hints=HINTS["decayed_gradients"],
)

LESSON = Lesson(
    id=ID,
    title="Vanishing and exploding gradients",
    minutes=110,
    open=frozenset({"activations", "backprop", "network", "numdiff", "slopes"}),
    exercises=(BEYOND, SLOPES, NORMS, RESCUE, SHRINK, CLIP, CLIP_WHAT, DECAYED),
)
