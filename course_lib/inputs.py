"""What comes in: numbers become float64 (or complex) arrays, everything else gets a clear error."""

import copy
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

FLOAT, COMPLEX = np.dtype(np.float64), np.dtype(np.complex128)
Array = np.ndarray
Weights = Sequence[Array]

# A decorator: NaN and infinity pass, since a run may explode; the numbers say so, warnings need not.
quiet = np.errstate(over="ignore", invalid="ignore")


def as_array(name: str, value: Any, ndim: int | None = None) -> Array:
    """Convert integers, booleans and nested lists to a float64 or complex128 array; NaN and infinity pass.

    Raises TypeError if the entries are not numbers (text, objects, dates), ValueError if rows differ in length or there
    are fewer axes than `ndim`. `name` is what the caller calls the argument.
    """
    # The fastest question there is: this path is taken in every inner loop.
    if type(value) is not np.ndarray or not (value.dtype is FLOAT or value.dtype is COMPLEX):
        value = _converted(name, value)
    if ndim is not None and value.ndim < ndim:
        raise ValueError(f"{name}: expected at least {ndim} axes, got shape {value.shape}")
    return value


def _converted(name: str, value: Any) -> Array:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name}: expected a rectangular array, got rows of unequal length") from error
    if array.dtype.kind not in "biufc":
        kind = type(value).__name__ if array.ndim == 0 else f"an array of dtype {array.dtype}"
        raise TypeError(f"{name}: expected numbers, got {kind}")
    return array.astype(COMPLEX if array.dtype.kind == "c" else FLOAT)


def as_weights(weights: Any, name: str = "weights") -> list[Array]:
    """Convert to a list of matrices, each of shape (..., fan_in, fan_out).

    Raises TypeError if it is not a list or tuple of numeric arrays, ValueError if layers do not fit together.
    """
    if not isinstance(weights, list | tuple):
        got = f"an array of shape {weights.shape}" if isinstance(weights, np.ndarray) else _kind(weights)
        raise TypeError(f"{name}: expected a list of matrices such as [W01, W12], got {got}")
    if not weights:
        raise ValueError(f"{name}: expected at least one matrix, got an empty {type(weights).__name__}")
    arrays = [as_array(f"{name}[{layer}]", W, ndim=2) for layer, W in enumerate(weights)]
    for layer in range(1, len(arrays)):
        left, right = arrays[layer - 1].shape, arrays[layer].shape
        if left[-1] != right[-2]:
            raise ValueError(
                f"{name}[{layer}]: expected {left[-1]} rows, one for each column of {name}[{layer - 1}] "
                f"(shape {left}), got shape {right}"
            )
    return arrays


def as_network(weights: Any, X: Any, *D: Any) -> tuple[list[Array], Array, Array | None, tuple[int, ...]]:
    """Convert a network and its samples, with or without targets, or name the first argument that does not fit.

    Returns weights, X and D (None if it was not given), and the leading axes that all of them share when broadcast, a
    tuple that is () for single matrices.
    """
    weights = as_weights(weights)
    X = as_array("X", X, ndim=2)
    if X.shape[-1] != weights[0].shape[-2]:
        raise ValueError(
            f"X: expected shape (N, {weights[0].shape[-2]}), one column for each input neuron, got {X.shape}"
        )
    targets = [as_targets(value, (X.shape[-2], weights[-1].shape[-1])) for value in D]
    leads = {array.shape[:-2] for array in (*weights, X, *targets) if array.ndim > 2}
    lead = leads.pop() if leads else ()
    if leads:  # more than one: do they broadcast?
        named = {f"weights[{layer}]": W for layer, W in enumerate(weights)}
        lead = leading_axes(named | dict(zip("XD", (X, *targets), strict=False)))
    return weights, X, targets[0] if targets else None, lead


