"""Questions about lessons 02 to 05: forward, one derivative, the whole sweep, and what becomes of it in the deep."""

from __future__ import annotations

import numpy as np

from course_lib.activations import sigmoid
from course_lib.recalling.question import Maker, number, numbers

Made = tuple[str, list[tuple[str, str]]]


def _tenths(rng: np.random.Generator, low: int, high: int, count: int) -> np.ndarray:
    """Draw different tenths, none of them zero."""
    drawn = np.array([n for n in range(low, high + 1) if n])
    return rng.choice(drawn, size=count, replace=False) / 10


def net_input(rng: np.random.Generator) -> Made:
    """Ask for the net input of a node."""
    w, x = _tenths(rng, -9, 9, 2), _tenths(rng, -20, 20, 2)
    net = w @ x
    return f"Two inputs `{numbers(x)}` enter a node through the weights `{numbers(w)}`. Its net input is", [
        (number(net), "Each input times the weight on its line, and the sum of both."),
        (number(sigmoid(net)), "That is what leaves the node: S of the net input."),
        (number(x.sum()), "The weights on the lines are missing."),
        (number(w @ x[::-1]), "Each input has a line of its own, and so a weight of its own."),
    ]


def count_of_weights(rng: np.random.Generator) -> Made:
    """Ask how many weights a network has."""
    i, j, k = rng.choice(np.arange(2, 8), size=3, replace=False)
    return f"How many weights has a {i}-{j}-{k} network?", [
        (str(i * j + j * k), f"{i} · {j} lines into the hidden layer and {j} · {k} out of it."),
        (str(i * j * k), "The lines of the two layers are added, not multiplied."),
        (str(i + j + k), "That is the number of nodes."),
        (str(i * j + j * k + j + k), "With a bias for every node it would be so; this network has none."),
    ]


def slope_from_output(rng: np.random.Generator) -> Made:
    """Ask for S' where S is known."""
    s = float(rng.integers(55, 95)) / 100
    return f"A node gives `S(net) = {s}`. What is `S'(net)`?", [
        (number(s * (1 - s)), "S'(net) = S(net) (1 − S(net)); net itself is not needed."),
        (
            number(sigmoid(s) * (1 - sigmoid(s))),
            f"That is the slope of S at {s}. S has been applied already.",
        ),
        (number(1 - s), "That is only one of the two factors."),
        (number(s), "That is S, not its slope."),
    ]


def mean_squared_error(rng: np.random.Generator) -> Made:
    """Ask for E of two samples with two outputs."""
    error = _tenths(rng, -9, 9, 4).reshape(2, 2)
    squares = error**2
    rows = " and ".join(numbers(row) for row in error)
    return f"Two samples, two outputs. The errors `o − d` are `{rows}`. What is E?", [
        (number(squares.sum() / 2), "The sum over the outputs, then the mean over the two samples."),
        (number(squares.mean()), "There is a 1/N but no 1/K: the outputs are summed."),
        (number(squares.sum()), "The mean over the samples is missing."),
        (
            number((error.sum(axis=1) ** 2).mean()),
            "Square first, then sum; the other way round errors cancel.",
        ),
    ]


def without_S(rng: np.random.Generator) -> Made:
    """Ask what two layers without S are."""
    i, j, k = rng.choice(np.arange(2, 8), size=3, replace=False)
    return f"Take S out of a {i}-{j}-{k} network. What can it do that one layer of weights cannot?", [
        ("nothing", f"`X @ W01 @ W12` is `X @ W`, with the one matrix `W01 @ W12` of shape ({i}, {k})."),
        (
            f"more: it has {j} hidden nodes",
            "Each of them is only a weighted sum, and a sum of sums is a sum.",
        ),
        ("more: it has more weights", f"They all go into one matrix of shape ({i}, {k}), their product."),
        ("exclusive or", "That takes S between the layers: a sum of sums is one sum."),
    ]


def middle_factor(rng: np.random.Generator) -> Made:
    """Ask for the factor between the two slopes."""
    i, j = int(rng.integers(1, 3)), int(rng.integers(1, 3))
    other = 3 - j
    return (
        f"In the 2-2-1 network, which factor of ∂E/∂w_{i}{j}^(0,1) stands between the two slopes?",
        [
            (
                f"the weight from hidden node {j} to the output",
                f"w_{i}{j}^(0,1) enters node {j}, and leaves by that weight.",
            ),
            (
                f"the output of hidden node {j}",
                "That is left when the weight changes. Here it is y that changes.",
            ),
            (
                f"the weight from hidden node {other} to the output",
                f"w_{i}{j}^(0,1) does not enter hidden node {other}.",
            ),
            (
                f"w_{i}{j}^(0,1) itself",
                "The path starts there; what it is multiplied by, an input, is the last factor.",
            ),
        ],
    )


