"""Lesson 03: identify the gradients of the 2-2-1 network, all six weights."""

from __future__ import annotations

import numpy as np

from course_lib import symbols
from course_lib.exercises.base import CASES, Draw, Lesson, Tolerance
from course_lib.exercises.factors import factors_of
from course_lib.exercises.gradient_cases import central_gradients, draw_network, networks, true_gradients
from course_lib.exercises.hints_03 import HINTS
from course_lib.exercises.kinds import (
    ChoiceExercise,
    DiagramExercise,
    EssayExercise,
    FunctionExercise,
    NumbersExercise,
)
from course_lib.mistakes import gradient_mistakes, single_weight
from course_lib.network import personal_network

ID = "03_identify_gradients"
OPEN = frozenset({"activations", "network", "numdiff"})
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
# What fits a gradient on the output side of a network with one output, and on the hidden side.
O_SIDE = (
    *("no_factor_two", "wrong_sign", "sum_over_samples", "averaged_twice", "two_n_twice", "rate_inside"),
    *("absolute_error", "no_output_slope", "slope_of_output_o"),
    *("slope_is_sigmoid", "slope_is_one_minus", "slope_on_net"),
    *("input_for_hidden", "weight_for_input"),
    *("last_sample_only", "averages_before_product", "broadcast_targets"),
)
# Seen from one hidden weight alone it is the same where the output's slope is lost, so it is called by one name.
H_SIDE = (
    *(mistake for mistake in O_SIDE if mistake != "input_for_hidden"),
    *("no_hidden_slope", "slope_of_output_h"),
    *("activation_for_weight", "no_weight", "gradient_for_weight", "updated_weight"),
    "hidden_for_input",
)
# With one sample and one output a mistake about sums, means or signs that cancel is no mistake.
CHAIN = (
    *("no_factor_two", "wrong_sign", "rate_inside", "no_output_slope", "no_hidden_slope"),
    *("no_weight", "activation_for_weight", "gradient_for_weight", "updated_weight"),
    *("weight_for_input", "hidden_for_input"),
)
# The deck's last solution line as it is printed, written out; one factor cannot stand there.
PRINTED = ("2", "o_n1 - d_n1", "S'(net_n1_12)", "y_n1", "S'(net_n1_01)", "x_n1")
# What the notebook's table offers for the factor that belongs in its place.
TILES = (*PRINTED, "S'(net_n2_01)", "y_n2", "x_n2", *WEIGHTS)


def _flat(network: Draw) -> Draw:
    def draw(rng: np.random.Generator) -> tuple:
        (W01, W12), X, D = network(rng)
        return W01, W12, X, D

    return draw


# The network is 2-2-1; what the text leaves open is the number of samples.
NETWORKS = tuple(map(_flat, networks(*[(2, 2, 1)] * 3)))


def _spelled(name: str) -> str:
    return f"w{name[1]}{name[2]}^({name[4]},{name[5]})"


def _derivative(name: str) -> FunctionExercise:
    layer, row, column = WEIGHTS[name]
    return FunctionExercise(
        id=f"dE_d{name}",
        lesson=ID,
        points=2,
        title=f"∂E/∂{_spelled(name)} of the 2-2-1 network",
        asks=f"dE_d{name}(W01, W12, X, D) → float",
        draws=NETWORKS,
        reference=lambda W01, W12, X, D: float(true_gradients([W01, W12], X, D)[layer][row, column]),
        shown=lambda W01, W12, X, D: float(central_gradients([W01, W12], X, D)[layer][row, column]),
        mistakes={
            **gradient_mistakes(
                _fitting(name),
                lambda W01, W12, X, D: ([W01, W12], X, D),
                lambda gradients: float(gradients[layer][row, column]),
            ),
            **single_weight.of_one_weight(layer, row, column),
        },
        closes=CLOSES,
        hints=HINTS[name],
    )


def _fitting(name: str) -> tuple[str, ...]:
    layer, row, column = WEIGHTS[name]
    if layer == 1:
        return O_SIDE
    return H_SIDE if row == column else (*H_SIDE, "swapped_indices")


