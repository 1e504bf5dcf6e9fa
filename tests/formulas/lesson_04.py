"""What the formulas of lesson 04 say, evaluated symbol by symbol."""

from __future__ import annotations

import numpy as np

import course_lib
from course_lib import (
    forward,
    gradients,
    loss,
    numerical_gradients,
    random_network,
    train,
)

TOLERANCE = {"rtol": 1e-7, "atol": 1e-9}


def S(z):
    return 1 / (1 + np.exp(-z))


def measured(weights, X, D):
    return numerical_gradients(lambda w: loss(w, X, D), weights)


WEIGHTS, X, D = random_network(np.random.default_rng(11), (2, 4, 3), 5)
NET, (_, Y, O) = forward(WEIGHTS, X)
N, I, J, K = range(5), range(2), range(4), range(3)
SLOPE = [[[S(z) * (1 - S(z)) for z in row] for row in net] for net in NET]
DELTA_O = np.array([[2 / 5 * (O[n, k] - D[n, k]) * SLOPE[1][n][k] for k in K] for n in N])
DELTA_H = np.array(
    [[SLOPE[0][n][j] * sum(WEIGHTS[1][j, k] * DELTA_O[n, k] for k in K) for j in J] for n in N]
)
DW12 = np.array([[sum(Y[n, j] * DELTA_O[n, k] for n in N) for k in K] for j in J])
DW01 = np.array([[sum(X[n, i] * DELTA_H[n, j] for n in N) for j in J] for i in I])


def by_net(layer):
    """dE/dnet, measured by moving the net input itself."""

    def error(net):
        y = S(net) if layer == 0 else None
        o = S(y @ WEIGHTS[1]) if layer == 0 else S(net)
        return ((o - D) ** 2).sum() / len(D)

    return course_lib.numerical_gradient(error, NET[layer])


def quotient(h=1e-5):
    up, down = [W.copy() for W in WEIGHTS], [W.copy() for W in WEIGHTS]
    up[0][1, 2] += h
    down[0][1, 2] -= h
    return (loss(up, X, D) - loss(down, X, D)) / (2 * h)


DEEP = random_network(np.random.default_rng(12), (3, 2, 4, 3, 2), 6)


def deep_gradients():
    """The two formulas for every layer, symbol by symbol; only the last delta comes from o - d."""
    weights, X, D = DEEP
    net, y = forward(weights, X)
    last, samples = len(weights), range(len(X))
    slope = [S(z) * (1 - S(z)) for z in net]
    deltas = {last: 2 / len(X) * (y[-1] - D) * slope[-1]}
    for l in range(last - 1, 0, -1):
        W, after = weights[l], deltas[l + 1]
        deltas[l] = np.array(
            [
                [
                    slope[l - 1][n, j] * sum(W[j, k] * after[n, k] for k in range(W.shape[1]))
                    for j in range(len(W))
                ]
                for n in samples
            ]
        )
    return [
        np.array(
            [
                [sum(y[l - 1][n, i] * deltas[l][n, j] for n in samples) for j in range(W.shape[1])]
                for i in range(len(W))
            ]
        )
        for l, W in enumerate(weights, 1)
    ]


