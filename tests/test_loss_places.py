"""Places in answers to exercises made of E alone: E's own values are the meanings, and only what is certain."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from course_lib import EXERCISES, check
from course_lib.checking.calling.by_kind import WHOLE, call_one
from course_lib.checking.calling.recording import record
from course_lib.checking.judging.finding import places_in
from course_lib.checking.judging.loss_walks import walk_of_loss
from course_lib.checking.judging.meanings import symbol
from course_lib.checking.judging.places import Found
from course_lib.exercises import FunctionExercise
from course_lib.exercises.from_loss import gradient_exercise
from course_lib.exercises.kinds import Loss
from course_lib.exercises.walks import walked
from tests.loss_answers import WRITTEN, wrong_answers
from tests.notebook_cells import notebook

WORDS = {
    "id": "slope",
    "lesson": "04_backpropagation",
    "points": 2,
    "title": "the gradient",
    "asks": "slope(w, X, d) → array",
    "hints": ("Look.", "Think.", "Do."),
}
# Of 84 wrong answers this many are pointed at; in the others it is not certain which statement is wrong.
POINTED = 58
RIGHT_ANSWERS = 500
pytestmark = pytest.mark.usefixtures("no_hurry")


@cache
def exercise_of(name: str) -> FunctionExercise:
    """Return the exercise that an error makes."""
    written = WRITTEN[name]
    draws = [lambda rng, n=n: written.draw(rng, n) for n in (7, 9)]
    with warnings.catch_warnings(action="ignore"):  # that it is not analytic
        return gradient_exercise(written.E, draws, samples=lambda w, X, d: len(X), **WORDS)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Check an answer to the exercise of an error."""

    def verdict(name: str, source: str):
        monkeypatch.setitem(EXERCISES, "slope", exercise_of(name))
        return check("slope", notebook(source)["slope"])

    return verdict


def read(name: str, source: str, case: tuple) -> Found:
    """Return the places in an answer, as if it were a wrong one."""
    exercise, answer = exercise_of(name), notebook(source)["slope"]
    recording = record(answer, lambda: call_one(exercise, answer, WHOLE, case))
    assert recording is not None
    return places_in(exercise, recording, case, source)


def wrong(name: str, old: str, new: str, style: int = 0) -> str:
    """Return a wrong answer."""
    source = WRITTEN[name].answers[style][0]
    assert old in source
    return source.replace(old, new)


@pytest.mark.parametrize(
    ("name", "source", "place", "needed"),
    [
        ("tanh", wrong("tanh", "y - d", "y + d"), (4, "y + d"), "e"),
        ("tanh", wrong("tanh", "1 - y**2", "1 + y**2"), (5, "1 + y**2"), "∂y/∂net"),
        ("tanh", wrong("tanh", "np.tanh(net)", "np.sin(net)"), (3, "np.sin(net)"), "y"),
        ("huber", wrong("huber", "2 * e, 2", "e, 2"), (4, "np.where(inside, e, 2 * np.sign(e))"), "∂E/∂e"),
        (
            "softmax",
            wrong("softmax", "-= 1", "-= 2"),
            (6, "p[np.arange(len(k)), k] -= 2"),
            "∂E/∂(scores in line 2)",
        ),
        (
            "softmax",
            wrong("softmax", "p - truth", "p * truth", 1),
            (5, "p * truth"),
            "∂E/∂(scores in line 2)",
        ),
        ("poisson", wrong("poisson", "rate - d[n]", "rate + d[n]", 1), (5, "rate + d[n]"), "∂E/∂net"),
        (
            "layer",
            wrong("layer", "- sigmoid(z)", "+ sigmoid(z)", 1),
            (5, "sigmoid(z) * (1 + sigmoid(z))"),
            "∂o/∂net",
        ),
    ],
)
def test_the_wrong_expression_is_pointed_at_and_named_as_e_names_it(checked, name, source, place, needed):
    verdict = checked(name, source)
    assert not verdict.right
    (found,) = verdict.places
    assert (found.line, found.source) == place
    assert symbol(found.instead) == needed


def test_operands_are_called_as_e_calls_them(checked):
    source = wrong("tanh", "e = y - d", "a = y + d").replace("e * s", "a * s")
    (place,) = checked("tanh", source.replace("y", "out")).places
    assert [(text, symbol(meaning)) for text, meaning in place.operands] == [("out", "y"), ("d", "d")]


def test_a_term_with_another_factor_than_the_rest_is_pointed_at(checked):
    (place,) = checked("logistic", wrong("logistic", "0.2 * w", "0.1 * w")).places
    assert (place.line, place.source, place.times) == (5, "0.1 * w", pytest.approx(0.5))
    (place,) = checked("logistic", wrong("logistic", " / len(d)", "", 1)).places
    assert (place.line, place.times) == (3, pytest.approx(7))


