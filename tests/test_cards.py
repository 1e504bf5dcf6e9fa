"""What the cards say to a student who understands half: the slip is named, nothing untaught, nothing given away."""

from __future__ import annotations

import linecache
import re

import numpy as np
import pytest

from course_lib import EXERCISES, check, forward, sigmoid
from course_lib.exercises import LESSONS
from course_lib.mistakes import MISTAKES


def said(exercise_id: str, answer: object) -> str:
    """Return the card of an answer as one line of words."""
    return " ".join(str(check(exercise_id, answer)).split())


def slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


# What a lesson has not taught yet, and what a card of it must not speak of.
UNTAUGHT = {
    "00_start_here": r"\bE\b|\bo\b|\bd\b|S'|update|finite difference of E",
    "01_gradient_descent": r"\bE\b|\bo\b|\bd\b|S'|update|finite difference of E",
    "02_forward_pass": r"∂|chain rule|update|finite difference of E|net\^",
}


@pytest.mark.parametrize("lesson", UNTAUGHT)
def test_no_card_speaks_of_what_is_not_taught_yet(lesson: str) -> None:
    texts = [MISTAKES["numerical_only"]]
    texts += [MISTAKES[name] for e in LESSONS[lesson].exercises for name in e.mistakes]
    for mistake in texts:
        found = re.search(UNTAUGHT[lesson], f"{mistake.done} {mistake.look}")
        assert not found, f"{mistake.id}: {found}"


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (lambda z: S(z) * (S(z) - 1), "slope_turned"),
        (lambda z: S(S(z)) * (1 - S(S(z))), "sigmoid_twice"),
        (lambda z: (S(z + 1e-5) - S(z - 1e-5)) / 2e-5, "numerical_only"),
    ],
)
def test_the_slope_of_the_sigmoid_has_texts_of_its_own(answer, named: str) -> None:
    assert check("sigmoid_slope", answer).diagnosis == (named,)


def S(z):
    return 1 / (1 + np.exp(-z))


def test_no_hint_and_no_card_is_the_answer_to_another_exercise() -> None:
    weights = ("w11_12", "w21_12", "w11_01", "w12_01", "w21_01", "w22_01")
    spelled = {f"w{w[1:3]}^({w[4]},{w[5]})" for w in weights}
    for weight in weights:
        assert not any(f"Hence ∂E/∂{other} " in EXERCISES[f"dE_d{weight}"].hints[2] for other in spelled)
    assert "slides" not in MISTAKES["activation_for_weight"].look  # `printed_formula` asks for that
    for answer in (lambda i, j, k: i * j * k, lambda i, j, k: i * j + j * k + j + k):
        verdict = check("count_weights", answer)
        assert len(verdict.diagnosis) == 1
        assert "I·J + J·K" not in str(verdict)


STUBS = {
    "untouched": "def f(weights, X, D):\n    '''Doc.'''\n    # YOUR CODE HERE\n    raise NotImplementedError()\n",
    "given lines": "def f(weights, X, D):\n    net, y = forward(weights, X)\n    # YOUR CODE HERE\n"
    "    raise NotImplementedError()\n",
    "below": "def f(weights, X, D):\n    # YOUR CODE HERE\n    net, y = forward(weights, X)\n"
    "    raise NotImplementedError()\n",
    "above": "def f(weights, X, D):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n    return weights[1]\n",
    "branch": "def f(weights, X, D):\n    if len(X):\n        raise NotImplementedError()\n    return weights[1]\n",
    "helper": "def output_delta(o, D):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n\n\n"
    "def f(weights, X, D):\n    return X.T @ output_delta(X, D)\n",
    "own words": "def f(weights, X, D):\n    n = len(X)\n    raise NotImplementedError('later')\n",
}


@pytest.mark.parametrize(
    ("stub", "state", "told"),
    [
        ("untouched", "unanswered", "not answered yet. (0 of 3"),
        ("given lines", "unanswered", "not answered yet. (0 of 3"),
        ("below", "wrong", "the stub's `raise NotImplementedError()` is still in it"),
        ("above", "wrong", "the stub's `raise NotImplementedError()` is still in it"),
        ("branch", "wrong", "the stub's `raise NotImplementedError()` is still in it"),
        ("helper", "wrong", "`output_delta`, which it calls, is not answered yet"),
        ("own words", "wrong", "NotImplementedError: later"),
    ],
)
def test_a_stub_is_told_from_what_is_left_of_one(stub: str, state: str, told: str) -> None:
    file, space = f"ipykernel_1/{stub}.py", {"forward": forward}
    linecache.cache[file] = (len(STUBS[stub]), None, STUBS[stub].splitlines(keepends=True), file)
    exec(compile(STUBS[stub], file, "exec"), space)
    verdict = check("gradient_W12", space["f"])
    assert verdict.card.state == state
    assert told in said("gradient_W12", space["f"])
