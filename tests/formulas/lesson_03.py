"""What the formulas of lesson 03 say, evaluated symbol by symbol."""

from __future__ import annotations

import numpy as np

from course_lib import gradients, numerical_gradient, random_network

TOLERANCE = {"rtol": 1e-7, "atol": 1e-9}
WEIGHTS, X, D = random_network(np.random.default_rng(11), (2, 2, 1), 5)
PATH = {"w01": 0.8, "w12": 1.5, "x": 0.6, "d": 1.0}


def S(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return S(z) * (1 - S(z))


def measured(f, at):
    return numerical_gradient(lambda z: f(z[0]), np.array([at]))[0]


def walked():
    """Every stop of the path of the 1-1-1 network, and E at its end."""
    net01 = PATH["w01"] * PATH["x"]
    net12 = PATH["w12"] * S(net01)
    o = S(net12)
    return net01, S(net01), net12, o, (o - PATH["d"]) ** 2


NET01, Y, NET12, O, E = walked()


def nets():
    """net^(0,1), y, net^(1,2) and o of the 2-2-1 network."""
    net01 = X @ WEIGHTS[0]
    net12 = (S(net01) @ WEIGHTS[1])[:, 0]
    return net01, S(net01), net12, S(net12)


def outputs(w11_01=None, w11_12=None):
    """What o and y_1 become when one weight is set."""
    W01, W12 = (W.copy() for W in WEIGHTS)
    W01[0, 0], W12[0, 0] = w11_01 or W01[0, 0], w11_12 or W12[0, 0]
    y = S(X @ W01)
    return S(y @ W12)[:, 0], y[:, 0]


def do_dw11_12():
    at = WEIGHTS[1][0, 0]
    return np.array([measured(lambda w, n=n: outputs(w11_12=w)[0][n], at) for n in range(5)])


def dy_dw11_01():
    at = WEIGHTS[0][0, 0]
    return np.array([measured(lambda w, n=n: outputs(w11_01=w)[1][n], at) for n in range(5)])


def printed():
    """The line of the slide, tile by tile."""
    net01, y, net12, o = nets()
    return sum(
        2 * (o[n] - D[n, 0]) * slope(net12[n]) * y[n, 0] * slope(net01[n, 0]) * X[n, 0] for n in range(5)
    ) / len(X)


def path_of_w11_01():
    """The derivative along the five arrows, each measured by itself, then the mean over n."""
    net01, _, net12, o = nets()
    w = WEIGHTS[1][0, 0]
    arrows = [
        X[:, 0],
        [measured(S, z) for z in net01[:, 0]],
        np.full(5, w),
        [measured(S, z) for z in net12],
        [measured(lambda o, d=d: (o - d) ** 2, at) for at, d in zip(o, D[:, 0], strict=True)],
    ]
    return np.mean(np.prod(arrows, axis=0))


SUM = r"\frac{1}{N} \sum_{n=1}^N"
SLOPE = r"\frac{\partial o_{n1}}{\partial w_{11}^{(1,2)}} = S'(net_{n1}^{(1,2)})\; y_{n1}^{(1)}"
OUTER = r"2\,(o_{n1} - d_{n1})\, \frac{\partial o_{n1}}{\partial w_{11}^{(1,2)}}"
# The formula as the notebook prints it -> (the same symbols evaluated here, what the code computes).
FORMULAS = {
    r"E = \frac{1}{N} \sum_{n=1}^N (o_{n1} - d_{n1})^2": lambda n: (
        sum((nets()[3][m] - D[m, 0]) ** 2 for m in range(5)) / 5,
        n["loss"](WEIGHTS, X, D),
    ),
    r"w^{(0,1)} \;\to\; net^{(0,1)} \;\to\; y \;\to\; net^{(1,2)} \;\to\; o \;\to\; E": lambda n: (
        [2 * (O - PATH["d"]) * slope(NET12) * PATH["w12"] * slope(NET01) * PATH["x"], E],
        [n["one_chain"](**PATH), n["error"](PATH["w01"], PATH["w12"])],
    ),
    r"\frac{\partial E}{\partial w^{(1,2)}} = 2\,(o - d)\; S'(net^{(1,2)})\; y": lambda n: (
        2 * (O - PATH["d"]) * slope(NET12) * Y,
        [n["by_hand"], measured(lambda w: n["error"](PATH["w01"], w), PATH["w12"])],
    ),
    r"\frac{\partial E}{\partial w_{11}^{(1,2)}} = "
    + SUM
    + " "
    + OUTER
    + r" \qquad\text{with}\qquad "
    + SLOPE: (
        lambda n: (
            [
                np.mean(2 * (nets()[3] - D[:, 0]) * do_dw11_12()),
                np.mean(2 * (nets()[3] - D[:, 0]) * slope(nets()[2]) * nets()[1][:, 0]),
            ],
            [n["dE_dw11_12"](*WEIGHTS, X, D), gradients(WEIGHTS, X, D)[1][0, 0]],
        )
    ),
    r"w_{11}^{(0,1)} \to net_{n1}^{(0,1)} \to y_{n1}^{(1)} \to net_{n1}^{(1,2)} \to o_{n1} \to E": lambda n: (
        path_of_w11_01(),
        [n["dE_dw11_01"](*WEIGHTS, X, D), gradients(WEIGHTS, X, D)[0][0, 0]],
    ),
    r"\frac{\partial E}{\partial w_{11}^{(0,1)}} = "
    + SUM
    + " "
    + OUTER
    + r"\, \frac{\partial y_{n1}^{(1,2)}}{\partial w_{11}^{(0,1)}}": lambda n: (
        # As the slide prints it, misprint and all: not the derivative, but what its own factors multiply to.
        np.mean(2 * (nets()[3] - D[:, 0]) * do_dw11_12() * dy_dw11_01()),
        printed(),
    ),
    SUM
    + r" \; 2 \;\cdot\; (o_{n1} - d_{n1}) \;\cdot\; S'(net_{n1}^{(1,2)}) \;\cdot\; y_{n1}^{(1)} \;\cdot\; "
    r"S'(net_{n1}^{(0,1)}) \;\cdot\; x_{n1}": lambda n: (
        sum(
            2
            * (n["y"][2][m, 0] - n["D"][m, 0])
            * slope(n["net"][1][m, 0])
            * n["y"][1][m, 0]
            * slope(n["net"][0][m, 0])
            * n["X"][m, 0]
            for m in range(3)
        )
        / 3,
        n["printed_line"],
    ),
}
# The rows of the table of the chain.
INLINE = {
    r"| $o \to E$ | $E = (o - d)^2$ | $2\,(o - d)$ |": lambda n: (
        2 * (O - PATH["d"]),
        measured(lambda o: (o - PATH["d"]) ** 2, O),
    ),
    r"| $net^{(1,2)} \to o$ | $o = S(net^{(1,2)})$ | $S'(net^{(1,2)})$ |": lambda n: (
        slope(NET12),
        measured(n["sigmoid"], NET12),
    ),
    r"| $y \to net^{(1,2)}$ | $net^{(1,2)} = w^{(1,2)} y$ | $w^{(1,2)}$ |": lambda n: (
        PATH["w12"],
        measured(lambda y: PATH["w12"] * y, Y),
    ),
    r"| $w^{(1,2)} \to net^{(1,2)}$ | the same line, seen from the weight | $y$ |": lambda n: (
        Y,
        measured(lambda w: w * Y, PATH["w12"]),
    ),
    r"| $net^{(0,1)} \to y$ | $y = S(net^{(0,1)})$ | $S'(net^{(0,1)})$ |": lambda n: (
        slope(NET01),
        measured(n["sigmoid"], NET01),
    ),
    r"| $w^{(0,1)} \to net^{(0,1)}$ | $net^{(0,1)} = w^{(0,1)} x$ | $x$ |": lambda n: (
        PATH["x"],
        measured(lambda w: w * PATH["x"], PATH["w01"]),
    ),
}
