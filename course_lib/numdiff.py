"""Derivatives measured, not derived: the truth that the hand-written gradients are held against."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_lib.closing import guard
from course_lib.inputs import Array, Weights, as_array, as_function, as_weights, quiet

EPS = np.finfo(np.float64).eps
# Truncation and rounding error balance at these powers of the machine epsilon (scipy and torch use the same).
FIRST_STEP, SECOND_STEP = EPS ** (1 / 3), EPS ** (1 / 4)
# Two central differences, at h and 2h, whose h^2 errors cancel in (4 D(h) - D(2h)) / 3. With that, h can be
# large enough for small gradients of deep networks to stand out of the rounding error of E.
STEP = 1e-4
OFFSETS = np.array([1.0, -1.0, 2.0, -2.0])
# If the two disagree by more than this share of the layer's largest entry, and by more than the rounding
# error of E explains, a kink (relu) lies between.
KINK, ROUNDING = 3e-7, 16.0 * EPS
# The complex step subtracts nothing, so it can be so small that its square vanishes beside 1.
COMPLEX_STEP = 1e-100
# One chunk of perturbed matrices stays in the cache, and a large layer never takes more than 8 MB.
CHUNK_NETWORKS, CHUNK_ENTRIES = 64, 2**20


def numerical_gradient(f: Callable[[Array], float], x: Array) -> Array:
    """Central difference of `f` along every entry of `x`.

    Parameters
    ----------
    f : callable
        Takes an array of x's shape and returns one number.
    x : array_like
        The point, of any shape.

    Returns
    -------
    ndarray
        (f(x + h) - f(x - h)) / 2h, of x's shape, with h = eps^(1/3) max(1, |x|).
    """
    guard(__name__, "numerical_gradient")
    as_function("f", f)
    x = as_array("x", x)
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        step = FIRST_STEP * max(1.0, abs(x[index]))
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (_one(f, up) - _one(f, down)) / (up[index] - down[index])
    return gradient


def numerical_hessian(f: Callable[[Array], float], x: Array) -> Array:
    """Second differences of `f` at the vector `x`: shape (n, n), symmetric.

    Entry (i, j) is (f(++) - f(+-) - f(-+) + f(--)) / (4 h_i h_j), with h = eps^(1/4) max(1, |x|).
    """
    guard(__name__, "numerical_hessian")
    as_function("f", f)
    x = as_array("x", x)
    if x.ndim != 1:
        raise ValueError(f"x: expected a vector of shape (n,), got shape {x.shape}")
    steps = np.diag(SECOND_STEP * np.maximum(1.0, np.abs(x)))
    hessian = np.empty((x.size, x.size))
    for i in range(x.size):
        for j in range(i + 1):
            a, b = steps[i], steps[j]
            corners = _one(f, x + a + b) - _one(f, x + a - b) - _one(f, x - a + b) + _one(f, x - a - b)
            hessian[i, j] = hessian[j, i] = corners / (4.0 * a[i] * b[j])
    return hessian


def numerical_gradients(f: Callable[[list[Array]], Array], weights: Weights) -> list[Array]:
    """Central difference of `f` along every weight, many perturbed networks in one call of `f`.

    Parameters
    ----------
    f : callable
        Takes a list of arrays of shape (B, fan_in, fan_out), B networks side by side, and returns their B
        values, shape (B,). `loss` does: ``lambda weights: loss(weights, X, D)``.
    weights : list of ndarray
        The matrices [W01, W12, ...], each of shape (fan_in, fan_out).

    Returns
    -------
    list of ndarray
        dE/dW for each matrix, of its shape: (4 D(h) - D(2h)) / 3, where D(h) is the central difference
        (f(w + h) - f(w - h)) / 2h and h = 1e-4 max(1, |w|); D(eps^(1/3)) alone where D(h) and D(2h)
        show a kink between them.

    Raises
    ------
    TypeError, ValueError
        If `weights` is no list of matrices, or `f` does not return one value for each network.
    """
    guard(__name__, "numerical_gradients")
    arrays = _matrices(f, weights)
    return [_central(f, arrays, layer) for layer in range(len(arrays))]


def complex_step_gradients(f: Callable[[list[Array]], Array], weights: Weights) -> list[Array]:
    """Im f(w + ih) / h along every weight: exact to rounding at any depth, since nothing is subtracted.

    `f` is as for `numerical_gradients`, and must also be analytic: no ``abs``, no ``.real``. Squire and
    Trapp, "Using Complex Variables to Estimate Derivatives of Real Functions", SIAM Review 40 (1998).
    """
    guard(__name__, "complex_step_gradients")
    arrays = _matrices(f, weights)
    return [_complex(f, arrays, layer) for layer in range(len(arrays))]


def _one(f: Callable[[Array], float], x: Array) -> float:
    value = as_array("f(x)", f(x))
    if value.size != 1:
        raise ValueError(f"f(x): expected one number, got shape {value.shape}")
    return value.item()


def _matrices(f: Callable, weights: Weights) -> list[Array]:
    as_function("f", f)
    arrays = as_weights(weights)
    for layer, W in enumerate(arrays):
        if W.ndim != 2:
            raise ValueError(f"weights[{layer}]: expected one matrix (fan_in, fan_out), got shape {W.shape}")
    return arrays


def _central(f: Callable, weights: list[Array], layer: int) -> Array:
    W = weights[layer].ravel()
    shifts = np.multiply.outer(OFFSETS, STEP * np.maximum(1.0, np.abs(W)))
    values = _shifted(f, weights, layer, np.arange(W.size), shifts)
    gradient, kinked = _extrapolated(values, shifts)
    if kinked.size:
        shifts = np.multiply.outer(OFFSETS[:2], FIRST_STEP * np.maximum(1.0, np.abs(W)))[:, kinked]
        up, down = _shifted(f, weights, layer, kinked, shifts)
        gradient[kinked] = (up - down) / (2.0 * shifts[0])
    return gradient.reshape(weights[layer].shape)


@quiet
def _extrapolated(values: Array, shifts: Array) -> tuple[Array, Array]:
    """(4 D(h) - D(2h)) / 3 from the values at OFFSETS, and which entries have a kink nearby."""
    near, far = (values[::2] - values[1::2]) / (2.0 * shifts[::2])
    gap = near - far
    gradient = near + gap / 3.0
    smooth = KINK * np.abs(gradient).max(initial=0.0) + ROUNDING * np.abs(values[0]) / shifts[0]
    return gradient, np.flatnonzero(np.abs(gap) > smooth)


def _complex(f: Callable, weights: list[Array], layer: int) -> Array:
    entries = np.arange(weights[layer].size)
    values = _shifted(f, weights, layer, entries, np.full((1, entries.size), 1j * COMPLEX_STEP))
    if not np.iscomplexobj(values):
        raise TypeError(
            "f(weights): expected complex values for complex weights, got real ones (abs? .real?)"
        )
    return values.imag.reshape(weights[layer].shape) / COMPLEX_STEP


def _shifted(f: Callable, weights: list[Array], layer: int, entries: Array, shifts: Array) -> Array:
    """`f` with each of `entries` moved by each row of `shifts`: shape (len(shifts), len(entries))."""
    # A chunk of perturbed copies of the layer stays small.
    most = min(CHUNK_NETWORKS, CHUNK_ENTRIES // max(1, weights[layer].size))
    size = max(1, most // len(shifts))
    chunks = [slice(start, start + size) for start in range(0, max(1, entries.size), size)]
    values = [_chunk(f, weights, layer, entries[chunk], shifts[:, chunk]) for chunk in chunks]
    return values[0] if len(values) == 1 else np.concatenate(values, axis=1)


def _chunk(f: Callable, weights: list[Array], layer: int, entries: Array, shifts: Array) -> Array:
    W = weights[layer]
    new = W.ravel()[entries] + shifts
    perturbed = np.empty((*new.shape, W.size), dtype=new.dtype)
    perturbed[:] = W.ravel()
    perturbed[:, np.arange(entries.size), entries] = new
    # The other layers are the same for every network: views, so they cost no memory.
    batch = [np.broadcast_to(V, (new.size, *V.shape)) for V in weights]
    batch[layer] = perturbed.reshape(new.size, *W.shape)
    values = as_array("f(weights)", f(batch))
    if values.shape != (new.size,):
        raise ValueError(
            f"f(weights): expected one value for each of {new.size} networks, shape ({new.size},), "
            f"got shape {values.shape}"
        )
    return values.reshape(new.shape)
