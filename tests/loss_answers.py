"""Errors that somebody might write, their gradients in two styles each, and mistakes in these, each with its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np


def tanh(w, X, d):
    net = X @ w
    y = np.tanh(net)
    e = y - d
    return np.mean(e**2)


def huber(w, X, d):
    """Written with a branch: no complex number has a size to compare."""
    e = X @ w - d
    return np.mean(np.where(np.abs(e) < 1, e**2, 2 * np.abs(e) - 1))


def softmax(W, X, k):
    scores = X @ W
    scores = scores - np.real(scores).max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(k)), k])


def logistic(w, X, d):
    z = X @ w
    return np.mean(np.log(1 + np.exp(z)) - d * z) + 0.1 * np.sum(w**2)


def absolute(w, X, d):
    net = X @ w
    o = 1 / (1 + np.exp(-net))
    return np.mean(np.abs(o - d))


def poisson(w, X, d):
    net = X @ w
    rate = np.exp(net)
    return np.sum(rate - d * net) / len(X)


def layer(W, X, D):
    net = X @ W
    o = 1 / (1 + np.exp(-net))
    return np.mean(np.sum((o - D) ** 2, axis=1))


def _vector(rng: np.random.Generator, n: int) -> tuple:
    return rng.normal(size=3), rng.normal(size=(n, 3)), rng.normal(size=n)


def _classes(rng: np.random.Generator, n: int) -> tuple:
    return rng.normal(size=(4, 3)), rng.normal(size=(n, 4)), rng.integers(3, size=n)


def _matrix(rng: np.random.Generator, n: int) -> tuple:
    return rng.normal(size=(4, 3)), rng.normal(size=(n, 4)), rng.normal(size=(n, 3))


class Written(NamedTuple):
    """An error, how its inputs are drawn, right answers, and for each of these mistakes: old text, new text, lines."""

    E: Callable
    draw: Callable
    answers: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]


STEPS = """def slope(w, X, d):
    net = X @ w
    y = np.tanh(net)
    e = y - d
    s = 1 - y**2
    delta = 2 / len(X) * e * s
    return X.T @ delta
"""
SHORT = """def slope(w, X, d):
    y = np.tanh(np.dot(X, w))
    return 2 * np.dot(X.T, (y - d) * (1 - y * y)) / len(d)
"""
HUBER_STEPS = """def slope(w, X, d):
    e = X @ w - d
    inside = np.abs(e) < 1
    g = np.where(inside, 2 * e, 2 * np.sign(e))
    return X.T @ g / len(X)
"""
HUBER_CLIP = """def slope(w, X, d):
    e = X.dot(w) - d
    g = np.clip(e, -1, 1)
    g = 2 * g / len(e)
    return g @ X
"""
SOFTMAX_STEPS = """def slope(W, X, k):
    scores = X @ W
    scores = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(k)), k] -= 1
    return X.T @ p / len(X)
"""
SOFTMAX_SHORT = """def slope(W, X, k):
    a = np.exp(X @ W)
    p = a / a.sum(axis=1)[:, None]
    truth = np.eye(W.shape[1])[k]
    delta = (p - truth) / len(k)
    return np.dot(X.T, delta)
"""
LOGISTIC_STEPS = """def slope(w, X, d):
    z = X @ w
    p = 1 / (1 + np.exp(-z))
    error = (p - d) / len(X)
    decay = 0.2 * w
    return X.T @ error + decay
"""
LOGISTIC_SHORT = """def slope(w, X, d):
    a = np.exp(X @ w)
    g = X.T @ (a / (1 + a) - d) / len(d)
    g += 2 * 0.1 * w
    return g
"""
ABSOLUTE_STEPS = """def slope(w, X, d):
    net = X @ w
    o = 1 / (1 + np.exp(-net))
    sign = np.sign(o - d)
    s = o * (1 - o)
    delta = sign * s / len(X)
    return X.T @ delta
"""
ABSOLUTE_SHORT = """def slope(w, X, d):
    o = 1 / (1 + np.exp(-X @ w))
    g = np.where(o > d, 1.0, -1.0)
    g = g * o * (1 - o)
    return (g[:, None] * X).mean(axis=0)
"""
POISSON_STEPS = """def slope(w, X, d):
    net = X @ w
    rate = np.exp(net)
    delta = (rate - d) / len(X)
    return X.T @ delta
