"""What the formulas of lesson 01 say, evaluated symbol by symbol."""

from __future__ import annotations

import numpy as np

from course_lib import gradient_descent
from course_lib.exercises.lesson_01 import functions

TOLERANCE = {"rtol": 1e-6, "atol": 1e-6}


def partials(f, x, h=1e-6):
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


X2, X3 = np.array([0.7, -1.2]), np.array([0.6, -1.1, 0.9])
COLUMN = (
    r"\nabla f = \begin{pmatrix} \frac{\partial f}{\partial x_1} \\ \frac{\partial f}{\partial x_2} \\ "
    r"\vdots \\ \frac{\partial f}{\partial x_n} \end{pmatrix}"
)
MATRIX = (
    r"\nabla^2 f = \begin{pmatrix} \frac{\partial^2 f}{\partial x_1^2} & \frac{\partial^2 f}{\partial x_1 "
    r"\partial x_2} & \cdots & \frac{\partial^2 f}{\partial x_1 \partial x_n} \\ \frac{\partial^2 f}{\partial x_2 "
    r"\partial x_1} & \frac{\partial^2 f}{\partial x_2^2} & \cdots & \frac{\partial^2 f}{\partial x_2 \partial "
    r"x_n} \\ \vdots & \vdots & \ddots & \vdots \\ \frac{\partial^2 f}{\partial x_n \partial x_1} & "
    r"\frac{\partial^2 f}{\partial x_n \partial x_2} & \cdots & \frac{\partial^2 f}{\partial x_n^2} \end{pmatrix}"
)
# The formula as the notebook prints it -> (the same symbols evaluated here, what the code computes).
FORMULAS = {
    COLUMN: lambda n: (partials(n["f"], X3), n["gradient_by_hand"](X3)),
    MATRIX: lambda n: (
        np.array([partials(lambda z, i=i: partials(n["f"], z, 1e-4)[i], X3, 1e-4) for i in range(3)]),
        n["hessian_by_hand"](X3),
    ),
    r"\nabla g = \begin{pmatrix} x_2^2 - \sin x_1 \\ 2 x_1 x_2 \end{pmatrix}": lambda n: (
        [X2[1] ** 2 - np.sin(X2[0]), 2 * X2[0] * X2[1]],
        n["g_gradient"](X2),
    ),
    r"f(x_1, x_2, x_3) = x_1^2\, x_2 + \sin(x_2\, x_3)": lambda n: (
        X3[0] ** 2 * X3[1] + np.sin(X3[1] * X3[2]),
        [n["f"](X3), functions.surface(X3)],
    ),
    r"\nabla^2 g = \begin{pmatrix} -\cos x_1 & 2 x_2 \\ 2 x_2 & 2 x_1 \end{pmatrix}": lambda n: (
        [[-np.cos(X2[0]), 2 * X2[1]], [2 * X2[1], 2 * X2[0]]],
        n["g_hessian"](X2),
    ),
    r"D_u f = \nabla f \cdot u = \sum_{i=1}^n \frac{\partial f}{\partial x_i}\, u_i": lambda n: (
        sum(n["valley_gradient"](n["P"])[i] * n["u"][i] for i in range(2)),
        n["downhill"]["slope"],
    ),
    r"\nabla f \cdot u = \| \nabla f \| \cos\theta": lambda n: (
        [
            np.linalg.norm(n["valley_gradient"](n["P"]))
            * np.cos(angle - np.arctan2(*n["valley_gradient"](n["P"])[::-1]))
            for angle in np.radians(list(n["angles"].values()))
        ],
        [
            n["valley_gradient"](n["P"]) @ [np.cos(angle), np.sin(angle)]
            for angle in np.radians(list(n["angles"].values()))
        ],
    ),
    r"x^{(t+1)} = x^{(t)} - \eta\, \nabla f(x^{(t)})": lambda n: (
        n["descend"](n["b_gradient"], X2, 0.05, 3)[2]
        - 0.05 * n["b_gradient"](n["descend"](n["b_gradient"], X2, 0.05, 3)[2]),
        [gradient_descent(n["b_gradient"], X2, 0.05, 3)[3], n["descend"](n["b_gradient"], X2, 0.05, 3)[3]],
    ),
    r"b(x_1, x_2) = (x_1^2 - 1)^2 + \tfrac{1}{4} x_1 + (x_2 - x_1)^2": lambda n: (
        (X2[0] ** 2 - 1) ** 2 + X2[0] / 4 + (X2[1] - X2[0]) ** 2,
        [n["b"](X2), functions.basins(X2)],
    ),
}
INLINE = {
    r"$v(x_1, x_2) = \frac{1}{2} x_1^2 + 3 x_2^2$": lambda n: (
        X2[0] ** 2 / 2 + 3 * X2[1] ** 2,
        n["valley"](X2),
    ),
    r"$g(x_1, x_2) = x_1 x_2^2 + \cos x_1$": lambda n: (X2[0] * X2[1] ** 2 + np.cos(X2[0]), n["g"](X2)),
    r"$s(x_1, x_2) = (x_1^2 - 1)^2 + x_2^2$": lambda n: ((X2[0] ** 2 - 1) ** 2 + X2[1] ** 2, n["saddle"](X2)),
    r"$x_2 - \eta \cdot 6 x_2 = (1 - 6\eta)\, x_2$": lambda n: (
        (1 - 6 * 0.25) * n["P"][1],
        gradient_descent(n["valley_gradient"], n["P"], 0.25, 1)[1, 1],
    ),
}