def output_weight(rng: np.random.Generator) -> Made:
    """Ask for the derivative for a weight next to the output."""
    o, d, y = float(rng.integers(3, 9)) / 10, float(rng.integers(2)), float(rng.integers(2, 10)) / 10
    right = 2 * (o - d) * o * (1 - o) * y
    text = (
        f"One sample: `o = {o}`, `d = {d:g}`, and `y = {y}` enters the weight w next to the output. ∂E/∂w is"
    )
    return text, [
        (number(right), "2 (o − d), times the slope o (1 − o), times what entered the weight, y."),
        (number(right / 2), "The 2 of the square is missing."),
        (number(-right), "It is o − d. The minus comes with the update."),
        (number(2 * (o - d) * y), "Between E and net lies the node: its slope is missing."),
    ]


def which_way(rng: np.random.Generator) -> Made:
    """Ask what the sign of a derivative says."""
    slope = float(rng.choice([-1, 1])) * float(rng.integers(1, 9)) / 10
    grow, shrink = ("it should grow", "it should shrink")[:: 1 if slope < 0 else -1]
    less = "falls" if slope < 0 else "rises"
    return f"`∂E/∂w = {number(slope)}`. What should a step do to w?", [
        (grow, f"When w grows, E {less}; a step goes against the derivative."),
        (shrink, f"When w grows, E {less}. The step is −rate · ∂E/∂w."),
        ("nothing: it is too small to tell", "Any derivative that is not zero says which way is down."),
        ("that depends on the sign of w", "Only on the sign of the derivative."),
    ]


def number_of_paths(rng: np.random.Generator) -> Made:
    """Ask along how many paths a weight reaches E."""
    i, j, k = rng.choice(np.arange(2, 8), size=3, replace=False)
    return f"In a {i}-{j}-{k} network, along how many paths does a weight of the **first** layer reach E?", [
        (str(k), f"It enters one hidden node, which feeds all {k} outputs; what they say is added."),
        ("1", "One into the hidden node. But how many lines leave it?"),
        (str(j), "The weight enters only one of the hidden nodes."),
        (str(j * k), "The weight enters one hidden node; only the lines that leave this one count."),
    ]


def delta_of_output(rng: np.random.Generator) -> Made:
    """Ask for the delta of an output."""
    n, o, d = int(rng.choice([4, 5, 8, 10])), float(rng.integers(2, 9)) / 10, float(rng.integers(2))
    right = 2 / n * (o - d) * o * (1 - o)
    return f"`N = {n}` samples. For one of them an output is `o = {o}`, and `d = {d:g}`. The delta is", [
        (number(right), "2/N, times o − d, times the slope o (1 − o)."),
        (number(right * n), "That is without the mean over the samples; 2/N is inside the delta."),
        (number(2 / n * (o - d)), "The slope of the node is missing."),
        (number(-right), "It is o − d: the minus belongs to the update."),
    ]


def delta_of_hidden(rng: np.random.Generator) -> Made:
    """Ask for the delta of a hidden node with two lines."""
    w, delta, y = _tenths(rng, -20, 20, 2), _tenths(rng, -5, 5, 2), float(rng.integers(2, 9)) / 10
    right = w @ delta * y * (1 - y)
    lines = f"Its two lines have the weights `{numbers(w)}` and end at deltas `{numbers(delta)}`."
    return f"A hidden node gives `y = {y}`. {lines} Its own delta is", [
        (
            number(right),
            "Each line brings back weight times delta; they are added, then comes the node's slope.",
        ),
        (number(w @ delta), "The slope of the hidden node itself, y (1 − y), is missing."),
        (number(w[0] * delta[0] * y * (1 - y)), "That is one line of two."),
        (
            number(delta.sum() * y * (1 - y)),
            "On its way back a delta is multiplied by the weight of the line.",
        ),
    ]


def gradient_of_weight(rng: np.random.Generator) -> Made:
    """Ask for one derivative from inputs and deltas."""
    x, delta = _tenths(rng, -20, 20, 3), _tenths(rng, -5, 5, 3)
    right = x @ delta
    line = f"What enters a line is `{numbers(x)}`, and the deltas at its end are `{numbers(delta)}`."
    return f"Three samples. {line} ∂E/∂w is", [
        (number(right), "What entered, times the delta at the end, added over the samples."),
        (number(right / 3), "The 1/N is inside the deltas already."),
        (number(x.sum() * delta.sum()), "Multiply first, sample by sample; then add."),
        (number(x[-1] * delta[-1]), "That is the last sample alone."),
    ]


