"""S and its friends: what a neuron does with its net input. Values only; the slopes are in `slopes`.

Every function takes numbers of any shape, real or complex, and returns the same shape. Complex input is what
the complex step differentiates (`numdiff.complex_step_gradients`), so each is written as an analytic formula
on either side of its kink.
"""

from __future__ import annotations

import numpy as np

from course_lib.closing import guard
from course_lib.inputs import Array, as_array

LEAK = 0.01


def sigmoid(z: Array) -> Array:
    """S(z) = 1 / (1 + e^-z), the deck's S.

    Only e^-|z| is ever computed, so nothing overflows; for z < 0 the equal form e^z / (1 + e^z) is used.
    """
    guard(__name__, "sigmoid")
    z = as_array("z", z)
    e = exp_minus_abs(z)
    # 1 on the right and e on the left; e is at most 1, so a maximum picks them faster than np.where.
    top = np.maximum(e, np.sign(z)) if z.dtype.char == "d" else np.where(z.real >= 0, 1.0, e)
    e += 1.0
    top /= e
    return top


def exp_minus_abs(z: Array) -> Array:
    """e^-|z|; for complex z its analytic forms, e^-z right of the imaginary axis and e^z left of it."""
    if z.dtype.char == "D":
        return np.exp(np.where(z.real >= 0, -z, z))
    e = np.abs(z)
    if not z.ndim:
        return np.exp(-e)
    np.negative(e, out=e)
    return np.exp(e, out=e)


def tanh(z: Array) -> Array:
    """tanh(z) = (e^z - e^-z) / (e^z + e^-z)."""
    guard(__name__, "tanh")
    return np.tanh(as_array("z", z))


def relu(z: Array) -> Array:
    """max(0, z)."""
    guard(__name__, "relu")
    z = as_array("z", z)
    return np.where(z.real <= 0, 0.0, z)  # this way round NaN stays NaN


def leaky_relu(z: Array) -> Array:
    """Z for z > 0, and 0.01 z otherwise."""
    guard(__name__, "leaky_relu")
    z = as_array("z", z)
    return np.where(z.real <= 0, LEAK * z, z)


def identity(z: Array) -> Array:
    """Z itself: a neuron without an activation."""
    guard(__name__, "identity")
    return as_array("z", z).copy()
