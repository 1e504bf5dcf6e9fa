"""A gradient check that is wrong says only True or False; probes tell what it does, here and in the grader."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from course_lib import EXERCISES, Outcome, check, loss
from course_lib.checking.student.kernel import probe_cases, public_cases
from course_lib.exercises.gradient_cases import one_sided_errors, true_gradients
from course_lib.exercises.lesson_04.planted_errors import measured_gradients
from course_lib.exercises.lesson_04.probing import STEPS, told_by
from grading import score

EXERCISE = EXERCISES["gradient_check"]
RELATIVE = 1e-4


@cache
def measured() -> list[list[np.ndarray]]:
    """Return what a good check measures on every case and every probe."""
    return [measured_gradients(*case[:3]) for case in (*public_cases(EXERCISE), *probe_cases(EXERCISE))]


def told(compare) -> tuple[str, ...]:
    """Return what is told of a check that compares what it is given with what it measured."""
    cases, probes = public_cases(EXERCISE), probe_cases(EXERCISE)
    said = [bool(compare(case[3], true)) for case, true in zip((*cases, *probes), measured(), strict=True)]
    return told_by(cases, said[: len(cases)], said[len(cases) :])


def near(given, true, bound=RELATIVE) -> bool:
    return all((np.abs(a - b) <= bound * np.abs(b)).all() for a, b in zip(given, true, strict=True))


def entries(arrays) -> np.ndarray:
    return np.concatenate([a.ravel() for a in arrays])


def sizes(arrays) -> list[np.ndarray]:
    return [np.linalg.norm(a, keepdims=True) for a in arrays]


def cosine(a, b) -> float:
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


LUCK = np.random.default_rng(3)


def some_of(given, true) -> bool:
    at = LUCK.integers(0, entries(true).size, 5)
    return near([entries(given)[at]], [entries(true)[at]])


CHECKS = {
    "nothing_passes": lambda given, true: near(given, [t + 7.0 for t in true]),
    "nothing_is_refused": lambda given, true: True,
    "difference_turned": lambda given, true: near(given, [-t for t in true]),
    "difference_scaled": lambda given, true: near(given, [t / 2 for t in true]),
    "verdict_turned": lambda given, true: not near(given, true),
    "sampled_entries": some_of,
    "returned_too_early": lambda given, true: near([given[0][0, :1]], [true[0][0, :1]]),
    "last_comparison_only": lambda given, true: near([given[1][-1, -1:]], [true[1][-1, -1:]]),
    "one_matrix_only": lambda given, true: near(given[1:], true[1:]),
    "one_is_enough": lambda given, true: any(near([a], [b]) for a, b in zip(given, true, strict=True)),
    "entries_left_out": lambda given, true: near([a[0] for a in given], [b[0] for b in true]),
    "sums_compared": lambda given, true: abs(entries(given).sum() - entries(true).sum()) < 1e-9,
    "norms_compared": lambda given, true: near(sizes(given), sizes(true)),
    "direction_compared": lambda given, true: cosine(entries(given), entries(true)) > 0.9999,
    "difference_without_size": lambda given, true: (entries(true) - entries(given)).max() < 1e-8,
    "signs_ignored": lambda given, true: near(map(np.abs, given), list(map(np.abs, true))),
    "absolute_bound": lambda given, true: np.abs(entries(given) - entries(true)).max() < 2e-3,
    "bound_too_wide": lambda given, true: near(given, true, 0.02),
}


@pytest.mark.parametrize("mistake", CHECKS)
def test_what_a_check_does_is_told_from_what_it_lets_pass(mistake: str) -> None:
    assert told(CHECKS[mistake]) == (mistake,)


def test_what_is_not_known_is_not_named() -> None:
    assert told(lambda given, true: near(given[:1], true[:1]) and not near(given, true)) == ()
    # What is right passes, and whatever has one shape: nothing of the catalogue.
    assert told(lambda given, true: near(given, true) or given[0].shape == (2, 4)) == ()


@pytest.mark.parametrize("step", [STEPS[1], STEPS[3]])
def test_a_difference_to_one_side_is_told_by_what_it_agrees_with(step: float) -> None:
    def one_sided(weights, X, D, gradients):
        for layer, W in enumerate(weights):
            for at in np.ndindex(W.shape):
                moved = [V.copy() for V in weights]
                moved[layer][at] += step
                difference = (loss(moved, X, D) - loss(weights, X, D)) / step
                if abs(difference - gradients[layer][at]) > 1e-6 * abs(difference):
                    return False
        return True

    verdict = check("gradient_check", one_sided)
    assert verdict.diagnosis == ("one_sided_difference",)
    assert "to one side of the weight" in " ".join(str(verdict).split())


def test_the_grader_names_it_as_the_check_does() -> None:
    cases, probes = public_cases(EXERCISE), probe_cases(EXERCISE)
    formula = [near(case[3], true_gradients(*case[:3])) for case in (*cases, *probes)]
    outcomes = [Outcome(value) for value in formula]
    secret = [Outcome(value) for value in formula[: len(cases)]]
    arguments = (EXERCISE, b"x" * 32, [*outcomes[: len(cases)], *secret], "name", "flag", score.NOTHING_READ)
    assert score.verdict_on(*arguments).diagnosis == ()
    named = score.verdict_on(*arguments, probed=outcomes[len(cases) :])
    assert named.diagnosis == ("compared_with_backprop",)
    assert named.points == 0.0
    # A kernel that dies under the probes costs the name, and nothing else.
    assert score.verdict_on(*arguments, probed=outcomes[len(cases) : -1]).diagnosis == ()


def test_the_error_of_a_one_sided_difference_is_half_the_second_derivative() -> None:
    weights, X, D, _ = public_cases(EXERCISE)[0]
    h, off = 1e-5, one_sided_errors(weights, X, D)
    moved = [weights[0].copy(), weights[1]]
    moved[0][0, 1] += h
    difference = (loss(moved, X, D) - loss(weights, X, D)) / h
    assert difference - true_gradients(weights, X, D)[0][0, 1] == pytest.approx(h * off[0][0, 1], rel=1e-3)
