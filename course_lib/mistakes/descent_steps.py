"""Mistakes in going downhill: the step, the path, the rate, and what lies at the end."""

from collections.abc import Callable, Sequence

import numpy as np

from course_lib.backprop import gradients
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, WrongAnswers
from course_lib.network import loss

STEP = "x ← x − learning rate · ∇f(x)"
MISTAKES = (
    Mistake(
        "steepest_ascent",
        "each step goes along the gradient instead of against it",
        "the sign of the step. The gradient points uphill.",
        STEP,
    ),
    Mistake(
        "path_without_start",
        "the starting point is missing from the path",
        "the first row: the path has steps + 1 points, and the start is the first of them.",
        "path[0] = x0",
    ),
    Mistake(
        "gradient_at_start",
        "every step uses the gradient at the starting point",
        "where the gradient is evaluated. After each step there is a new point, with a gradient of its own.",
        STEP,
    ),
    Mistake(
        "rate_missing",
        "the step is the whole gradient, without the learning rate",
        "the length of the step.",
        STEP,
    ),
    Mistake(
        "one_over_largest",
        "the rate is 1 / largest eigenvalue, which is half of the bound",
        "when |1 − rate · λ| stays below 1. With 1/λ the step lands exactly on the minimum; it may be longer.",
        "rate < 2 / λ_max",
    ),
    Mistake(
        "smallest_eigenvalue",
        "the smallest eigenvalue is used",
        "which direction overshoots first: the one with the strongest curvature.",
        "rate < 2 / λ_max",
    ),
    Mistake(
        "no_mixed_derivatives",
        "the second derivatives with respect to two different variables are missing",
        "the entries off the diagonal. Differentiate ∂f/∂x1 with respect to x2 as well.",
        "∂²f/∂x_1∂x_2",
    ),
    Mistake(
        "sign_turned",
        "the sign is reversed",
        "what is asked for: the derivative itself, which is positive where f grows. The minus belongs to the step.",
        trace="every number is exactly −1 times what it should be",
        scale=True,
    ),
    Mistake(
        "saddle_called_minimum",
        "a point with curvatures of both signs is called a minimum (or maximum)",
        "the smallest and the largest eigenvalue together. One of each sign means a saddle.",
    ),
    Mistake(
        "one_layer_moved",
        "only one of the two layers is moved",
        "the list: both matrices take a step.",
        "Δw = −learning rate · ∂E/∂w",
    ),
    Mistake(
        "rate_ignored",
        "the given learning rate is ignored; every step is taken with a rate of 1",
        "the step. The rate is an argument, and it differs from run to run.",
        "Δw = −learning rate · ∂E/∂w",
    ),
    Mistake(
        "steps_times_n",
        "every step is N times too long, as if the samples were summed instead of averaged",
        "the gradient that is used. Where is the 1/N of E in it?",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
    ),
)


def _path(gradient: Callable, x0: Array, rate: float, steps: int, step: Callable) -> Array:
    """Go `steps` steps; `step` makes each from the gradients at the start and at the present point, and the rate."""
    path = [np.asarray(x0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] + step(gradient(path[0]), gradient(path[-1]), rate))
    return np.array(path)


DESCEND: WrongAnswers = {
    "steepest_ascent": lambda *case: [_path(*case, lambda at_start, here, rate: rate * here)],
    "path_without_start": lambda *case: [_path(*case, lambda at_start, here, rate: -rate * here)[1:]],
    "gradient_at_start": lambda *case: [_path(*case, lambda at_start, here, rate: -rate * at_start)],
    "rate_missing": lambda *case: [_path(*case, lambda at_start, here, rate: -here)],
}
LARGEST_RATE: WrongAnswers = {
    "one_over_largest": lambda H: [1.0 / float(np.linalg.eigvalsh(H).max())],
    "smallest_eigenvalue": lambda H: [2.0 / float(np.linalg.eigvalsh(H).min())],
}


def of_the_gradient(reference: Callable[[Array], Array]) -> WrongAnswers:
    """Return what can go wrong with a hand-derived gradient as a whole."""
    return {"sign_turned": lambda x: [-reference(x)]}


def of_the_hessian(reference: Callable[[Array], Array]) -> WrongAnswers:
    """Return what can go wrong with a hand-derived Hessian as a whole."""
    return {
        "no_mixed_derivatives": lambda x: [np.diag(np.diag(reference(x)))],
        "sign_turned": lambda x: [-reference(x)],
    }


def _moved(weights: Sequence[Array], gradients: Sequence[Array], rates: Sequence[float]) -> list[Array]:
    return [W + rate * g for W, g, rate in zip(weights, gradients, rates, strict=True)]


UPDATE: WrongAnswers = {
    "steepest_ascent": lambda weights, gradients, rate: [_moved(weights, gradients, [rate] * len(weights))],
    "rate_missing": lambda weights, gradients, rate: [_moved(weights, gradients, [-1.0] * len(weights))],
    "one_layer_moved": lambda weights, gradients, rate: [
        _moved(weights, gradients, [-rate, 0.0]),
        _moved(weights, gradients, [0.0, -rate]),
    ],
}


def _trained(
    weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int, frozen: bool = False
) -> list[tuple[list[Array], Array]]:
    """Train as asked with another rate, or with the gradient of the first step throughout."""
    weights, losses, moves = list(weights), [float(loss(weights, X, D))], None
    for _ in range(steps):
        moves = moves if frozen and moves else gradients(weights, X, D)
        weights = _moved(weights, moves, [-rate] * len(weights))
        losses.append(float(loss(weights, X, D)))
    return [(weights, np.array(losses))]


TRAINING: WrongAnswers = {
    "steepest_ascent": lambda weights, X, D, rate, steps: _trained(weights, X, D, -rate, steps),
    "gradient_at_start": lambda *case: _trained(*case, frozen=True),
    "rate_ignored": lambda weights, X, D, rate, steps: _trained(weights, X, D, 1.0, steps),
    "steps_times_n": lambda weights, X, D, rate, steps: _trained(weights, X, D, len(X) * rate, steps),
}
