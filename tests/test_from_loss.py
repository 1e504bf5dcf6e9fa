"""Exercises from E alone: an analytic one, one with a kink, and what is said of wrong answers."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import EXERCISES, check
from course_lib.exercises.from_loss import gradient_exercise
from course_lib.exercises.kinds import Lesson, by_id

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


def of_no_use():
    """Yield errors and draws that make no exercise, with what has to be said of each."""
    noise = np.random.default_rng(0)
    yield lambda w, X, d: (X @ w - d) ** 2, draw, r"shape \(7,\)"
    yield (
        lambda w, X, d: np.mean(X @ w) > 0,
        lambda rng: (np.zeros(3) + 1, np.ones((2, 3)), 0),
        "is 0 on every",
    )
    yield lambda w, X, d: np.mean(d**2), draw, "is 0 on every case"
    yield lambda w, X, d: np.mean(X @ w) + noise.normal(), draw, "another number each time"
    yield lambda w: np.mean(w) / 0, lambda rng: (np.ones(3),), "E is inf"
    yield lambda w, X, d: np.where((X @ w).sum() < 1e9, np.nan, 0), draw, "E is nan"
    yield lambda w, X, d: str(w), draw, "one real number"
    yield lambda w, X: np.mean(X @ w), draw, "E raised TypeError.*try E"
    yield spoil, draw, "changes its argument number 2"
    yield tanh, lambda rng: [*draw(rng)], "gave list; a case is a tuple"
    yield tanh, lambda rng: (), "gave tuple; a case is a tuple"
    yield tanh, lambda rng: ("w", *draw(rng)[1:]), "expected numbers"
    yield tanh, lambda rng: (np.zeros((0, 3)), *draw(rng)[1:]), "no entries"
    yield tanh, 3, "draws holds 3"


def spoil(w, X, d):
    X[0] = 0
    return np.mean((X @ w - d) ** 2)


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.parametrize(("E", "drawn", "said"), [*of_no_use()])
def test_what_makes_no_exercise_is_refused_with_its_name_and_the_remedy(E, drawn, said):
    with pytest.raises((TypeError, ValueError), match=said) as refused:
        gradient_exercise(E, (drawn,), id="slope", **WORDS)
    assert str(refused.value).startswith("slope: ")


@pytest.mark.parametrize(
    ("draws", "samples", "said"),
    [((), None, "at least one"), (draw, None, "a tuple of functions"), ((draw,), lambda *case: 0, "samples")],
)
def test_draws_and_samples_have_to_be_there(draws, samples, said):
    with pytest.raises(ValueError, match=f"^slope: .*{said}"):
        gradient_exercise(tanh, draws, samples=samples, id="slope", **WORDS)


def test_an_error_that_throws_the_imaginary_part_away_is_measured_without_a_word_of_numpys():
    with pytest.warns(UserWarning, match="not analytic") as told:
        exercise = gradient_exercise(lambda *case: float(tanh(*case)), (draw,), id="slope", **WORDS)
    assert len(told) == 1
    assert not exercise.loss.analytic


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("id", "two words", "no id of an exercise"),
        ("points", -1, "not negative"),
        ("points", float("nan"), "not negative"),
        ("points", "3", "not negative"),
        ("hints", "Look.", "a tuple of texts"),
    ],
)
def test_the_words_of_an_exercise_are_looked_at_when_it_is_made(field, value, said):
    with pytest.raises((TypeError, ValueError), match=said):
        gradient_exercise(tanh, (draw,), **{"id": "slope"} | WORDS | {field: value})


def test_an_exercise_stands_in_the_lesson_that_it_names_and_once():
    exercise = gradient_exercise(tanh, (draw,), id="slope", **WORDS)
    with pytest.raises(ValueError, match="slope: it stands in 03_a, but says lesson='04_backpropagation'"):
        Lesson("03_a", "a", 1, frozenset(), (exercise,))
    with pytest.raises(ValueError, match="two exercises of this id"):
        Lesson("04_backpropagation", "a", 1, frozenset(), (exercise, exercise))
    lesson = Lesson("04_backpropagation", "a", 1, frozenset(), (exercise,))
    with pytest.raises(ValueError, match="slope: 04_backpropagation and 04_backpropagation both have it"):
        by_id([lesson, lesson])
