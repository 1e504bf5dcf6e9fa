"""Mistakes in going downhill: the step, the path, the rate, and what lies at the end."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, WrongAnswers

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
        "path_without_end",
        "the last point is missing from the path",
        "the last row: the path has steps + 1 points, one for the start and one after each step.",
        "path[k + 1] = path[k] − learning rate · ∇f(path[k])",
    ),
    Mistake(
        "end_only",
        "only the last point is returned, not the path to it",
        "what is asked for: every point on the way, from the start to the end.",
    ),
    Mistake(
        "one_step_only",
        "the walk ends after its first step",
        "where `return` stands. Indented into the loop, it ends the walk in the first turn.",
    ),
    Mistake(
        "rows_overwritten",
        "every row of the path is the same array, which each step changes once more",
        "what is put into the path. `x -= ...` changes `x` wherever it stands already; make a new array each time.",
    ),
    Mistake(
        "step_from_start",
        "every step starts at the starting point again",
        "where a step begins: at the point that the step before has reached.",
        STEP,
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
        "when |1 − rate · a| stays below 1, where a is the largest eigenvalue. With 1/a the step lands exactly on the "
        "minimum; it may be longer.",
        "rate < 2 / a",
    ),
    Mistake(
        "smallest_eigenvalue",
        "the smallest eigenvalue is used",
        "which direction overshoots first: the one with the strongest curvature.",
        "rate < 2 / a for every eigenvalue a",
    ),
    Mistake(
        "no_mixed_derivatives",
        "the second derivatives with respect to two different variables are missing",
        "the entries off the diagonal. Differentiate ∂f/∂x1 with respect to x2 as well.",
        "∂²f/∂x_1∂x_2",
    ),
    Mistake(
        "one_triangle",
        "the entries on one side of the diagonal are missing",
        "the other side of the diagonal. The matrix is symmetric: what stands in row i, column j stands in row j, "
        "column i, too.",
        "∂²f/∂x_1∂x_2 = ∂²f/∂x_2∂x_1",
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
        "step_only",
        "only the step is returned, without the weight that it starts from",
        "what the update is asked for: the new weights, not how far they move.",
        "w ← w − learning rate · ∂E/∂w",
    ),
    Mistake(
        "largest_entry",
        "the largest entry of the matrix is used where its largest eigenvalue belongs",
        "what decides how strongly f bends in a direction. It is not an entry of the Hessian, unless that is diagonal.",
        "H u = a u",
    ),
)


def _path(gradient: Callable, x0: Array, rate: float, steps: int, move: Callable) -> Array:
    """Go `steps` steps; `move` makes each point from the start, the point before it and their gradients."""
    path = [np.asarray(x0, dtype=float)]
    for _ in range(steps):
        path.append(move(path[0], path[-1], gradient(path[0]), gradient(path[-1]), rate))
    return np.array(path)


def _downhill(*case: object) -> Array:
    return _path(*case, lambda start, here, at_start, at_here, rate: here - rate * at_here)


DESCEND: WrongAnswers = {
    "steepest_ascent": lambda *case: [
        _path(*case, lambda start, here, at_start, at_here, rate: here + rate * at_here)
    ],
    "path_without_start": lambda *case: [_downhill(*case)[1:]],
    "path_without_end": lambda *case: [_downhill(*case)[:-1]],
    "end_only": lambda *case: [_downhill(*case)[-1]],
    "one_step_only": lambda *case: [_downhill(*case)[:2]],
    "rows_overwritten": lambda *case: [np.array([_downhill(*case)[-1]] * (case[-1] + 1))],
    "step_from_start": lambda *case: [
        _path(*case, lambda start, here, at_start, at_here, rate: start - rate * at_here)
    ],
    "gradient_at_start": lambda *case: [
        _path(*case, lambda start, here, at_start, at_here, rate: here - rate * at_start)
    ],
    "rate_missing": lambda *case: [_path(*case, lambda start, here, at_start, at_here, rate: here - at_here)],
}


def descend_together() -> Iterator[tuple[tuple[str, ...], Callable[..., Array]]]:
    """Return what two slips on the way downhill lead to."""
    yield (
        ("steepest_ascent", "rate_missing"),
        lambda *case: _path(*case, lambda start, here, at_start, at_here, rate: here + at_here),
    )
    for lost, rows in (("path_without_start", slice(1, None)), ("path_without_end", slice(None, -1))):
        for other in ("steepest_ascent", "rate_missing", "gradient_at_start"):
            yield (lost, other), lambda *case, rows=rows, other=other: DESCEND[other](*case)[0][rows]


LARGEST_RATE: WrongAnswers = {
    "one_over_largest": lambda H: [1.0 / float(np.linalg.eigvalsh(H).max())],
    "largest_entry": lambda H: [
        2.0 / float(largest) for largest in (H.max(), np.abs(H).max(), np.diag(H).max())
    ],
    "smallest_eigenvalue": lambda H: [2.0 / float(np.linalg.eigvalsh(H).min())],
}


def rates_together() -> Iterator[tuple[tuple[str, ...], Callable[[Array], float]]]:
    """Return what 1 for 2 leads to together with what is no largest eigenvalue."""
    for other in ("smallest_eigenvalue", "largest_entry"):
        for way in range(3 if other == "largest_entry" else 1):
            yield (
                ("one_over_largest", other),
                lambda H, other=other, way=way: LARGEST_RATE[other](H)[way] / 2.0,
            )


def of_the_gradient(reference: Callable[[Array], Array]) -> WrongAnswers:
    """Return what can go wrong with a hand-derived gradient as a whole."""
    return {"sign_turned": lambda x: [-reference(x)]}


def of_the_hessian(reference: Callable[[Array], Array]) -> WrongAnswers:
    """Return what can go wrong with a hand-derived Hessian as a whole."""
    return {
        "no_mixed_derivatives": lambda x: [np.diag(np.diag(reference(x)))],
        "one_triangle": lambda x: [side(reference(x)) for side in (np.triu, np.tril)],
        "sign_turned": lambda x: [-reference(x)],
    }


def _moved(weights: Sequence[Array], gradients: Sequence[Array], rates: Sequence[float]) -> list[Array]:
    return [W + rate * g for W, g, rate in zip(weights, gradients, rates, strict=True)]


UPDATE: WrongAnswers = {
    "steepest_ascent": lambda weights, gradients, rate: [_moved(weights, gradients, [rate] * len(weights))],
    "step_only": lambda weights, gradients, rate: [
        [sign * rate * g for g in gradients] for sign in (-1.0, 1.0)
    ],
    "rate_missing": lambda weights, gradients, rate: [_moved(weights, gradients, [-1.0] * len(weights))],
    "one_layer_moved": lambda weights, gradients, rate: [
        _moved(weights, gradients, [-rate, 0.0]),
        _moved(weights, gradients, [0.0, -rate]),
    ],
}


def update_together() -> Iterator[tuple[tuple[str, ...], Callable[..., list[Array]]]]:
    """Return what two slips in one step lead to."""
    yield (
        ("steepest_ascent", "rate_missing"),
        lambda weights, gradients, rate: _moved(weights, gradients, [1.0] * len(weights)),
    )
    for sign in (-1.0, 1.0):
        yield (
            ("step_only", "rate_missing"),
            lambda weights, gradients, rate, sign=sign: [sign * g for g in gradients],
        )
    for layer in (0, 1):
        yield (
            ("one_layer_moved", "steepest_ascent"),
            lambda weights, gradients, rate, layer=layer: _moved(
                weights, gradients, [rate * (n == layer) for n in range(len(weights))]
            ),
        )
