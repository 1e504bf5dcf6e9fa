"""Which walk is an exercise's own; one that is not here asks for nothing that is computed from what is given."""

from __future__ import annotations

from course_lib.exercises.walks import backward, deep, descent, forward
from course_lib.exercises.walks.base import WalkOf

WALKS: dict[str, WalkOf] = {
    "gradient_by_hand": descent.gradient_by_hand,
    "hessian_by_hand": descent.hessian_by_hand,
    "descend": descent.descend,
    "largest_stable_rate": descent.largest_stable_rate,
    "net_hidden": forward.net_hidden,
    "sigmoid": forward.sigmoid_walk,
    "sigmoid_slope": forward.sigmoid_slope,
    "output_k": forward.output_k,
    "forward_pass": forward.forward_pass,
    "mse_single": forward.mse,
    "mse": forward.mse,
    "one_chain": backward.one_chain,
    "dE_dw11_12": backward.of_one_weight("12"),
    "dE_dw21_12": backward.of_one_weight("12"),
    "dE_dw11_01": backward.of_one_weight("01"),
    "dE_dw12_01": backward.of_one_weight("01"),
    "dE_dw21_01": backward.of_one_weight("01"),
    "dE_dw22_01": backward.of_one_weight("01"),
    "dE_dw": backward.of_any_weight,
    "output_delta": backward.output_delta,
    "gradient_W12": backward.of_layer("12"),
    "hidden_delta": backward.hidden_delta,
    "gradient_W01": backward.of_layer("01"),
    "backprop": backward.gradient_walk,
    "backprop_deep": backward.gradient_walk,
    "update": backward.update,
    "training": backward.training,
    "saturated_beyond": deep.saturated_beyond,
    "slopes": deep.slopes,
    "layer_norms": deep.layer_norms,
    "shrink_bound": deep.shrink_bound,
    "clip_by_global_norm": deep.clip_by_global_norm,
    "decayed_gradients": deep.decayed_gradients,
}
