"""Exercises from E alone: an analytic one, one with a kink, and what is said of wrong answers."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import EXERCISES, check
from course_lib.exercises.from_loss import gradient_exercise

WORDS = {
    "lesson": "04_backpropagation",
    "points": 2,
    "title": "the gradient",
    "asks": "slope(w, X, d) → array",
    "hints": ("Look.", "Think.", "Do."),
}


def huber(w, X, d):
    """Written with a branch, as numpy does it: a complex number has no size to compare."""
    e = X @ w - d
    return np.mean(np.where(np.abs(e) < 1, e**2, 2 * np.abs(e) - 1))


def tanh(w, X, d):
    return np.mean((np.tanh(X @ w) - d) ** 2)


def draw(rng):
    return rng.normal(size=3), rng.normal(size=(7, 3)), rng.normal(size=7)


def right_tanh(w, X, d):
    y = np.tanh(X @ w)
    return 2 / len(X) * X.T @ ((y - d) * (1 - y**2))


def right_huber(w, X, d):
    e = X @ w - d
    return 2 / len(X) * X.T @ np.where(abs(e) < 1, e, np.sign(e))


@pytest.fixture
def slope(monkeypatch):
    """Make an exercise of E and put it into the course."""

    def made(E):
        exercise = gradient_exercise(E, (draw,) * 3, samples=lambda w, X, d: len(X), id="slope", **WORDS)
        monkeypatch.setitem(EXERCISES, "slope", exercise)
        return exercise

    return made


def test_an_analytic_loss_gives_a_graded_exercise(slope):
    slope(tanh)
    assert check("slope", right_tanh).points == 2
    assert not check("slope", lambda w, X, d: right_tanh(w, X, d) * 1.00001).right


@pytest.mark.parametrize(
    ("factor", "mistake"),
    [(0.5, "no_factor_two"), (-1, "wrong_sign"), (7, "sum_over_samples"), (1 / 7, "averaged_twice")],
)
def test_a_wrong_factor_is_named(slope, factor, mistake):
    slope(tanh)
    assert check("slope", lambda *case: factor * right_tanh(*case)).diagnosis == (mistake,)


def test_what_is_not_analytic_is_measured_and_its_author_told(slope):
    with pytest.warns(UserWarning, match="not analytic"):
        exercise = slope(huber)
    assert exercise.tolerance.relative == 1e-5
    assert check("slope", right_huber).right
    assert check("slope", lambda *case: right_huber(*case) / 2).diagnosis == ("no_factor_two",)
    assert not check("slope", lambda *case: right_huber(*case) * 1.001).right


def test_inputs_at_a_kink_are_drawn_again():
    def on_the_kink(rng):
        return (np.zeros(2) if rng.random() < 0.5 else np.ones(2),)

    with pytest.warns(UserWarning, match="not analytic"):
        exercise = gradient_exercise(lambda w: np.abs(w).sum(), (on_the_kink,), id="slope", **WORDS)
    assert all((exercise.draw(np.random.default_rng(seed))[0] == 1).all() for seed in range(20))


def test_a_loss_that_is_all_kinks_is_refused_with_the_remedy():
    with pytest.warns(UserWarning, match="not analytic"):
        exercise = gradient_exercise(
            lambda w: np.abs(w).sum(), (lambda rng: (np.zeros(2),),), id="slope", **WORDS
        )
    with pytest.raises(ValueError, match="farther away"):
        exercise.draw(np.random.default_rng(0))
