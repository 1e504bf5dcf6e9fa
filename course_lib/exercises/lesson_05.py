"""Lesson 05: gradients that vanish or explode on the way back, and what helps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_lib import slopes
from course_lib.activations import leaky_relu, sigmoid, tanh
from course_lib.backprop import gradients
from course_lib.exercises.base import Case, Draw, Lesson, Tolerance
from course_lib.exercises.deep import not_rescued, turned
from course_lib.exercises.gradient_cases import networks
from course_lib.exercises.hints_05 import HINTS
from course_lib.exercises.kinds import ChoiceExercise, FunctionExercise
from course_lib.inputs import Array
from course_lib.mistakes import clipping_and_decay, vanishing
from course_lib.network import Activation, loss, random_network
from course_lib.numdiff import complex_step_gradients, numerical_gradients

ID = "05_vanishing_and_exploding_gradients"
OPEN = frozenset({"activations", "backprop", "network", "numdiff", "slopes"})
CLOSES = frozenset({"descent", "symbols"})


def _below_a_quarter(rng: np.random.Generator) -> Case:
    return (float(np.exp(rng.uniform(np.log(1e-6), np.log(0.24)))),)


def _above_a_quarter(rng: np.random.Generator) -> Case:
    return (float(rng.uniform(0.25, 0.9)),)


def _no_slope(rng: np.random.Generator) -> Case:
    return (-float(rng.uniform(0.0, 0.3)),)


def beyond(t: float) -> float | None:
    """Return the |z| past which S' stays below t; None where the answer has to refuse."""
    if t <= 0.0:
        return None
    # S'(z) = 1 / (4 cosh(z/2)^2)
    return 2.0 * float(np.arccosh(0.5 / np.sqrt(t))) if t < 0.25 else 0.0


def _nets(*shape: int) -> Draw:
    def draw(rng: np.random.Generator) -> Case:
        # Both signs, flat and steep, and never the kink itself, where there is no slope.
        count = int(np.prod(shape))
        size = np.concatenate([rng.uniform(0.05, 2.0, size=count - 2), rng.uniform(2.0, 6.0, size=2)])
        sign = rng.permutation(np.resize([1.0, -1.0], count))
        return (rng.permutation(size * sign).reshape(shape),)

    return draw


NETS = (_nets(2, 4), _nets(9), _nets(5, 2))


def _network(activation: Activation, samples: int, *sizes: int) -> Draw:
    def draw(rng: np.random.Generator) -> Case:
        return (*random_network(rng, sizes, samples), activation)

    return draw


def _layer_norms(weights: list[Array], X: Array, D: Array, activation: Activation) -> Array:
    return vanishing.norms(gradients(weights, X, D, activation))


def _weights(*sizes: int) -> Draw:
    return lambda rng: (random_network(rng, sizes, 1)[0],)


def _pile(share: float, *sizes: int) -> Draw:
    """Draw gradients of layers of very different size, and a max_norm that is `share` of their norm."""

    def draw(rng: np.random.Generator) -> Case:
        matrices, _, _ = random_network(rng, sizes, 1)
        arrays = [s * W for s, W in zip((0.1, 1.0, 20.0, 3.0), matrices, strict=False)]
        return arrays, share * float(np.linalg.norm(vanishing.norms(arrays)))

    return draw


def _nothing(rng: np.random.Generator) -> Case:
    return [np.zeros((3, 2)), np.zeros((2, 2))], 0.5


def _clipped(arrays: list[Array], max_norm: float) -> list[Array]:
    norm = float(np.linalg.norm(vanishing.norms(arrays)))
    return [g * (max_norm / norm if norm > max_norm else 1.0) for g in arrays]


def _with_decay(network: Draw) -> Draw:
    return lambda rng: (*network(rng), float(rng.uniform(0.02, 0.2)))


# Every layer there is, not the first two.
DECAYING = tuple(map(_with_decay, networks((2, 4, 3), (3, 2, 4, 2), (4, 2, 5))))
DEEP = (
    _network(tanh, 5, 3, 4, 2, 3),
    _network(leaky_relu, 7, 4, 2, 3),
    _network(sigmoid, 4, 2, 3, 4, 3, 2),
)


