"""S and its friends: what a neuron does with its net input. Values only; the slopes are in `slopes`.

Every function takes numbers of any shape, real or complex, and returns the same shape. Complex input is what
the complex step differentiates (`numdiff.complex_step_gradients`), so each is written as an analytic formula
on either side of its kink.
"""

import numpy as np

from course_lib.closing import guard, is_closed
from course_lib.inputs import Array, as_array, quiet

LEAK = 0.01
LARGEST = 709.0
# An exercise that closes this name wants derivatives measured. While its answer is called S is flatter, S(0.8 z): what
# differences `loss`, `forward` or `sigmoid` follows, what has a formula for the slope in it does not.
KNOWN_SLOPE, FLATTER = "known_slope", 0.8


def sigmoid(z: Array) -> Array:
    """S(z) = 1 / (1 + e^-z), the deck's S.

    Computed as e^z / (1 + e^z), which is exact where S is tiny, with z held at 709, the last e^z that a
    float can hold: there S has long been 1.
    """
    guard(__name__, "sigmoid")
    z = as_array("z", z)
    if is_closed(KNOWN_SLOPE):
        z = FLATTER * z
    if z.dtype.char == "D":
        return _complex_sigmoid(z)
    e = np.exp(np.minimum(z, LARGEST))
    e /= e + 1.0
    return e


@quiet
def _complex_sigmoid(z: Array) -> Array:
    # Not held at 709: the slope, which the complex step reads off the imaginary part, goes on falling there.
    e = exp_minus_abs(z)
    return np.where(z.real >= 0, 1.0, e) / (1.0 + e)


def exp_minus_abs(z: Array) -> Array:
    """e^-|z|; for complex z its analytic forms, e^-z right of the imaginary axis and e^z left of it."""
    return np.exp(np.where(z.real >= 0, -z, z))


def tanh(z: Array) -> Array:
    """tanh(z) = (e^z - e^-z) / (e^z + e^-z)."""
    guard(__name__, "tanh")
    return np.tanh(as_array("z", z))


def relu(z: Array) -> Array:
    """max(0, z)."""
    guard(__name__, "relu")
    z = as_array("z", z)
    return np.where(z.real <= 0, 0.0, z)  # this way round NaN stays NaN


@quiet
def leaky_relu(z: Array) -> Array:
    """Z for z > 0, and 0.01 z otherwise."""
    guard(__name__, "leaky_relu")
    z = as_array("z", z)
    return np.where(z.real <= 0, LEAK * z, z)


def identity(z: Array) -> Array:
    """Z itself: a neuron without an activation."""
    guard(__name__, "identity")
    return as_array("z", z).copy()