def as_targets(D: Any, outputs: tuple[int, ...]) -> Array:
    """Convert to an array that goes with `outputs` of that shape, at least one sample of them."""
    D = as_array("D", D, ndim=2)
    if D.shape[-2:] != outputs[-2:]:
        raise ValueError(f"D: expected the shape of the outputs {outputs[-2:]}, got {D.shape}")
    if not outputs[-2]:
        raise ValueError(f"D: expected at least one sample, got shape {D.shape}")
    return D


def leading_axes(named: dict[str, Array]) -> tuple[int, ...]:
    """Broadcast all axes but the last two, or name the first array whose axes do not go with those before."""
    lead: tuple[int, ...] = ()
    for name, array in named.items():
        try:
            lead = np.broadcast_shapes(lead, array.shape[:-2])
        except ValueError:
            raise ValueError(
                f"{name}: expected leading axes that go with {lead}, got shape {array.shape}"
            ) from None
    return lead


def as_number(name: str, value: Any, *, positive: bool = False) -> float:
    """Convert to a Python float (or complex); `positive` also refuses what is not above zero."""
    if type(value) is not float:
        array = as_array(name, value)
        if array.ndim:
            raise ValueError(f"{name}: expected one number, got shape {array.shape}")
        value = array.item()
    if positive and (isinstance(value, complex) or not value > 0):
        raise ValueError(f"{name}: expected a number above 0, got {value}")
    return value


def as_count(name: str, value: Any, least: int = 0) -> int:
    """Convert to an int that is at least `least`; 3.0 counts as 3, 2.5 and True do not."""
    whole = isinstance(value, int | np.integer) or (
        isinstance(value, float | np.floating) and value.is_integer()
    )
    if not whole or isinstance(value, bool):
        raise TypeError(f"{name}: expected a whole number, got {_kind(value)}")
    if value < least:
        raise ValueError(f"{name}: expected at least {least}, got {value}")
    return int(value)


def remedy(name: str, known: Iterable[str]) -> str:
    """Return what to write in place of a `name` that is not `known`: the nearest one, or any of them."""
    import difflib  # only a wrong name needs it

    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"expected one of: {', '.join(known)}"


def as_function(name: str, value: Any) -> Any:
    """Return `value` unchanged if it can be called."""
    if not callable(value):
        raise TypeError(f"{name}: expected a function, got {_kind(value)}")
    return value


def _kind(value: Any) -> str:
    return (
        f"{type(value).__name__} {str(value)[:40]!r}"
        if isinstance(value, str | float)
        else type(value).__name__
    )


def key_of(arrays: Sequence[Any]) -> tuple:
    """Return the shapes and numbers of `arrays` as what a cache can hold; `arrays_of` gives them back."""
    return tuple((a.shape, a.tobytes()) for a in (np.asarray(a, dtype=float) for a in arrays))


def arrays_of(key: tuple) -> list[Array]:
    """Return the arrays of a key that `key_of` made; they cannot be written to."""
    return [np.frombuffer(data).reshape(shape) for shape, data in key]


class Contents:
    """Values that a cache tells apart by what is in them; `values` are copies, which nobody changes in between."""

    def __init__(self, *values: Any) -> None:
        self._given, self._key = values, _contents(values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Contents) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @cached_property
    def values(self) -> tuple[Any, ...]:
        """The values, copied when they are first asked for."""
        return copy.deepcopy(self._given)


def _contents(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, dict):
        return dict, tuple((key, _contents(part)) for key, part in value.items())
    if isinstance(value, list | tuple):
        return type(value), tuple(map(_contents, value))
    return type(value), value


def is_nothing(value: Any) -> bool:
    """Tell whether a value stands for no answer: None, or the ``...`` of a stub."""
    return value is None or value is ...


def float_of(number: Any) -> float:
    """Return a whole number as a float, and one that is too large for it as infinite."""
    try:
        return float(number)
    except OverflowError:
        return np.inf if number > 0 else -np.inf
