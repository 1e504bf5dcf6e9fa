"""The derivatives of `activations`, under the same names, as functions of the net input.

At a kink the slope from the left is taken: 0 for relu, 0.01 for leaky_relu.
"""

import numpy as np

from course_lib import activations
from course_lib.activations import LEAK, exp_minus_abs
from course_lib.closing import guard
from course_lib.inputs import Array, as_array, quiet


@quiet
def sigmoid(z: Array) -> Array:
    """S'(z) = S(z) (1 - S(z)), as e / (1 + e)^2 with e = e^-|z|: exact far out too, where 1 - S(z) is not."""
    guard(__name__, "sigmoid")
    e = exp_minus_abs(as_array("z", z))
    return e / (1.0 + e) ** 2


def sigmoid_in_place(net: Array) -> Array:
    """Turn `net` into S(net) and return S'(net), for `backprop`: one e^net serves both.

    Asking for memory takes longer than this arithmetic, so it asks once. Past net = 709 the slope stays at
    1e-308, the smallest normal float.
    """
    guard(__name__, "sigmoid")
    if net.dtype.char == "D":
        slope = sigmoid(net)
        net[...] = activations.sigmoid(net)
        return slope
    np.exp(np.minimum(net, activations.LARGEST, out=net), out=net)
    slope = net + 1.0
    net /= slope
    return np.divide(net, slope, out=slope)


@quiet
def tanh(z: Array) -> Array:
    """1 - tanh(z)^2, which is 4 S'(2z): exact far out too."""
    guard(__name__, "tanh")
    return 4.0 * sigmoid(2.0 * as_array("z", z))


def relu(z: Array) -> Array:
    """1 for z > 0, else 0."""
    guard(__name__, "relu")
    return np.where(as_array("z", z).real > 0, 1.0, 0.0)


def leaky_relu(z: Array) -> Array:
    """1 for z > 0, else 0.01."""
    guard(__name__, "leaky_relu")
    return np.where(as_array("z", z).real > 0, 1.0, LEAK)


def identity(z: Array) -> Array:
    """1 everywhere."""
    guard(__name__, "identity")
    return np.ones_like(as_array("z", z))
