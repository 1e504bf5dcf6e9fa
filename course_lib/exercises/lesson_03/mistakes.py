"""Which mistakes of the catalogue fit the derivatives of lesson 03."""

from __future__ import annotations

# A derivative on the output side of a network with one output, and one on the hidden side.
OUTPUT_SIDE = (
    *("no_factor_two", "wrong_sign", "sum_over_samples", "averaged_twice", "two_n_twice", "rate_inside"),
    *("absolute_error", "no_output_slope", "slope_of_output_o"),
    *("slope_is_sigmoid", "slope_is_one_minus", "slope_on_net"),
    *("input_for_hidden", "weight_for_input"),
    *("last_sample_only", "averages_before_product", "broadcast_targets"),
)
# Seen from one hidden weight alone it is the same where the output's slope is lost, so it is called by one name.
HIDDEN_SIDE = (
    *(mistake for mistake in OUTPUT_SIDE if mistake != "input_for_hidden"),
    *("no_hidden_slope", "slope_of_output_h"),
    *("activation_for_weight", "no_weight", "gradient_for_weight", "updated_weight"),
    "hidden_for_input",
)
# With one sample and one output a mistake about sums, means or signs that cancel is no mistake.
ONE_CHAIN = (
    *("no_factor_two", "wrong_sign", "rate_inside", "no_output_slope", "no_hidden_slope"),
    *("no_weight", "activation_for_weight", "gradient_for_weight", "updated_weight"),
    *("weight_for_input", "hidden_for_input"),
    *(mistake for mistake in HIDDEN_SIDE if mistake.startswith("slope")),
)
# With one sample 2/N once more is a 2 too much, which may have come from elsewhere.
ALL_SIX = (
    *(mistake for mistake in HIDDEN_SIDE if mistake != "two_n_twice"),
    *("no_output_slope_in_hidden", "input_for_hidden", "swapped_indices"),
)


def of_one_weight(layer: int, row: int, column: int) -> tuple[str, ...]:
    """Return the mistakes that fit the derivative of one weight."""
    if layer == 1:
        return OUTPUT_SIDE
    return HIDDEN_SIDE if row == column else (*HIDDEN_SIDE, "swapped_indices")
