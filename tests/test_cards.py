"""What the cards say to a student who understands half: the slip is named, nothing untaught, nothing given away."""

from __future__ import annotations

import linecache
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from course_lib import EXERCISES, Outcome, check, forward, gradients, judge, loss, sigmoid
from course_lib.checking.calling.call import call
from course_lib.checking.cards.diagnoses import look_at_term, suggestion
from course_lib.checking.cards.findings import why_no_value
from course_lib.checking.cards.values import is_scaled
from course_lib.checking.cards.whole import known
from course_lib.checking.judging import Place, judgement
from course_lib.checking.judging.judgement import Diagnosis, Trial
from course_lib.exercises import LESSONS
from course_lib.mistakes import MISTAKES
from tests.corpus import sampling
from tests.lessons import notebook


def said(exercise_id: str, answer: object) -> str:
    """Return the card of an answer as one line of words."""
    return " ".join(str(check(exercise_id, answer)).split())


def folds_of(exercise_id: str, answer: object) -> dict[str, str]:
    """Return what is folded in the card of an answer, by title, without what is folded in there."""
    folds = check(exercise_id, answer).card.folds
    return {fold.title: " ".join(text for part in fold.parts for text in part if text) for fold in folds}


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


def path_of(step, first=0):
    """Return `descend` as written with a list, and its steps by `step`."""

    def descend(gradient, x0, learning_rate, steps):
        path = [x0]
        for _ in range(steps):
            path.append(path[-1] + step(gradient, path[0], path[-1], learning_rate))
        return path[first:]

    return descend


def squared_norms(weights, X, D, activation):
    return [np.sum(g**2) for g in gradients(weights, X, D, activation)]


def backprop(weights, X, D, factor=1.0):
    y, o = forward(weights, X).y[1:]
    delta = factor * 2 / len(X) * (o - D) * o * (1 - o)
    return [X.T @ (delta @ weights[1].T * y * (1 - y)), y.T @ delta]


@pytest.mark.parametrize(
    ("exercise_id", "answer", "named"),
    [
        ("descend", path_of(lambda g, first, x, rate: rate * g(x)), "steepest_ascent"),
        ("descend", path_of(lambda g, first, x, rate: -rate * g(first)), "gradient_at_start"),
        ("descend", path_of(lambda g, first, x, rate: -g(x)), "rate_missing"),
        ("descend", path_of(lambda g, first, x, rate: -rate * g(x), 1), "path_without_start"),
        ("layer_norms", squared_norms, "norm_squared"),
        ("gradient_W12", lambda w, X, D: backprop(w, X, D, len(X))[1].tolist(), "sum_over_samples"),
        ("backprop", lambda *case: [(2 * g).tolist() for g in backprop(*case, -1)], ""),
        ("backprop", lambda *case: [g.tolist() for g in backprop(*case, -0.5)], "wrong_sign no_factor_two"),
    ],
)
def test_a_list_is_diagnosed_as_the_array_it_stands_for(exercise_id: str, answer, named: str) -> None:
    assert set(check(exercise_id, answer).diagnosis) == set(named.split())


def learns(weights, X, D, learning_rate, steps, by=backprop, rate=None, frozen=False):
    losses, moves = [loss(weights, X, D)], None
    for _ in range(steps):
        moves = moves if frozen and moves else by(weights, X, D)
        weights = [W - (rate or learning_rate) * g for W, g in zip(weights, moves, strict=True)]
        losses.append(loss(weights, X, D))
    return weights, losses


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (lambda *case: learns(*case, by=lambda *network: backprop(*network, -1)), "steepest_ascent"),
        (lambda w, X, D, *rest: learns(w, X, D, *rest, by=lambda *n: backprop(*n, len(X))), "steps_times_n"),
        (lambda *case: learns(*case, frozen=True), "gradient_at_start"),
        (lambda *case: learns(*case, rate=1), "rate_ignored"),
    ],
)
def test_training_is_diagnosed_by_its_short_runs(answer, named: str) -> None:
    assert check("training", answer).diagnosis == (named,)
    assert "penguins" not in said("training", answer)


def four(W01, W12, X, order=(0, 1, 2, 3)):
    y = S(X @ W01)
    return [(X @ W01, y, y @ W12, S(y @ W12))[piece] for piece in order]


