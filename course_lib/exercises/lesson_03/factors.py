"""What the diagrams of lesson 03 and its printed formula offer to choose from."""

import math

import numpy as np

from course_lib import symbols
from course_lib.exercises.gradient_cases import true_gradients
from course_lib.inputs import Array

# One slot for each factor; more than any sensible product has, y (1 - y) written out in place of S' included.
SLOTS = tuple(f"factor_{place}" for place in range(1, 11))
# Enough for the product in any spelling, and for every slip of the catalogue that concerns one weight.
TILES = (
    *("2", "-1", "o_n1 - d_n1", "d_n1 - o_n1"),
    *("S'(net_n1_12)", "S'(net_n1_01)", "S'(net_n2_01)"),
    *("x_n1", "x_n2", "y_n1", "y_n2", "o_n1"),
    *("1 - y_n1", "1 - y_n2", "1 - o_n1"),
    *("w11_01", "w12_01", "w21_01", "w22_01", "w11_12", "w21_12"),
)
# What lies between the output's net input and E, in any spelling.
FROM_OUTPUT = ("2", "-1", "o_n1 - d_n1", "d_n1 - o_n1", "S'(net_n1_12)", "o_n1", "1 - o_n1")
# The deck's last solution line as it is printed, written out; one factor cannot stand there.
PRINTED = ("2", "o_n1 - d_n1", "S'(net_n1_12)", "y_n1", "S'(net_n1_01)", "x_n1")
# What the notebook's table offers for the factor that belongs in its place.
PRINTED_TILES = (
    *(*PRINTED, "S'(net_n2_01)", "y_n2", "x_n2"),
    *("w11_12", "w21_12", "w11_01", "w12_01", "w21_01", "w22_01"),
)


def on_the_way(layer: int, row: int, column: int) -> tuple[str, ...]:
    """Return the tiles that are met on the way from a weight to E, in any spelling; the weight itself is not."""
    i, j = row + 1, column + 1
    if layer == 1:
        return (*FROM_OUTPUT, f"y_n{i}")
    return (*FROM_OUTPUT, f"w{j}1_12", f"S'(net_n{j}_01)", f"y_n{j}", f"1 - y_n{j}", f"x_n{i}")


def printed_choice(W01: Array, W12: Array, X: Array, D: Array) -> dict[str, str]:
    """Return the one exchange of a tile that turns the printed line into the finite difference of E."""
    truth = float(true_gradients([W01, W12], X, D)[0][0, 0])
    worth = {name: symbols.SYMBOLS[name].value([W01, W12], X, D) for name in PRINTED_TILES}
    found = []
    for factor in PRINTED:
        for instead in PRINTED_TILES:
            line = (worth[instead if name == factor else name] for name in PRINTED)
            if abs(float(np.mean(math.prod(line))) - truth) <= 1e-6 * abs(truth):
                found.append({"factor": factor, "instead": instead})
    if len(found) != 1:
        raise ArithmeticError(f"expected one way to mend the printed line, found {found}")
    return found[0]
