"""Mistakes in what is handed in, and in how the answer behaves when it is called."""

from __future__ import annotations

from course_lib.mistakes.base import Mistake, catalogue
from course_lib.mistakes.recipes import Recipe

MISTAKES = catalogue(
    Mistake(
        "transposed_gradient",
        "the gradient is handed in transposed",
        "the shape. A gradient has the shape of what it is the gradient of: entry (i, j) belongs to w_ij.",
        lesson="04_backpropagation",
        formula="∂E/∂W^(0,1) has the shape of W^(0,1)",
    ),
    Mistake(
        "swapped_layers",
        "the gradients of the two layers are handed in in the wrong order",
        "the order of the list: the layer next to the inputs comes first.",
        lesson="04_backpropagation",
        formula="[∂E/∂W^(0,1), ∂E/∂W^(1,2)]",
    ),
    Mistake(
        "swapped_indices",
        "this is the gradient of w_ji, where w_ij is asked for",
        "the direction of the weight: w_ij goes FROM i TO j, so w12 leaves input 1 and enters hidden node 2.",
        formula="net_nj^(0,1) = Σ_i w_ij^(0,1) x_ni",
    ),
    Mistake(
        "mutates_input",
        "the answer changes the arrays it is given",
        "a line with `-=`, `+=` or `[...] =` on an argument. Work on a copy: the caller still needs the old values.",
    ),
    Mistake(
        "uses_global",
        "the answer reads a variable of the notebook where it should use its argument",
        "the names inside the function. It is right on the notebook's own numbers and wrong on all others.",
    ),
    Mistake(
        "numerical_only",
        "the derivative is measured and not derived: its digits are those of a finite difference",
        "the task: derive it, by the rules for derivatives. A measurement is what the formula is held against.",
    ),
)


def _transposed(gradients: list) -> list:
    return [gradient.T for gradient in gradients]


RECIPES: dict[str, tuple[Recipe, ...]] = {
    "transposed_gradient": (Recipe(handed_in=_transposed),),
    "swapped_layers": (Recipe(handed_in=lambda gradients: gradients[::-1]),),
    "swapped_indices": (Recipe(handed_in=_transposed),),
}
