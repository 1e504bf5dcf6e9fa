"""The networks that lesson 05 gives: a deep one for `rescue`, and one whose errors are clipped for `clip_what`."""

from typing import Any

import numpy as np

from course_lib import activations
from course_lib.backprop import gradients
from course_lib.exercises.kinds import Case
from course_lib.inputs import Array
from course_lib.network import forward, random_network

# `rescue`: what the notebook prints.
ACTIVATIONS = ("sigmoid", "tanh", "relu")
SCALES = (0.5, 1, 2, 4, 8)
LAYERS, WIDTH, SAMPLES, SEED = 10, 12, 30, 5
FACTOR = 10.0
# `clip_what`: a 3-4-3-2 network, its errors cut to between -LIMIT and LIMIT.
SIZES, LIMIT = (3, 4, 3, 2), 0.3


def deep_network(scale: float) -> tuple[list[Array], Array, Array]:
    """Make the network of ten layers, its weights spread by scale / √(fan in)."""
    rng = np.random.default_rng(SEED)
    weights = [scale * rng.normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH) for _ in range(LAYERS)]
    return weights, rng.normal(size=(SAMPLES, WIDTH)), rng.uniform(size=(SAMPLES, WIDTH))


def first_and_last(activation: str, scale: float) -> tuple[float, float]:
    """Return the norm of the first layer's gradient and that of the last."""
    found = gradients(*deep_network(scale), getattr(activations, activation))
    return float(np.linalg.norm(found[0])), float(np.linalg.norm(found[-1]))


def verify_rescue(case: Case, value: Any) -> str | None:
    """Run the network that was chosen, and say what its first layer still gets."""
    if not isinstance(value, dict):
        return 'expected a dict with the keys "activation" and "scale"'
    activation, scale = value.get("activation"), value.get("scale")
    if callable(activation):
        name = f"{getattr(activation, '__name__', '')}"[:40]
        return (
            f'the activation should be a name in quotes, such as "{ACTIVATIONS[0]}", got the function {name}'
        )
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        return f"the activation should be one of {', '.join(ACTIVATIONS)}, got {activation!r:.40}"
    if isinstance(scale, bool) or not isinstance(scale, int | float | np.number) or scale not in SCALES:
        return f"the scale should be one of {', '.join(map(str, SCALES))}, got {scale!r:.40}"
    first, last = first_and_last(activation, float(scale))
    ratio = first / last
    if 1.0 / FACTOR <= ratio <= FACTOR:
        return None
    does = "vanishes" if ratio < 1.0 else "explodes"
    return (
        f"it was run with {activation} and scale {scale:g}: the first layer's norm is {first:.3g} and the last one's "
        f"{last:.3g}, so on the way back the gradient {does}, by a factor of {max(ratio, 1.0 / ratio):.3g}"
    )


def clipped_errors_cosine() -> float:
    """Return the cosine between the true gradient and the one that clipped errors give."""
    weights, X, D = random_network(np.random.default_rng(1), SIZES, 8)
    o = forward(weights, X).y[-1]
    true = gradients(weights, X, D)
    # With targets at o - clip(o - d), the error that enters is the clipped one.
    from_clipped = gradients(weights, X, o - np.clip(o - D, -LIMIT, LIMIT))
    a, b = (np.concatenate([g.ravel() for g in found]) for found in (true, from_clipped))
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
