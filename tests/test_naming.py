"""What students tried and the cards misnamed or left unnamed: 2/N twice, one layer scaled, another node, a row."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import EXERCISES, check, forward, personal_network


def said(exercise_id, answer):
    return " ".join(str(check(exercise_id, answer)).split())


def sweep(weights, X, D):
    _, (x, y, o) = forward(weights, X)
    at_o = 2 / len(X) * (o - D) * o * (1 - o)
    return [x.T @ (at_o @ weights[1].T * y * (1 - y)), y.T @ at_o]


def scaled(first, second):
    """Return a backprop whose layers are multiplied by what these make of N."""

    def backprop(weights, X, D):
        dW01, dW12 = sweep(weights, X, D)
        return [first(len(X)) * dW01, second(len(X)) * dW12]

    return backprop


def same(N):
    return 1.0


@pytest.mark.parametrize(
    ("first", "second", "ids", "line"),
    [
        (lambda N: 1 / N, same, ("averaged_twice",), "in dW01, the mean over the samples is taken twice"),
        (lambda N: 2 / N, same, ("two_n_twice",), "in dW01, the factor 2/N is multiplied in twice"),
        (same, lambda N: -1.0, ("wrong_sign",), "in dW12, the sign is reversed"),
        (same, lambda N: 2.0, (), "Every number of dW12 is 2 times what it should be, on every input."),
        (
            lambda N: 0.5,
            lambda N: 3.0,
            ("no_factor_two",),
            "Every number of dW12 is 3 times what it should be",
        ),
        (lambda N: 2 / N, lambda N: 2 / N, ("two_n_twice",), "the factor 2/N is multiplied in twice"),
        (lambda N: 2.0, lambda N: 2.0, (), "Every number is 2 times what it should be"),
        (lambda N: N / 7, same, (), "Is a size, or an index, written as a number?"),
    ],
)
def test_a_layer_off_by_a_factor_is_told_by_which(first, second, ids, line):
    verdict = check("backprop", scaled(first, second))
    assert verdict.diagnosis == ids
    assert line in " ".join(str(verdict).split())


def test_two_layers_each_with_a_noise_of_its_own_are_not_named():
    rng = np.random.default_rng(1)
    noisy = lambda *case: [g * rng.uniform(0.5, 2.0, size=g.shape) for g in sweep(*case)]  # noqa: E731
    verdict = check("backprop", noisy)
    assert verdict.diagnosis == ()
    assert "times what it should be" not in str(verdict)


@pytest.mark.parametrize(
    ("exercise_id", "answer"),
    [
        ("gradient_W12", lambda w, X, D: 2 / len(X) * sweep(w, X, D)[1]),
        ("gradient_W01", lambda w, X, D: 2 / len(X) * sweep(w, X, D)[0]),
        ("dE_dw11_12", lambda W01, W12, X, D: 2 / len(X) * sweep([W01, W12], X, D)[1][0, 0]),
        ("dE_dw21_01", lambda W01, W12, X, D: 2 / len(X) * sweep([W01, W12], X, D)[0][1, 0]),
        ("output_delta", lambda o, D: 4 / len(o) ** 2 * (o - D) * o * (1 - o)),
        ("hidden_delta", lambda d, W, y: 2 / len(y) * d @ W.T * y * (1 - y)),
    ],
)
def test_two_over_n_twice_is_no_rate(exercise_id, answer):
    verdict = check(exercise_id, answer)
    assert verdict.diagnosis == ("two_n_twice",)
    assert "learning rate" not in str(verdict)


def at_output(of_y, slope=lambda o: o * (1 - o)):
    """Return dE/dw11^(1,2) with `of_y(y, W12)` in the place of y_n1."""

    def dE_dw(W01, W12, X, D):
        _, (_, y, o) = forward([W01, W12], X)
        return np.mean(2 * (o - D) * slope(o) * of_y(y, W12))

    return dE_dw


@pytest.mark.parametrize(
    ("of_y", "mistake"),
    [
        (lambda y, W: y[:, [1]], "other_node"),
        (lambda y, W: y[0], "row_for_column"),
        (lambda y, W: W[0, 0], "weight_for_input"),
    ],
)
def test_what_stands_for_y_is_named(of_y, mistake):
    assert check("dE_dw11_12", at_output(of_y)).diagnosis == (mistake,)


def test_the_formula_for_a_weight_in_its_own_place_is_that_of_its_layer():
    folded = check("dE_dw11_12", at_output(lambda y, W: W[0, 0])).card.folds[-1]
    assert folded.title == "in formulas"
    assert "net_nk^(1,2) = Σ_j w_jk^(1,2) y_nj^(1)" in folded.parts[0][1]


def test_one_name_is_enough_for_the_output_slope_of_one_weight():
    def dE_dw11_01(W01, W12, X, D):
        _, (x, y, o) = forward([W01, W12], X)
        return np.mean(2 * (o - D) * W12[0, 0] * y[:, [0]] * (1 - y[:, [0]]) * x[:, [0]])

    assert check("dE_dw11_01", dE_dw11_01).diagnosis == ("no_output_slope",)
    assert "cannot tell" not in said("dE_dw11_01", dE_dw11_01)


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (lambda d, W, y: d @ W.T, "no_hidden_slope"),
        (lambda d, W, y: d @ W.T * y, "slope_is_sigmoid"),
        (lambda d, W, y: d @ W.T * y * (1 - y) / W.shape[1], "mean_over_outputs"),
        (lambda d, W, y: d[:, :1] @ W[:, :1].T * y * (1 - y), "one_output_only"),
        (lambda d, W, y: -(d @ W.T) * y * (1 - y), "wrong_sign"),
    ],
)
def test_a_slip_in_a_hidden_delta_is_named(answer, mistake):
    assert check("hidden_delta", answer).diagnosis == (mistake,)


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (lambda o, D: 2 * (o - D) * o * (1 - o), "sum_over_samples"),
        (lambda o, D: (o - D) * o * (1 - o) / len(o), "no_factor_two"),
        (lambda o, D: 2 / len(o) * (D - o) * o * (1 - o), "wrong_sign"),
        (lambda o, D: 2 / len(o) * (o - D), "no_output_slope"),
        (lambda o, D: 2 / D.size * (o - D) * o * (1 - o), "averaged_over_outputs"),
    ],
)
def test_a_slip_in_an_output_delta_is_named(answer, mistake):
    assert check("output_delta", answer).diagnosis == (mistake,)


def test_the_other_hidden_node_shows_in_everybodys_numbers():
    """w_i1^(1,2) for w_j1^(1,2), which hides where both are the same number."""
    exercise = EXERCISES["number_by_hand"]
    for name in ("self-study", "Ada Lovelace", *(f"student {n}" for n in range(50))):
        (_, W12), *_ = personal_network(name)
        true = exercise.reference(name)
        wrong = true["w12_01"] * W12[0, 0] / W12[1, 0]
        assert abs(wrong - true["w12_01"]) > 0.01 * abs(true["w12_01"])
        for mistake, answers in exercise.mistakes.items():
            for answer in answers(name):
                if not isinstance(answer, dict):
                    continue
                off = [abs(answer[key] / value - 1) for key, value in true.items()]
                silent = mistake in ("absolute_error", "sum_over_samples", "averaged_twice")
                silent |= mistake == "slope_of_error"  # where d is 0 the error is o
                silent |= mistake in ("last_sample_only", "averages_before_product", "broadcast_targets")
                assert silent or max(off) > 1e-3, (name, mistake)