@pytest.mark.parametrize(
    ("exercise_id", "answer", "came"),
    [
        ("training", lambda *case: learns(*case)[::-1], "What came is losses, weights"),
        ("forward_pass", lambda *c: four(*c, order=(1, 0, 3, 2)), "What came is y, net01, o, net12"),
        ("update", lambda w, g, r: [w[1] - r * g[1], w[0] - r * g[0]], "What came is W12, W01"),
    ],
)
def test_right_pieces_in_another_order_are_told_so(exercise_id: str, answer, came: str) -> None:
    assert "right values in another order" in said(exercise_id, answer)
    assert came in said(exercise_id, answer)


def not_put_back(weights, X, D, gradients, h=1e-5):
    for W, g in zip(weights, gradients, strict=True):
        for at in np.ndindex(W.shape):
            W[at] += h
            above = loss(weights, X, D)
            W[at] -= 2 * h
            if abs((above - loss(weights, X, D)) / (2 * h) - g[at]) > 1e-4 * abs(g[at]):
                return False
    return True


def test_an_answer_that_is_wrong_and_changes_its_arguments_hears_of_both() -> None:
    card = said("gradient_check", not_put_back)
    assert "False for gradients that are right" in card
    assert "changes the arrays it is given" in card
    walking = lambda g, x0, rate, steps: np.array([x0.__isub__(rate * g(x0)) for _ in range(steps + 1)])  # noqa: E731
    assert "changes the arrays it is given" in said("descend", walking)


def six(**other):
    return EXERCISES["number_by_hand"].reference("self-study") | other


COSINE = EXERCISES["clip_what"].reference()["cosine"]


@pytest.mark.parametrize(
    ("exercise_id", "answer", "told"),
    [
        ("printed_formula", {"factor": "y_n1^(1)", "instead": "w11^(1,2)"}, "did you mean 'y_n1'?"),
        ("printed_formula", {"factor": "y_n1", "instead": "w11^(1,2)"}, "did you mean 'w11_12'?"),
        ("printed_formula", {"factor": "y_n1", "instead": "S'(net_{n2}^{(0,1)})"}, 'mean "S\'(net_n2_01)"?'),
        ("printed_formula", {"factor": "yn1", "instead": "w11_12"}, "did you mean 'y_n1'?"),
        ("printed_formula", {"factor": "y_n1", "instead": "w11"}, "no such name; see those printed above"),
        ("printed_formula", {"factor": "y_n1", "instead": "zebra"}, "no such name; see those printed above"),
        ("printed_formula", {"factor": "y_n1", "instead": "w11_01"}, "'w11_01' is not it"),
        ("printed_formula", {"factor": "x_n1", "instead": "w11_12"}, "counts once 'factor' is right"),
        ("downhill", {"arrow": "F", "slope": -6.32}, "did you mean 'f'?"),
        ("downhill", {"arrow": "f", "slope": -6.32}, "right to 3 digits; more are asked for"),
        ("downhill", {"arrow": "f", "slope": -6.32}, "off by no more than 0.05 %"),
        ("clip_what", {"clip": "gradients", "cosine": COSINE}, "did you mean 'gradient'?"),
        ("clip_what", {"clip": "gradient", "cosine": 1.0}, "counts once 'cosine' is right"),
        ("clip_what", {"clip": "error", "cosine": COSINE}, "clip error: a cut error weighs too little"),
        ("clip_what", {"clip": "gradient", "cosine": float(np.arccos(COSINE))}, "it is the angle"),
        ("number_by_hand", {k: float(f"{v:.2g}") for k, v in six().items()}, "right to 2 digits; more are"),
        ("number_by_hand", {f"w_{k}": v for k, v in six().items()}, "Not asked for, so not read: w_w"),
        (
            "number_by_hand",
            six(w12_01=six()["w21_01"], w21_01=six()["w12_01"]),
            "w12_01 and w21_01 have each other's value.",
        ),
    ],
)
def test_a_part_that_is_nearly_right_is_told_so(exercise_id: str, answer: dict, told: str) -> None:
    assert told in said(exercise_id, answer)
    assert told in said(exercise_id, dict(reversed(answer.items())))  # the order of a dict says nothing


def test_a_part_that_is_off_is_not_told_to_be_near() -> None:
    assert "digits" not in said("number_by_hand", {k: 1.2 * v for k, v in six().items()})
    assert "digits" not in said("number_by_hand", {k: 1.002 * v for k, v in six().items()})
    assert "not answered yet" in said("number_by_hand", dict.fromkeys(six()))


