"""Two mistakes at once, conventions of another E on top, one matrix wrong and the other right: named, or in part."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from course_lib import EXERCISES, Outcome, check, forward, judge
from course_lib.checking.calling import Status
from course_lib.checking.judging.candidates import candidates
from course_lib.checking.judging.comparing import compare
from course_lib.checking.judging.diagnosing import SAME
from course_lib.checking.judging.joining import joined
from course_lib.mistakes import Line
from tests.corpus import sampling

pytestmark = pytest.mark.sampled
PAIRS = 10**6 if sampling.WHOLE else 8
# sum_k delta_k y (1 - y): nobody can tell the two from the one.
SAME_NUMBERS = {frozenset({"activation_for_weight", "slope_is_one_minus"}): {"no_weight"}}
SEVERAL = [
    e.id
    for e in EXERCISES.values()
    if e.kind == "function" and e.id != "training" and any(True for _ in e.together())
]


def scaled(value, ratio):
    return [ratio * v for v in value] if isinstance(value, list) else ratio * value


def are_fewer_with_the_same_numbers(named, wanted, values, cases, pairs, conventions) -> bool:
    """Tell whether what is named is a simpler way to just these numbers: fewer mistakes, and nobody can tell."""
    if len(named) >= len(wanted):
        return False
    for ids, answer_of in pairs:
        for m, names in enumerate(conventions.ids):
            if {*ids, *names} == named:
                made = [
                    scaled(moved(answer_of(*c)), r) for c, r in zip(cases, conventions.ratios[m], strict=True)
                ]
                if all(compare(a, b, SAME) is None for a, b in zip(made, values, strict=True)):
                    return True
    return False


def moved(value):
    if not isinstance(value, Line):
        return value
    if isinstance(value.base, list):
        return [b - 0.37 * d for b, d in zip(*value, strict=True)]
    return value.base - 0.37 * value.direction


@pytest.mark.parametrize("exercise_id", SEVERAL)
def test_two_mistakes_and_three_conventions_are_named_or_in_part(
    exercise_id: str, figure: Callable[[str], None]
) -> None:
    exercise, rng = EXERCISES[exercise_id], np.random.default_rng(5)
    cases = exercise.cases(rng)
    truths = [exercise.reference(*case) for case in cases]
    conventions = candidates(exercise, cases, joined(truths), SAME).conventions
    pairs, outcomes = list(exercise.together()), Counter()
    for n in rng.permutation(len(pairs))[:PAIRS]:
        ids, answer_of = pairs[n]
        try:
            values = [moved(answer_of(*case)) for case in cases]
        except ValueError:
            continue
        m = rng.integers(len(conventions.ids))
        values = [scaled(v, ratio) for v, ratio in zip(values, conventions.ratios[m], strict=True)]
        if all(compare(v, t, exercise.tolerance) is None for v, t in zip(values, truths, strict=True)):
            continue
        named = set(judge(exercise, cases, [Outcome(value) for value in values]).diagnosis)
        wanted = {*ids, *conventions.ids[m]}
        for alike, other in SAME_NUMBERS.items():
            wanted = (wanted - alike) | other if other <= named and alike <= wanted else wanted
        if not named <= wanted and are_fewer_with_the_same_numbers(
            named, wanted, values, cases, pairs, conventions
        ):
            outcomes["simpler"] += 1
            continue
        outcomes["all" if named == wanted else "part" if named <= wanted else "wrong"] += 1
    figure(f"{exercise_id}: {dict(outcomes)}")
    assert outcomes["wrong"] == 0
    assert outcomes["all"]


def parts(weights, X, D):
    _, (_, y, o) = forward(weights, X)
    return y, o, 2 / len(X) * (o - D)


def delta(e, o):
    return e * o * (1 - o)


def by_layer(first, second):
    """Return a backprop made of a function for each layer, of the weights, X, y, o and 2/N (o - d)."""

    def backprop(weights, X, D):
        y, o, e = parts(weights, X, D)
        return [first(weights, X, y, o, e), second(weights, X, y, o, e)]

    return backprop


def right_hidden(w, X, y, o, e):
    return X.T @ (delta(e, o) @ w[1].T * y * (1 - y))


def right_output(w, X, y, o, e):
    return y.T @ delta(e, o)


@pytest.mark.parametrize(
    ("first", "second", "ids", "line"),
    [
        (
            right_hidden,
            lambda w, X, y, o, e: y.T @ (e * o),
            ("slope_is_sigmoid",),
            "in dW12, S itself is used",
        ),
        (
            lambda w, X, y, o, e: X.T @ (delta(e, o) @ w[1].T * y),
            lambda w, X, y, o, e: -(y.T @ e),
            ("slope_is_sigmoid", "wrong_sign", "no_output_slope"),
            "in dW12, the sign is reversed, and the slope at the output",
        ),
        (
            lambda w, X, y, o, e: X.T @ np.sin(delta(e, o) @ w[1].T * y),
            lambda w, X, y, o, e: y.T @ e,
            ("no_output_slope",),
            "in dW12, the slope at the output",
        ),
        (
            lambda w, X, y, o, e: X.T @ (e @ w[1].T * y * (1 - y)),
            lambda w, X, y, o, e: y.T @ (e * o),
            ("no_output_slope_in_hidden", "slope_is_sigmoid"),
            "in dW01, S'(net^(1,2)) is dropped on the way back",
        ),
    ],
)
def test_each_matrix_has_a_name_of_its_own(first, second, ids, line) -> None:
    verdict = check("backprop", by_layer(first, second))
    assert verdict.diagnosis == ids
    assert line in " ".join(str(verdict).split())


def test_a_weight_updated_inside_a_loop_over_the_samples_is_named() -> None:
    def backprop(weights, X, D):
        g0, g1 = (np.zeros_like(W) for W in weights)
        for x, d in zip(X, D, strict=True):
            y, o, _ = parts(weights, x[None], d[None])
            delta_o = 2 / len(X) * (o - d) * o * (1 - o)
            own = y.T @ delta_o
            g1 += own
            g0 += x[:, None] @ (delta_o @ (weights[1] - 0.5 * own).T * y * (1 - y))
        return [g0, g1]

    assert check("backprop", backprop).diagnosis == ("updated_weight",)


def test_single_precision_is_told_by_its_digits() -> None:
    def backprop(weights, X, D):
        X, D, W = X.astype(np.float32), D.astype(np.float32), [w.astype(np.float32) for w in weights]
        y = 1 / (1 + np.exp(-X @ W[0]))
        o = 1 / (1 + np.exp(-y @ W[1]))
        e = (np.float32(2) / len(X) * (o - D)).astype(np.float32)
        return [right_hidden(W, X, y, o, e), right_output(W, X, y, o, e)]

    verdict = check("backprop", backprop)
    assert verdict.diagnosis == ("single_precision",)
    assert not verdict.right


def test_right_numbers_in_single_precision_are_not_called_measured() -> None:
    def backprop(weights, X, D):
        y, o, e = parts(weights, X, D)
        return [
            g.astype(np.float32)
            for g in (right_hidden(weights, X, y, o, e), right_output(weights, X, y, o, e))
        ]

    verdict = check("backprop", backprop)
    assert (verdict.right, verdict.diagnosis) == (True, ())


def test_a_measured_gradient_that_is_too_coarse_is_told() -> None:
    from course_lib import loss

    def gradient_W12(weights, X, D):
        found = np.empty_like(weights[1])
        for at in np.ndindex(found.shape):
            W = weights[1].copy()
            W[at] += 1e-4
            found[at] = (loss([weights[0], W], X, D) - loss(weights, X, D)) / 1e-4
        return found

    assert check("gradient_W12", gradient_W12).diagnosis == ("numerical_only",)


def test_an_index_error_on_some_inputs_is_told_by_the_value_on_the_others() -> None:
    def net_hidden(W01, x, j):
        return sum(W01[j - 1, i] * x[i] for i in range(len(x)))

    assert check("net_hidden", net_hidden).diagnosis == ("indices_exchanged",)
    assert check("net_hidden", lambda W01, x, j: sum(W01[j - 1, i] for i in range(len(x)))).diagnosis == ()


@pytest.mark.parametrize(
    ("entry", "ids"),
    [
        ((lambda x, y, z, c: x * x + c, lambda x, y, z, c: y * c), ("inner_derivative",)),
        ((lambda x, y, z, c: z * c, lambda x, y, z, c: c), ("term_dropped", "inner_derivative")),
        ((lambda x, y, z, c: x + c, lambda x, y, z, c: y * c), ()),
    ],
)
def test_a_slip_in_one_entry_of_a_gradient_is_named(entry, ids) -> None:
    def gradient_by_hand(v):
        c = np.cos(v[1] * v[2])
        return [2 * v[0] * v[1], *(each(*v, c) for each in entry)]

    assert check("gradient_by_hand", gradient_by_hand).diagnosis == ids


def test_an_answer_too_slow_for_the_long_run_is_named_by_the_short_ones() -> None:
    exercise = EXERCISES["training"]
    cases = exercise.cases(np.random.default_rng(2))
    short = [case for case in cases if exercise.reference(*case)]
    values = [Outcome(exercise.mistakes["step_per_sample"](*case)[0]) for case in short]
    late = Outcome(status=Status.TIMED_OUT)
    assert judge(exercise, cases, [*values, late, late]).diagnosis == ("step_per_sample",)
    right = [Outcome(exercise.reference(*case)) for case in short]
    assert judge(exercise, cases, [*right, late, late]).diagnosis == ()


@pytest.mark.parametrize("name", ["student 1", "student 2", "Ada Lovelace"])
def test_numbers_by_hand_get_the_names_of_functions(name: str) -> None:
    exercise = EXERCISES["number_by_hand"]
    true, slopeless = exercise.reference(name), exercise.mistakes["no_output_slope"](name)[0]
    half = {
        key: value if key.endswith("01") else float(f"{slopeless[key]:.4g}") for key, value in true.items()
    }
    verdict = judge(exercise, [(name,)], [Outcome(half)])
    assert verdict.diagnosis == ("no_output_slope",)
    assert "in the derivatives for W^(1,2), the slope at the output" in " ".join(str(verdict).split())
    off = {
        key: value * (1.3 if key.endswith("01") else 0.6) * (1 + len(key) % 2 + value)
        for key, value in true.items()
    }
    assert judge(exercise, [(name,)], [Outcome(off)]).diagnosis == ()


def test_an_error_in_training_costs_no_long_run() -> None:
    exercise = EXERCISES["training"]
    cases = exercise.cases(np.random.default_rng(2))
    made = []
    watched = {i: lambda *case, i=i: made.append(case[-1]) or [] for i in exercise.mistakes}
    outcomes = [Outcome(error="IndexError: no"), *(Outcome(exercise.reference(*case)) for case in cases[1:])]
    assert judge(dataclasses.replace(exercise, mistakes=watched), cases, outcomes).diagnosis == ()
    assert max(made) < max(case[-1] for case in cases)


@pytest.mark.parametrize("exercise_id", ["backprop", "dE_dw11_01", "gradient_W01"])
def test_nothing_that_fits_is_sifted_out(exercise_id: str) -> None:
    exercise, rng = EXERCISES[exercise_id], np.random.default_rng(6)
    cases = exercise.cases(rng)
    known = candidates(exercise, cases, joined([exercise.reference(*case) for case in cases]), SAME)
    terms = list(known.terms)
    for n in rng.integers(len(known.conventions.ids), size=5):
        for term in terms[:: 1 + len(terms) // 10]:
            answers = [
                [ratio * v for v in value] if isinstance(value, list) else ratio * value
                for value, ratio in zip(term.values, known.conventions.ratios[n], strict=True)
            ]
            some = joined(answers)
            fit = [t for t in terms if known.conventions.fitting(some.first(), t.begins, SAME)]
            sifted = known.terms.fitting(some, known.conventions, SAME)
            assert term in fit
            assert [t for t in fit if t not in sifted] == []


def test_what_is_kept_of_a_case_is_forgotten_when_it_changes() -> None:
    """The arrays of a case may be changed in place between two checks; what was worked out is of the old ones."""
    exercise = EXERCISES["gradient_W12"]
    cases, both = exercise.cases(np.random.default_rng(8)), {"no_output_slope", "absolute_error"}
    answer_of = next(answer_of for ids, answer_of in exercise.together() if set(ids) == both)

    def named() -> set[str]:
        return set(judge(exercise, cases, [Outcome(answer_of(*case)) for case in cases]).diagnosis)

    assert named() == both
    for weights, X, D in cases:
        for array in (*weights, X, D):
            array *= 0.5
    assert named() == both
