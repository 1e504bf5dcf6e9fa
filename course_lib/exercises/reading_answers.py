"""Reading the names and the inputs that an answer of lesson 06 hands in: as sets and arrays, or as what is wrong."""

from __future__ import annotations

import difflib
from typing import Any

import numpy as np

from course_lib.inputs import as_network
from course_lib.mistakes import RECIPES

# What the notebook prints to choose from: every whole gradient but one that is another by another name, and one that
# the table leaves out.
UNLISTED = ("swapped_indices", "two_n_twice")
VOCABULARY = (
    *(mistake for mistake, recipes in RECIPES.items() if recipes and mistake not in UNLISTED),
    "updated_weight",
)
# The notebook states these: how large inputs may be.
LONGEST, LARGEST = 50, 1e3


def named(value: Any, vocabulary: tuple[str, ...] = VOCABULARY, most: int = 2) -> tuple[set[str], str]:
    """Return the names in an answer, and what keeps them from being read (nothing if they can be)."""
    if value is None or value is ...:
        return set(), "not answered yet"
    names = {value} if isinstance(value, str) else value
    if not isinstance(names, set | frozenset | list | tuple) or not all(isinstance(n, str) for n in names):
        return set(), f"expected names from the table, such as {vocabulary[0]!r}, in a set"
    names = {name.strip() for name in names}
    if not 1 <= len(names) <= most:
        allowed = "one name" if most == 1 else "one or two names" if most == 2 else "some of the names"
        return set(), f"expected {allowed}, got {len(names)}"
    for name in sorted(names - set(vocabulary)):
        near = difflib.get_close_matches(name, vocabulary, n=1)
        return set(), f"{name[:40]!r} is not in the table" + (f"; {near[0]!r} is" if near else "")
    return names, ""


def network(value: Any) -> tuple[tuple, str]:
    """Return (weights, X, D) as arrays of a network with one hidden layer, and what is wrong with them."""
    if value is None or value is ...:
        return (), "not answered yet"
    if not isinstance(value, tuple | list) or len(value) != 3:
        return (), "expected three things, (weights, X, D)"
    try:
        weights, X, D, _ = as_network(*value)
    except (TypeError, ValueError) as error:
        return (), str(error)
    arrays = [*weights, X, D]
    if len(weights) != 2 or any(a.ndim != 2 or a.dtype != float for a in arrays):
        return (), "expected two matrices of real numbers, [W01, W12], and an X and a D with two axes each"
    if any(max(a.shape) > LONGEST or min(a.shape) < 1 for a in arrays):
        return (), f"no size may be above {LONGEST}, and none may be 0"
    if not all(np.isfinite(a).all() and np.abs(a).max() <= LARGEST for a in arrays):
        return (), f"expected numbers between −{LARGEST:g} and {LARGEST:g}"
    return (list(weights), X, D), ""
