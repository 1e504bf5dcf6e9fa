"""Mistakes in the form of an answer, whatever it computes: its shape and order, and how it behaves when called."""

from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake
from course_lib.mistakes.recipes import Recipe


def _transposed(gradients: list[Array]) -> list[Array]:
    return [gradient.T for gradient in gradients]


MISTAKES = (
    Mistake(
        "transposed_gradient",
        "the gradient is returned transposed",
        "the shape. A gradient has the same shape as the matrix it belongs to: entry (i, j) belongs to w_ij.",
        "∂E/∂W^(0,1) has the shape of W^(0,1)",
        gradients=(Recipe(returned=_transposed),),
    ),
    Mistake(
        "swapped_layers",
        "the gradients of the layers are returned in the wrong order",
        "the order of the list: the layer next to the inputs comes first.",
        "[∂E/∂W^(0,1), ∂E/∂W^(1,2)]",
        gradients=(Recipe(returned=lambda gradients: gradients[::-1]),),
    ),
    Mistake(
        "swapped_indices",
        "this is the gradient of w_ji instead of w_ij",
        "the direction of the weight: w_ij goes FROM i TO j, so w12 leaves input 1 and enters hidden node 2.",
        "net_nj^(0,1) = Σ_i w_ij^(0,1) x_ni",
        gradients=(Recipe(returned=_transposed),),
    ),
    Mistake(
        "mutates_input",
        "your function changes the arrays it is given",
        "a line that changes an array in place, with `-=`, `+=`, `*=`, `[...] =` or `out=`, here or in a function "
        "that is called. Make a new array: the caller still needs the old one.",
        by_numbers=False,
    ),
    Mistake(
        "uses_global",
        "the answer reads a variable of the notebook where it should use its argument",
        "the names inside the function. It is right on the notebook's own numbers and wrong on all others.",
        by_numbers=False,
    ),
    Mistake(
        "numerical_only",
        "the derivative is measured rather than derived; its digits are those of a finite difference",
        "the task: derive it by the rules of differentiation. A measurement is what the formula is checked against.",
    ),
    Mistake(
        "single_precision",
        "the numbers carry seven digits only, those of single precision (`float32`)",
        "the type of the arrays. Something turns them into `float32`; print `.dtype` along the way.",
        trace="the formula itself may well be right",
    ),
)
