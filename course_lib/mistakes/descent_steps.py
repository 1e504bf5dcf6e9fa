"""Mistakes in going downhill: the step, the path, the rate, and what lies at the end."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from course_lib.backprop import gradients
from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, WrongAnswers
from course_lib.network import forward, loss

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
        "step_only",
        "only the step is returned; the old weight is no longer in it",
        "what the update is asked for: the new weights, not how far they move.",
        "w ← w − learning rate · ∂E/∂w",
    ),
    Mistake(
        "step_per_sample",
        "a step is taken after every sample, where one step for all of them is asked for",
        "when the weights change. Which weights should the gradient of the second sample belong to?",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "first_loss_missing",
        "the loss before the first step is missing",
        "how many losses there are: one before the first step and one after each.",
    ),
    Mistake(
        "last_loss_missing",
        "the loss after the last step is missing",
        "how many losses there are: one before the first step and one after each. Count them for a single step.",
    ),
    Mistake(
        "largest_entry",
        "the largest entry of the matrix is used where its largest eigenvalue belongs",
        "what decides how strongly f bends in a direction. It is not an entry of the Hessian, unless that is diagonal.",
        "H v = λ v",
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
    "largest_entry": lambda H: [
        2.0 / float(largest) for largest in (H.max(), np.abs(H).max(), np.diag(H).max())
    ],
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
    "step_only": lambda weights, gradients, rate: [
        [sign * rate * g for g in gradients] for sign in (-1.0, 1.0)
    ],
    "rate_missing": lambda weights, gradients, rate: [_moved(weights, gradients, [-1.0] * len(weights))],
    "one_layer_moved": lambda weights, gradients, rate: [
        _moved(weights, gradients, [-rate, 0.0]),
        _moved(weights, gradients, [0.0, -rate]),
    ],
}


def _run(
    weights: Sequence[Array], X: Array, D: Array, steps: int, step: Callable[[list[Array]], list[Array]]
) -> tuple[list[Array], Array]:
    """Train with another step than the one that is asked for; such a run may explode."""
    weights, losses = list(weights), [float(loss(weights, X, D))]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            weights = step(weights)
            losses.append(float(loss(weights, X, D)))
    return weights, np.array(losses)


def _with(
    gradient: Callable[..., Sequence[Array]], factor: Callable[[int, float], float] = lambda N, rate: rate
) -> Callable[..., list[Any]]:
    """Train with another gradient, or with what `factor` makes of N and the rate."""

    def answers(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Any]:
        def step(weights: list[Array]) -> list[Array]:
            return _moved(weights, gradient(weights, X, D), [-factor(len(X), rate)] * len(weights))

        return [_run(weights, X, D, steps, step)]

    return answers


def _frozen(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Any]:
    moves = gradients(weights, X, D)
    return [_run(weights, X, D, steps, lambda W: _moved(W, moves, [-rate] * len(W)))]


def _layer_by_layer(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Any]:
    """Train with the error carried back through the matrix that has just taken its step."""

    def step(weights: list[Array]) -> list[Array]:
        _, (_, y, o) = forward(weights, X)
        delta = 2.0 / len(X) * (o - D) * o * (1.0 - o)
        W12 = weights[1] - rate * y.T @ delta
        return [weights[0] - rate * X.T @ (delta @ W12.T * y * (1.0 - y)), W12]

    return [_run(weights, X, D, steps, step)]


def _per_sample(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Any]:
    """Train with a step after each sample, by its own gradient or by its share of that of all."""

    def by(rate: float) -> tuple[list[Array], Array]:
        def step(weights: list[Array]) -> list[Array]:
            for n in range(len(X)):
                moves = gradients(weights, X[n : n + 1], D[n : n + 1])
                weights = _moved(weights, moves, [-rate] * len(weights))
            return weights

        return _run(weights, X, D, steps, step)

    return [by(rate), by(rate / len(X))]


def _changed(change: Callable[[list[Array], Array, Array, Array], tuple]) -> Callable[..., list[Any]]:
    """Train as asked, and let `change` spoil what is returned."""

    def answers(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Any]:
        run = _run(weights, X, D, steps, lambda W: _moved(W, gradients(W, X, D), [-rate] * len(W)))
        return [change(*run, X, D)]

    return answers


TRAINING: WrongAnswers = {
    "steepest_ascent": _with(gradients, lambda N, rate: -rate),
    "gradient_at_start": _frozen,
    "rate_ignored": _with(gradients, lambda N, rate: 1.0),
    "steps_times_n": _with(gradients, lambda N, rate: N * rate),
    "no_factor_two": _with(gradients, lambda N, rate: rate / 2.0),
    "averaged_twice": _with(gradients, lambda N, rate: rate / N),
    "two_n_twice": _with(gradients, lambda N, rate: 2.0 / N * rate),
    "updated_weight": _layer_by_layer,
    "step_per_sample": _per_sample,
    "first_loss_missing": _changed(lambda W, losses, X, D: (W, losses[1:])),
    "last_loss_missing": _changed(lambda W, losses, X, D: (W, losses[:-1])),
    "half_kept": _changed(lambda W, losses, X, D: (W, losses / 2.0)),
    "summed_over_samples": _changed(lambda W, losses, X, D: (W, losses * len(X))),
    "mean_over_all": _changed(lambda W, losses, X, D: (W, losses / D.shape[1])),
}
# A slip in the gradient inside shows in every step. Left out: what has a name of its own in training, and what ends in
# an error of shapes.
_OWN_NAMES = frozenset({*TRAINING, "wrong_sign", "sum_over_samples", "rate_inside", "swapped_indices"})
_OTHER_SHAPES = frozenset({"transposed_gradient", "swapped_layers", "delta_for_gradient"})


def training_with(ids: Iterable[str], recipes: Mapping[str, Sequence[Callable]]) -> WrongAnswers:
    """Return what becomes of training with the gradient that each of `ids` gives."""

    def answers_of(ways: Sequence[Callable]) -> Callable[..., list[Any]]:
        def answers(*case: Any) -> list[Any]:
            return [run for way in ways for run in _possible(_with(way), case)]

        return answers

    return TRAINING | {i: answers_of(recipes[i]) for i in ids if i not in _OWN_NAMES | _OTHER_SHAPES}


def _possible(answers: Callable[..., list[Any]], case: tuple) -> list[Any]:
    try:
        return answers(*case)
    except ValueError:  # the gradient has other shapes than the weights
        return []


def _both(*case: Any) -> tuple:
    return _with(gradients, lambda N, rate: N / 2.0 * rate)(*case)[0]


def training_together() -> Iterator[tuple[tuple[str, ...], Callable[..., Any]]]:
    """Return what two slips in the length of a step lead to."""
    yield ("steps_times_n", "no_factor_two"), _both