def flat_beyond(t, refuse, least=0.25):
    if t <= 0:
        return refuse()
    return 0.0 if t >= least else 2 * float(np.arccosh(0.5 / np.sqrt(t)))


def throw(error):
    raise error


@pytest.mark.parametrize(
    ("exercise_id", "answer", "told"),
    [
        (
            "saturated_beyond",
            lambda t: flat_beyond(t, lambda: ValueError("no")),
            "it returned one: an error takes",
        ),
        (
            "saturated_beyond",
            lambda t: flat_beyond(t, lambda: throw(Exception("no"))),
            "it should raise a ValueError",
        ),
        (
            "saturated_beyond",
            lambda t: np.nan if t >= 0.25 else flat_beyond(t, lambda: throw(ValueError())),
            "It was called with t = 0.",
        ),
        (
            "clip_by_global_norm",
            lambda g, c: [a * c / norm(g) for a in g],
            "It was called with gradients that are all 0.",
        ),
        (
            "hidden_delta",
            lambda d, W, y: d @ W * y,
            "`@` wants as many columns on its left as rows on its right; here they are ",
        ),
        ("hidden_delta", lambda d, W, y: d * y, "the shapes ("),
        ("hidden_delta", lambda d, W, y: np.dot(d, W), "as many columns on its left as rows on its right"),
        ("mse", lambda O, D: np.mean((O - D) ^ 2), "`^` is no power in Python, `**` is"),
        ("warm_up", lambda x: x ^ 2, "`^` is no power in Python, `**` is"),
        ("sigmoid", lambda z: 1.0 if z > 0 else 0.0, "see `np.where`"),
        ("sigmoid", lambda z: math.exp(z), "numpy's functions take every entry"),
        ("gradient_by_hand", lambda x: x[0], "got a single number"),
        ("gradient_check", lambda *case: None, "got None: is a `return` missing?"),
        ("blind_spot", lambda: None, "got None: is a `return` missing?"),
        ("classify", lambda hessian: None, "got None: is a `return` missing?"),
        (
            "saturated_beyond",
            lambda t: -flat_beyond(t, lambda: throw(ValueError())),
            "Every number is −1 times",
        ),
        (
            "forward_pass",
            lambda W01, W12, X: [X @ W01, X @ W01, X @ W01 @ W12, X @ W01 @ W12],
            "Off: y, net12 and o.",
        ),
        ("backprop", lambda *case: [2 + g for g in backprop(*case)], "… and "),
        ("mse", lambda O, D: 1.01 * ((O - D) ** 2).sum() / len(O), "that is off by 1 %"),
    ],
)
def test_the_words_are_plain(exercise_id: str, answer, told: str) -> None:
    assert told in said(exercise_id, answer)
    assert "?." not in said(exercise_id, answer)
    assert "nan" not in check(exercise_id, answer)._repr_html_().replace("got nan", "")


@pytest.mark.parametrize("factor", [10.994, 10.996, 1001.0, 1 + 5e-5])
def test_no_percentage_is_written_with_an_exponent(factor: float) -> None:
    assert not re.search(r"e[+−-]\d+ %", said("sigmoid_slope", lambda z: factor * slope(z)))
    assert not re.search(r"e[+−-]\d+ %", said("mse", lambda O, D: factor * ((O - D) ** 2).sum() / len(O)))


def in_single_precision(weights, X, D):
    weights, (X, D) = [W.astype("f4") for W in weights], (a.astype("f4") for a in (X, D))
    y = 1 / (1 + np.exp(-X @ weights[0]))
    o = 1 / (1 + np.exp(-y @ weights[1]))
    delta = np.float32(2 / len(X)) * (o - D) * o * (1 - o)
    return [X.T @ (delta @ weights[1].T * y * (1 - y)), y.T @ delta]


def clips_by_the_sum_of_norms(arrays, most):
    total = sum(norm([a]) for a in arrays)
    return [a * (most / total if total > most else 1) for a in arrays]


@pytest.mark.parametrize(
    ("exercise_id", "answer"),
    [("backprop", in_single_precision), ("clip_by_global_norm", clips_by_the_sum_of_norms)],
)
def test_no_card_takes_rounding_or_a_clip_for_a_size_written_down(exercise_id: str, answer) -> None:
    exercise, wrong = EXERCISES[exercise_id], 0
    for seed in range(8):
        cases = exercise.cases(np.random.default_rng(seed))
        verdict = judge(exercise, cases, [call(answer, case) for case in cases])
        wrong += not verdict.right
        assert "written as a number" not in " ".join(str(verdict).split())
    assert wrong > 4


