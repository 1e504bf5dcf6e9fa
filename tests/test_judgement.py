"""An outcome has a status, a judgement is data without words, and every judgement has a card."""

from __future__ import annotations

import dataclasses
import enum
import re

import numpy as np
import pytest

from course_lib import EXERCISES, Outcome, check, judge
from course_lib.checking.calling import Error, Status, call
from course_lib.checking.calling.by_kind import TRIED, calls_of, has_data, outcomes_of
from course_lib.checking.calling.mending import InCell
from course_lib.checking.cards import card
from course_lib.checking.cards.card_html import STATES
from course_lib.checking.judging import Judgement, Reason, judgement
from course_lib.checking.judging.by_kind import JUDGES
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import PlainExercise

SUBJECTS = ("dE_dw11_12", "slopes", "saturated_beyond", "clinic_1", "famous_bug", "blind_spot", "rescue")
SUBJECTS += (
    "number_by_hand",
    "printed_formula",
    "factors_w11_12",
    "fill_symbols",
    "explain_w11_01",
    "backprop",
)
ERROR = Error("ValueError", "no", "raise ValueError('no')")
BY_HAND = {
    "nothing": Outcome(None),
    "a number": Outcome(1.0),
    "text": Outcome("abc"),
    "a list": Outcome([np.ones(2), np.ones((3, 1))]),
    "not finite": Outcome(np.nan),
    "mutating": Outcome(1.0, mutated=True),
    "warning": Outcome(1.0, warnings=("RuntimeWarning: x",)),
    "reading": Outcome(1.0, reads=("X",)),
    "a dict": Outcome({"a": 1.0, "w11_12": 0.5, "activation": "tanh", "factor": "zebra", "factor_1": "2"}),
    **{status.name: Outcome(error=ERROR, status=status) for status in Status},
}


@pytest.mark.parametrize(
    ("built", "status"),
    [
        (Outcome(), Status.ANSWERED),
        (Outcome(3.0, None, ("RuntimeWarning: x",), True), Status.ANSWERED),
        (Outcome(error="ValueError: no"), Status.RAISED),
        (Outcome(error=ERROR), Status.RAISED),
        (Outcome(status=Status.TIMED_OUT), Status.TIMED_OUT),
    ],
)
def test_an_outcome_built_by_hand_has_the_status_that_follows(built: Outcome, status: Status) -> None:
    assert built.status is status
    assert built.failed is (status is not Status.ANSWERED)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("ValueError: no: never", Error("ValueError", "no: never")),
        ("it went wrong: badly", Error("", "it went wrong: badly")),
        ("gone", Error("", "gone")),
    ],
)
def test_an_error_given_as_text_is_read_as_type_and_message(text: str, error: Error) -> None:
    assert Outcome(error=text).error == error


def undefined(*case):
    return no_such_variable  # noqa: F821


def stub(*case):
    raise NotImplementedError


def loop(*case):
    while True:
        pass


@pytest.mark.parametrize(
    ("answer", "status", "facts"),
    [
        (None, Status.UNANSWERED, None),
        (..., Status.UNANSWERED, None),
        (stub, Status.UNANSWERED, None),
        (lambda *case: stub(), Status.STUB_CALLED, ("NotImplementedError", "", "", "stub")),
        ([1, 2], Status.WRONG_TYPE, None),
        (
            undefined,
            Status.RAISED,
            ("NameError", "name 'no_such_variable' is not defined", "", "no_such_variable"),
        ),
        (loop, Status.TIMED_OUT, None),
        (lambda *case: 1.0, Status.ANSWERED, None),
    ],
)
def test_how_a_call_ended_is_a_status_and_what_it_raised_is_data(answer, status, facts, monkeypatch) -> None:
    monkeypatch.setattr(call, "SECONDS", 0.2 if answer is loop else call.SECONDS)
    exercise = EXERCISES["dE_dw11_12"]
    for outcome in outcomes_of(exercise, answer, public_cases(exercise)):
        assert (outcome.status, outcome.error) == (status, facts)


