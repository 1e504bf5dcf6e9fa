"""Inputs and truth for every exercise about dE/dw: differences of E, on networks where mistakes cannot hide."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from itertools import cycle
from typing import Any

import numpy as np

from course_lib.activations import sigmoid
from course_lib.exercises.kinds import Case, Draw
from course_lib.inputs import Array, arrays_of, key_of
from course_lib.mistakes import gradient_mistakes, gradient_pairs
from course_lib.network import Activation, forward, loss, random_network
from course_lib.numdiff import complex_step_gradients, numerical_gradients

# One for each case of a check, so that no number written down passes for N. Odd primes, none of them a number of
# outputs: then N is not taken for K or for the factor 2. (With 5 samples a learning rate of 0.1 is 1/2 times 1/N.)
SEVERAL = (7, 11, 13)
SAMPLES = SEVERAL[0]
# Smaller entries would drown in the tolerance of their layer; more agreement than this no difference gives.
SMALLEST_SHARE, AGREEMENT = 1e-3, 1e-6
# The step of a second difference of E.
BEND = 1e-4


def draw_network(
    rng: np.random.Generator,
    sizes: Sequence[int],
    samples: int = SAMPLES,
    activation: Activation = sigmoid,
) -> tuple:
    """Draw (weights, X, D) on which every entry of the gradient matters and the errors have both signs."""
    while True:
        weights, X, D = random_network(rng, sizes, samples)
        error = forward(weights, X, activation).y[-1] - D
        if samples > 1 and not ((error > 0.05).any(axis=0) & (error < -0.05).any(axis=0)).all():
            continue
        if all(_visible(g) for g in true_gradients(weights, X, D, activation)):
            return weights, X, D


def networks(*sizes: Sequence[int], activation: Activation = sigmoid) -> tuple[Draw, ...]:
    """Return the draws of one check, one for each of `sizes`, each with another number of samples."""
    return tuple(
        partial(draw_network, sizes=each, samples=samples, activation=activation)
        for each, samples in zip(sizes, cycle(SEVERAL), strict=False)
    )


def made_of(networks: Iterable[Draw], made: Callable[..., Case]) -> tuple[Draw, ...]:
    """Return the draws of one check: of what ``made(rng, weights, X, D)`` makes of each network that is drawn."""
    return tuple(partial(_made_of, network, made) for network in networks)


def _made_of(network: Draw, made: Callable[..., Case], rng: np.random.Generator) -> Case:
    return made(rng, *network(rng))


def _visible(gradient: Array) -> bool:
    size = np.abs(gradient)
    return bool(size.min() >= SMALLEST_SHARE * size.max() > 0)


def true_gradients(
    weights: Sequence[Array], X: Array, D: Array, activation: Activation = sigmoid
) -> list[Array]:
    """dE/dW by the complex step, asserted equal to the central difference."""
    return [g.copy() for g in _both(key_of(weights), key_of([X, D]), activation)[0]]


def central_gradients(
    weights: Sequence[Array], X: Array, D: Array, activation: Activation = sigmoid
) -> list[Array]:
    """dE/dW by central differences: what the card shows."""
    return [g.copy() for g in _both(key_of(weights), key_of([X, D]), activation)[1]]


@lru_cache(maxsize=512)
def _both(weights_key: tuple, data_key: tuple, activation: Activation) -> tuple[list[Array], list[Array]]:
    # Drawing, judging and the card ask for the same differences; they are measured once.
    weights, (X, D) = arrays_of(weights_key), arrays_of(data_key)
    exact = complex_step_gradients(lambda w: loss(w, X, D, activation), weights)
    central = numerical_gradients(lambda w: loss(w, X, D, activation), weights)
    for a, b in zip(exact, central, strict=True):
        if not np.abs(a - b).max() <= AGREEMENT * np.abs(a).max():
            raise ArithmeticError("complex step and central difference disagree; E is not what it should be")
    return exact, central


def one_sided_errors(weights: Sequence[Array], X: Array, D: Array) -> list[Array]:
    """Return half the second derivative of E along every weight: what (E(w + h) − E(w)) / h is off by, over h."""
    here, errors = loss(weights, X, D), [np.zeros_like(W) for W in weights]
    for layer, W in enumerate(weights):
        for at in np.ndindex(W.shape):
            around = []
            for step in (BEND, -BEND):
                moved = W.copy()
                moved[at] += step
                around.append(loss([*weights[:layer], moved, *weights[layer + 1 :]], X, D))
            errors[layer][at] = (sum(around) - 2.0 * here) / (2.0 * BEND**2)
    return errors


def in_gradient(
    ids: Iterable[str], network: Callable[..., tuple], pick: Callable[[list[Array]], Any]
) -> dict[str, Any]:
    """Return the fields of an exercise about a gradient that say what `ids` lead to, alone and two at once.

    `network` goes from the exercise's case to (weights, X, D), `pick` from the whole gradient to what is asked for.
    """
    ids = tuple(ids)
    return {
        "mistakes": gradient_mistakes(ids, network, pick),
        "together": gradient_pairs(ids, network, pick),
        "one_sided": lambda *case: pick(one_sided_errors(*network(*case))),
    }
