"""The functions that lesson 01 gives: those it asks about, and those an answer is handed as an argument.

A function that is handed over is made of plain numbers only, so that a case can be sent to wherever the answer runs.
"""

from dataclasses import dataclass

import numpy as np

from course_lib.inputs import Array


@dataclass(frozen=True)
class Slope:
    """The gradient x -> A x + b + c sin(x), with A = `matrix`, b = `shift`, c = `wave`."""

    matrix: tuple[tuple[float, ...], ...]
    shift: tuple[float, ...]
    wave: tuple[float, ...]

    def __call__(self, x: Array) -> Array:
        """Return the gradient at the point `x`, shape (n,)."""
        x = np.asarray(x, dtype=float)
        return np.array(self.matrix) @ x + np.array(self.shift) + np.array(self.wave) * np.sin(x)


def slope(rng: np.random.Generator, n: int) -> Slope:
    """Draw a gradient of n variables, steep in one direction and gentle in another, with its lowest point off 0."""
    A = rotated(rng, rng.uniform(0.5, 3.0, size=n))
    shift, wave = rng.uniform(0.5, 1.5, size=(2, n)) * rng.choice([-1.0, 1.0], size=(2, n))
    return Slope(tuple(map(tuple, A.tolist())), tuple(shift.tolist()), tuple(wave.tolist()))


def rotated(rng: np.random.Generator, eigenvalues: Array) -> Array:
    """Return a symmetric matrix with these eigenvalues and eigenvectors of any direction."""
    Q, _ = np.linalg.qr(rng.normal(size=(len(eigenvalues),) * 2))
    H = (Q * eigenvalues) @ Q.T
    return (H + H.T) / 2


def surface(x: Array) -> float:
    """f(x) = x1^2 x2 + sin(x2 x3): a square, a product, a sine."""
    x1, x2, x3 = x
    return x1**2 * x2 + np.sin(x2 * x3)


def surface_gradient(x: Array) -> Array:
    """Return the three partial derivatives of `surface`."""
    x1, x2, x3 = x
    c = np.cos(x2 * x3)
    return np.array([2 * x1 * x2, x1**2 + x3 * c, x2 * c])


def surface_hessian(x: Array) -> Array:
    """Return the second derivatives of `surface`, (3, 3)."""
    x1, x2, x3 = x
    s, c = np.sin(x2 * x3), np.cos(x2 * x3)
    mixed = c - x2 * x3 * s
    return np.array([[2 * x2, 2 * x1, 0.0], [2 * x1, -(x3**2) * s, mixed], [0.0, mixed, -(x2**2) * s]])


def basins(x: Array) -> float:
    """f(x) = (x1^2 - 1)^2 + x1 / 4 + (x2 - x1)^2: two valleys, one deeper than the other."""
    x1, x2 = x
    return (x1**2 - 1) ** 2 + x1 / 4 + (x2 - x1) ** 2


def basins_gradient(x: Array) -> Array:
    """Return the two partial derivatives of `basins`."""
    x1, x2 = x
    return np.array([4 * x1 * (x1**2 - 1) + 0.25 - 2 * (x2 - x1), 2 * (x2 - x1)])


def basins_hessian(x: Array) -> Array:
    """Return the second derivatives of `basins`, (2, 2)."""
    return np.array([[12 * x[0] ** 2 - 2, -2.0], [-2.0, 2.0]])
