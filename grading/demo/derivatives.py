"""Answers of lesson 03 as code: the derivative of one weight in several styles, right or with a known mistake."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from course_lib.exercises.lesson_03.exercises import WEIGHTS

STYLES = ("columns", "samples", "named")
# How a product over the samples becomes the derivative.
MEANS = (
    "np.mean({0})",
    "np.sum({0}) / len(X)",
    "sum({0}) / X.shape[0]",
    "({0}).mean()",
    "({0}).sum() / len(D)",
)
Factors = dict[str, str]


@dataclass(frozen=True)
class Mistake:
    """A mistake of the catalogue in code: what becomes of the factors, and of the sum over the samples."""

    change: Callable[[Factors], None] = lambda factors: None
    close: str = ""
    keep: bool = True  # whether a loop adds up


def _drop(*names: str) -> Callable[[Factors], None]:
    def change(factors: Factors) -> None:
        for name in names:
            factors.pop(name, None)

    return change


def _put(name: str, text: str) -> Callable[[Factors], None]:
    def change(factors: Factors) -> None:
        if name in factors:
            factors[name] = text.format_map(factors)

    return change


def _slopes(text: str) -> Callable[[Factors], None]:
    def change(factors: Factors) -> None:
        factors["slope_o"] = text.format(factors["o"])

    return change


MISTAKES: Mapping[str, Mistake] = {
    "no_factor_two": Mistake(_drop("two")),
    "wrong_sign": Mistake(_put("error", "({d} - {o})")),
    "sum_over_samples": Mistake(close="sum({0})"),
    "averaged_twice": Mistake(close="np.mean({0}) / len(X)"),
    "no_output_slope": Mistake(_drop("slope_o")),
    "no_hidden_slope": Mistake(_drop("slope_h")),
    "slope_of_output_o": Mistake(_slopes("sigmoid({0}) * (1 - sigmoid({0}))")),
    "slope_is_sigmoid": Mistake(_slopes("{0}")),
    "slope_is_one_minus": Mistake(_slopes("(1 - {0})")),
    "no_weight": Mistake(_drop("weight")),
    "activation_for_weight": Mistake(_put("weight", "{h}")),
    "hidden_for_input": Mistake(_put("input", "{h_i}")),
    "input_for_hidden": Mistake(_put("hidden", "{x}")),
    "absolute_error": Mistake(_put("error", "abs({o} - {d})")),
    "squared_error": Mistake(_put("error", "({o} - {d}) ** 2")),
    "no_input": Mistake(_drop("input", "hidden")),
    "last_sample_only": Mistake(keep=False),
}
# On one side of the network only there is something to be changed.
ON_HIDDEN_SIDE = frozenset({"no_hidden_slope", "no_weight", "activation_for_weight", "hidden_for_input"})
ON_OUTPUT_SIDE = frozenset({"input_for_hidden"})
# With one sample, or in code that has no loop, these change nothing, or nothing that can be told.
NOT_IN_ONE_CHAIN = frozenset({"sum_over_samples", "averaged_twice", "absolute_error", "last_sample_only"})
PRODUCT = ("two", "error", "slope_o", "weight", "slope_h", "input", "hidden")


def factors(layer: int, i: str, j: str, names: Mapping[str, str]) -> Factors:
    """Return the factors of a derivative as code; `names` are those of the values of one sample, or of all."""
    o, d, x, h = names["o"], names["d"], names["x"], names["h"]
    made = {"two": "2", "error": f"({o} - {d})", "slope_o": f"{o} * (1 - {o})"}
    if layer == 0:
        hidden = h.format(j)
        made |= {"weight": f"W12[{j}, 0]", "slope_h": f"{hidden} * (1 - {hidden})", "input": x.format(i)}
        return made | {"o": o, "d": d, "h": hidden, "h_i": h.format(i)}
    return made | {"hidden": h.format(i), "o": o, "d": d, "x": x.format(i)}


def product(made: Factors, rng: random.Random) -> str:
    """Return the product of the factors, in an order of somebody's own."""
    chosen = [made[name] for name in PRODUCT if name in made]
    rng.shuffle(chosen)
    return " * ".join(chosen)


COLUMNS = {"o": "o[:, 0]", "d": "D[:, 0]", "x": "X[:, {0}]", "h": "y[:, {0}]"}
SAMPLES = {"o": "o", "d": "d[0]", "x": "x[{0}]", "h": "y[{0}]"}


