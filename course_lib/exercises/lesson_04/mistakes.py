"""Which mistakes of the catalogue fit the gradients of lesson 04."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from course_lib.mistakes import RECIPES, gradient_mistakes

# Left out: what ends in an error of shapes in these sizes, and `swapped_indices`, which is the name of a transposed
# gradient where one weight is asked for.
ALL = tuple(
    mistake
    for mistake in RECIPES
    if mistake not in ("swapped_indices", "transposed_weight", "input_for_hidden", "hidden_for_input")
)
NOT_ONE_LAYER = frozenset({"swapped_layers"})
# These leave the output side as it is.
NOT_W12 = NOT_ONE_LAYER | {
    *("no_hidden_slope", "no_output_slope_in_hidden", "slope_of_output_h", "one_output_only"),
    *("mean_over_outputs", "activation_for_weight", "no_weight", "gradient_for_weight", "updated_weight"),
}
# Seen from the hidden side alone a mean over k is a factor 1/K, so neither is named there. And it is the same where
# the output's slope is lost, so it is called by one name.
NOT_W01 = NOT_ONE_LAYER | {"averaged_over_outputs", "mean_over_outputs", "no_output_slope_in_hidden"}


def of_layer(layer: int) -> Mapping[str, Callable]:
    """Return the mistakes that fit the gradient of one layer."""
    left_out = (NOT_W01, NOT_W12)[layer]
    return gradient_mistakes((i for i in ALL if i not in left_out), lambda *case: case, lambda g: g[layer])


def of_both_layers() -> Mapping[str, Callable]:
    """Return the mistakes that fit the gradients of both layers."""
    return gradient_mistakes(ALL, lambda *case: case, lambda gradients: gradients)
