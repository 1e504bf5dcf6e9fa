"""`numerical_gradients`, which sends all perturbed networks through at once, against one weight at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_lib import loss, numerical_gradients, random_network
from course_lib.numdiff import FIRST_STEP, STEP
from tests.bench.measure import medians, microseconds, table

CASES = (((3, 4, 2), 50), ((3, 32, 2), 200))
Arrays = list[np.ndarray]


def two_point(f: Callable[[Arrays], float], weights: Arrays) -> Arrays:
    """(f(w + h) - f(w - h)) / 2h, the plain formula of every tutorial."""
    return _one_at_a_time(f, weights, FIRST_STEP, lambda at, h: (at(h) - at(-h)) / (2.0 * h))


def four_point(f: Callable[[Arrays], float], weights: Arrays) -> Arrays:
    """The formula of `numerical_gradients`, (4 D(h) - D(2h)) / 3."""
    return _one_at_a_time(
        f, weights, STEP, lambda at, h: (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h)
    )


def _one_at_a_time(f: Callable, weights: Arrays, relative_step: float, formula: Callable) -> Arrays:
    weights = [W.copy() for W in weights]
    gradients = [np.empty(W.shape) for W in weights]
    for W, gradient in zip(weights, gradients, strict=True):
        for index in np.ndindex(W.shape):
            old = W[index]

            def at(shift: float, W: np.ndarray = W, index: tuple = index, old: float = old) -> float:
                W[index] = old + shift
                return f(weights)

            gradient[index] = formula(at, relative_step * max(1.0, abs(old)))
            W[index] = old
    return gradients


def report(quick: bool = False) -> str:
    """Assert that all three agree, time them, and lay out the ratios."""
    rows = []
    for sizes, samples in CASES[:1] if quick else CASES:
        weights, X, D = random_network(np.random.default_rng(1), sizes, samples)

        def f(weights: Arrays, X: np.ndarray = X, D: np.ndarray = D) -> float:
            return loss(weights, X, D)

        ways = {"batched": numerical_gradients, "two-point": two_point, "four-point": four_point}
        for way in ways.values():
            for ours, theirs in zip(numerical_gradients(f, weights), way(f, weights), strict=True):
                np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-8)
        calls = {name: lambda way=way, f=f, w=weights: way(f, w) for name, way in ways.items()}
        times = medians(calls, quick)
        rows.append(
            (
                "-".join(map(str, sizes)),
                str(samples),
                *(microseconds(seconds) for seconds in times.values()),
                f"{times['two-point'] / times['batched']:.2f}",
                f"{times['four-point'] / times['batched']:.2f}",
            )
        )
    header = ("network", "N", "batched us", "two-point us", "four-point us", "two/batched", "four/batched")
    return table("numerical_gradients (batched, four-point) against one weight at a time", rows, header)
