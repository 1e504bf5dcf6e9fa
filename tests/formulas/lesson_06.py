"""What the formulas of lesson 06 say, evaluated symbol by symbol."""

from __future__ import annotations

import numpy as np

from course_lib import forward, gradients, random_network
from course_lib.exercises.lesson_06 import famous_example as famous
from course_lib.mistakes import RECIPES

TOLERANCE = {"rtol": 1e-9, "atol": 1e-12}


def S(z):
    return 1 / (1 + np.exp(-z))


NET = random_network(np.random.default_rng(11), (2, 3, 1), 5)
WEIGHTS, X, D = random_network(np.random.default_rng(1), (2, 4, 3), 5)


def entry(i, j, instead=None):
    """The sum over n as the notebook prints it, at w_ij."""
    (_, W12), X, D = NET
    (net01, net12), (_, y, o) = forward(NET[0], X)
    slope = lambda z: S(z) * (1 - S(z))  # noqa: E731
    return (
        sum(
            2
            * (o[n, 0] - D[n, 0])
            * slope(net12[n, 0])
            * (W12[j, 0] if instead is None else y[n, j])
            * slope(net01[n, j])
            * X[n, i]
            for n in range(5)
        )
        / 5
    )


FIRST = r"\frac{1}{N} \sum_{n=1}^N 2 (o_{n1} - d_{n1})\, S'(net_{n1}^{(1,2)})\, "
REST = r"\, S'(net_{nj}^{(0,1)})\, x_{ni}"
# The formula as the notebook prints it -> (the same symbols evaluated here, what the code computes).
FORMULAS = {
    r"E = \frac{1}{N} \sum_{n=1}^N \sum_{k=1}^K (o_{nk} - d_{nk})^2": lambda n: (
        sum((forward(WEIGHTS, X).y[-1][m, k] - D[m, k]) ** 2 for m in range(5) for k in range(3)) / 5,
        n["loss"](WEIGHTS, X, D),
    ),
    r"E = \sum_{k=1}^2 \tfrac{1}{2} (d_k - o_k)^2": lambda n: (
        sum((n["d"][0, k] - n["famous_forward"](famous.W01, famous.W12)[1][0, k]) ** 2 / 2 for k in range(2)),
        [n["famous_error"](famous.W01, famous.W12), famous.error(famous.W01, famous.W12)],
    ),
    r"\frac{\partial E}{\partial w_{ij}^{(0,1)}} = " + FIRST + r"w_{j1}^{(1,2)}" + REST: lambda n: (
        [[entry(i, j) for j in range(3)] for i in range(2)],
        [n["right_dW01"](*NET), gradients(*NET)[0]],
    ),
    FIRST + r"y_{nj}^{(1)}" + REST: lambda n: (
        [[entry(i, j, "y") for j in range(3)] for i in range(2)],
        [n["printed_dW01"](*NET), RECIPES["activation_for_weight"][0](*NET)[0]],
    ),
}
