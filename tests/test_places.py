"""A wrong answer is pointed at where its code first loses its meaning."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest

from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES
from tests.measured_places import DEFINED, TABLE
from tests.places_in_answers import found_in, read

pytestmark = pytest.mark.usefixtures("no_hurry")


@pytest.mark.parametrize("title", TABLE)
def test_the_first_expression_without_a_meaning_is_pointed_at(title: str):
    source, expected = TABLE[title]
    source = textwrap.dedent(source).strip() + "\n"
    exercise = source.removeprefix("def ").partition("(")[0]
    found = {
        place.source: tuple(meaning for _, meaning in place.operands) for place in found_in(exercise, source)
    }
    for text, meanings in expected.items():
        assert found[text] == meanings
    if title != "one step for every sample":
        assert list(found)[len(expected) :] == DEFINED.get(title, [])


def test_a_sum_is_pointed_at_where_a_product_belongs_and_no_list_is_called_by_its_first_piece():
    each = "np.linalg.norm(W, 2) / 4 for W in weights[1:]"
    deep = public_cases(EXERCISES["shrink_bound"])[1]
    (place,) = read("shrink_bound", f"def shrink_bound(weights):\n    return sum({each})\n", deep).places
    assert place.source == f"sum({each})"
    norm = "np.linalg.norm(gradients(weights, X, D, activation))"
    source = f"def layer_norms(weights, X, D, activation):\n    return {norm}\n"
    (place,) = found_in("layer_norms", source, "from course_lib import gradients")
    assert (place.source, place.operands) == (norm, (("gradients(weights, X, D, activation)", "on_the_way"),))
    entries = "np.array([np.abs(g).sum() for g in gradients(weights, X, D, activation)])"
    source = f"def layer_norms(weights, X, D, activation):\n    return {entries}\n"
    (place,) = found_in("layer_norms", source, "from course_lib import gradients")
    assert (place.source, place.operands) == ("np.abs(g).sum()", (("np.abs(g)", "on_the_way"),))


def test_an_answer_that_measures_is_not_read():
    source = textwrap.dedent("""
        def gradient_W12(weights, X, D):
            V, found = weights[1].copy(), np.zeros_like(weights[1])
            for at in np.ndindex(V.shape):
                kept = V[at]
                V[at] = kept + 1e-3
                plus = np.sum((S(S(X @ weights[0]) @ V) - D) ** 2)
                V[at] = kept
                found[at] = (plus - np.sum((S(S(X @ weights[0]) @ V) - D) ** 2)) / 1e-3 / len(X)
            return found
    """)
    assert found_in("gradient_W12", source) == ()


def test_a_helper_that_is_right_elsewhere_is_not_to_blame_and_one_in_another_cell_is_called_from_ours():
    helper = "def slope(a):\n    return a * (1 - a)\n"
    source = textwrap.dedent("""
        def backprop(weights, X, D):
            net = X @ weights[0]
            y = S(net)
            o = S(y @ weights[1])
            d = 2 / len(X) * (o - D) * slope(o)
            return [X.T @ (d @ weights[1].T * slope(net)), y.T @ d]
    """)
    for cells in ((helper + source,), (helper, source)):
        (place,) = found_in("backprop", cells[-1], *cells[:-1])
        assert (place.source, place.operands) == ("slope(net)", (("net", "net_01"),))
        assert cells[-1].splitlines()[place.line - 1].count("slope(net)") == 1


def test_nothing_says_yes_to_what_is_asked_nor_anything_of_lines_that_lead_nowhere():
    source = textwrap.dedent("""
        def output_delta(o, D):
            tried = (o - D) * o * (1 - o)
            unused = tried * 2 / len(o)
            return tried ** o
    """)
    (place,) = found_in("output_delta", source)
    assert (place.source, place.operands) == ("tried ** o", (("tried", "on_the_way"), ("o", "o")))


def test_what_is_wrong_is_not_told_to_be_what_it_stands_for():
    source = "def hidden_delta(delta_o, W12, y):\n    return delta_o @ W12.T * S(y) * (1 - S(y))\n"
    first, *_, last = found_in("hidden_delta", source, "from course_lib import sigmoid\n\nS = sigmoid\n")
    assert (first.source, first.operands) == ("S(y)", (("y", "y_1"),))
    assert (last.source, last.operands) == ("1 - S(y)", (("S(y)", "on_the_way"),))


@pytest.mark.parametrize(
    ("exercise", "source", "place"),
    [
        (
            "shrink_bound",
            "def shrink_bound(weights):\n    bound = 1.0\n    for W in weights[1:]:\n"
            "        bound *= np.linalg.norm(W, 2) / 4\n        return bound\n",
            (5, "bound", True),
        ),
        (
            "mse",
            "def mse(O, D):\n    total = 0.0\n    for o, d in zip(O, D):\n        total += np.sum((o - d) ** 2)\n"
            "        return total / len(O)\n",
            (5, "total / len(O)", True),
        ),
        # Behind the loop, and in one that goes on, a value is not returned too early.
        (
            "mse",
            "def mse(O, D):\n    total = 0.0\n    for o, d in zip(O, D):\n        total = np.sum((o - d) ** 2)\n"
            "    return total / len(O)\n",
            (4, "(o - d) ** 2", False),
        ),
    ],
)
def test_a_value_that_is_returned_in_the_first_turn_of_a_loop_is_pointed_at_where_it_is_returned(
    exercise: str, source: str, place: tuple
):
    case = EXERCISES[exercise].cases(np.random.default_rng(1))[1]
    (found,) = read(exercise, source, case).places
    assert (found.line, found.source, found.ends_loop) == place
