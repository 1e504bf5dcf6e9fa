"""The exercises of lesson 05."""

from collections.abc import Callable
from functools import partial

import numpy as np

from course_lib import slopes
from course_lib.backprop import gradients
from course_lib.exercises.kinds import ChoiceExercise, FunctionExercise, Lesson, Tolerance
from course_lib.exercises.lesson_05 import cases
from course_lib.exercises.lesson_05.deep_networks import clipped_errors_cosine, telling_cosines, verify_rescue
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
    hints=(
        "S′ falls on both sides of 0, from 1/4. So there is one positive z with S′(z) = t.",
        "Write s for S(z). Then s (1 − s) = t is a quadratic equation for s. Its larger root belongs to the "
        "positive z, and z = ln(s / (1 − s)) undoes S.",
        "A similar case: where does S itself reach 0.9? From S(z) = s follows e^−z = (1 − s)/s, so z = ln(s/(1 − s)) = "
        "ln 9, about 2.2.",
    ),
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
    together=vanishing.slopes_together,
    hints=(
        "Look at the picture of the activations. How steep is each far to the left, at 1, far to the right?",
        "relu and leaky relu are two straight lines each: their slopes are two constants, chosen by the sign of z "
        "(`np.where`). The slope of tanh can be written with tanh alone.",
        "A similar case: |z| has the slope −1 on the left and 1 on the right, `np.where(z > 0, 1.0, -1.0)`. And by the "
        "quotient rule, (sinh/cosh)′ = (cosh² − sinh²)/cosh²; divide out.",
    ),
)
NORMS = _function(
    id="layer_norms",
    points=4,
    title="the norm of every layer's gradient",
    asks="layer_norms(weights, X, D, activation) → array of shape (L,)",
    draws=cases.DEEP_NETWORKS,
    reference=_layer_norms,
    mistakes=vanishing.NORMS,
    together=vanishing.norms_together,
    hints=(
        "`gradients` gives a list with one array for each layer. One number for each of them is wanted.",
        "Square every entry of the layer, add all of them, take the root; `np.linalg.norm` of a matrix does just that. "
        "Pass the activation on to `gradients`.",
        "A similar case: the largest entry of each layer would be `np.array([np.abs(g).max() for g in ...])`.",
    ),
)
RESCUE = ChoiceExercise(
    id="rescue",
    lesson=ID,
    points=3,
    title="a deep network that can learn",
    asks='rescue = {"activation": ..., "scale": ...}, both from the printed choices',
    verify=verify_rescue,
    hints=(
        "Draw it before you choose: `layer_plot`, as in the text above the exercise, shows the norm of every layer for "
        "any activation and any scale.",
        "Each layer on the way back multiplies by its weights and by a slope. What is the largest slope of each of the "
        "three activations? What must the weights then do?",
        "A similar case: with five layers, a slope of 1/2 and weights that double what passes, 5 times 1/2 · 2 leaves "
        "everything as it was.",
    ),
)
SHRINK = _function(
    id="shrink_bound",
    points=3,
    title="how much of a delta can be left",
    asks="shrink_bound(weights) → float",
    draws=cases.WEIGHTS,
    reference=lambda weights: vanishing.bound(weights[1:]),
    mistakes=vanishing.SHRINK,
    together=vanishing.shrink_together,
    hints=(
        "From the last delta back to the first: which matrices lie on the way?",
        "Each of them lengthens a vector by at most its largest stretch, `np.linalg.norm(W, 2)`, and the slope that "
        "follows multiplies every entry by at most 1/4. The first matrix, W^(0,1), lies before the first delta.",
        "A similar case: two matrices that stretch by at most 2 and 3, with tanh, whose slope is at most 1, give the "
        "bound 2 · 1 · 3 · 1 = 6.",
    ),
)
CLIP = _function(
    id="clip_by_global_norm",
    points=4,
    title="clipping by the global norm",
    asks="clip_by_global_norm(gradients, max_norm) → list of arrays",
    draws=cases.TO_CLIP,
    reference=_clipped,
    mistakes=clipping_and_decay.CLIP,
    together=clipping_and_decay.clip_together,
    hints=(
        "One norm, one factor, for all layers together. And when is there nothing to do?",
        "The norm is the root of the sum of the squares of all entries of all layers. If it is above max_norm, every "
        "array is multiplied by max_norm / norm; if not, all are returned unchanged.",
        "A similar case: the arrays [3, 0] and [4] have the common norm √(9 + 16) = 5. With max_norm 1 they become "
        "[0.6, 0] and [0.8], whose norm is 1.",
    ),
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
    telling={
        "clip": (
            (
                "error",
                "a cut error weighs too little beside the others, so the gradient changes its direction",
            ),
        ),
        "cosine": telling_cosines(),
    },
    tolerance=Tolerance(relative=5e-4, layer=0.0),
    hints=(
        "One of the two leaves the direction alone. The cosine asked for belongs to the other one, not rounded.",
        "Compute both gradients, put each into one long vector (`np.concatenate` of the `ravel()` of its layers), and "
        "divide their dot product by both norms.",
        "A similar case: (1, 0) and (1, 1) have the dot product 1 and the norms 1 and √2, so the cosine is 0.7071.",
    ),
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
    together=clipping_and_decay.decayed_together,
    hints=(
        "The derivative of a sum is the sum of the derivatives. `gradients` gives you the first part.",
        "The second part is weight_decay times the sum of all w². Differentiated with respect to one w, only one term "
        "of that sum remains. No sample appears in it.",
        "A similar case: of E + c Σ w⁴ the second part gives 4 c w³ for each weight, and so `g + 4 * c * W**3`.",
    ),
)

LESSON = Lesson(
    id=ID,
    title="Vanishing and exploding gradients",
    minutes=130,
    open=frozenset({"activations", "backprop", "network", "numdiff", "slopes"}),
    exercises=(BEYOND, SLOPES, NORMS, RESCUE, SHRINK, CLIP, CLIP_WHAT, DECAYED),
)
