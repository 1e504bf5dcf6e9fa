"""Questions about lessons 00 and 01: derivatives, shapes, steps downhill."""

from __future__ import annotations

import numpy as np

from course_lib.recalling.question import Maker, number, numbers

Made = tuple[str, list[tuple[str, str]]]


def partial_derivative(rng: np.random.Generator) -> Made:
    """Ask for a partial derivative."""
    a, b = rng.integers(2, 6, size=2)
    return f"`f(x1, x2) = x1² x2`. What is ∂f/∂x1 at `({a}, {b})`?", [
        (number(2 * a * b), "The derivative of x1² is 2 x1, and x2 stays as it is: a constant factor."),
        (number(a**2), "That is ∂f/∂x2: there x1² is the constant."),
        (number(2 * a), "x2 is held fixed, but it does not go away: it is a factor."),
        (number(2 * a + b), "A product of x1² and x2, not their sum: the constant factor stays a factor."),
    ]


def inner_derivative(rng: np.random.Generator) -> Made:
    """Ask for the chain rule."""
    a, x = rng.integers(2, 6, size=2)
    return f"`y = {a}x` and `z = y²`. How fast does z change with x at `x = {x}`?", [
        (number(2 * a * a * x), f"dz/dy · dy/dx = 2y · {a}, and y is {a * x}."),
        (number(2 * a * x), "That is dz/dy alone. y itself moves faster than x does."),
        (number(a * a * x * x), "That is z, not how fast it changes."),
        (number(2 * x * a + a), "The two rates are multiplied, not added."),
    ]


def shape_of_product(rng: np.random.Generator) -> Made:
    """Ask for the shape of a matrix product."""
    n, i, j = rng.choice(np.arange(2, 9), size=3, replace=False)
    return f"`X` is `({n}, {i})` and `W` is `({i}, {j})`. What is the shape of `X @ W`?", [
        (f"({n}, {j})", "The inner sizes agree and disappear."),
        (f"({i}, {i})", "It is the inner sizes that disappear, and the outer ones that stay."),
        (f"({j}, {n})", "The rows come from X and the columns from W."),
        ("an error", f"The inner sizes are both {i}, so it fits."),
    ]


def shape_of_sum(rng: np.random.Generator) -> Made:
    """Ask which axis a sum removes."""
    n, k = rng.choice(np.arange(2, 9), size=2, replace=False)
    axis = int(rng.integers(2))
    kept, gone = ((k, n), (n, k))[axis]
    what = ("column", "row")[axis]
    return f"`A` has the shape `({n}, {k})`. What is the shape of `A.sum(axis={axis})`?", [
        (f"({kept},)", f"Axis {axis} disappears, and one number for each {what} is left."),
        (f"({gone},)", f"Axis {axis} is the one that disappears, not the one that stays."),
        (f"({n}, {k})", "A sum along an axis removes it."),
        ("()", "Only a sum without an axis leaves a single number."),
    ]


def flat_and_column(rng: np.random.Generator) -> Made:
    """Ask what (N,) and (N, 1) make together."""
    n = int(rng.integers(3, 9))
    return f"`o` has the shape `({n},)` and `d` the shape `({n}, 1)`. What is the shape of `o - d`?", [
        (f"({n}, {n})", "numpy stretches both: everything is compared with everything, without a warning."),
        (f"({n},)", "That would be right if both were flat. Here numpy stretches both."),
        (f"({n}, 1)", "That would be right if both were columns. Here numpy stretches both."),
        ("an error", "It would be better if it were. numpy finds a way to make them fit."),
    ]


def place_of_weight(rng: np.random.Generator) -> Made:
    """Ask for the entry of an array that a weight is."""
    i, j = rng.choice(np.arange(1, 5), size=2, replace=False)
    return f"Which entry of the array is the weight w_{i}{j}^(0,1)?", [
        (
            f"`W01[{i - 1}, {j - 1}]`",
            f"From input {i} to hidden node {j}; formulas count from 1, arrays from 0.",
        ),
        (f"`W01[{i}, {j}]`", "Arrays count from 0."),
        (f"`W01[{j - 1}, {i - 1}]`", f"That one goes from input {j} to hidden node {i}."),
        (
            f"`W01[{j}, {i}]`",
            "Two things: arrays count from 0, and the first index is where the weight starts.",
        ),
    ]