"""
POISSON_LOOP = """def slope(w, X, d):
    g = np.zeros(len(w))
    for n in range(len(X)):
        rate = np.exp(X[n] @ w)
        g += (rate - d[n]) * X[n]
    return g / len(X)
"""
LAYER_STEPS = """def slope(W, X, D):
    net = X @ W
    o = 1 / (1 + np.exp(-net))
    e = o - D
    s = o * (1 - o)
    delta = e * s
    return 2 / len(X) * X.T @ delta
"""
LAYER_HELPERS = """def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def dsigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))

def slope(W, X, D):
    net = X @ W
    o = sigmoid(net)
    delta = 2 * (o - D) * dsigmoid(net) / len(X)
    return X.T @ delta
"""

# The lines that may be pointed at: where the mistake stands, or where it is first used.
WRITTEN = {
    "tanh": Written(
        tanh,
        _vector,
        (
            (
                STEPS,
                (
                    ("y - d", "y + d", "4"),
                    ("1 - y**2", "1 + y**2", "5"),
                    ("1 - y**2", "1 - y", "5"),
                    ("np.tanh(net)", "1 / (1 + np.exp(-net))", "3"),
                    ("e * s", "e + s", "6"),
                    ("X.T @ delta", "X.T @ e", "7"),
                ),
            ),
            (
                SHORT,
                (
                    ("(y - d)", "(y + d)", "3"),
                    ("y * y", "y", "3"),
                    ("(1 - y * y)", "(1 + y * y)", "3"),
                    (" * (1 - y * y)", "", "3"),
                    ("np.tanh(np.dot(X, w))", "np.sin(np.dot(X, w))", "2"),
                    ("(y - d)", "(y - d) ** 2", "3"),
                ),
            ),
        ),
    ),
    "huber": Written(
        huber,
        _vector,
        (
            (
                HUBER_STEPS,
                (
                    ("X @ w - d", "X @ w + d", "2"),
                    ("2 * e, 2", "e, 2", "4"),
                    ("np.sign(e)", "e", "4"),
                    ("2 * np.sign(e)", "2 * np.abs(e) - 1", "4"),
                    ("2 * np.sign(e)", "0.0 * e", "4"),
                    ("2 * e, 2", "e**2, 2", "4"),
                ),
            ),
            (
                HUBER_CLIP,
                (
                    ("X.dot(w) - d", "X.dot(w) + d", "2"),
                    ("np.clip(e, -1, 1)", "np.sign(e)", "3"),
                    ("np.clip(e, -1, 1)", "np.clip(e, 0, 1)", "3"),
                    ("np.clip(e, -1, 1)", "np.clip(e, -2, 2)", "3"),
                    ("np.clip(e, -1, 1)", "np.tanh(e)", "3"),
                    ("2 * g / len(e)", "2 * g * e / len(e)", "4"),
                ),
            ),
        ),
    ),
    "softmax": Written(
        softmax,
        _classes,
        (
            (
                SOFTMAX_STEPS,
                (
                    ("k] -= 1", "k] -= 2", "6"),
                    ("k] -= 1", "k] += 1", "6"),
                    ("p.sum(axis=1, keepdims=True)", "p.sum()", "5"),
                    ("p.sum(axis=1, keepdims=True)", "p.max(axis=1, keepdims=True)", "5"),
                    ("    p[np.arange(len(k)), k] -= 1\n", "", "6"),
                    ("p = np.exp(scores)", "p = np.exp(-scores)", "4 5"),
                ),
            ),
            (
                SOFTMAX_SHORT,
                (
                    ("a.sum(axis=1)", "a.max(axis=1)", "3"),
                    ("p - truth", "p + truth", "5"),
                    ("p - truth", "a - truth", "5"),
                    ("p - truth", "p * truth", "5"),
                    ("np.eye(W.shape[1])[k]", "np.eye(W.shape[1])[(k + 1) % 3]", "4 5"),
                    ("np.dot(X.T, delta)", "np.dot(X.T, p)", "6"),
                ),
            ),
        ),
    ),
    "logistic": Written(
        logistic,
        _vector,
        (
            (
                LOGISTIC_STEPS,
                (
                    ("0.2 * w", "0.1 * w", "5"),
                    ("0.2 * w", "0.2 * w**2", "5 6"),
                    ("(p - d)", "(p + d)", "4"),
                    ("np.exp(-z)", "np.exp(z)", "3"),
                    ("error + decay", "error - decay", "6 5"),
                    ("(p - d)", "(p - d) * p * (1 - p)", "4"),
                ),
            ),
            (
                LOGISTIC_SHORT,
                (
                    ("2 * 0.1 * w", "0.1 * w", "4"),
                    (" / len(d)", "", "3"),
                    ("a / (1 + a)", "a / (1 - a)", "3"),
                    ("a / (1 + a) - d", "a / (1 + a) + d", "3"),
                    ("a / (1 + a) - d", "a - d", "3"),
                    ("g += ", "g -= ", "4"),
                ),
            ),
        ),
    ),
    "absolute": Written(
        absolute,
        _vector,
        (
            (
                ABSOLUTE_STEPS,
                (
                    ("np.sign(o - d)", "o - d", "4 6"),
                    ("np.sign(o - d)", "np.abs(o - d)", "4 6"),
                    ("np.sign(o - d)", "np.sign(o + d)", "4"),
                    ("o * (1 - o)", "o * (1 + o)", "5"),
                    ("np.exp(-net)", "np.exp(net)", "3"),
                    ("X.T @ delta", "X.T @ sign", "7"),
                ),
            ),
            (
                ABSOLUTE_SHORT,
                (
                    ("o > d", "o > 0", "3"),
                    ("1.0, -1.0", "1.0, 0.0", "3"),
                    ("g * o * (1 - o)", "g * o", "4"),
                    ("g * o * (1 - o)", "g * (1 - o)", "4"),
                    ("g * o * (1 - o)", "g * o * (1 - o**2)", "4"),
                    ("g[:, None] * X", "g[:, None] + X", "5"),
                ),
            ),
        ),
    ),
    "poisson": Written(
        poisson,
        _vector,
        (
            (
                POISSON_STEPS,
                (
                    ("rate - d", "rate + d", "4"),
                    ("rate - d", "rate * d", "4"),
                    ("rate - d", "net - d", "4"),
                    ("np.exp(net)", "np.exp(-net)", "3"),
                    ("np.exp(net)", "np.exp(2 * net)", "3"),
                    ("X.T @ delta", "X.T @ rate", "5"),
                ),
            ),
            (
                POISSON_LOOP,
                (
                    ("rate - d[n]", "rate + d[n]", "5"),
                    ("np.exp(X[n] @ w)", "np.exp(-X[n] @ w)", "4"),
                    ("np.exp(X[n] @ w)", "X[n] @ w", "4 5"),
                    ("d[n]) * X[n]", "d[n]) * w", "5"),
                    ("rate - d[n]", "rate * d[n]", "5"),
                    ("rate - d[n]", "rate", "5"),
                ),
            ),
        ),
    ),
    "layer": Written(
        layer,
        _matrix,
        (
            (
                LAYER_STEPS,
                (
                    ("o - D", "o + D", "4"),
                    ("o * (1 - o)", "net * (1 - net)", "5"),
                    ("o * (1 - o)", "o * (1 + o)", "5"),
                    ("e * s", "e**2 * s", "6"),
                    ("X.T @ delta", "X.T @ e", "7"),
                    ("np.exp(-net)", "np.exp(net)", "3"),
                ),
            ),
            (
                LAYER_HELPERS,
                (
                    ("dsigmoid(net)", "dsigmoid(o)", "10"),
                    ("sigmoid(z) * (1 - sigmoid(z))", "sigmoid(z) * (1 + sigmoid(z))", "5"),
                    ("o - D", "o + D", "10"),
                    ("(o - D) * ", "(o - D) ** 2 * ", "10"),
                    (" * dsigmoid(net)", "", "10 11"),
                    ("(o - D) * dsigmoid", "(o - D) + dsigmoid", "10"),
                ),
            ),
        ),
    ),
}


def wrong_answers() -> Iterator[tuple[str, str, set[int]]]:
    """Yield the name of an error, a wrong answer, and the lines in it that may be pointed at."""
    for name, written in WRITTEN.items():
        for source, mistakes in written.answers:
            for old, new, lines in mistakes:
                assert source.count(old) == 1, (name, old)
                yield name, source.replace(old, new), set(map(int, lines.split()))