MOVED = [WEIGHTS[0] - 0.3 * DW01, WEIGHTS[1] - 0.3 * DW12]
# The formula as the notebook prints it -> (the same symbols evaluated here, what the code computes).
FORMULAS = {
    r"E_n = \sum_{k=1}^K (l_{nk})^2 = \sum_{k=1}^K (o_{nk} - d_{nk})^2 \qquad\qquad E = \text{MSE} = "
    r"\frac{1}{N} \sum_{n=1}^N \sum_{k=1}^K (l_{nk})^2": lambda n: (
        sum((O[m, k] - D[m, k]) ** 2 for m in N for k in K) / 5,
        [loss(WEIGHTS, X, D), course_lib.mse(O, D)],
    ),
    r"\delta_{nk}^{(1,2)} = \frac{\partial E}{\partial net_{nk}^{(1,2)}} \qquad\qquad "
    r"\delta_{nj}^{(0,1)} = \frac{\partial E}{\partial net_{nj}^{(0,1)}}": lambda n: (
        np.hstack([by_net(1), by_net(0)]),
        np.hstack([n["output_delta"](O, D), n["hidden_delta"](DELTA_O, WEIGHTS[1], Y)]),
    ),
    r"\delta_{nk}^{(1,2)} = \frac{2}{N}\, (o_{nk} - d_{nk})\; S'(net_{nk}^{(1,2)})": lambda n: (
        DELTA_O,
        n["output_delta"](O, D),
    ),
    r"\frac{\partial E}{\partial w_{jk}^{(1,2)}} = \sum_{n=1}^N y_{nj}^{(1)}\, \delta_{nk}^{(1,2)}": lambda n: (
        DW12,
        [n["gradient_W12"](WEIGHTS, X, D), gradients(WEIGHTS, X, D)[1], measured(WEIGHTS, X, D)[1]],
    ),
    r"\delta_{nj}^{(0,1)} = S'(net_{nj}^{(0,1)}) \sum_{k=1}^K w_{jk}^{(1,2)}\, \delta_{nk}^{(1,2)}": lambda n: (
        DELTA_H,
        n["hidden_delta"](DELTA_O, WEIGHTS[1], Y),
    ),
    r"\frac{\partial E}{\partial w_{ij}^{(0,1)}} = \sum_{n=1}^N x_{ni}\, \delta_{nj}^{(0,1)}": lambda n: (
        DW01,
        [n["gradient_W01"](WEIGHTS, X, D), gradients(WEIGHTS, X, D)[0], measured(WEIGHTS, X, D)[0]],
    ),
    r"\delta_{nj}^{(l-1,l)} = S'(net_{nj}^{(l-1,l)}) \sum_k w_{jk}^{(l,l+1)}\, \delta_{nk}^{(l,l+1)} \qquad\qquad "
    r"\frac{\partial E}{\partial w_{ij}^{(l-1,l)}} = \sum_{n=1}^N y_{ni}^{(l-1)}\, \delta_{nj}^{(l-1,l)}": lambda n: (
        np.concatenate([g.ravel() for g in deep_gradients()]),
        np.concatenate([g.ravel() for g in n["backprop_deep"](*DEEP)]),
    ),
    r"\frac{\partial E}{\partial w} \approx \frac{E(w + h) - E(w - h)}{2h}": lambda n: (
        quotient(),
        [n["backprop"](WEIGHTS, X, D)[0][1, 2], measured(WEIGHTS, X, D)[0][1, 2]],
    ),
    r"\Delta w_{jk}^{(1,2)} \propto -\frac{\partial E}{\partial w_{jk}^{(1,2)}} \qquad\qquad "
    r"\Delta w_{ij}^{(0,1)} \propto -\frac{\partial E}{\partial w_{ij}^{(0,1)}}": lambda n: (
        -0.3,
        np.r_[
            ((n["update"](WEIGHTS, [DW01, DW12], 0.3)[1] - WEIGHTS[1]) / DW12).ravel(),
            ((n["update"](WEIGHTS, [DW01, DW12], 0.3)[0] - WEIGHTS[0]) / DW01).ravel(),
        ],
    ),
    r"w \leftarrow w - \eta\, \frac{\partial E}{\partial w}": lambda n: (
        [np.r_[MOVED[0].ravel(), MOVED[1].ravel()]] * 2,
        [
            np.concatenate([W.ravel() for W in n["update"](WEIGHTS, [DW01, DW12], 0.3)]),
            np.concatenate([W.ravel() for W in train(WEIGHTS, X, D, 0.3, 1)[0]]),
        ],
    ),
}