def one_step(rng: np.random.Generator) -> Made:
    """Ask where a step of gradient descent ends."""
    a, b = rng.integers(1, 4, size=2) * 2
    P, rate = rng.integers(1, 5, size=2).astype(float), float(rng.choice([0.05, 0.1, 0.2]))
    slope = np.array([2 * a, 2 * b]) * P
    step = f"One step of gradient descent from `{numbers(P)}` with rate `{rate}` ends at"
    return f"`f(x1, x2) = {a} x1² + {b} x2²`. {step}", [
        (
            numbers(P - rate * slope),
            f"The gradient there is {numbers(slope)}, and the step is −{rate} times that.",
        ),
        (numbers(P + rate * slope), "That step goes uphill: it needs a minus."),
        (numbers(P - slope), "That is the whole gradient; the rate makes a step of it."),
        (numbers(-rate * slope), "That is the step alone. Where does it start?"),
    ]


def long_step(rng: np.random.Generator) -> Made:
    """Ask what a rate does along a direction whose bend is known."""
    bend = int(rng.choice([2, 4, 5, 8]))
    outcomes = [
        ("it comes closer, always from the same side", 0.4, "the factor is between 0 and 1"),
        ("it jumps from side to side and comes closer", 1.6, "the factor is between −1 and 0"),
        ("it jumps from side to side, further out each time", 2.4, "the factor is below −1"),
        ("it moves away on the side where it is", -1.0, "that would take a factor above 1, so a step uphill"),
    ]
    right = int(rng.integers(3))
    rate = outcomes[right][1] / bend
    factor = f"One step multiplies x by 1 − {number(rate)} · {bend} = {number(1 - outcomes[right][1])}"
    order = [right, *(n for n in range(4) if n != right)]
    walk = f"With rate `{number(rate)}`, how does the walk go?"
    return f"`f(x) = {number(bend / 2)} x²`, whose second derivative is `{bend}`. {walk}", [
        (outcomes[n][0], f"{factor}: {outcomes[n][2]}." if n == right else f"{factor}.") for n in order
    ]


def kind_of_point(rng: np.random.Generator) -> Made:
    """Ask what the eigenvalues of a Hessian say."""
    a, b = rng.integers(1, 9, size=2)
    kinds = {
        "a minimum": ((a, b), "it bends upwards in every direction"),
        "a maximum": ((-a, -b), "it bends downwards in every direction"),
        "a saddle": ((a, -b), "up in one direction, down in another"),
        "that cannot be told": ((a, 0), "a zero says nothing about that direction"),
    }
    right = list(kinds)[rng.integers(4)]
    values, why = kinds[right]
    others = [
        (name, f"The eigenvalues are {numbers(np.array(values))}: {why}.") for name in kinds if name != right
    ]
    text = f"The gradient is zero, and the Hessian has the eigenvalues `{numbers(np.array(values))}`. What is it?"
    return text, [(right, f"{why[:1].upper()}{why[1:]}."), *others]


def level_direction(rng: np.random.Generator) -> Made:
    """Ask for the direction along a contour."""
    g = rng.choice([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], size=2)
    turned = np.array([-g[1], g[0]])
    mirrored = np.array([g[0], -g[1]])
    return f"The gradient at a point is `{numbers(g)}`. Along which direction does f not change at first?", [
        (numbers(turned), "At a right angle to the gradient the slope ∇f · u is 0: along the contour line."),
        (numbers(-g), "That way it falls fastest."),
        (numbers(g), "That way it rises fastest."),
        (
            numbers(mirrored),
            f"The slope along it is not 0: the product with the gradient is {number(mirrored @ g)}.",
        ),
    ]


TOOLS: tuple[Maker, ...] = (
    *(partial_derivative, inner_derivative, shape_of_product, shape_of_sum, flat_and_column, place_of_weight),
)
DOWNHILL: tuple[Maker, ...] = (one_step, long_step, kind_of_point, level_direction)
