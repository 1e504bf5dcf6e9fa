"""Exercises for tests that ask for a whole gradient, on networks of any size: where every mistake can show."""

from __future__ import annotations

from course_lib.exercises import FunctionExercise
from course_lib.exercises.gradient_cases import draw_network, true_gradients
from course_lib.mistakes import MISTAKES, RECIPES, gradient_mistakes

# swapped_indices is the name of transposed_gradient where a single weight is asked for.
IDS = tuple(i for i in RECIPES if i != "swapped_indices")


def whole(*sizes: int, samples: int = 7) -> FunctionExercise:
    """Return the exercise "all gradients of an I-J-...-K network"."""
    return FunctionExercise(
        id=f"whole_{'_'.join(map(str, sizes))}",
        lesson="04_backpropagation",
        points=5,
        title="the whole gradient",
        asks="backprop(weights, X, D) → [dW01, dW12]",
        draws=(lambda rng: draw_network(rng, sizes, samples),) * 3,
        reference=lambda weights, X, D: true_gradients(weights, X, D),
        shown=lambda weights, X, D: true_gradients(weights, X, D),
        mistakes=gradient_mistakes(IDS, lambda *case: case, lambda gradients: gradients),
        closes=frozenset({"backprop", "numdiff"}),
        hints=("", "", ""),
    )


def ids_of_gradients() -> tuple[str, ...]:
    """Return every id of the catalogue that is a whole gradient someone would hand in."""
    return tuple(i for i in MISTAKES if i in IDS)