def _factors(name: str) -> DiagramExercise:
    function = _derivative(name)
    more = {"lesson": ID, "mistakes": function.mistakes, "hints": HINTS[name]}
    more |= {"draws": NETWORKS}
    return factors_of(name, _spelled(name), function.reference, **more)


def _six(gradients: list[np.ndarray]) -> dict[str, float]:
    return {name: float(gradients[layer][i, j]) for name, (layer, i, j) in WEIGHTS.items()}


def _chain_case(rng: np.random.Generator) -> tuple[float, float, float, float]:
    (W01, W12), X, D = draw_network(rng, (1, 1, 1), samples=1)
    return W01.item(), W12.item(), X.item(), D.item()


def _chain(gradients: list[np.ndarray]) -> float:
    return gradients[0].item()


def _matrices(w01: float, w12: float, x: float, d: float) -> tuple:
    return [np.array([[w01]]), np.array([[w12]])], np.array([[x]]), np.array([[d]])


def printed_choice(W01: np.ndarray, W12: np.ndarray, X: np.ndarray, D: np.ndarray) -> dict[str, str]:
    """Return the one exchange of a tile that turns the printed line into the finite difference of E."""
    truth = float(true_gradients([W01, W12], X, D)[0][0, 0])
    found = []
    for factor in PRINTED:
        for instead in TILES:
            line = [instead if name == factor else name for name in PRINTED]
            if abs(symbols.product(line, [W01, W12], X, D) - truth) <= 1e-6 * abs(truth):
                found.append({"factor": factor, "instead": instead})
    if len(found) != 1:
        raise ArithmeticError(f"expected one way to mend the printed line, found {found}")
    return found[0]


ONE_CHAIN = FunctionExercise(
    id="one_chain",
    lesson=ID,
    points=0,
    title="∂E/∂w^(0,1) of the 1-1-1 network",
    asks="one_chain(w01, w12, x, d) → float",
    draws=(_chain_case,) * CASES,
    reference=lambda *case: _chain(true_gradients(*_matrices(*case))),
    shown=lambda *case: _chain(central_gradients(*_matrices(*case))),
    mistakes=gradient_mistakes(
        (*CHAIN, *(mistake for mistake in H_SIDE if mistake.startswith("slope"))),
        _matrices,
        _chain,
    ),
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
    draws=(lambda rng: (f"student {rng.integers(10**9)}",),) * CASES,
    reference=lambda name: _six(true_gradients(*personal_network(name))),
    shown=lambda name: _six(central_gradients(*personal_network(name))),
    tolerance=Tolerance(relative=5e-4, layer=0.0),
    mistakes=gradient_mistakes(
        # With one sample 2/N once more is a 2 too much, which may have come from elsewhere.
        (
            *(mistake for mistake in H_SIDE if mistake != "two_n_twice"),
            *("no_output_slope_in_hidden", "input_for_hidden", "swapped_indices"),
        ),
        personal_network,
        _six,
    ),
    personal=True,
    hints=HINTS["number_by_hand"],
)

PRINTED_FORMULA = ChoiceExercise(
    id="printed_formula",
    lesson=ID,
    points=3,
    parts=2,
    title="the factor that cannot stand in the printed line",
    asks='printed_formula = {"factor": ..., "instead": ...}, two names of tiles',
    draws=(NETWORKS[0],) * CASES,
    reference=printed_choice,
    tiles=TILES,
    hints=HINTS["printed_formula"],
)

EXPLAIN = EssayExercise(
    id="explain_w11_01",
    lesson=ID,
    points=3,
    title="why every path from w11^(0,1) to E passes through w11^(1,2)",
    asks="three to five sentences",
    reference=lambda: None,
    hints=HINTS["explain_w11_01"],
)

LESSON = Lesson(
    id=ID,
    title="Identify gradients",
    minutes=120,
    open=OPEN,
    exercises=(
        ONE_CHAIN,
        NUMBER_BY_HAND,
        *(exercise for name in WEIGHTS for exercise in (_factors(name), _derivative(name))),
        PRINTED_FORMULA,
        EXPLAIN,
    ),
)