def test_the_card_says_where_to_look_and_what_is_needed_there_in_its_fold(checked):
    verdict = checked("tanh", wrong("tanh", "e * s", "e + s"))
    assert "Look at line 6: `2 / len(X) * e + s`" in str(verdict)
    assert "∂E/∂net" not in str(verdict)
    assert "In the names of E, ∂E/∂net is needed there." in verdict._repr_html_()


def test_a_wrong_factor_of_the_whole_is_named_and_no_line_is_wrong(checked):
    for name in ("tanh", "huber"):
        verdict = checked(name, wrong(name, "return ", "return len(X) * "))
        assert verdict.diagnosis == ("sum_over_samples",)
        assert verdict.places == ()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        # Is the value wrong, or what is done with it?
        ("tanh", wrong("tanh", "np.tanh(net)", "net").replace("1 - y**2", "1 - np.tanh(net) ** 2")),
        ("absolute", wrong("absolute", "np.sign(o - d)", "o - d")),
        # A mask that E does not have stands in another statement.
        ("huber", wrong("huber", "np.abs(e) < 1", "np.abs(e) < 0.5")),
        # 1 - o has the slope of o.
        ("layer", wrong("layer", "np.exp(-net)", "np.exp(net)")),
    ],
)
def test_where_it_is_not_certain_nothing_is_pointed_at(checked, name, source):
    verdict = checked(name, source)
    assert not verdict.right
    assert verdict.places == ()


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_is_pointed_at_in_a_right_answer(checked, name):
    for source, _ in WRITTEN[name].answers:
        assert checked(name, source).right
        assert read(name, source, exercise_of(name).draws[0](np.random.default_rng(5))) == Found()


@pytest.mark.parametrize("name", ["tanh", "huber"])
def test_the_walk_of_an_error_ends_at_its_gradient_and_can_be_gone_again(name):
    exercise = exercise_of(name)
    case = exercise.draws[0](np.random.default_rng(8))
    walk_of = walk_of_loss(exercise.loss)
    walk = walked(walk_of, case)
    np.testing.assert_allclose(walk.nodes[walk.asked[0]], exercise.reference(*case), rtol=1e-8)
    again = walked(walk_of, case, {"of_E:∂E/∂e": 3 * walk.nodes["of_E:∂E/∂e"]})
    np.testing.assert_allclose(again.nodes[walk.asked[0]], 3 * walk.nodes[walk.asked[0]], rtol=1e-8)
    assert [each.meaning for each in again.known] == [each.meaning for each in walk.known]


def test_an_error_without_source_or_with_too_many_numbers_has_no_places():
    space: dict = {"np": np}
    exec("def E(w, X, d):\n    return np.mean((X @ w - d) ** 2)", space)
    rng = np.random.default_rng(1)
    small = rng.normal(size=3), rng.normal(size=(7, 3)), rng.normal(size=7)
    assert walked(walk_of_loss(Loss(space["E"], True)), small).known == []
    large = rng.normal(size=3), rng.normal(size=(2_000, 3)), rng.normal(size=2_000)
    assert walked(walk_of_loss(exercise_of("tanh").loss), large).known == []


@pytest.mark.soak
def test_six_mistakes_in_each_of_two_styles_of_every_error(checked, figure: Callable[[str], None]):
    pointed, elsewhere = 0, []
    for name, source, lines in wrong_answers():
        verdict = checked(name, source)
        assert not verdict.right
        at = {place.line for place in verdict.places}
        pointed += bool(at)
        elsewhere += [(name, source)] if at - lines else []
    count = len(list(wrong_answers()))
    figure(f"E alone: {count} wrong answers, {pointed} pointed at, {len(elsewhere)} elsewhere")
    assert elsewhere == []
    assert pointed >= POINTED


@pytest.mark.soak
def test_five_hundred_right_answers(figure: Callable[[str], None]):
    rng = np.random.default_rng(16)
    ways = [(name, source) for name, written in WRITTEN.items() for source, _ in written.answers]
    pointed = []
    for n in range(RIGHT_ANSWERS):
        name, source = ways[n % len(ways)]
        source = _otherwise(source, n // len(ways))
        case = WRITTEN[name].draw(rng, int(rng.integers(4, 14)))
        pointed += [(name, source)] if read(name, source, case) != Found() else []
    figure(f"E alone: {RIGHT_ANSWERS} right answers, {len(pointed)} pointed at")
    assert pointed == []


def _otherwise(source: str, way: int) -> str:
    """Return an answer written in another way; three times the gradient is right but for what the numbers tell."""
    before, _, result = source.rstrip().rpartition("return ")
    if way % 4 == 1:
        return f"{before}result = {result}\n    return np.array(result)\n"
    if way % 4 == 2:
        return source.replace("def slope(", "def inner(") + "\ndef slope(*case):\n    return inner(*case)\n"
    if way % 4 == 3:
        return f"{before}return 3 * ({result})\n"
    return source
