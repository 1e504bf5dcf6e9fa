"""The exercises of lesson 03."""

from functools import lru_cache

import numpy as np

from course_lib.exercises.gradient_cases import (
    central_gradients,
    draw_network,
    in_gradient,
    made_of,
    networks,
    true_gradients,
)
from course_lib.exercises.kinds import (
    CASES,
    Case,
    ChoiceExercise,
    DiagramExercise,
    EssayExercise,
    Exercise,
    FunctionExercise,
    Lesson,
    NumbersExercise,
    Tolerance,
)
from course_lib.exercises.lesson_03.any_weight import any_weight
from course_lib.exercises.lesson_03.factors import PRINTED_TILES, SLOTS, TILES, on_the_way, printed_choice
from course_lib.exercises.lesson_03.hints import HINTS
from course_lib.exercises.lesson_03.rubric import RUBRIC
from course_lib.inputs import Array
from course_lib.mistakes import single_weight
from course_lib.network import personal_network

ID = "03_identify_gradients"
# A gradient by hand is neither looked up nor measured; the slopes are for the student to write.
CLOSES = frozenset({"backprop", "descent", "numdiff", "slopes", "symbols"})
# name -> (layer, row, column): w_ij^(0,1) goes from i to j.
WEIGHTS = {
    "w11_12": (1, 0, 0),
    "w21_12": (1, 1, 0),
    "w11_01": (0, 0, 0),
    "w12_01": (0, 0, 1),
    "w21_01": (0, 1, 0),
    "w22_01": (0, 1, 1),
}
# A derivative on the output side of a network with one output, and one on the hidden side.
OUTPUT_SIDE = (
    *("no_factor_two", "wrong_sign", "sum_over_samples", "averaged_twice", "two_n_twice", "rate_inside"),
    *("absolute_error", "no_error", "no_output_slope", "slope_of_output_o"),
    *("slope_is_sigmoid", "slope_is_one_minus", "slope_on_net", "slope_of_error"),
    *("input_for_hidden", "weight_for_input", "no_input", "squared_error"),
    *("last_sample_only", "stopped_early", "sample_left_out", "averages_before_product", "broadcast_targets"),
)
# Seen from one hidden weight alone it is the same where the output's slope is lost, so it is called by one name.
HIDDEN_SIDE = (
    *(mistake for mistake in OUTPUT_SIDE if mistake != "input_for_hidden"),
    *("no_hidden_slope", "slope_of_output_h"),
    *("activation_for_weight", "no_weight", "gradient_for_weight", "updated_weight"),
    "hidden_for_input",
)
# With one sample and one output a mistake about sums, means or signs that cancel is no mistake.
ONE_CHAIN_MISTAKES = (
    *("no_factor_two", "wrong_sign", "rate_inside", "no_output_slope", "no_hidden_slope"),
    *("no_weight", "activation_for_weight", "gradient_for_weight", "updated_weight"),
    *("weight_for_input", "hidden_for_input", "no_input", "squared_error"),
    *(mistake for mistake in HIDDEN_SIDE if mistake.startswith("slope")),
)
# With one sample 2/N once more is a 2 too much, which may have come from elsewhere; and with one output besides, a
# wrong error or a wrong slope there is a constant factor, as a learning rate is.
ALL_SIX = (
    *(mistake for mistake in HIDDEN_SIDE if mistake not in ("two_n_twice", "rate_inside", "no_error")),
    *("no_output_slope_in_hidden", "input_for_hidden", "swapped_indices"),
)
# The network is 2-2-1; what the text leaves open is the number of samples.
NETWORKS = made_of(networks(*[(2, 2, 1)] * 3), lambda rng, weights, X, D: (*weights, X, D))


def _of_one_weight(layer: int, row: int, column: int) -> tuple[str, ...]:
    """Return the mistakes that fit the derivative of one weight."""
    if layer == 1:
        return OUTPUT_SIDE
    return HIDDEN_SIDE if row == column else (*HIDDEN_SIDE, "swapped_indices")