def _decayed_loss(X: Array, D: Array, weight_decay: float) -> Callable:
    return lambda weights: loss(weights, X, D, weight_decay=weight_decay)


def _exercise(
    name: str, points: float, title: str, asks: str, reference: Callable, **more
) -> FunctionExercise:
    settings = {"closes": CLOSES, "hints": HINTS[name]} | more
    return FunctionExercise(
        id=name, lesson=ID, points=points, title=title, asks=asks, reference=reference, **settings
    )


BEYOND = _exercise(
    "saturated_beyond",
    2,
    "where the sigmoid is flat",
    "saturated_beyond(t) → float",
    beyond,
    # 0 has a sort of its own: it is what an answer that asks for t < 0 lets pass.
    draws=(_below_a_quarter, _below_a_quarter, _above_a_quarter, _no_slope, lambda rng: (0.0,)),
    refuses=lambda t: "ValueError" if t <= 0.0 else "",
    mistakes=vanishing.BEYOND,
)
SLOPES = _exercise(
    "slopes",
    4,
    "three other slopes",
    'slopes = {"tanh": f, "relu": f, "leaky_relu": f}, each f(z) → array of z\'s shape',
    lambda z: [getattr(slopes, name)(z) for name in vanishing.NAMES],
    draws=NETS,
    functions=vanishing.NAMES,
    pieces=vanishing.NAMES,
    closes=CLOSES | {"backprop", "numdiff", "slopes"},
    mistakes=vanishing.SLOPES,
)
NORMS = _exercise(
    "layer_norms",
    4,
    "the norm of every layer's gradient",
    "layer_norms(weights, X, D, activation) → array of shape (L,)",
    _layer_norms,
    draws=DEEP,
    mistakes=vanishing.NORMS,
)
RESCUE = ChoiceExercise(
    id="rescue",
    lesson=ID,
    points=3,
    title="a deep network that can learn",
    asks='rescue = {"activation": ..., "scale": ...}, both from the printed choices',
    verify=not_rescued,
    hints=HINTS["rescue"],
)
SHRINK = _exercise(
    "shrink_bound",
    3,
    "how much of a delta can be left",
    "shrink_bound(weights) → float",
    lambda weights: vanishing.bound(weights[1:]),
    draws=(_weights(3, 4, 2), _weights(2, 3, 5, 4, 2), _weights(3, 3, 3, 3)),
    mistakes=vanishing.SHRINK,
)
CLIP = _exercise(
    "clip_by_global_norm",
    4,
    "clipping by the global norm",
    "clip_by_global_norm(gradients, max_norm) → list of arrays",
    _clipped,
    draws=(_pile(0.3, 3, 4, 2, 3), _pile(0.05, 4, 3, 2, 3, 2), _pile(1.7, 2, 5, 3), _nothing),
    mistakes=clipping_and_decay.CLIP,
)
CLIP_WHAT = ChoiceExercise(
    id="clip_what",
    lesson=ID,
    points=2,
    title="what to clip",
    asks='clip_what = {"clip": "gradient" or "error", "cosine": ...}',
    # The cosine first: the word alone could be guessed, and counts with it.
    reference=lambda: {"cosine": turned(), "clip": "gradient"},
    hints=HINTS["clip_what"],
    tiles=("gradient", "error"),
    parts=2,
    tolerance=Tolerance(relative=5e-4, layer=0.0),
)
DECAYED = _exercise(
    "decayed_gradients",
    4,
    "the gradient with weight decay",
    "decayed_gradients(weights, X, D, weight_decay) → list of arrays",
    lambda weights, *rest: complex_step_gradients(_decayed_loss(*rest), weights),
    shown=lambda weights, *rest: numerical_gradients(_decayed_loss(*rest), weights),
    draws=DECAYING,
    closes=CLOSES | {"numdiff", "weight_decay"},
    pieces=("dW01", "dW12", "dW23"),
    mistakes=clipping_and_decay.DECAYED,
)

LESSON = Lesson(
    id=ID,
    title="Vanishing and exploding gradients",
    minutes=110,
    open=OPEN,
    exercises=(BEYOND, SLOPES, NORMS, RESCUE, SHRINK, CLIP, CLIP_WHAT, DECAYED),
)