def texts_in(value: object) -> list[str]:
    """Return every text in a judgement but what the answer, its case and the exercise's own `verify` brought."""
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return [value]
    if dataclasses.is_dataclass(value):
        mine = {"outcome", "case", "truth", "got", "expected", "sentence"}
        return [
            text
            for field in dataclasses.fields(value)
            if field.name not in mine
            for text in texts_in(getattr(value, field.name))
        ]
    if isinstance(value, dict):
        return texts_in([*value, *value.values()])
    return [text for entry in value for text in texts_in(entry)] if isinstance(value, list | tuple) else []


@pytest.mark.parametrize("exercise_id", SUBJECTS)
@pytest.mark.parametrize("named", BY_HAND)
def test_every_judgement_is_without_words_and_has_a_card(exercise_id: str, named: str) -> None:
    exercise = EXERCISES[exercise_id]
    cases = [("self-study",)] if exercise.personal else public_cases(exercise)
    outcomes = [BY_HAND[named]] * (has_data(exercise) + len(calls_of(exercise)) * len(cases))
    found = judgement(exercise, cases, outcomes)
    assert isinstance(found, Judgement)
    assert isinstance(found.reason, Reason)
    assert 0 <= found.right <= exercise.parts
    # Ids and names of parts are one word; two in a row would be a sentence.
    assert not [text for text in texts_in(found) if re.search(r"\w \w", text)]
    written = card(exercise, found)
    assert written.state in STATES
    assert written.title == exercise.heading
    assert judge(exercise, cases, outcomes).card == written


def test_every_kind_of_exercise_is_called_and_judged() -> None:
    # The course has no plain exercise; an instructor's own lessons may.
    kinds = {type(exercise) for exercise in EXERCISES.values()} | {PlainExercise}
    assert set(TRIED) == set(JUDGES) == kinds


@pytest.mark.parametrize(
    ("exercise_id", "answer", "reason"),
    [
        ("dE_dw11_12", lambda *case: None, Reason.TYPE),
        ("dE_dw11_12", lambda *case: np.ones(3), Reason.SHAPE),
        ("dE_dw11_12", lambda *case: np.inf, Reason.NOT_FINITE),
        ("dE_dw11_12", lambda *case: 1.0, Reason.VALUE),
        ("dE_dw11_12", lambda *case: 1 / 0, Reason.FAILED),
        ("dE_dw11_12", stub, Reason.UNANSWERED),
        ("saturated_beyond", lambda t: EXERCISES["saturated_beyond"].reference(t) or 0.0, Reason.NOT_REFUSED),
        ("classify", lambda hessian: "saddle", Reason.REQUIREMENT),
        ("number_by_hand", 5, Reason.TYPE),
        ("number_by_hand", {"w11_12": 1.0}, Reason.PARTS),
        ("explain_w11_01", "because", Reason.MANUAL),
    ],
)
def test_a_judgement_says_why(exercise_id: str, answer, reason: Reason) -> None:
    exercise = EXERCISES[exercise_id]
    cases = [("self-study",)] if exercise.personal else public_cases(exercise)
    assert judgement(exercise, cases, outcomes_of(exercise, answer, cases)).reason is reason


def test_each_function_in_data_has_a_judgement_of_its_own() -> None:
    exercise = EXERCISES["clinic_1"]
    cases = public_cases(exercise)
    mended = InCell("def mended_1(weights, X, D):\n    return [np.ones(2)]")
    outcomes = outcomes_of(exercise, {"mended": mended}, cases)
    found = judgement(exercise, cases, outcomes)
    assert {name: function.reason for name, function in found.functions.items()} == {"mended": Reason.SHAPE}
    assert "`mended`: another shape than asked. Expected 2 values, got 1." in said(
        "clinic_1", outcomes, cases
    )


def said(exercise_id: str, outcomes: list, cases: list) -> str:
    return " ".join(str(judge(EXERCISES[exercise_id], cases, outcomes)).split())


def test_a_dict_of_functions_with_one_missing_says_which() -> None:
    card_text = " ".join(str(check("slopes", {"tanh": np.tanh})).split())
    assert "There is no function under 'relu', 'leaky_relu'." in card_text
    assert "Three other slopes: it cannot be called." in card_text
