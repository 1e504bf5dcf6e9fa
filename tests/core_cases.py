"""Random networks for the tests of the core, and the one measure of agreement they use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from course_lib import forward, identity, leaky_relu, loss, random_network, relu, sigmoid, tanh
from course_lib.numdiff import STEP

Array = np.ndarray
ACTIVATIONS = (sigmoid, tanh, relu, leaky_relu, identity)
KINKED = (relu, leaky_relu)
# A difference moves each weight by this share of itself, or of 1; most nets then move by less than AWAY of
# their layer's largest.
MOVE, AWAY = 2.0 * STEP, 0.02


class Case(NamedTuple):
    weights: list[Array]
    X: Array
    D: Array
    activation: object
    weight_decay: float

    def f(self):
        """E as a function of the weights alone."""
        return partial(loss, X=self.X, D=self.D, activation=self.activation, weight_decay=self.weight_decay)


def draw_case(seed: int) -> Case:
    """Return network number `seed`: 1 to 4 hidden layers, every activation, N 1 to 50, weight decay on and off.

    Where the activation has a kink, nets are away from it: samples are taken whose every net is further than
    2 % of the largest of its layer, and the case is drawn anew if a weight moved as far as a difference moves
    it still brings one net to the other side.
    """
    rng = np.random.default_rng(seed)
    activation = ACTIVATIONS[seed % len(ACTIVATIONS)]
    samples = int(rng.integers(1, 51))
    sizes = rng.integers(1, 7, size=int(rng.integers(1, 5)) + 2)
    weights, X, D = random_network(rng, sizes, 100 * samples)
    if activation in KINKED:
        away = _away_from_the_kink(weights, X, activation)
        X, D = X[away], D[away]
    case = Case(weights, X[:samples], D[:samples], activation, float(rng.choice([0.0, 0.05])))
    if activation in KINKED and (len(X) < samples or _crosses(case)):
        return draw_case(seed + 10**6 * len(ACTIVATIONS))
    return case


def _away_from_the_kink(weights: list[Array], X: Array, activation: object) -> Array:
    away = np.ones(len(X), dtype=bool)
    for net in forward(weights, X, activation).net:
        away &= (np.abs(net) > AWAY * np.abs(net).max()).all(axis=1)
    return away


def _crosses(case: Case) -> bool:
    sides = [net > 0 for net in forward(case.weights, case.X, case.activation).net]
    for layer, W in enumerate(case.weights):
        moves = MOVE * np.diag(np.maximum(1.0, np.abs(W)).ravel()).reshape(-1, *W.shape)
        moved = list(case.weights)
        moved[layer] = W + np.concatenate([moves, -moves])
        nets = forward(moved, case.X, case.activation).net
        if any(((net > 0) != side).any() for net, side in zip(nets, sides, strict=True)):
            return True
    return False


def worst_share(ours: Sequence[Array], truth: Sequence[Array]) -> float:
    """Return the largest difference, relative to the largest entry of its layer in `truth`."""
    worst = 0.0
    for a, b in zip(ours, truth, strict=True):
        assert a.shape == b.shape
        difference, largest = np.abs(a - b).max(), np.abs(b).max()
        worst = max(worst, difference / largest if largest else np.inf * difference if difference else 0.0)
    return worst
