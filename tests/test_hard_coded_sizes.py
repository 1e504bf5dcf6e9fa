"""A size written as a number, or a step left out that only one size needs, never passes: a check's inputs differ."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from course_lib import EXERCISES, check, forward, gradients, judge, slopes
from course_lib.checking.calling.by_kind import outcomes_of
from course_lib.exercises.lesson_03.exercises import WEIGHTS
from tests import lessons
from tests.corpus import sampling

pytestmark = pytest.mark.sampled


def S(z):
    return 1 / (1 + np.exp(-z))


def delta(o, D, N):
    return 2 / N * (o - D) * o * (1 - o)


def sweep(weights, X, D, N, J=None, K=None):
    """Return the right gradients, if there are N samples, J hidden nodes and K outputs."""
    _, (x, y, o) = forward(weights, X)
    at_o = delta(o, D, N)
    at_h = sum(np.outer(at_o[:, k], weights[1][:, k]) for k in range(K or o.shape[1])) * y * (1 - y)
    W01, W12 = (np.zeros_like(W) for W in weights)
    for j in range(J or y.shape[1]):
        W01[:, j], W12[j] = x.T @ at_h[:, j], y[:, j] @ at_o
    return [W01, W12]


def deep(weights, X, D, N):
    """Return the right gradients of a network with any number of layers, if there are N samples."""
    _, y = forward(weights, X)
    at, found = delta(y[-1], D, N), []
    for layer in reversed(range(len(weights))):
        found.insert(0, y[layer].T @ at)
        at = at @ weights[layer].T * y[layer] * (1 - y[layer])
    return found


def one(layer, i, j):
    return lambda n: lambda W01, W12, X, D: sweep([W01, W12], X, D, n)[layer][i, j]


def whole(**size):
    """Return an answer of lesson 04 or 06 in which one size is a number."""
    return lambda n: lambda w, X, D: sweep(w, X, D, **{"N": len(X)} | dict.fromkeys(size, n))


def piece(of, layer):
    return lambda n: lambda *case: of(n)(*case)[layer]


def padded(z, n):
    return np.array([slopes.tanh(v) for v in z.ravel()[:n]] + [0.0] * (z.size - n)).reshape(z.shape)


def first(values, n, axis=0):
    """Return the first n, as a loop over range(n) would: fewer than n is an error."""
    if isinstance(values, list):
        return [values[m] for m in range(n)]
    return np.take(values, range(n), axis=axis)


def clip(arrays, limit):
    norm = np.sqrt(sum((g**2).sum() for g in arrays))
    return [g * min(1, limit / norm) if norm else g for g in arrays]


def learns(n):
    def training(weights, X, D, learning_rate, steps):
        losses = [((forward(weights, X).y[-1] - D) ** 2).sum() / n]
        for _ in range(steps):
            found = sweep(weights, X, D, n)
            weights = [W - learning_rate * g for W, g in zip(weights, found, strict=True)]
            losses.append(((forward(weights, X).y[-1] - D) ** 2).sum() / n)
        return weights, losses

    return training


def checks(n):
    def gradient_check(weights, X, D, claimed):
        pairs = zip(claimed, sweep(weights, X, D, n), strict=True)
        return all(np.allclose(a, b, rtol=1e-4) for a, b in pairs)

    return gradient_check


N, J, K = whole(N=0), whole(J=0), whole(K=0)
# exercise -> answers that are right for inputs of size n, and for no others
FIXED = {
    "descend": [lambda n: lambda g, x, rate, steps: walked(g, x, rate, n)],
    "largest_stable_rate": [lambda n: lambda H: 2 / np.linalg.eigvalsh(first(first(H, n), n, 1)).max()],
    "net_hidden": [
        lambda n: lambda W, x, j: sum(W[i, j - 1] * x[i] for i in range(n)),
        lambda n: lambda W, x, j: W.ravel()[j - 1 :: n][: len(x)] @ x,
    ],
    "output_k": [
        lambda n: lambda W, y, k: S(sum(W[j, k - 1] * y[j] for j in range(n))),
        lambda n: lambda W, y, k: S(W.ravel()[k - 1 :: n][: len(y)] @ y),
    ],
    "forward_pass": [
        lambda n: lambda W01, W12, X: four(W01, W12, first(X, n)),
        lambda n: lambda W01, W12, X: four(first(W01, n, 1), first(W12, n), X),
        lambda n: lambda W01, W12, X: four(first(W01, n), W12, first(X, n, 1)),
        lambda n: lambda W01, W12, X: four(W01, first(W12, n, 1), X),
    ],
    "mse_single": [lambda n: lambda o, d: ((o - d) ** 2).sum() / n],
    "mse": [
        lambda n: lambda O, D: ((O - D) ** 2).sum() / n,
        lambda n: lambda O, D: ((O - D) ** 2).mean() * n,
    ],
    **{f"dE_d{name}": [one(*place)] for name, place in WEIGHTS.items()},
    "dE_dw": [
        lambda n: lambda W01, W12, X, D, layer, i, j: sweep([W01, W12], X, D, n)[layer][i - 1, j - 1],
        *(lambda n, at=at: lambda *case: one(*at)(len(case[2]))(*case[:4]) for at in WEIGHTS.values()),
    ],
    "output_delta": [
        lambda n: lambda o, D: delta(o, D, n),
        lambda n: lambda o, D: delta(o, D, D.size / n),
    ],
    "gradient_W12": [piece(N, 1), piece(J, 1)],
    "hidden_delta": [lambda n: lambda d, W, y: first(d, n, 1) @ first(W, n, 1).T * y * (1 - y)],
    "gradient_W01": [piece(N, 0), piece(J, 0), piece(K, 0)],
    "backprop": [N, J, K],
    "backprop_deep": [
        lambda n: lambda w, X, D: deep(w, X, D, n),
        lambda n: lambda w, X, D: first(deep(w, X, D, len(X)), n),
    ],
    "gradient_check": [checks],
    "training": [learns],
    "slopes": [
        lambda n: {
            "tanh": lambda z: padded(z, n),
            "relu": slopes_by_hand("relu"),
            "leaky_relu": slopes_by_hand("leaky_relu"),
        },
    ],
    "layer_norms": [lambda n: lambda *case: [np.linalg.norm(g) for g in first(gradients(*case), n)]],
    "shrink_bound": [
        lambda n: lambda weights: np.prod([np.linalg.norm(W, 2) / 4 for W in first(weights, n)[1:]]),
        lambda n: lambda weights: np.prod([np.linalg.norm(W, 2) for W in weights[1:]]) / 4**n,
    ],
    "clip_by_global_norm": [
        lambda n: lambda arrays, limit: clip(first(arrays, n), limit) + arrays[n:],
        lambda n: lambda arrays, limit: first(clip(arrays, limit), n),
    ],
    "decayed_gradients": [
        lambda n: lambda w, X, D, c: decayed(w, X, D, c, n) + gradients(w, X, D)[n:],
        lambda n: lambda w, X, D, c: decayed(w, X, D, c, n),
    ],
}


def decayed(w, X, D, c, n):
    pairs = zip(first(gradients(w, X, D), n), first(w, n), strict=True)
    return [g + 2 * c * W for g, W in pairs]


def slopes_by_hand(name):
    return {
        "relu": lambda z: np.where(z > 0, 1.0, 0.0),
        "leaky_relu": lambda z: np.where(z > 0, 1.0, 0.01),
    }[name]


def four(W01, W12, X):
    net01 = X @ W01
    net12 = S(net01) @ W12
    return net01, S(net01), net12, S(net12)


def walked(gradient, x0, rate, steps):
    path = [np.asarray(x0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - rate * gradient(path[-1]))
    return np.array(path)


@cache
def drawn(exercise_id, seed):
    return EXERCISES[exercise_id].cases(np.random.default_rng(seed))


def verdicts(exercise_id, answer):
    exercise = EXERCISES[exercise_id]
    yield check(exercise_id, answer)
    for seed in lessons.SEEDS:  # as the grader draws them
        cases = drawn(exercise_id, seed)
        yield judge(exercise, cases, outcomes_of(exercise, answer, cases))


# 7 is the number of samples of a check, 2 and 3 sizes of its layers; a verdict on a wrong answer takes its time.
SIZES = (1, 2, 3, 4, 5, 6, 7, 9, 11, 13) if sampling.WHOLE else (2, 7)


@pytest.mark.parametrize("exercise_id", FIXED)
def test_no_size_written_as_a_number_passes(exercise_id):
    for answers in FIXED[exercise_id]:
        for n in ((7, 342) if sampling.WHOLE else (7,)) if exercise_id == "training" else SIZES:
            assert not any(verdict.points for verdict in verdicts(exercise_id, answers(n))), n


def test_the_sizes_of_a_check_are_all_different():
    for exercise_id in ("backprop", "clinic_1", "dE_dw11_12", "output_delta", "mse", "forward_pass"):
        cases = EXERCISES[exercise_id].cases(np.random.default_rng(1))
        assert len({len(case[-1]) for case in cases}) == len(cases) == 3


def test_the_card_asks_about_a_number_written_down():
    said = " ".join(str(check("output_delta", lambda o, D: delta(o, D, 7))).split())
    assert (
        "1 of the 3 inputs came out right. The inputs differ in their sizes. Is a size, or an index, written"
        in said
    )
    assert "differ in their sizes" not in str(check("output_delta", lambda o, D: delta(o, D, 1)))


@pytest.mark.parametrize("size", [4, 342])  # of the worked cell, of the penguins
def test_the_card_asks_about_a_size_that_no_input_of_the_check_has(size):
    card = " ".join(str(check("output_delta", lambda o, D: delta(o, D, size))).split())
    assert "in step with a size of the input" in card
    assert "in step" not in str(check("output_delta", lambda o, D: delta(o, D, len(o)) + 1))


def test_a_list_that_is_right_at_one_depth_gets_a_card():
    """Cases of several depths: the last layer of the deepest is compared where there is one."""
    two = FIXED["decayed_gradients"][0](2)
    assert "Right: dW01 and dW12. Off: dW23." in check("decayed_gradients", two).card.comparison
    deep = check("clip_by_global_norm", lambda arrays, limit: [clip(arrays, limit)[0], *arrays[1:]])
    assert "1 of the 4 inputs came out right." not in deep.card.comparison
    assert "value is off" in deep.card.headline
