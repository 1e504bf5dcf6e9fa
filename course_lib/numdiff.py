"""Derivatives measured, not derived: the truth that the hand-written gradients are held against."""

from collections.abc import Callable
from itertools import accumulate

import numpy as np

from course_lib.closing import guard
from course_lib.inputs import Array, Weights, as_array, as_function, as_weights, quiet

EPS = np.finfo(np.float64).eps
# Truncation and rounding error balance at these powers of the machine epsilon (scipy and torch use the same).
FIRST_STEP, SECOND_STEP = EPS ** (1 / 3), EPS ** (1 / 4)
# Two central differences, at h and 2h, whose h^2 errors cancel in (4 D(h) - D(2h)) / 3. With that, h can be
# large enough for small gradients of deep networks to stand out of the rounding error of E.
STEP = 2e-4
OFFSETS = np.array([1.0, -1.0, 2.0, -2.0])
# If the two disagree by more than this share of the layer's largest entry, and by more than the rounding
# error of E explains, a kink (relu) may lie between, and one difference at eps^(1/3) decides: on a smooth
# function, however curved, it confirms (4 D(h) - D(2h)) / 3 to (eps^(1/3) / h)^2 / 3 = 3e-4 of their gap.
KINK, ROUNDING, SMOOTH = 3e-7, 16.0 * EPS, 1e-3
# The complex step subtracts nothing, so it can be so small that its square vanishes beside 1.
COMPLEX_STEP = 1e-100
# What one call of f sees: so many networks at most, with so many weights in all (8 MB).
CHUNK_NETWORKS, CHUNK_WEIGHTS = 128, 2**20


@quiet
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
        (f(x + h) - f(x - h)) / 2h, of x's shape, with ``h = eps^(1/3) max(1, |x|)``.
    """
    guard(__name__, "numerical_gradient")
    as_function("f", f)
    x = as_array("x", x)
    gradient = [_slope(f, x, index) for index in np.ndindex(x.shape)]
    return np.array(gradient, dtype=None if gradient else float).reshape(x.shape)


@quiet
def numerical_hessian(f: Callable[[Array], float], x: Array) -> Array:
    """Second differences of `f` at the vector `x`: shape (n, n), symmetric.

    Entry (i, j) is (f(++) - f(+-) - f(-+) + f(--)) / (4 h_i h_j), with ``h = eps^(1/4) max(1, |x|)``.
    """
    guard(__name__, "numerical_hessian")
    as_function("f", f)
    x = as_array("x", x)
    if x.ndim != 1:
        raise ValueError(f"x: expected a vector of shape (n,), got shape {x.shape}")
    steps = np.diag(SECOND_STEP * np.maximum(1.0, np.abs(x)))
    hessian = np.empty((x.size, x.size), dtype=x.dtype)
    for i in range(x.size):
        for j in range(i + 1):
            a, b = steps[i], steps[j]
            corners = _one(f, x + a + b) - _one(f, x + a - b) - _one(f, x - a + b) + _one(f, x - a - b)
            hessian[i, j] = hessian[j, i] = corners / (4.0 * a[i] * b[j])
    return hessian


@quiet
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
        (f(w + h) - f(w - h)) / 2h and ``h = 2e-4 max(1, |w|)``; D(eps^(1/3)) alone where there is a kink
        (relu) within 2h.

    Raises
    ------
    TypeError, ValueError
        If `weights` is not a list of matrices, or `f` does not return one value for each network.
    """
    guard(__name__, "numerical_gradients")
    arrays = _matrices(f, weights)
    flat = _flat(arrays)
    scale = np.maximum(1.0, np.abs(flat))
    shifts = np.multiply.outer(OFFSETS, STEP * scale)
    values = _shifted(f, arrays, np.arange(flat.size), shifts)
    gradient, gap, suspects = _extrapolated(values, shifts, arrays)
    if suspects.size:
        shifts = np.multiply.outer(OFFSETS[:2], FIRST_STEP * scale[suspects])
        up, down = _shifted(f, arrays, suspects, shifts)
        narrow = (up - down) / (2.0 * shifts[0])
        smooth = np.abs(narrow - gradient[suspects]) <= SMOOTH * gap[suspects]
        gradient[suspects] = np.where(smooth, gradient[suspects], narrow)
    return _layers(gradient, arrays)