def _factors_and_derivative(name: str) -> tuple[Exercise, ...]:
    """Return the two exercises about one weight: its factors in the diagram, and the derivative as a function.

    The factors are those before 1/N sum over n is taken, in any order and any spelling: what counts is their product.
    """
    layer, row, column = place = WEIGHTS[name]
    spelled = f"w{name[1]}{name[2]}^({name[4]},{name[5]})"
    found = in_gradient(
        _of_one_weight(*place),
        lambda W01, W12, X, D: ([W01, W12], X, D),
        lambda gradients: float(gradients[layer][row, column]),
    )
    shared = {
        "lesson": ID,
        "points": 2,
        "draws": NETWORKS,
        "reference": lambda W01, W12, X, D: float(true_gradients([W01, W12], X, D)[layer][row, column]),
        "mistakes": {**found["mistakes"], **single_weight.of_one_weight(*place)},
        "together": found["together"],
        "hints": HINTS[name],
    }
    factors = DiagramExercise(
        id=f"factors_{name}",
        title=f"the factors of ∂E/∂{spelled}",
        asks=f'place("factors_{name}", "factor_1", "2"), and so on',
        slots=SLOTS,
        tiles=TILES,
        weight=name,
        on_the_way=on_the_way(*place),
        **shared,
    )
    derivative = FunctionExercise(
        id=f"dE_d{name}",
        title=f"∂E/∂{spelled} of the 2-2-1 network",
        asks=f"dE_d{name}(W01, W12, X, D) → float",
        shown=lambda W01, W12, X, D: float(central_gradients([W01, W12], X, D)[layer][row, column]),
        closes=CLOSES,
        **shared,
    )
    return factors, derivative


def _all_six(gradients: list[Array]) -> dict[str, float]:
    return {name: float(gradients[layer][i, j]) for name, (layer, i, j) in WEIGHTS.items()}


def _student(rng: np.random.Generator) -> Case:
    return (f"student {rng.integers(10**9)}",)


@lru_cache(maxsize=8)
def _personal(name: str) -> tuple:
    # Hundreds of mistakes are made on this network for one diagnosis.
    return personal_network(name)


def _chain(rng: np.random.Generator) -> Case:
    (W01, W12), X, D = draw_network(rng, (1, 1, 1), samples=1)
    return W01.item(), W12.item(), X.item(), D.item()


def _chain_matrices(w01: float, w12: float, x: float, d: float) -> tuple:
    return [np.array([[w01]]), np.array([[w12]])], np.array([[x]]), np.array([[d]])


def _chain_derivative(gradients: list[Array]) -> float:
    return gradients[0].item()


ONE_CHAIN = FunctionExercise(
    id="one_chain",
    lesson=ID,
    points=0,
    title="∂E/∂w^(0,1) of the 1-1-1 network",
    asks="one_chain(w01, w12, x, d) → float",
    draws=(_chain,) * CASES,
    reference=lambda *case: _chain_derivative(true_gradients(*_chain_matrices(*case))),
    shown=lambda *case: _chain_derivative(central_gradients(*_chain_matrices(*case))),
    **in_gradient(ONE_CHAIN_MISTAKES, _chain_matrices, _chain_derivative),
    closes=CLOSES,
    hints=HINTS["one_chain"],
)
NUMBER_BY_HAND = NumbersExercise(
    id="number_by_hand",
    lesson=ID,
    points=3,
    parts=6,
    title="six derivatives for one sample",
    asks='number_by_hand = {"w11_12": ..., ...}, six numbers',
    draws=(_student,) * CASES,
    reference=lambda name: _all_six(true_gradients(*personal_network(name))),
    shown=lambda name: _all_six(central_gradients(*personal_network(name))),
    tolerance=Tolerance(relative=5e-4, layer=0.0),
    **in_gradient(ALL_SIX, _personal, _all_six),
    personal=True,
    groups={
        f"the derivatives for W^{layers}": tuple(name for name in WEIGHTS if WEIGHTS[name][0] == layer)
        for layer, layers in enumerate(("(0,1)", "(1,2)"))
    },
    hints=HINTS["number_by_hand"],
)
# A weight with its indices exchanged exists on the hidden side only, and is made there.
ANY_WEIGHT = any_weight(ID, CLOSES, (*HIDDEN_SIDE, "input_for_hidden"))
PRINTED_FORMULA = ChoiceExercise(
    id="printed_formula",
    lesson=ID,
    points=3,
    parts=2,
    title="the factor that cannot stand in the printed line",
    asks='printed_formula = {"factor": ..., "instead": ...}, two names of tiles',
    draws=NETWORKS[:1] * CASES,
    reference=printed_choice,
    tiles=PRINTED_TILES,
    hints=HINTS["printed_formula"],
)
EXPLAIN = EssayExercise(
    id="explain_w11_01",
    lesson=ID,
    points=3,
    title="why every path from w11^(0,1) to E passes through w11^(1,2)",
    asks="three to five sentences",
    rubric=RUBRIC,
    hints=HINTS["explain_w11_01"],
)

LESSON = Lesson(
    id=ID,
    title="Identify gradients",
    minutes=110,
    open=frozenset({"activations", "network", "numdiff"}),
    exercises=(
        ONE_CHAIN,
        NUMBER_BY_HAND,
        *(exercise for name in WEIGHTS for exercise in _factors_and_derivative(name)),
        ANY_WEIGHT,
        PRINTED_FORMULA,
        EXPLAIN,
    ),
)
