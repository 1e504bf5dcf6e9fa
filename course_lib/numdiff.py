"""Derivatives measured, not derived: the truth that the hand-written gradients are held against."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_lib.closing import guard
from course_lib.inputs import Array, Weights, as_array, as_function, as_weights

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
    value = np.asarray(f(x))
    if value.size != 1:
        raise ValueError(f"f: expected it to return one number, got shape {value.shape}")
    return value.item()


def _matrices(f: Callable, weights: Weights) -> list[Array]:
    as_function("f", f)
    arrays = as_weights(weights)
    for layer, W in enumerate(arrays):
        if W.ndim != 2:
            raise ValueError(f"weights[{layer}]: expected one matrix (fan_in, fan_out), got shape {W.shape}")
    return arrays


def _central(f: Callable, weights: list[Array], layer: int) -> Array:
    flat = weights[layer].ravel()
    step = STEP * np.maximum(1.0, np.abs(flat))
    near, far, size = np.empty(flat.size), np.empty(flat.size), np.empty(flat.size)
    for chunk in _chunks(flat.size, OFFSETS.size):
        values = _shifted(f, weights, layer, chunk, np.multiply.outer(OFFSETS, step[chunk]))
        near[chunk] = (values[0] - values[1]) / (2.0 * step[chunk])
        far[chunk] = (values[2] - values[3]) / (4.0 * step[chunk])
        size[chunk] = np.abs(values).max(axis=0)
    gradient = (4.0 * near - far) / 3.0
    smooth = KINK * np.abs(gradient).max(initial=0.0) + ROUNDING * size / step
    kinked = np.flatnonzero(np.abs(near - far) > smooth)
    if kinked.size:
        gradient[kinked] = _narrow(f, weights, layer, kinked)
    return gradient.reshape(weights[layer].shape)


def _narrow(f: Callable, weights: list[Array], layer: int, entries: Array) -> Array:
    """One central difference with the smallest sensible step, for entries that have a kink nearby."""
    step = FIRST_STEP * np.maximum(1.0, np.abs(weights[layer].ravel()))
    parts = []
    for start in range(0, entries.size, CHUNK_NETWORKS // 2):
        chunk = entries[start : start + CHUNK_NETWORKS // 2]
        up, down = _shifted(f, weights, layer, chunk, np.multiply.outer(OFFSETS[:2], step[chunk]))
        parts.append((up - down) / (2.0 * step[chunk]))
    return np.concatenate(parts)


def _shifted(f: Callable, weights: list[Array], layer: int, entries: Array, shifts: Array) -> Array:
    """`f` with each of `entries` moved by each row of `shifts`: shape (len(shifts), len(entries))."""
    new = weights[layer].ravel()[entries] + shifts
    return _values(f, weights, layer, np.tile(entries, len(shifts)), new.ravel()).reshape(new.shape)


def _complex(f: Callable, weights: list[Array], layer: int) -> Array:
    flat = weights[layer].ravel()
    gradient = np.empty(flat.size)
    for chunk in _chunks(flat.size, 1):
        values = _values(f, weights, layer, chunk, flat[chunk] + 1j * COMPLEX_STEP)
        if not np.iscomplexobj(values):
            raise TypeError(
                "f: expected complex values for complex weights, got real ones (an abs or .real?)"
            )
        gradient[chunk] = values.imag / COMPLEX_STEP
    return gradient.reshape(weights[layer].shape)


def _chunks(entries: int, networks_each: int) -> list[Array]:
    """Split the entries of a layer so that a chunk of perturbed copies of that layer stays small."""
    most = min(CHUNK_NETWORKS, max(1, CHUNK_ENTRIES // max(1, entries))) // networks_each
    size = max(1, most)
    return [np.arange(start, min(start + size, entries)) for start in range(0, entries, size)]


def _values(f: Callable, weights: list[Array], layer: int, entries: Array, new: Array) -> Array:
    """`f` of one network for each of `entries`, with that entry of `layer` replaced by the `new` one."""
    count = entries.size
    perturbed = np.repeat(weights[layer].astype(new.dtype)[None], count, axis=0)
    perturbed.reshape(count, -1)[np.arange(count), entries] = new
    # The other layers are the same for every network: views, so they cost no memory.
    batch = [np.broadcast_to(W, (count, *W.shape)) for W in weights]
    batch[layer] = perturbed
    values = np.asarray(f(batch))
    if values.shape != (count,):
        raise ValueError(
            f"f: expected one value for each of {count} networks, shape ({count},), got shape {values.shape}"
        )
    return values
