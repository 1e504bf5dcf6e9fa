"""What the formulas of lesson 05 say, evaluated symbol by symbol."""

from __future__ import annotations

import numpy as np

import course_lib
from course_lib import (
    EXERCISES,
    forward,
    gradients,
    loss,
    random_network,
    sigmoid,
    slopes,
    tanh,
)

TOLERANCE = {"rtol": 1e-7, "atol": 1e-9}


def all_entries(arrays):
    return np.concatenate([g.ravel() for g in arrays])


WEIGHTS, X, D = random_network(np.random.default_rng(11), (2, 4, 3, 2), 5)
NET, Y = forward(WEIGHTS, X)
DEEP_A, DEEP_B = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.1, 2.0])
Z = np.array([-3.0, -0.4, 0.7, 2.5])


def by_net(layer):
    """dE/dnet of a layer, measured by moving the net input itself."""

    def error(net):
        y = sigmoid(net)
        for W in WEIGHTS[layer + 1 :]:
            y = sigmoid(y @ W)
        return ((y - D) ** 2).sum() / len(D)

    return course_lib.numerical_gradient(error, NET[layer])


def carried(layer):
    N, J, K = len(X), *WEIGHTS[layer + 1].shape
    behind = by_net(layer + 1)
    slope = sigmoid(NET[layer]) * (1 - sigmoid(NET[layer]))
    total = [
        [sum(WEIGHTS[layer + 1][j, k] * behind[n, k] for k in range(K)) for j in range(J)] for n in range(N)
    ]
    return slope * np.array(total)


def one_sample_ratio():
    weights, x, d = random_network(np.random.default_rng(3), (3, 4, 4, 2), 1)
    slope = [slopes.sigmoid(net) for net in forward(weights, x).net]
    deltas = [2 * (forward(weights, x).y[-1] - d) * slope[-1]]
    for layer in (1, 0):
        deltas.insert(0, deltas[0] @ weights[layer + 1].T * slope[layer])
    bound = np.prod([np.linalg.norm(W, 2) / 4 for W in weights[1:]])
    return weights, np.linalg.norm(deltas[0]) / np.linalg.norm(deltas[-1]), bound


def leaves_below(ratio, bound):
    assert 0 < ratio <= bound
    return bound


def total(weights):
    return sum(W[i, j] ** 2 for W in weights for i in range(W.shape[0]) for j in range(W.shape[1]))


G = [np.array([[3.0, 1.0]]), np.array([[4.0], [2.0]])]
# The formula as the notebook prints it -> (the same symbols evaluated here, what the code computes).
FORMULAS = {
    r"\delta_{nj}^{(l-1,l)} = S'(net_{nj}^{(l-1,l)}) \sum_k w_{jk}^{(l,l+1)}\, \delta_{nk}^{(l,l+1)}": lambda n: (
        np.hstack([carried(0), carried(1)]),
        np.hstack([by_net(0), by_net(1)]),
    ),
    r"S'(z) = S(z)\,(1 - S(z)) = \frac{e^{-|z|}}{(1 + e^{-|z|})^2}": lambda n: (
        [np.exp(-abs(Z)) / (1 + np.exp(-abs(Z))) ** 2] * 2,
        [slopes.sigmoid(Z), sigmoid(Z) * (1 - sigmoid(Z))],
    ),
    r"\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} \qquad \text{relu}(z) = \max(0, z) \qquad \text{leaky}(z) = "
    r"\begin{cases} z & z > 0 \\ 0.01\, z & z \le 0 \end{cases}": lambda n: (
        [
            (np.exp(Z) - np.exp(-Z)) / (np.exp(Z) + np.exp(-Z)),
            [max(0, z) for z in Z],
            [z if z > 0 else 0.01 * z for z in Z],
        ],
        [tanh(Z), course_lib.relu(Z), course_lib.leaky_relu(Z)],
    ),
    r"\| A \| = \sqrt{\sum_i \sum_j a_{ij}^2}": lambda n: (
        [np.sqrt(total([g])) for g in gradients(WEIGHTS, X, D, tanh)],
        n["layer_norms"](WEIGHTS, X, D, tanh),
    ),
    r"\|\delta^{(0,1)}\| \;\le\; \prod_{l=1}^{L-1} \frac{\|W^{(l,l+1)}\|_2}{4}\; \|\delta^{(L-1,L)}\|": lambda n: (
        leaves_below(*one_sample_ratio()[1:]),
        n["shrink_bound"](one_sample_ratio()[0]),
    ),
    r"\|g\| = \sqrt{\sum_l \sum_i \sum_j (g_{ij}^{(l,l+1)})^2} \qquad\qquad g \leftarrow \frac{c}{\|g\|}\, g "
    r"\quad \text{if } \|g\| > c": lambda n: (
        all_entries(G) * 2.0 / np.sqrt(total(G)),
        [all_entries(f(G, 2.0)) for f in (n["clip_by_global_norm"], course_lib.clip_by_global_norm)],
    ),
    r"\cos(a, b) = \frac{a \cdot b}{\|a\|\, \|b\|}": lambda n: (
        cosine(*clipped_errors(n)),
        [n["clip_what"]["cosine"], EXERCISES["clip_what"].reference()["cosine"]],
    ),
    r"E_\lambda = E + \lambda \sum_l \sum_i \sum_j (w_{ij}^{(l,l+1)})^2": lambda n: (
        loss(WEIGHTS, X, D) + 0.1 * total(WEIGHTS),
        loss(WEIGHTS, X, D, weight_decay=0.1),
    ),
}


def cosine(a, b):
    return sum(a * b) / (np.sqrt(sum(a * a)) * np.sqrt(sum(b * b)))


def clipped_errors(names):
    """The true gradient, and the one in which the errors are clipped, by the chain rule written out."""
    weights, X, D = (names[f"clip_{name}"] for name in ("weights", "X", "D"))
    net, y = forward(weights, X)
    delta = 2 / len(X) * np.clip(y[-1] - D, -0.3, 0.3) * slopes.sigmoid(net[-1])
    found = []
    for layer in (2, 1, 0):
        found.insert(0, y[layer].T @ delta)
        delta = delta @ weights[layer].T * slopes.sigmoid(net[layer - 1]) if layer else delta
    return all_entries(gradients(weights, X, D)), all_entries(found)