@quiet
def complex_step_gradients(f: Callable[[list[Array]], Array], weights: Weights) -> list[Array]:
    """Im f(w + ih) / h along every weight: exact to rounding at any depth, since nothing is subtracted.

    `f` is as for `numerical_gradients`, and must also be analytic: no ``abs``, no ``.real``. Squire and
    Trapp, "Using Complex Variables to Estimate Derivatives of Real Functions", SIAM Review 40 (1998).
    """
    guard(__name__, "complex_step_gradients")
    arrays = _matrices(f, weights)
    if any(np.iscomplexobj(W) for W in arrays):
        raise TypeError("weights: expected real numbers, since the step is imaginary, got complex ones")
    # All layers, not only the one that is moved, so that an `f` which drops imaginary parts is found out.
    arrays = [W.astype(complex) for W in arrays]
    entries = np.arange(sum(W.size for W in arrays))
    values = _shifted(f, arrays, entries, np.full((1, entries.size), 1j * COMPLEX_STEP))
    if not np.iscomplexobj(values):
        raise TypeError(
            "f(weights): expected complex values for complex weights, got real ones (abs? .real?)"
        )
    return _layers(values[0].imag / COMPLEX_STEP, arrays)


def _slope(f: Callable[[Array], float], x: Array, index: tuple[int, ...]) -> float:
    step = FIRST_STEP * max(1.0, abs(x[index]))
    up, down = x.copy(), x.copy()
    up[index] += step
    down[index] -= step
    span = up[index] - down[index]  # before f, which may change its argument
    return (_one(f, up) - _one(f, down)) / span


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


def _flat(weights: list[Array]) -> Array:
    return np.concatenate([W.ravel() for W in weights])


def _layers(flat: Array, weights: list[Array]) -> list[Array]:
    """Undo `_flat`: views of `flat` with the shapes of the weights."""
    ends = accumulate(W.size for W in weights)
    return [flat[end - W.size : end].reshape(W.shape) for end, W in zip(ends, weights, strict=True)]


def _extrapolated(values: Array, shifts: Array, weights: list[Array]) -> tuple[Array, Array, Array]:
    """(4 D(h) - D(2h)) / 3 from the values at OFFSETS, |D(h) - D(2h)|, and where that is suspiciously large."""
    near, far = (values[::2] - values[1::2]) / (2.0 * shifts[::2])
    gradient = near + (near - far) / 3.0
    gap = np.abs(near - far)
    tolerance = ROUNDING * np.abs(values[0]) / shifts[0]
    for layer, allowed in zip(_layers(gradient, weights), _layers(tolerance, weights), strict=True):
        allowed += KINK * np.abs(layer).max(initial=0.0)
    return gradient, gap, (gap > tolerance).nonzero()[0]


def _shifted(f: Callable, weights: list[Array], entries: Array, shifts: Array) -> Array:
    """`f` with each of `entries`, counted through all layers, moved by each row of `shifts`."""
    most = min(CHUNK_NETWORKS, CHUNK_WEIGHTS // max(1, sum(W.size for W in weights)))
    size = max(1, most // len(shifts))
    chunks = [slice(start, start + size) for start in range(0, max(1, entries.size), size)]
    values = [_values(f, weights, entries[chunk], shifts[:, chunk]) for chunk in chunks]
    return values[0] if len(values) == 1 else np.concatenate(values, axis=1)


def _values(f: Callable, weights: list[Array], entries: Array, shifts: Array) -> Array:
    batch, start = [], 0
    for W in weights:
        batch.append(_copies(W, entries - start, shifts))
        start += W.size
    values = as_array("f(weights)", f(batch))
    if values.shape != (shifts.size,):
        raise ValueError(
            f"f(weights): expected one value for each of {shifts.size} networks, shape ({shifts.size},), "
            f"got shape {values.shape}"
        )
    return values.reshape(shifts.shape)


def _copies(W: Array, entries: Array, shifts: Array) -> Array:
    """`W` once for each of the shifts, moved where `entries` (sorted) lie within it."""
    first, last = entries.searchsorted((0, W.size))
    if first == last:
        return np.broadcast_to(W, (shifts.size, *W.shape))  # a view, so it costs no memory
    inside = entries[first:last]
    copies = np.empty((*shifts.shape, W.size), dtype=np.result_type(W, shifts))
    copies[:] = W.ravel()
    copies[:, np.arange(first, last), inside] = W.ravel()[inside] + shifts[:, first:last]
    return copies.reshape(shifts.size, *W.shape)
