"""The eight broken functions of lesson 06 and the tools that they use, as their sources stand in the lesson's notebook.

A mended function is held against its patient, and run with these tools and nothing else. That each patient gives what
`clinics.PATIENTS` says of it is proved by a test, and so is that the notebook shows these very lines.
"""

# ruff: noqa: D103, RUF059 - these are the lines that a student sees, and the names of the lessons.

import ast
import inspect
import sys

import numpy as np


def S(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return S(z) * (1 - S(z))


def forward(weights, X):
    W01, W12 = weights
    net01 = X @ W01
    y = S(net01)
    net12 = y @ W12
    return net01, y, net12, S(net12)


def forward_deep(weights, X, f=S):
    net, y = [], [X]
    for W in weights:
        net.append(y[-1] @ W)
        y.append(f(net[-1]))
    return net, y


def broken_1(weights, X, D):
    W01, W12 = weights
    net01, y, net12, o = forward(weights, X)
    delta_o = 2 / len(X) * (o - D)
    delta_h = delta_o @ W12.T * slope(net01)
    return [X.T @ delta_h, y.T @ delta_o]


def broken_2(weights, X, D):
    W01, W12 = weights
    net01, y, net12, o = forward(weights, X)
    dW01, dW12 = np.zeros(W01.shape), np.zeros(W12.shape)
    for n in range(len(X)):
        delta_o = 2 / len(X) * (o[n] - D[n]) * slope(net12[n])
        delta_h = W12 @ delta_o * slope(net01[n])
        dW12 = np.outer(y[n], delta_o)
        dW01 = np.outer(X[n], delta_h)
    return [dW01, dW12]


def broken_3(weights, X, D):
    W01, W12 = weights
    y = np.tanh(X @ W01)
    o = np.tanh(y @ W12)
    delta_o = 2 / len(X) * (o - D) * (1 - o**2)
    along_each_line = delta_o[:, None, :] * W12  # (N, J, K)
    delta_h = along_each_line.mean(axis=2) * (1 - y**2)
    return [X.T @ delta_h, y.T @ delta_o]


def broken_4(weights, X, D):
    W01, W12 = weights
    net01, y, net12, o = forward(weights, X)
    delta_o = 2 / len(X) * (o - D) * slope(net12)
    came_back = np.einsum("nj,jk->nk", delta_o, W12)
    return [X.T @ (came_back * slope(net01)), y.T @ delta_o]


def broken_5(weights, X, D):
    W01, W12 = weights
    net01, y, net12, o = forward(weights, X)
    dW01, dW12 = np.zeros(W01.shape), np.zeros(W12.shape)
    for n in range(len(X)):
        for k in range(D.shape[1]):
            delta_k = 2 * (o[n, k] - D[n, k]) * slope(net12[n, k])
            dW12[:, k] += delta_k * y[n]
            back = delta_k * W12[:, k]
        dW01 += np.outer(X[n], back * slope(net01[n]))
    return [dW01, dW12]


def broken_6(weights, X, D):
    net, y = forward_deep(weights, X)
    delta = 2 * (y[3] - D) / D.size * slope(net[2])
    gradients = [y[2].T @ delta]
    for layer in (1, 0):
        delta = delta @ weights[layer + 1].T * slope(y[layer + 1])
        gradients.insert(0, y[layer].T @ delta)
    return gradients


def broken_7(weights, X, D):
    net01, y, net12, o = forward(weights, X)
    delta = 2 / len(X) * (D - o) * o * (1 - o)
    W = [y.T @ delta]
    delta = delta @ W[0].T * y * (1 - y)
    W.insert(0, X.T @ delta)
    return W


def broken_8(weights, X, D):
    W01, W12 = weights
    net01, y, net12, o = forward(weights, X)
    distance = np.sqrt((o - D) ** 2)
    upstream = 2 / len(X) * distance
    dW12 = y.T @ (upstream * slope(net12))
    dW01 = X.T @ (upstream @ W12.T * slope(net01))
    return [dW01, dW12]


TOOLS = ("S", "slope", "forward", "forward_deep")
_SOURCE = inspect.getsource(sys.modules[__name__])
_LINES = _SOURCE.split("\n")
_FUNCTIONS = {node.name: node for node in ast.parse(_SOURCE).body if isinstance(node, ast.FunctionDef)}


def source_of(name: str) -> str:
    """Return the source of a function of this module."""
    node = _FUNCTIONS[name]
    return "\n".join(_LINES[node.lineno - 1 : node.end_lineno])


def tools() -> str:
    """Return the source of what a mended function may use."""
    return "\n\n".join(["import numpy as np", *map(source_of, TOOLS)])
