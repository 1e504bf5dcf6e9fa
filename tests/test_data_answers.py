"""Answers that are data with functions in them: what is called, what comes out, what each part is worth."""

from __future__ import annotations

import dataclasses
import sys
import time
import warnings

import numpy as np
import pytest

from course_lib import Outcome, judge, sigmoid
from course_lib.checking.calling import Status, call
from course_lib.checking.calling.by_kind import outcomes_of
from course_lib.exercises import DataExercise

CASES = [(1.0,), (2.0,), (5.0,)]
TWO = DataExercise(
    id="two",
    lesson="06_bug_clinic",
    points=3,
    parts=3,
    title="two functions",
    asks="two = {...}",
    draws=(lambda rng: (rng.normal(),),),
    reference=lambda x: x * x,
    verify=lambda case, value: None if value.get("name") == "square" else "`name`: not the name",
    functions=("f", "g"),
    hints=("", "", ""),
)
RIGHT = {"name": "square", "f": lambda x: x**2, "g": lambda x: x * x}


def points(answer, cases=CASES):
    return judge(TWO, cases, outcomes_of(TWO, answer, cases)).points


def test_each_part_is_worth_its_share():
    assert points(RIGHT) == 3.0
    assert points(RIGHT | {"g": lambda x: x}) == 2.0
    assert points(RIGHT | {"name": "cube"}) == 2.0
    assert points({"f": RIGHT["f"]}) == 1.0
    assert points({}) == points(None) == points(...) == points({"name": ..., "f": None}) == 0.0


def test_the_outcomes_are_plain_data_case_by_case():
    outcomes = outcomes_of(TWO, RIGHT | {"g": lambda x: -x}, CASES)
    assert [o.value for o in outcomes] == [{"name": "square"}, 1.0, -1.0, 4.0, -2.0, 25.0, -5.0]
    # So the outcomes of more cases are the same list, and then theirs.
    assert outcomes == outcomes_of(TWO, RIGHT | {"g": lambda x: -x}, CASES[:1]) + outcomes[3:]


def test_what_was_a_function_may_come_as_anything():
    outcomes = outcomes_of(TWO, RIGHT, CASES)
    outcomes[0] = Outcome({"name": "square", "f": object(), "g": object()})
    assert judge(TWO, CASES, outcomes).right


def test_an_answer_that_could_not_be_read_says_so():
    verdict = judge(TWO, [()], [Outcome(error="KernelDied: it ended")])
    assert verdict.points == 0.0
    assert "KernelDied" in str(verdict)


def test_functions_are_called_quietly_and_on_copies(capfd):
    def loud(x):
        print("hear me", file=sys.stderr)
        warnings.warn("hear me too", stacklevel=1)
        return x**2

    assert points(RIGHT | {"f": loud}) == 3.0
    assert capfd.readouterr() == ("", "")
    given = np.array([1.0, 2.0])
    outcomes_of(TWO, RIGHT | {"f": lambda x: x.fill(0)}, [(given,)])
    assert given.tolist() == [1.0, 2.0]


def test_an_endless_function_is_stopped_once_and_costs_its_part_only(monkeypatch):
    monkeypatch.setattr(call, "SECONDS", 0.2)
    calls = []

    def endless(x):
        calls.append(x)
        while True:
            pass

    begin = time.perf_counter()
    outcomes = outcomes_of(TWO, RIGHT | {"f": endless}, CASES)
    assert time.perf_counter() - begin < 2
    assert len(calls) == 1
    verdict = judge(TWO, CASES, outcomes)
    assert verdict.points == 2.0
    assert "`f`: it was stopped" in str(verdict)


@pytest.mark.parametrize("stub", [None, ...])
def test_a_function_left_out_is_unanswered(stub):
    outcomes = outcomes_of(TWO, {"name": "square", "f": stub}, CASES)
    assert [o.status for o in outcomes[1:]] == [Status.UNANSWERED] * 6
    assert "`f`: not answered yet" in str(judge(TWO, CASES, outcomes))


def test_what_is_closed_is_closed_inside():
    closing = dataclasses.replace(TWO, closes=frozenset({"activations"}))
    outcomes = outcomes_of(closing, RIGHT | {"f": sigmoid}, CASES)
    assert all(outcome.error.type == "ClosedError" for outcome in outcomes[1::2])
    assert not any(outcome.error for outcome in outcomes[2::2])
