"""What a card says of an answer that is right on the public inputs and goes wrong on the secret ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from course_lib import EXERCISES, Outcome, random_network
from course_lib.checking.calling import Error, Status
from course_lib.checking.calling.by_kind import calls_of, has_data, outcomes_of
from course_lib.checking.calling.mending import InCell
from grading import score

SECRET = b"s" * 32


def shown(exercise_id: str, answer: object, spoiled: Callable[[Outcome], Outcome]) -> str:
    """Return the card of `answer` where every call on a secret case ends as `spoiled` makes it."""
    exercise = EXERCISES[exercise_id]
    public, secret = score.public_cases(exercise), score.secret_cases(exercise, SECRET)
    count = has_data(exercise) + len(calls_of(exercise)) * len(public)
    outcomes = outcomes_of(exercise, answer, [*public, *secret])
    outcomes = [*outcomes[:count], *map(spoiled, outcomes[count:])]
    verdict = score.verdict_on(exercise, SECRET, outcomes, "x")
    assert not verdict.right
    assert verdict.diagnosis == ()
    return " ".join(str(verdict).split())


def gradients(weights, X, D):
    """Return both gradients by hand: the reference measures, and measuring is closed while an answer is called."""
    y = 1 / (1 + np.exp(-X @ weights[0]))
    o = 1 / (1 + np.exp(-y @ weights[1]))
    delta = 2 / len(X) * (o - D) * o * (1 - o)
    return [X.T @ (delta @ weights[1].T * y * (1 - y)), y.T @ delta]


def derivative(W01, W12, X, D):
    return gradients([W01, W12], X, D)[1][0, 0]


ENDS = {
    "gives None (is a `return` missing?)": lambda outcome: Outcome(None),
    "gives something other than what is asked for": lambda outcome: Outcome("a secret"),
    "gives another shape than what is asked for": lambda outcome: Outcome(np.full(3, 77.123)),
    "gives a number that is not finite": lambda outcome: Outcome(np.inf),
    "gives another value": lambda outcome: Outcome(77.123),
    "changes the arrays that it is given": lambda outcome: Outcome(outcome.value, mutated=True),
    "stops with an error": lambda outcome: Outcome(error=Error("KeyError", "a secret")),
    "is not answered yet": lambda outcome: Outcome(status=Status.UNANSWERED),
}


@pytest.mark.parametrize("said", ENDS)
def test_the_card_says_what_kind_of_thing_went_wrong_and_nothing_of_it(said: str) -> None:
    card = shown("dE_dw11_12", derivative, ENDS[said])
    assert f"On other inputs it {said}." in card
    assert "77.123" not in card
    assert "a secret" not in card


def test_a_function_within_data_is_told_its_own_reason() -> None:
    rng = np.random.default_rng(1)
    mended = InCell(EXERCISES["clinic_1"].patient.replace("(o - D)", "(o - D) * slope(net12)"))
    data = {"mistakes": {"no_output_slope"}, "shows": random_network(rng, (1, 1, 1), 1), "mended": mended}
    assert "On other inputs it gives None" in shown("clinic_1", data, lambda outcome: Outcome(None))


def test_a_value_where_an_error_is_asked_for_is_told_so() -> None:
    exercise = EXERCISES["saturated_beyond"]

    def refusing(t: float) -> float:
        if t <= 0:
            raise ValueError("t")
        return exercise.reference(t)

    def never_refusing(outcome: Outcome) -> Outcome:
        return Outcome(0.0) if outcome.failed else outcome

    said = shown("saturated_beyond", refusing, never_refusing)
    assert "On other inputs it gives a value where it should raise an error." in said
