"""The mixed challenge at the end of a lesson: what several lessons teach, in one number."""

from __future__ import annotations

import numpy as np

from course_lib.activations import sigmoid
from course_lib.backprop import gradients
from course_lib.network import forward, loss
from course_lib.recalling.question import Maker, number, numbers

Made = tuple[str, list[tuple[str, str]]]


def downhill_by_hand(rng: np.random.Generator) -> Made:
    """Mix lessons 00 and 01: a partial derivative, then a step."""
    a, b = (float(v) for v in rng.integers(1, 4, size=2))
    rate = float(rng.choice([0.05, 0.1]))
    slope = 2 * a * b + b
    text = f"Gradient descent with rate `{rate}` leaves `({a:g}, {b:g})`. What is x1 after one step?"
    return f"`f(x1, x2) = x1² x2 + x1 x2`. {text}", [
        (
            number(a - rate * slope),
            f"∂f/∂x1 = 2 x1 x2 + x2 = {number(slope)}; the step is −{rate} times that.",
        ),
        (number(a + rate * slope), "That step goes uphill."),
        (number(a - rate * 2 * a * b), "The second term depends on x1, too: its derivative is x2."),
        (number(a - rate * (a * a + a)), "That is the derivative for x2."),
    ]


def error_of_a_node(rng: np.random.Generator) -> Made:
    """Mix lessons 01 and 02: forward through one node, its error, and which way its weight should go."""
    x, w = rng.integers(1, 9, size=2) / 5
    d = float(rng.integers(2))
    o = float(sigmoid(w * x))
    way, other = ("up", "down")[:: 1 if d > o else -1]
    E, wrong = (o - d) ** 2, (w * x - d) ** 2
    return (
        f"One node, `o = S(w x)` with `w = {number(w)}`, `x = {number(x)}`, and `d = {d:g}`. "
        "What is E, and which way should w go?",
        [
            (
                f"E = {number(E)}, w {way}",
                f"o is {number(o)}; x is above 0, so o moves with w, and it should come closer to d.",
            ),
            (
                f"E = {number(E)}, w {other}",
                f"o is {number(o)} and should be {d:g}; x is above 0, so o moves the way w does.",
            ),
            (f"E = {number(wrong)}, w {way}", "S is missing: what leaves the node is S of its net input."),
            (f"E = {number(abs(o - d))}, w {way}", "The error is squared."),
        ],
    )


def chain_and_step(rng: np.random.Generator) -> Made:
    """Mix lessons 01 to 03: the first weight of a chain after one step."""
    w01, w12, x = (float(v) for v in rng.choice([0.5, 0.8, 1.0, 1.5, 2.0], size=3, replace=False))
    weights, X, D = (
        [np.array([[w01]]), np.array([[w12]])],
        np.array([[x]]),
        np.array([[float(rng.integers(2))]]),
    )
    slope = gradients(weights, X, D)[0].item()
    y = forward(weights, X).y[1].item()
    text = (
        f"The 1-1-1 network: w^(0,1) = {w01}, w^(1,2) = {w12}, x = {x}, d = {D.item():g}. "
        "What is w^(0,1) after one step with rate 1? (A calculator, or a cell of your own, is welcome.)"
    )
    sign, way = ("negative", "up") if slope < 0 else ("positive", "down")
    return text, [
        (
            f"{w01 - slope:.5f}",
            f"∂E/∂w^(0,1) is {number(slope)}: 2 (o − d), o (1 − o), w^(1,2), y (1 − y), x.",
        ),
        (f"{w01 + slope:.5f}", f"The derivative is {sign}, and the step goes the other way: {way}."),
        (f"{w01 - slope / w12:.5f}", "On the way back from net^(1,2) to y stands the weight w^(1,2)."),
        (f"{w01 - slope / w12 * y:.5f}", "y stands where w^(1,2) belongs: the slip of the slide."),
    ]


def both_outputs(rng: np.random.Generator) -> Made:
    """Mix lessons 02 to 04: one derivative of the first layer, through both outputs."""
    x, y = float(rng.integers(1, 5)), float(rng.integers(2, 9)) / 10
    w = np.array([1.0, -2.0])[rng.permutation(2)] * rng.integers(1, 3)
    o, d = rng.integers(2, 9, size=2) / 10, np.array([1.0, 0.0])
    delta = 2 * (o - d) * o * (1 - o)
    back = w @ delta
    right = back * y * (1 - y) * x
    text = (
        f"One sample. A hidden node gets the input `{x:g}` through a weight w and gives `y = {y}`. "
        f"It feeds two outputs through `{numbers(w)}`; they give `{numbers(o)}` and should give `{numbers(d)}`. "
        "∂E/∂w is"
    )
    return text, [
        (
            number(right),
            f"The deltas are {numbers(delta)}; back comes {number(back)}, times y (1 − y), times the input.",
        ),
        (
            number(w[0] * delta[0] * y * (1 - y) * x),
            "That is what the first output says. The second has a say, too.",
        ),
        (number(back * x), "The slope of the hidden node is missing."),
        (number(w @ (2 * (o - d)) * y * (1 - y) * x), "The slopes of the outputs are missing in the deltas."),
    ]


def deep_chain(rng: np.random.Generator) -> Made:
    """Mix lessons 03 to 05: how much of a delta reaches the first of four nodes in a row, all at their steepest."""
    w, count = float(rng.choice([2.0, 3.0, 5.0, 8.0])), int(rng.integers(3, 6))
    share = (w / 4) ** (count - 1)
    grows = "grows" if w > 4 else "shrinks"
    text = (
        f"{count} sigmoid nodes in a row, all with net inputs near 0, joined by weights `{w:g}`. "
        "How large is the delta of the first, compared with that of the last?"
    )
    return text, [
        (number(share), f"Each of the {count - 1} steps back multiplies by {w:g} · 1/4, so it {grows}."),
        (number(0.25 ** (count - 1)), "On its way back the delta is multiplied by the weights as well."),
        (number(w ** (count - 1)), "Each node has a slope, which near 0 is 1/4."),
        (
            number((w / 4) ** count),
            f"From the last of {count} nodes to the first there are {count - 1} steps.",
        ),
    ]


def lower_after_a_step(rng: np.random.Generator) -> Made:
    """Mix all of it: whether a falling loss says that a gradient is right."""
    w, x = float(rng.choice([0.5, 1.0, 1.5])), float(rng.choice([1.0, 2.0]))
    weights, X, D = [np.array([[w]])], np.array([[x]]), np.array([[0.0]])
    half = gradients(weights, X, D)[0] / 2
    before, after = loss(weights, X, D), loss([weights[0] - half], X, D)
    text = (
        f"Somebody's gradient lacks the 2. One step with it takes E from `{number(before)}` to `{number(after)}`. "
        "What does that say about the gradient?"
    )
    return text, [
        ("nothing", "Half the gradient goes downhill as well. Only a measurement tells."),
        ("it is right", "E falls along many wrong gradients. Measure."),
        (
            "it is right, but the rate is too small",
            "A rate of twice the size would hide the mistake, not mend it.",
        ),
        ("E is wrong", "E was computed by the forward pass, and that has no mistake in it."),
    ]


CHALLENGES: dict[int, tuple[Maker, ...]] = {
    1: (downhill_by_hand,),
    2: (error_of_a_node,),
    3: (chain_and_step,),
    4: (both_outputs, lower_after_a_step),
    5: (deep_chain,),
}
