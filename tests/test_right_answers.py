"""However a right gradient is written it is accepted and not diagnosed; 0.1 % in one entry is never accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from course_lib import Outcome, forward, judge, sigmoid
from course_lib.exercises.gradient_cases import draw_network
from tests.wholes import whole


def by_loops(weights, X, D):
    """Sum after sum, as the slides write them."""
    W01, W12 = weights
    N, K = D.shape
    dW01, dW12 = np.zeros(W01.shape), np.zeros(W12.shape)
    for n in range(N):
        y = [float(sigmoid(sum(W01[i, j] * X[n, i] for i in range(len(W01))))) for j in range(W01.shape[1])]
        o = [float(sigmoid(sum(W12[j, k] * y[j] for j in range(len(y))))) for k in range(K)]
        for k in range(K):
            delta = 2 * (o[k] - D[n, k]) * o[k] * (1 - o[k]) / N
            for j in range(len(y)):
                dW12[j, k] += delta * y[j]
                for i in range(len(W01)):
                    dW01[i, j] += delta * W12[j, k] * y[j] * (1 - y[j]) * X[n, i]
    return [dW01, dW12]


def by_einsum(weights, X, D):
    y, o = forward(weights, X).y[1:]
    delta = 2 * (o - D) * o * (1 - o)
    hidden = np.einsum("nk,jk,nj->nj", delta, weights[1], y * (1 - y))
    return [np.einsum("ni,nj->ij", X, hidden) / len(X), np.einsum("nj,nk->jk", y, delta) / len(X)]


def by_matrices(weights, X, D):
    y, o = forward(weights, X).y[1:]
    delta = 2 / len(X) * (o - D) * o * (1 - o)
    return [X.T @ (delta @ weights[1].T * y * (1 - y)), y.T @ delta]


def by_sample(weights, X, D):
    total = [np.zeros_like(W) for W in weights]
    for x, d in zip(X, D, strict=True):
        y, o = (layer[0] for layer in forward(weights, x[None]).y[1:])
        delta = 2 * (o - d) * o * (1 - o)
        total[0] += np.outer(x, weights[1] @ delta * y * (1 - y))
        total[1] += np.outer(y, delta)
    return [gradient / len(X) for gradient in total]


def by_columns(weights, X, D):
    """With samples in columns and every matrix transposed, as many textbooks have it."""
    A, B, x, d = weights[0].T, weights[1].T, X.T, D.T
    y = sigmoid(A @ x)
    o = sigmoid(B @ y)
    delta = (o - d) * (o - o**2)
    hidden = (B.T @ delta) * (y - y**2)
    return [2 * (hidden @ x.T).T / x.shape[1], 2 * (delta @ y.T).T / x.shape[1]]


WAYS = (by_loops, by_einsum, by_matrices, by_sample, by_columns)


def _tried(count: int) -> tuple[Counter, Counter]:
    """Judge `count` right answers, and as many with one entry wrong by 0.1 %, over random networks."""
    rng = np.random.default_rng(2026)
    right, wrong = Counter(), Counter()
    for n in range(count // len(WAYS)):
        sizes = tuple(int(v) for v in rng.integers(1, 6, size=3))
        exercise = whole(*sizes, samples=int(rng.choice([2, 3, 5, 7, 11])))
        case = draw_network(rng, sizes, int(rng.choice([2, 3, 5, 7, 11])))
        for way in WAYS:
            answer = way(*case)
            verdict = judge(exercise, [case], [Outcome(answer)])
            right[verdict.right, verdict.diagnosis] += 1
            spoiled = answer[n % 2] = np.array(answer[n % 2])
            spoiled[np.unravel_index(rng.integers(spoiled.size), spoiled.shape)] *= 1 + 1e-3 * rng.choice(
                [-1, 1]
            )
            wrong[judge(exercise, [case], [Outcome(answer)]).right] += 1
    return right, wrong


def _holds(count: int, figure: Callable[[str], None]) -> None:
    right, wrong = _tried(count)
    rejected = sum(n for (good, _), n in right.items() if not good)
    named = sum(n for (_, ids), n in right.items() if ids)
    figure(f"{count} right answers in {len(WAYS)} ways: {rejected} rejected, {named} diagnosed")
    figure(f"{sum(wrong.values())} answers wrong by 0.1 % in one entry: {wrong[True]} accepted")
    assert right == {(True, ()): count}
    assert wrong == {False: count}


def test_no_right_answer_is_rejected_and_no_small_error_accepted(figure: Callable[[str], None]) -> None:
    _holds(100, figure)


@pytest.mark.soak
def test_twenty_thousand_answers(figure: Callable[[str], None]) -> None:
    _holds(20_000, figure)
