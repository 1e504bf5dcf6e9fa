"""The best-known worked example of backpropagation, by Matt Mazur (2015), recomputed.

Two inputs, two hidden nodes, two outputs, biases that stay fixed, one sample, and E = sum of 1/2 (d - o)^2.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from course_lib.activations import sigmoid
from course_lib.exercises.kinds import Case
from course_lib.exercises.lesson_06.reading import read_names
from course_lib.inputs import Array

X, D = np.array([0.05, 0.10]), np.array([0.01, 0.99])
# w1 and w2 enter the first hidden node, w5 and w6 the first output.
W01 = np.array([[0.15, 0.25], [0.20, 0.30]])
W12 = np.array([[0.40, 0.50], [0.45, 0.55]])
B01, B12 = 0.35, 0.60
RATE, STEPS = 0.5, 10_000
PUBLISHED = {
    "o1": "0.75136507",
    "o2": "0.772928465",
    "E": "0.298371109",
    "dE/dw5": "0.082167041",
    "dE/dw1": "0.000438568",
    "new w1": "0.149780716",
    "new w5": "0.35891648",
    "new w8": "0.561370121",
    "E after 1 step": "0.291027924",
    "o1 after 10000 steps": "0.015912196",
    "o2 after 10000 steps": "0.984065734",
}


def forward(W01: Array, W12: Array) -> tuple[Array, Array]:
    """Return the outputs of the hidden and of the output nodes."""
    y = sigmoid(X @ W01 + B01)
    return y, sigmoid(y @ W12 + B12)


def error(W01: Array, W12: Array) -> float:
    """Return the example's E, with its 1/2."""
    return float(0.5 * ((D - forward(W01, W12)[1]) ** 2).sum())


def step(W01: Array, W12: Array, updated_first: bool = False) -> tuple[Array, Array, Array, Array]:
    """Return the weights after one step and both gradients; `updated_first` carries back through the new W12."""
    y, o = forward(W01, W12)
    delta = (o - D) * o * (1 - o)
    dW12 = np.outer(y, delta)
    new = W12 - RATE * dW12
    dW01 = np.outer(X, (new if updated_first else W12) @ delta * y * (1 - y))
    return W01 - RATE * dW01, new, dW01, dW12


@lru_cache(maxsize=2)
def recomputed(updated_first: bool = False) -> dict[str, float]:
    """Return every published number, computed from the published weights."""
    o = forward(W01, W12)[1]
    first, second, dW01, dW12 = step(W01, W12, updated_first)
    values = [*o, error(W01, W12), dW12[0, 0], dW01[0, 0], first[0, 0], second[0, 0], second[1, 1]]
    values.append(error(first, second))
    for _ in range(STEPS - 1):
        first, second, *_ = step(first, second, updated_first)
    values += [*forward(first, second)[1]]
    return dict(zip(PUBLISHED, map(float, values), strict=True))


def agrees(name: str, value: float) -> bool:
    """Tell whether `value` rounds to the published digits, give or take one in the last place."""
    text = PUBLISHED[name]
    return abs(value - float(text)) <= 1.01 * 10.0 ** -len(text.partition(".")[2])


def disagreeing() -> set[str]:
    """Return the published numbers that the right gradient does not give."""
    return {name for name, value in recomputed().items() if not agrees(name, value)}


def verify_famous_bug(case: Case, value: Any) -> str | None:
    """Say what is wrong with an answer to `famous_bug`."""
    if not isinstance(value, dict):
        return 'expected a dict, `{"wrong": ..., "mistake": ...}`'
    printed = tuple(PUBLISHED)
    wrong, problem = read_names(value.get("wrong"), printed, len(printed), "among the published numbers")
    if problem:
        return f"`wrong`: {problem}"
    if len(wrong) != 3:
        return f"`wrong`: three of the numbers disagree with the weights, and you named {len(wrong)}"
    strays = sorted(wrong - disagreeing())
    if strays:
        return f"`wrong`: {strays[0]} is right, {recomputed()[strays[0]]:.9f} from the published weights"
    mistake, problem = read_names(value.get("mistake"), most=1)
    if problem:
        return f"`mistake`: {problem}"
    if mistake != {"updated_weight"}:
        return f"`mistake`: the published numbers do not come out with {mistake.pop()!r}"
    return None
