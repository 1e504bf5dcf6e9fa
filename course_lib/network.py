"""The deck's network, with any number of layers: net^(l,l+1) = y^(l) @ W^(l,l+1), y^(l+1) = S(net^(l,l+1)).

Letters: i inputs, j hidden, k outputs, n samples. X is (N, I), D is (N, K), weights = [W01, W12], and
W01[i-1, j-1] is w_ij^(0,1), which goes FROM i TO j. Leading axes before these are networks side by side.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from course_lib.activations import sigmoid
from course_lib.closing import guard
from course_lib.inputs import (
    Array,
    Weights,
    as_array,
    as_count,
    as_function,
    as_network,
    as_number,
    as_targets,
    leading_axes,
    quiet,
)

Activation = Callable[[Array], Array]

# Networks side by side go through in blocks whose outputs of one layer (in numbers) stay in the cache.
BLOCK = 2**15
# glibc hands freed memory back to the system at once, until it has seen a block of some size come and go
# (mallopt(3), "dynamic mmap threshold"). Fetching it again took longer than the arithmetic of a pass.
np.empty(2**18)


class Pass(NamedTuple):
    """One forward pass: ``net[l]`` is net^(l,l+1), ``y[0]`` is X, ``y[-1]`` is the output o."""

    net: list[Array]
    y: list[Array]


@quiet
def forward(weights: Weights, X: Array, activation: Activation = sigmoid) -> Pass:
    """Send the samples `X` through the network.

    Parameters
    ----------
    weights : list of array_like
        [W01, W12, ...], each (..., fan_in, fan_out).
    X : array_like
        (..., N, I), one row a sample.
    activation : callable
        S, applied in every layer.

    Returns
    -------
    Pass
        Every net input and every output, each (..., N, width).

    Raises
    ------
    TypeError, ValueError
        If something is not numeric, has too few axes, or the shapes do not fit together.
    """
    guard(__name__, "forward")
    weights, X, _, _ = as_network(weights, X)
    as_function("activation", activation)
    net: list[Array] = []
    y = [X]
    for W in weights:
        net.append(y[-1] @ W)
        y.append(_activated(activation, net[-1]))
    return Pass(net, y)


def _activated(activation: Activation, net: Array) -> Array:
    y = as_array("activation(net)", activation(net))
    if y.shape != net.shape:
        raise ValueError(f"activation(net): expected the shape of net {net.shape}, got {y.shape}")
    return y


@quiet
def mse(O: Array, D: Array) -> float | Array:
    """E = 1/N sum_n sum_k (o_nk - d_nk)^2: mean over the samples, sum over the outputs, no 1/2.

    `O` and `D` are (..., N, K). Returns a float, or one value for each leading index.
    """
    guard(__name__, "mse")
    O = as_array("O", O, ndim=2)
    D = as_targets(D, O.shape)
    leading_axes({"O": O, "D": D})
    return _plain(_mean_square(O, D))


def _mean_square(O: Array, D: Array) -> Array:
    difference = O - D
    difference *= difference
    return difference.sum(axis=(-2, -1)) / D.shape[-2]


def _plain(E: Array) -> float | Array:
    return E if E.ndim else E.item()


@quiet
def loss(
    weights: Weights, X: Array, D: Array, activation: Activation = sigmoid, weight_decay: float = 0.0
) -> float | Array:
    """E of the network on (X, D), plus `weight_decay` times the sum of all squared weights.

    Shapes as in `forward` and `mse`; with leading axes, one value for each network.
    """
    guard(__name__, "loss")
    weights, X, D, lead = as_network(weights, X, D)
    as_function("activation", activation)
    weight_decay = as_number("weight_decay", weight_decay)
    once = [_repeated_once(W) for W in weights]
    E = [_error(block, X, D, activation) for block in _blocks(once, X, D)]
    E = E[0] if len(E) == 1 else np.concatenate(E)
    if weight_decay:
        E = E + weight_decay * sum((W * W).sum(axis=(-2, -1)) for W in weights)
    return _plain(E if E.shape == lead else np.broadcast_to(E, lead).copy())


def _error(weights: list[Array], X: Array, D: Array, activation: Activation) -> Array:
    y = X
    for W in weights:
        y = _activated(activation, y @ W)
    return _mean_square(y, D)


def _repeated_once(W: Array) -> Array:
    """One matrix where `W` is a view that repeats it for every network, as numdiff's are: one product does."""
    repeated = W.ndim > 2 and W.size and not any(W.strides[:-2])
    return W[(0,) * (W.ndim - 2)] if repeated else W


