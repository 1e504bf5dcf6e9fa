"""`training`: short runs that are compared number by number, and a long one on the penguins that has a goal."""

from typing import Any

import numpy as np

from course_lib.descent import train
from course_lib.exercises.kinds import Case, Draw
from course_lib.inputs import Array, as_array, as_weights
from course_lib.network import loss, random_network
from course_lib.penguins import load_penguins

# Training on the penguins, as the notebook states it.
HIDDEN, RATE, STEPS, GOAL = 4, 1.0, 500, 0.05


def short_run(network: Draw, steps: int) -> Draw:
    """Draw a run of a few steps."""
    return lambda rng: (*network(rng), float(rng.uniform(0.3, 1.5)), steps)


def penguin_run(rng: np.random.Generator) -> Case:
    """Draw the weights from which a network learns the penguins."""
    X, D = load_penguins()
    weights, _, _ = random_network(rng, (X.shape[1], HIDDEN, D.shape[1]), 1)
    return weights, X, D, RATE, STEPS


def trained(weights: list[Array], X: Array, D: Array, learning_rate: float, steps: int) -> tuple | None:
    """Return the weights after a short run and its losses; None for a long one.

    Over many steps rounding grows, so a long run is held against its goal and not against every digit.
    """
    return train(weights, X, D, learning_rate, steps) if steps < STEPS else None


def verify_training(case: Case, value: Any) -> str | None:
    """Say what is wrong with a long run: its shapes, its beginning, its end, or losses that are not its own."""
    weights, X, D, _, steps = case
    if steps < STEPS:
        return None
    try:
        after, losses = value
        after, losses = as_weights(list(after)), as_array("losses", losses)
    except (TypeError, ValueError):
        return "expected a pair, `return weights, losses`"
    if losses.shape != (steps + 1,):
        return f"expected losses of shape ({steps + 1},), got shape {losses.shape}"
    if [W.shape for W in after] != [W.shape for W in weights]:
        return "the new weights have other shapes than the old ones"
    begins, ends = loss(weights, X, D), loss(after, X, D)
    if not abs(losses[0] - begins) <= 1e-6 * begins:
        return f"losses[0] should be E before the first step, {begins:.6f}, and is {losses[0]:.6f}"
    if not abs(losses[-1] - ends) <= 1e-6 * ends:
        return f"the last loss is {losses[-1]:.6f}, but E of the weights you return is {ends:.6f}"
    if not ends < GOAL:
        return f"on the penguins E is {ends:.4f} after {steps} steps; the right gradient gets below {GOAL}"
    return None
