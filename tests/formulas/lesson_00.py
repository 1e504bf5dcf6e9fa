"""What the formulas of lesson 00 say, evaluated symbol by symbol."""

from __future__ import annotations

import numpy as np

TOLERANCE = {"rtol": 1e-7, "atol": 1e-7}
H = 1e-5
FORMULAS: dict = {}
# The formula as the notebook prints it in a line -> (the same symbols evaluated here, what the code computes).
INLINE = {
    r"$f(x_1, x_2) = x_1^2 x_2$": lambda n: (3**2 * 2, n["f"](3, 2)),
    r"$\frac{\partial f}{\partial x_1} = 2 x_1 x_2$": lambda n: (2 * 3 * 2, n["measured_x1"]),
    r"$\frac{\partial f}{\partial x_2} = x_1^2$": lambda n: (3**2, n["measured_x2"]),
    r"$\frac{dz}{dx} = \frac{dz}{dy} \cdot \frac{dy}{dx}$": lambda n: (
        2 * (3 * 2) * 3,
        (n["z"](2 + H) - n["z"](2 - H)) / (2 * H),
    ),
    r"$\sum_i x_{ni} w_{ij}$": lambda n: (
        [[sum(1.0 * 1.0 for _ in range(3)) for _ in range(4)] for _ in range(5)],
        np.ones((5, 3)) @ np.ones((3, 4)),
    ),
    r"$l_{nk} = o_{nk} - d_{nk}$": lambda n: (
        sum(
            sum(error**2 for error in row) / 5
            for row in n["course_lib"].forward(n["weights"], n["X"]).y[-1] - n["D"]
        ),
        n["loss"](n["weights"], n["X"], n["D"]),
    ),
}