def test_the_formula_for_a_slope_that_is_none_fits_every_function() -> None:
    values = {
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
        "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    }
    for exercise_id, answer in (("slopes", values), ("warm_up", lambda x: x**2)):
        assert check(exercise_id, answer).diagnosis == ("value_for_slope",)
        assert folds_of(exercise_id, answer)["in formulas"] == "f′(x) = lim (f(x + h) − f(x)) / h for h → 0."


def norm(arrays):
    with np.errstate(all="ignore"):
        return np.sqrt(sum((a**2).sum() for a in arrays))


@pytest.mark.parametrize(
    "answer", [lambda z: z[:2], lambda z: 1 / 0, lambda z: z * np.nan, lambda z: None, lambda z: z @ z[:3]]
)
def test_every_card_of_a_wrong_form_points_at_the_hints(answer) -> None:
    assert "the hints (`hint('sigmoid')`)" in said("sigmoid", answer)


def test_a_matrix_of_three_by_three_is_shown_whole() -> None:
    assert len(check("hessian_by_hand", lambda x: np.eye(3) + x[0]).card.bars) == 9


def given(exercise_id: str, name: str):
    """Return the verdict on what a mistake of the catalogue leads to."""
    exercise = EXERCISES[exercise_id]
    cases = exercise.cases(np.random.default_rng(1))
    answers = [exercise.mistakes[name](*case) for case in cases]
    return judge(exercise, cases, [Outcome(ways[0]) for ways in answers]) if all(answers) else None


def test_what_is_known_comes_before_any_number() -> None:
    card = given("backprop", "no_hidden_slope").card
    assert [line.lead for line in card.lines] == ["What the numbers suggest:", "Look at"]
    assert card.comparison[0] == "Right: dW12. Off: dW01."
    assert not any(re.search(r"\d\.\d", line) for line in card.lines)
    shown = check("backprop", lambda *case: [sums / 2 for sums in backprop(*case)])._repr_html_()
    order = ["What the numbers suggest:", "Compared with", "<table", "hint 1: where to look", "in formulas"]
    assert [shown.index(part) for part in order] == sorted(shown.index(part) for part in order)


def test_each_hint_is_folded_into_the_one_before_and_a_right_card_has_none() -> None:
    verdict = check("sigmoid", lambda z: z)
    (first,) = verdict.card.folds
    assert [first.title, first.inner[0].title, first.inner[0].inner[0].title] == [
        "hint 1: where to look",
        "hint 2: which term",
        "hint 3: a similar case",
    ]
    assert verdict._repr_html_().count("</div></details></div></details></div></details>") == 1
    assert EXERCISES["sigmoid"].hints[0] not in str(verdict)
    assert check("sigmoid", lambda z: (1 + np.tanh(z / 2)) / 2).card.folds == ()
    assert check("sigmoid", None).card.folds == (first,)


# Where a card is quickly made.
CALLED = [e.id for e in EXERCISES.values() if e.kind == "function" and e.mistakes and e.id != "training"]


@pytest.mark.sampled
@pytest.mark.parametrize("exercise_id", CALLED)
def test_a_card_has_no_more_words_than_are_read_and_no_line_too_long(exercise_id: str) -> None:
    names, count = sorted(EXERCISES[exercise_id].mistakes), list(EXERCISES).index(exercise_id)
    for name in names if sampling.WHOLE else names[count % 12 :: 12]:
        verdict = given(exercise_id, name)
        if verdict and verdict.card.comparison:
            card = verdict.card
            assert 40 <= len(" ".join((card.headline, *card.lines, *card.comparison)).split()) <= 120
        assert max(map(len, str(verdict).splitlines())) <= 79


def test_the_rows_show_the_inputs_where_they_are_small_and_mark_what_is_off() -> None:
    counted = check("count_weights", lambda I, J, K: I * J + J * K + (I > 5))
    rows = {bar.label: bar.mark for bar in counted.card.bars}
    assert rows == {
        "I = 3, J = 9, K = 5": "✓ right",
        "I = 11, J = 2, K = 3": "✗ off",
        "I = 8, J = 7, K = 6": "✗ off",
    }
    for answer in (lambda z: np.where(z > 3, 0, S(z)), lambda z: np.where(z < -3, 1, S(z))):
        card = check("sigmoid", answer).card
        assert "Worst at z = " in card.comparison[-1]
        assert {bar.mark for bar in card.bars} >= {"✗ off"}
        assert all(re.match("z = |… and ", bar.label) for bar in card.bars)
    card = check("gradient_by_hand", lambda x: 0 * x).card
    assert card.bars[0].label == "∂f/∂x₁"
    assert re.search(r"Worst at ∂f/∂x.: .* The input there: x = \[", card.comparison[-1])


def test_the_worst_entry_has_a_row() -> None:
    def answer(o, D):
        delta = 2.2 / len(D) * (o - D) * o * (1 - o)
        delta[-1, -1] *= 5
        return delta

    card = check("output_delta", answer).card
    worst = re.search(r"Worst at (\[\d+, \d+\])", card.comparison[-1])[1]
    assert worst == card.bars[-2].label
    assert len(card.bars) == 10


def test_a_factor_is_said_of_all_numbers_only_where_all_have_it() -> None:
    assert "exactly half" in said("output_delta", lambda o, D: (o - D) * o * (1 - o) / len(D))
    # In a loop that trains, the 2 is missing from every step, and no weight is half of what it should be.
    weights = (Trial((), Outcome([W, W]), [W, 3 * W]) for W in (np.ones(2), np.eye(2)))
    assert not is_scaled(list(weights))
    assert suggestion(Diagnosis(("no_factor_two",)), scaled=False) == [
        "What the numbers suggest: the 2 is missing."
    ]


def test_several_mistakes_are_numbered_and_the_first_two_have_something_to_look_at() -> None:
    three = Diagnosis(("wrong_sign", "no_factor_two", "no_output_slope"))
    (line,) = suggestion(three)
    assert line.startswith("What the numbers suggest: (1) ")
    assert all(mark in line for mark in ("; (2) ", "; (3) "))
    assert look_at_term(three) == [
        f"Look at {MISTAKES[name].look}" for name in ("no_output_slope", "wrong_sign")
    ]


def test_where_lines_are_known_several_mistakes_are_not_asked_about_once_more() -> None:
    def judged(places: tuple[Place, ...], *ids: str) -> list[str]:
        exercise, (case, *_) = (
            EXERCISES["gradient_W12"],
            EXERCISES["gradient_W12"].cases(np.random.default_rng(1)),
        )
        found = judgement(exercise, [case], [Outcome(np.ones_like(case[0][1]))])
        return list(known(exercise, replace(found, places=places, diagnosis=Diagnosis(ids))))

    place, two = (Place(2, "y.T @ e", (), text="return y.T @ e"),), ("no_output_slope", "wrong_sign")
    assert len(judged(place, *two)) == 2
    assert len(judged((), *two)) == 3
    assert len(judged(place, two[0])) == 3


def test_the_numbers_are_not_named_where_something_else_was_seen() -> None:
    seen = said(
        "update",
        lambda weights, gradients, rate: [
            w.__isub__(rate * g) for w, g in zip(weights, gradients, strict=True)
        ],
    )
    assert "What was found: your function changes the arrays it is given." in seen
    assert "What was found: every gradient passes" in said("gradient_check", lambda *case: True)
    assert "numbers suggest" not in seen
    one = Diagnosis(("no_factor_two",))
    assert suggestion(one, by_numbers=False)[0].lead == "What was found:"


def test_how_far_off_a_number_is_is_said_only_where_it_is_hard_to_see() -> None:
    assert "that is off by" not in said("mse", lambda O, D: 3 * ((O - D) ** 2).sum() / len(O))
    assert "they differ by" in said("mse", lambda O, D: (1 + 2e-6) * ((O - D) ** 2).sum() / len(O))


def test_what_counts_as_rounding_is_said_where_the_answer_is_near() -> None:
    assert "counts as rounding" not in said("mse", lambda O, D: 1.01 * ((O - D) ** 2).sum() / len(O))
    assert "counts as rounding" in said("mse", lambda O, D: (1 + 2e-6) * ((O - D) ** 2).sum() / len(O))


def test_the_slope_given_for_the_sigmoid_is_called_so() -> None:
    answer = lambda z: (1 - np.tanh(z / 2) ** 2) / 4  # noqa: E731
    assert check("sigmoid", answer).diagnosis == ("slope_for_value",)
    assert "the slope of S is used where S itself belongs" in said("sigmoid", answer)


def code_of(exercise_id: str) -> list[str]:
    """Return the lines of the solution that compute something, without spaces; clauses of a line stand alone."""
    cells = notebook(EXERCISES[exercise_id].lesson).cells
    source = next(c.source for c in cells if c.metadata.get("nbgrader", {}).get("grade_id") == exercise_id)
    hidden = source.partition("### BEGIN SOLUTION")[2].partition("### END SOLUTION")[0]
    lines = [line.partition("#")[0] for line in hidden.splitlines()]
    sides = [re.split(r"return |(?<![=<>!])=(?!=)", line)[-1].strip() for line in lines]
    return [side.replace(" ", "") for side in sides if len(side) > 12 and re.search(r"[*@/+-]", side)]


@pytest.mark.parametrize("exercise_id", CALLED)
def test_nothing_that_is_folded_is_the_code_that_is_asked_for(exercise_id: str) -> None:
    exercise = EXERCISES[exercise_id]
    texts = [*exercise.hints, *(MISTAKES[name].formula + MISTAKES[name].look for name in exercise.mistakes)]
    folded = "\n".join(texts).replace(" ", "")
    assert [code for code in code_of(exercise_id) if code in folded] == []


@pytest.mark.parametrize(
    ("fails", "told"),
    [
        (lambda a: a[:, [2]], "there is no index 2 along axis 1, which has 2 entries: Python counts from 0"),
        (lambda a: a[3, 0], "so the last index there is 2"),
        (lambda a: a[0, 0, 0], "3 indices for an array that has 2 axes"),
        (lambda a: a.sum(axis=2), "there is no axis 2 in an array that has 2 axes, counted from 0"),
        (lambda a: [a, a][2], "the list has no entry with that index"),
        (lambda a: (a, a)[2], "the tuple has no entry with that index"),
        (lambda a: {"W01": a}["W12"], "KeyError: there is no key 'W12'"),
        (
            lambda a: a @ a,
            "`@` wants as many columns on its left as rows on its right; here they are 2 and 3",
        ),
        (lambda a: a @ 2.0, "one of the two is a single number; `*` multiplies by a number"),
        (lambda a: a + a.T, "the shapes (3,2) and (2,3) do not fit together entry by entry"),
        (
            lambda a: np.broadcast_arrays(a, a.T),
            "the shapes (3, 2) and (2, 3) do not fit together entry by entry",
        ),
        (
            lambda a: a.__setitem__(0, np.ones(3)),
            "the shape (3,) does not fit into a place of the shape (2,)",
        ),
        (
            lambda a: a[0].__iadd__(a),
            "has the shape (3,2), and the array that is changed in place has the shape (2,)",
        ),
        (lambda a: a[np.array([True, False])], "along axis 0 they are 2 and 3"),
        (lambda a: np.array([[1.0, 2.0], [3.0]]), "the rows of an array are equally long"),
        (lambda a: a.__setitem__((0, 0), [1.0, 2.0]), "one entry of an array takes one number"),
        (lambda a: [1.0, 2.0] * 0.5, "`np.array(...)` makes an array of it"),
        (lambda a: [1.0, 2.0] - 0.5, "`np.array(...)` makes an array of it"),
        (lambda a: float(a[0, 0])[0], "a single number has no entries to pick from"),
        (lambda a: a[0, 0][0], "a single number has no entries to pick from"),
        (lambda a: a[1.0], "an index is a whole number"),
        (lambda a: [a][a[0, 0]], "an index is a whole number"),
        (lambda a: range(3 / 2), "a whole number is needed there; `//` divides to one"),
    ],
)
def test_what_python_and_numpy_say_is_said_in_plain_words(fails, told: str) -> None:
    assert told in why_no_value(EXERCISES["mse"], call(fails, (np.ones((3, 2)),)))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (lambda weights, gradients: weights[1].__imul__(2), "It changes `weights[1]`."),
        (lambda weights, gradients: [each.__imul__(2) for each in weights], "It changes `weights`."),
        (lambda weights, gradients: gradients.pop(), "It changes `gradients`."),
        (
            lambda weights, gradients: (weights[0].fill(3), gradients[1].fill(0)),
            "`weights[0]` and `gradients[1]`",
        ),
    ],
)
def test_a_card_says_which_argument_was_changed(changed, told: str) -> None:
    def update(weights, gradients, learning_rate):
        new = [W - learning_rate * g for W, g in zip(weights, gradients, strict=True)]
        changed(weights, gradients)
        return new

    verdict = check("update", update)
    assert verdict.diagnosis == ("mutates_input",)
    assert told in str(verdict)