def _blocks(weights: list[Array], X: Array, D: Array) -> list[list[Array]]:
    """Split B networks that see the same samples; anything else is one block."""
    axes = max(W.ndim for W in weights)
    if axes != 3 or X.ndim != 2 or D.ndim != 2:
        return [weights]
    size = max(1, BLOCK // max(1, X.shape[0] * max(W.shape[-1] for W in weights)))
    count = max(len(W) for W in weights if W.ndim == 3)
    return [
        [W[start : start + size] if W.ndim == 3 and len(W) == count else W for W in weights]
        for start in range(0, max(count, 1), size)
    ]


def random_network(
    rng: np.random.Generator, sizes: Sequence[int], samples: int
) -> tuple[list[Array], Array, Array]:
    """Draw weights, inputs and targets.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the randomness comes from: ``numpy.random.default_rng(0)``.
    sizes : sequence of int
        Neurons in each layer, inputs first: (3, 4, 2).
    samples : int
        N.

    Returns
    -------
    weights : list of ndarray
        Sizes of 0.3 to 1.3 with either sign: none so small that a missing factor would not show.
    X : ndarray
        (N, I), standard normal.
    D : ndarray
        (N, K), uniform between 0 and 1, the range of the sigmoid.
    """
    guard(__name__, "random_network")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected numpy.random.default_rng(seed), got {type(rng).__name__}")
    if not isinstance(sizes, list | tuple | np.ndarray) or np.ndim(sizes) != 1 or len(sizes) < 2:
        raise ValueError(f"sizes: expected at least two layer sizes such as (3, 4, 2), got {sizes!r:.60}")
    sizes = [as_count(f"sizes[{layer}]", size, least=1) for layer, size in enumerate(sizes)]
    samples = as_count("samples", samples, least=1)
    weights = [_weights(rng, shape) for shape in pairwise(sizes)]
    return weights, rng.normal(size=(samples, sizes[0])), rng.uniform(size=(samples, sizes[-1]))


def _weights(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    return rng.uniform(0.3, 1.3, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def personal_network(name: Any) -> tuple[list[Array], Array, Array]:
    """Make a 2-2-1 network and one sample from a name, with numbers short enough to type into a calculator.

    No two of its weights and inputs have the same size, and neither have the two hidden net inputs: whatever is
    taken for something else shows in the numbers.

    Returns
    -------
    weights : list of ndarray
        [W01 (2, 2), W12 (2, 1)], one decimal each.
    X : ndarray
        (1, 2).
    D : ndarray
        (1, 1), 0 or 1.
    """
    guard(__name__, "personal_network")
    if not isinstance(name, str) or not name.strip():
        raise TypeError(f"name: expected a text such as 'Ada Lovelace', got {name!r:.60}")
    same = " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
    # Straight from the hash: numpy's random streams may differ between versions, a grade may not.
    digest = hashlib.sha256(same.encode("utf-8", "surrogatepass")).digest()
    while not (found := _told_apart(digest)):
        digest = hashlib.sha256(digest).digest()
    return found


def _told_apart(digest: bytes) -> tuple[list[Array], Array, Array] | None:
    """Make the network of a digest, or None where its hidden nodes are too alike."""
    # In tenths, all different, 0.3 to 1.3; the weights with either sign. So no |net| exceeds 2.7: nothing saturates,
    # no derivative is below 3 % of its layer's largest, and o stays 0.1 away from d (60,000 tried).
    sizes = list(range(3, 14))
    tenths = [sizes.pop(byte % len(sizes)) * (1 if byte & 128 else -1) for byte in digest[:8]]
    w11, w12, w21, w22 = tenths[:4]
    x1, x2 = map(abs, tenths[6:])
    # In whole numbers, so that no rounding decides: hundredths, at least 0.1 apart in size.
    if abs(abs(w11 * x1 + w21 * x2) - abs(w12 * x1 + w22 * x2)) < 10:
        return None
    W01, W12 = np.array([[w11, w12], [w21, w22]]) / 10, np.array([[tenths[4]], [tenths[5]]]) / 10
    return [W01, W12], np.array([[x1, x2]]) / 10, np.array([[float(digest[8] & 1)]])
