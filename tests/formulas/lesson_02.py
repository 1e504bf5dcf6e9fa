"""What the formulas of lesson 02 say, evaluated symbol by symbol."""

from __future__ import annotations

import math

import numpy as np

import course_lib
from course_lib import random_network

TOLERANCE = {"rtol": 1e-12, "atol": 1e-14}


WEIGHTS, X, D = random_network(np.random.default_rng(11), (3, 4, 2), 5)
W01, W12 = WEIGHTS
N, J, K, Z = range(5), range(4), range(2), np.linspace(-6, 6, 25)
NET01 = [[sum(W01[i, j] * X[n, i] for i in range(3)) for j in J] for n in N]
Y = [[1 / (1 + math.exp(-NET01[n][j])) for j in J] for n in N]
NET12 = [[sum(W12[j, k] * Y[n][j] for j in J) for k in K] for n in N]
O = [[1 / (1 + math.exp(-NET12[n][k])) for k in K] for n in N]
E_n = [sum((O[n][k] - D[n, k]) ** 2 for k in K) for n in N]
SINGLE = [(O[n][0] - D[n, 0]) ** 2 for n in N]


def library(n):
    net, y = course_lib.forward(WEIGHTS, X)
    return {"net01": net[0], "y": y[1], "net12": net[1], "o": y[2]}


def both(n, piece):
    """What the solution of the lesson computes, and what the library does."""
    names = ("net01", "y", "net12", "o")
    return [n["forward_pass"](W01, W12, X)[names.index(piece)], library(n)[piece]]


# The formula as the notebook prints it -> (the same symbols evaluated here, what the code computes).
FORMULAS = {
    r"net_{nj}^{(0,1)} = \sum_{i=1}^I w_{ij}^{(0,1)} x_{ni}": lambda n: (
        [NET01] * 3,
        [*both(n, "net01"), [[n["net_hidden"](W01, X[m], j + 1) for j in J] for m in N]],
    ),
    r"\left(X\, W^{(0,1)}\right) W^{(1,2)} = X \left(W^{(0,1)}\, W^{(1,2)}\right)": lambda n: (
        [[sum(NET01[m][j] * W12[j, k] for j in J) for k in K] for m in N],
        X @ (W01 @ W12),
    ),
    r"S(z) = \frac{1}{1 + e^{-z}}": lambda n: (
        1 / (1 + np.exp(-Z)),
        [n["sigmoid"](Z), course_lib.sigmoid(Z), np.interp(Z, n["z"], n["S"])],
    ),
    r"S'(z) = S(z)\,(1 - S(z))": lambda n: (
        1 / (1 + np.exp(-Z)) * (1 - 1 / (1 + np.exp(-Z))),
        [n["sigmoid_slope"](Z), course_lib.slopes.sigmoid(Z)],
    ),
    r"S(z) = \frac{e^{z}}{1 + e^{z}}": lambda n: (np.exp(Z) / (1 + np.exp(Z)), n["sigmoid"](Z)),
    r"y_{nj}^{(1)} = S\left(\sum_{i=1}^I w_{ij}^{(0,1)} x_{ni}\right)": lambda n: (Y, both(n, "y")),
    r"net_{nk}^{(1,2)} = \sum_{j=1}^J w_{jk}^{(1,2)} y_{nj}^{(1)}": lambda n: (NET12, both(n, "net12")),
    r"o_{nk} = S\left(\sum_{j=1}^J w_{jk}^{(1,2)} y_{nj}^{(1)}\right)": lambda n: (
        [O] * 3,
        [*both(n, "o"), [[n["output_k"](W12, Y[m], k + 1) for k in K] for m in N]],
    ),
    r"net_{nj}^{(0,1)} = \sum_{i=1}^I x_{ni}\, w_{ij}^{(0,1)} = \left(X\, W^{(0,1)}\right)_{nj}": lambda n: (
        n["with_loops"],
        n["at_once"],
    ),
    r"\sum_{i=1}^I w_{ij}^{(0,1)} x_{ni} + b_j \cdot 1 = \sum_{i=1}^{I+1} w_{ij}^{(0,1)} x_{ni} "
    r"\qquad\text{with}\qquad x_{n,I+1} = 1,\;\; w_{I+1,j}^{(0,1)} = b_j": lambda n: (
        n["with_bias"],
        n["X_and_one"] @ n["W01_and_b"],
    ),
    r"l_{nk} = o_{nk} - d_{nk}": lambda n: (np.sum((np.array(O) - D) ** 2, axis=1), E_n),
    r"E_n = (l_{nk})^2 = (o_{nk} - d_{nk})^2": lambda n: (
        SINGLE[2],
        n["mse_single"](np.array(O)[[2], 0], D[[2], 0]),
    ),
    r"\text{MSE} = \frac{1}{N} \sum_{n=1}^N (l_{nk})^2": lambda n: (
        sum(SINGLE) / 5,
        [n["mse_single"](np.array(O)[:, 0], D[:, 0]), course_lib.mse(np.array(O)[:, :1], D[:, :1])],
    ),
    r"E_n = \sum_{k=1}^K (l_{nk})^2 = \sum_{k=1}^K (d_{nk} - o_{nk})^2": lambda n: (
        E_n,
        [course_lib.mse(np.array(O)[[m]], D[[m]]) for m in N],
    ),
    r"\text{MSE} = \frac{1}{N} \sum_{n=1}^N \sum_{k=1}^K (l_{nk})^2": lambda n: (
        sum(E_n) / 5,
        [n["mse"](np.array(O), D), course_lib.mse(O, D), course_lib.loss(WEIGHTS, X, D)],
    ),
}
