"""Reading what an answer of lesson 06 hands in: names as a set, inputs as arrays, or what is wrong with them."""

import difflib
from typing import Any

import numpy as np

from course_lib.inputs import as_network, is_nothing

# The table that the notebook prints to choose from, by the place in the network where each is made. A mistake that is
# added to the catalogue is not in it by itself.
PLACES = {
    "samples": ("last_sample_only", "averages_before_product"),
    "forward": ("slope_is_sigmoid", "slope_is_one_minus", "slope_on_net"),
    "error": (
        *("no_factor_two", "absolute_error", "broadcast_targets"),
        *("sum_over_samples", "averaged_twice", "averaged_over_outputs"),
    ),
    "output delta": ("no_output_slope", "slope_of_output_o"),
    "hidden delta": (
        *("no_output_slope_in_hidden", "no_hidden_slope", "slope_of_output_h"),
        *("one_output_only", "mean_over_outputs"),
        *("no_weight", "activation_for_weight", "gradient_for_weight", "transposed_weight"),
    ),
    "gradients": (
        *("input_for_hidden", "hidden_for_input", "weight_for_input"),
        *("transposed_gradient", "swapped_layers"),
    ),
    "update": ("wrong_sign", "updated_weight"),
}
VOCABULARY = tuple(name for names in PLACES.values() for name in names)
# The notebook states these: how large inputs may be.
LONGEST, LARGEST = 50, 1e3
COUNTS = {2: "two", 3: "three"}


def read_names(
    value: Any, vocabulary: tuple[str, ...] = VOCABULARY, most: int = 2, among: str = "in the table"
) -> tuple[set[str], str]:
    """Return the names in an answer, and what keeps them from being read (nothing if they can be).

    `among` says where the notebook gives the vocabulary.
    """
    if is_nothing(value):
        return set(), "not answered yet"
    names = {value} if isinstance(value, str) else value
    if not isinstance(names, set | frozenset | list | tuple) or not all(isinstance(n, str) for n in names):
        return set(), f"expected names that are {among}, such as {vocabulary[0]!r}, in a set"
    names = {name.strip() for name in names}
    if not 1 <= len(names) <= most:
        allowed = "one name" if most == 1 else "one or two names" if most == 2 else "some of the names"
        return set(), f"expected {allowed}, got {len(names)}"
    for name in sorted(names - set(vocabulary)):
        near = difflib.get_close_matches(name, vocabulary, n=1)
        return set(), f"{name[:40]!r} is not {among}" + (f"; {near[0]!r} is" if near else "")
    return names, ""


def read_network(value: Any, layers: int = 2, longest: int = LONGEST) -> tuple[tuple, str]:
    """Return (weights, X, D) as arrays of a network with so many weight matrices, and what is wrong with them."""
    if is_nothing(value):
        return (), "not answered yet"
    if not isinstance(value, tuple | list) or len(value) != 3:
        return (), "expected three things, (weights, X, D)"
    try:
        weights, X, D, _ = as_network(*value)
    except (TypeError, ValueError) as error:
        return (), str(error)
    arrays = [*weights, X, D]
    if len(weights) != layers or any(a.ndim != 2 or a.dtype != float for a in arrays):
        matrices = ", ".join(f"W{layer}{layer + 1}" for layer in range(layers))
        return (), (
            f"expected {COUNTS[layers]} matrices of real numbers, [{matrices}], and an X and a D with two axes each"
        )
    if any(max(a.shape) > longest or min(a.shape) < 1 for a in arrays):
        return (), f"no size may be above {longest}, and none may be 0"
    if not all(np.isfinite(a).all() and np.abs(a).max() <= LARGEST for a in arrays):
        return (), f"expected numbers between −{LARGEST:g} and {LARGEST:g}"
    return (list(weights), X, D), ""