def size_of_step(rng: np.random.Generator) -> Made:
    """Ask what limits the step of a difference quotient."""
    small = bool(rng.integers(2))
    h = "1e-12" if small else "0.1"
    rounding = (
        "rounding",
        "The two values of E agree in nearly all digits, and their difference is mostly rounding.",
    )
    bend = ("the bend of E", "Over so long a step E is no straight line any more.")
    right, wrong = (rounding, bend) if small else (bend, rounding)
    instead = "Not with so short a step." if small else "Not with so long a step."
    return f"A difference quotient with `h = {h}` is off. What is to blame most?", [
        right,
        (wrong[0], instead),
        ("the learning rate", "No step is taken: E is only measured on both sides."),
        ("the number of samples", "E is their mean, whatever their number."),
    ]


def quarter_each(rng: np.random.Generator) -> Made:
    """Ask how much is left of a delta."""
    layers = int(rng.integers(2, 6))
    way = f"A delta goes back through {layers} sigmoid nodes, each with the weight 1."
    return f"{way} At most this share of it is left:", [
        (f"{0.25**layers:.2g}", f"Every slope is at most 1/4, and (1/4)^{layers} is that."),
        (f"{0.5**layers:.2g}", "S(0) is 1/2, but its slope there is 1/4."),
        (f"{0.25 / layers:.2g}", "The slopes are multiplied, one after the other."),
        ("all of it", "Each node multiplies by its slope, which is at most 1/4."),
    ]


def clipped_layers(rng: np.random.Generator) -> Made:
    """Ask what clipping by the global norm leaves."""
    times = float(rng.integers(1, 5))
    a, b = np.array([3.0, 4.0])[rng.permutation(2)] * times
    whole, limit = 5 * times, float(rng.choice([1.0, 2.0]))
    share = limit / whole
    layers = f"Two layers have gradients of norms `{number(a)}` and `{number(b)}`."
    return f"{layers} Clipped to the global norm `{number(limit)}` they have", [
        (
            f"{number(a * share)} and {number(b * share)}",
            f"One factor for both, {number(limit)}/{number(whole)}.",
        ),
        (f"{number(limit)} and {number(limit)}", "Each by itself: that changes the direction of the whole."),
        (
            f"{number(a * limit / (a + b))} and {number(b * limit / (a + b))}",
            "The norms add in their squares.",
        ),
        (f"{number(a)} and {number(b)}", "Their common norm is above the limit."),
    ]


def decayed_weight(rng: np.random.Generator) -> Made:
    """Ask what weight decay adds."""
    w, decay = float(rng.integers(2, 9)), float(rng.choice([0.01, 0.05, 0.1]))
    return f"A weight decay of `{decay}` adds to ∂E/∂w, for `w = {w:g}`,", [
        (number(2 * decay * w), "The derivative of λ w² is 2 λ w."),
        (number(decay * w), "The 2 of the square is missing."),
        (number(decay * w**2), "That is what it adds to E."),
        (number(-2 * decay * w), "It costs: more of w, more of it. The minus comes with the update."),
    ]


def dead_slope(rng: np.random.Generator) -> Made:
    """Ask which activation passes nothing back."""
    z = -float(rng.integers(2, 6))
    return f"Which of these passes back exactly nothing at a net input of `{number(z)}`?", [
        ("relu", "To the left of 0 relu is level."),
        ("leaky relu", "It has the slope 0.01 there: little, but not nothing."),
        (
            "the sigmoid",
            f"Its slope there is {number(sigmoid(z) * (1 - sigmoid(z)))}: small, and never zero.",
        ),
        ("tanh", f"Its slope there is {number(1 - np.tanh(z) ** 2)}: small, and never zero."),
    ]


FORWARD: tuple[Maker, ...] = (net_input, count_of_weights, slope_from_output, mean_squared_error, without_S)
DERIVATIVES: tuple[Maker, ...] = (middle_factor, output_weight, which_way)
SWEEP: tuple[Maker, ...] = (
    *(number_of_paths, delta_of_output, delta_of_hidden, gradient_of_weight, size_of_step),
)
DEEP: tuple[Maker, ...] = (quarter_each, clipped_layers, decayed_weight, dead_slope)
