"""Training in ways of its own: along another gradient, by other steps, or with something else returned."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course_lib.inputs import Array, arrays_of, key_of
from course_lib.mistakes.backward import updated_with
from course_lib.mistakes.base import Line
from course_lib.mistakes.recipes import RIGHT, Recipe, error_of

# What people write into a step in place of the rate that is given.
RATES = (1.0, 0.1, 0.01)

Gradient = Callable[..., Sequence[Array]]
Step = Callable[[list[Array]], list[Array]]
Case = tuple[Sequence[Array], Array, Array, float, int]


class Run(NamedTuple):
    """What training gives: the weights after the last step, and the losses."""

    weights: list[Array]
    losses: Array


def _moved(weights: Sequence[Array], gradients: Sequence[Array], rates: Sequence[float]) -> list[Array]:
    return [W - rate * g for W, g, rate in zip(weights, gradients, rates, strict=True)]


def _run(weights: Sequence[Array], X: Array, D: Array, steps: int, step: Step) -> Run:
    """Train with another step than the one that is asked for; such a run may explode."""
    weights, losses = list(weights), [error_of(weights, X, D)]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            weights = step(weights)
            losses.append(error_of(weights, X, D))
    return Run(weights, np.array(losses))


def _by(gradient: Gradient, X: Array, D: Array, *rates: float) -> Step:
    """Return the step along another gradient; `rates` are those of the layers, or one for both of them."""
    return lambda weights: _moved(weights, gradient(weights, X, D), rates * (3 - len(rates)))


def right_run(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> Run:
    """Train as it is asked for."""
    run = _asked_for(key_of(weights), key_of([X, D]), rate, steps)
    return Run(list(run.weights), run.losses.copy())


@lru_cache(maxsize=16)
def _asked_for(weights_key: tuple, data_key: tuple, rate: float, steps: int) -> Run:
    # A dozen mistakes only spoil what comes of it.
    X, D = arrays_of(data_key)
    return _run(arrays_of(weights_key), X, D, steps, _by(RIGHT, X, D, rate))


def trained_with(
    gradient: Gradient, factor: Callable[[int, int], float] = lambda N, K: 1.0
) -> Callable[..., Run]:
    """Return training with another gradient, `factor` of N and K times as long."""

    def answer(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> Run:
        return _run(weights, X, D, steps, _by(gradient, X, D, rate * factor(*D.shape)))

    return answer


def at_rates(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Run]:
    """Train with each of `RATES` in place of the one that is given."""
    return [_run(weights, X, D, steps, _by(RIGHT, X, D, own)) for own in RATES]


def one_layer(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Run]:
    """Train one of the two matrices and leave the other as it is."""
    return [_run(weights, X, D, steps, _by(RIGHT, X, D, *rates)) for rates in ((rate, 0.0), (0.0, rate))]


def frozen(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Run]:
    """Train along the gradient at the first weights."""
    moves = RIGHT(weights, X, D)
    return [_run(weights, X, D, steps, lambda W: _moved(W, moves, [rate] * len(W)))]


def from_start(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Run]:
    """Train with each step taken from the first weights."""
    after, losses = right_run(weights, X, D, rate, 1)
    return [Run(after, np.array([losses[0], *[losses[1]] * steps]))]


def accumulated(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Run]:
    """Train along the sum of all gradients so far."""
    total = [np.zeros_like(W) for W in weights]

    def step(weights: list[Array]) -> list[Array]:
        total[:] = [t + g for t, g in zip(total, RIGHT(weights, X, D), strict=True)]
        return _moved(weights, total, [rate] * len(weights))

    return [_run(weights, X, D, steps, step)]


def moving(other: Recipe = RIGHT) -> Callable[[float], Gradient]:
    """Return the gradient, given the rate, that comes back through the matrix which has just taken its step."""
    line_of = updated_with(other)[0]

    def at(rate: float) -> Gradient:
        def gradient(weights: Sequence[Array], X: Array, D: Array) -> list[Array]:
            line: Line = line_of(weights, X, D)
            return _moved(line.base, line.direction, [rate] * len(weights))

        return gradient

    return at


def layer_by_layer(
    other: Recipe = RIGHT, factor: Callable[[int, int], float] = lambda N, K: 1.0
) -> Callable[..., Run]:
    """Return training with the error carried back through the matrix that has just taken its step."""
    gradient_at = moving(other)

    def answer(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> Run:
        rate = rate * factor(*D.shape)
        return _run(weights, X, D, steps, _by(gradient_at(rate), X, D, rate))

    return answer


def one_after_the_other(first: int) -> Callable[..., Run]:
    """Return training with everything worked out anew after the matrix `first` has taken its step."""

    def answer(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> Run:
        def step(weights: list[Array]) -> list[Array]:
            for layer in (first, 1 - first):
                moved = weights[layer] - rate * RIGHT(weights, X, D)[layer]
                weights = [moved if n == layer else W for n, W in enumerate(weights)]
            return weights

        return _run(weights, X, D, steps, step)

    return answer


def per_sample(
    gradient_at: Callable[[float], Gradient], factor: Callable[[int], float]
) -> Callable[..., Run]:
    """Return training with a step after each sample, `factor` of N times as long as its own gradient."""

    def answer(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> Run:
        rate = rate * factor(len(X))
        gradient = gradient_at(rate)

        def step(weights: list[Array]) -> list[Array]:
            for n in range(len(X)):
                own = gradient(weights, X[n : n + 1], D[n : n + 1])
                weights = _moved(weights, own, [rate] * len(weights))
            return weights

        return _run(weights, X, D, steps, step)

    return answer


def changed(change: Callable[[Run, Case], tuple]) -> Callable[..., list[Any]]:
    """Train as asked, and let `change` spoil what is returned."""
    return lambda *case: [change(right_run(*case), case)]


def in_turn(*ways: Callable[..., Run]) -> Callable[..., list[Run]]:
    """Return what trains in each of `ways`, one run for each."""
    return lambda *case: [way(*case) for way in ways]


def longer(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> list[Run]:
    """Take one step more, with its loss or without it."""
    run = right_run(weights, X, D, rate, steps + 1)
    return [run, Run(run.weights, run.losses[:-1])]
