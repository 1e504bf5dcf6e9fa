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
    true, clipped, *_ = _true_and_clipped()
    return _cosine(_as_one(true), _as_one(clipped))


def telling_cosines() -> tuple[tuple[float, str], ...]:
    """Return what comes out where something else was compared, or not to the end; and what to say of it."""
    true, clipped, errors = _true_and_clipped()
    a, b = _as_one(true), _as_one(clipped)
    dot = float(a @ b)
    layers = list(map(_cosine, map(np.ravel, true), map(np.ravel, clipped)))
    norm_left = "it is divided by one of the two norms; the cosine is divided by both"
    one_layer = "it is the cosine in one layer; put all layers into one long vector"
    angle = float(np.arccos(_cosine(a, b)))
    return (
        (
            1.0,
            "so it is for a gradient that is only made shorter; asked for is the one of the clipped errors",
        ),
        (dot, "it is the dot product, not divided by the two norms"),
        (dot / float(np.linalg.norm(a)), norm_left),
        (dot / float(np.linalg.norm(b)), norm_left),
        (dot / float(a @ a), "it is divided by one norm twice; the cosine is divided by each of the two"),
        (dot / float(b @ b), "it is divided by one norm twice; the cosine is divided by each of the two"),
        *((each, one_layer) for each in layers),
        (
            float(np.mean(layers)),
            "it is the mean of the layers' cosines; put all layers into one long vector",
        ),
        (
            _cosine(errors, np.clip(errors, -LIMIT, LIMIT)),
            "it compares the errors; the gradients are to be compared",
        ),
        (angle, "it is the angle; its cosine is asked for"),
        (float(np.degrees(angle)), "it is the angle; its cosine is asked for"),
    )


def _true_and_clipped() -> tuple[list[Array], list[Array], Array]:
    weights, X, D = random_network(np.random.default_rng(1), SIZES, 8)
    o = forward(weights, X).y[-1]
    # With targets at o - clip(o - d), the error that enters is the clipped one.
    clipped = gradients(weights, X, o - np.clip(o - D, -LIMIT, LIMIT))
    return gradients(weights, X, D), clipped, (o - D).ravel()


def _as_one(layers: list[Array]) -> Array:
    return np.concatenate([g.ravel() for g in layers])


def _cosine(a: Array, b: Array) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