def derivative(name: str, mistake: str, style: str, rng: random.Random) -> str:
    """Return the source of ``dE_d{name}``, with a mistake of `MISTAKES`, or right if `mistake` is ""."""
    layer, i, j = WEIGHTS[name]
    wrong = MISTAKES[mistake] if mistake else Mistake()
    head = f"def dE_d{name}(W01, W12, X, D):\n"
    if style == "samples" or not wrong.keep:
        made = factors(layer, str(i), str(j), SAMPLES)
        wrong.change(made)
        return head + _loop(product(made, rng), wrong, rng)
    made = factors(layer, str(i), str(j), COLUMNS)
    wrong.change(made)
    close = wrong.close or rng.choice(MEANS)
    if style == "named":
        return head + _named(made, close, rng)
    return head + _forward(rng) + f"    return {close.format(product(made, rng))}\n"


def _forward(rng: random.Random) -> str:
    return rng.choice(
        (
            "    y = sigmoid(X @ W01)\n    o = sigmoid(y @ W12)\n",
            "    net, values = forward([W01, W12], X)\n    y, o = values[1], values[2]\n",
            "    net01 = X @ W01\n    y = sigmoid(net01)\n    net12 = y @ W12\n    o = sigmoid(net12)\n",
            "    y = sigmoid(np.dot(X, W01))\n    o = sigmoid(np.dot(y, W12))\n",
        )
    )


def _loop(made: str, wrong: Mistake, rng: random.Random) -> str:
    over = rng.choice(("for x, d in zip(X, D):\n", "for n in range(len(X)):\n        x, d = X[n], D[n]\n"))
    add = "+=" if wrong.keep else "="
    over_all = {"sum({0})": "total", "np.mean({0}) / len(X)": "total / len(X) / len(X)"}
    return (
        f"    total = 0.0\n    {over}        y = sigmoid(x @ W01)\n        o = sigmoid(y @ W12)[0]\n"
        f"        total {add} {made}\n    return {over_all.get(wrong.close, 'total / len(X)')}\n"
    )


def _named(made: Factors, close: str, rng: random.Random) -> str:
    """Give the factors names first, in an order of somebody's own, and multiply one after the other."""
    chosen = [name for name in PRODUCT if name in made]
    rng.shuffle(chosen)
    lines = [f"    {name} = {made[name]}\n" for name in chosen]
    rng.shuffle(chosen)
    return _forward(rng) + "".join(lines) + f"    return {close.format(' * '.join(chosen))}\n"


def measured(name: str, rng: random.Random) -> str:
    """Return a derivative that is measured instead of derived."""
    layer, i, j = WEIGHTS[name]
    which, step = ("W01", "W12")[layer], rng.choice(("1e-6", "1e-5"))
    return (
        f"def dE_d{name}(W01, W12, X, D):\n    up, down = {which}.copy(), {which}.copy()\n"
        f"    up[{i}, {j}] += {step}\n    down[{i}, {j}] -= {step}\n"
        + (
            f"    return (loss([up, W12], X, D) - loss([down, W12], X, D)) / (2 * {step})\n"
            if layer == 0
            else f"    return (loss([W01, up], X, D) - loss([W01, down], X, D)) / (2 * {step})\n"
        )
    )


def any_weight(mistake: str, rng: random.Random) -> str:
    """Return the source of ``dE_dw``, with a mistake, or right."""
    wrong = MISTAKES[mistake] if mistake else Mistake()
    first, second = factors(0, "i - 1", "j - 1", COLUMNS), factors(1, "i - 1", "j - 1", COLUMNS)
    for made in (first, second):
        wrong.change(made)
    close = wrong.close or rng.choice(MEANS)
    return (
        f"def dE_dw(W01, W12, X, D, layer, i, j):\n{_forward(rng)}    if layer == 0:\n"
        f"        return {close.format(product(first, rng))}\n    return {close.format(product(second, rng))}\n"
    )


def one_chain(mistake: str, rng: random.Random) -> str:
    """Return the source of ``one_chain``, with a mistake, or right."""
    made = factors(0, "", "", {"o": "o", "d": "d", "x": "x", "h": "y"}) | {"weight": "w12"}
    if mistake:
        MISTAKES[mistake].change(made)
    return (
        "def one_chain(w01, w12, x, d):\n    y = sigmoid(w01 * x)\n    o = sigmoid(w12 * y)\n"
        f"    return {product(made, rng)}\n"
    )
