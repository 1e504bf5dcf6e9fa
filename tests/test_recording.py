"""A call is recorded value by value, and the notebook never notices."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pytest

from course_lib.checking.calling import event_log
from course_lib.checking.calling.call import call
from course_lib.checking.calling.events import Recording
from course_lib.checking.calling.recording import record
from course_lib.checking.judging.places import cut
from tests.notebook_cells import notebook

ARGUMENT = np.array([[0.3, -1.2], [0.7, 2.5]])


def recorded(source: str, *case: Any, name: str = "f") -> tuple[Recording, Any, list[str]]:
    """Record `name` of a cell on a case; return the recording, what the call gave, and the lines of the cell."""
    source = textwrap.dedent(source).strip() + "\n"
    function = notebook(source)[name]
    outcomes = []

    def run() -> Any:
        outcomes.append(call(function, case or (ARGUMENT,)))
        return outcomes[0]

    found = record(function, run)
    assert found is not None
    return found, outcomes[0], source.splitlines()


def texts(found: Recording, lines: list[str]) -> dict[str, np.ndarray]:
    """Return the last value of every expression of the answer's own cell, by its text."""
    events = [(found.sites[event.site], event) for event in found.events]
    return {cut(lines, site): event.value for site, event in events if site.filename == found.own}


def test_every_expression_is_recorded_with_its_value():
    found, outcome, lines = recorded("""
        def f(z):
            half = 0.5 * z.T
            return np.abs(half) + z[0]
    """)
    values = texts(found, lines)
    np.testing.assert_array_equal(values["z.T"], ARGUMENT.T)
    np.testing.assert_array_equal(values["0.5 * z.T"], 0.5 * ARGUMENT.T)
    np.testing.assert_array_equal(values["np.abs(half)"], np.abs(0.5 * ARGUMENT.T))
    np.testing.assert_array_equal(values["np.abs(half) + z[0]"], outcome.value)
    assert found.complete
    assert found.numbers == (0.5,)


def test_operands_are_the_events_that_values_came_from_through_names_lists_and_helpers():
    found, _, lines = recorded("""
        def twice(a):
            return 2 * a

        def f(z):
            kept = [twice(z)]
            return kept[0] + z
    """)
    total = next(e for e in found.events if cut(lines, found.sites[e.site]) == "kept[0] + z")
    sources = [found.events[n] for _, group in total.operands for n in group]
    assert [cut(lines, found.sites[e.site]) for e in sources] == ["2 * a", "z"]


@pytest.mark.parametrize(
    "body",
    [
        "d = z.copy()\n    d *= 3.0\n    return d",
        "d = z.copy()\n    np.multiply(d, 3.0, out=d)\n    return d",
        "d = np.zeros_like(z)\n    for n in range(2):\n        d[n] += 3.0 * z[n]\n    return d",
        "d = z.copy()\n    row = d[0]\n    row *= 3.0\n    d[1] = 3.0 * z[1]\n    return d",
        "class A:\n        pass\n    a = A()\n    a.d = z.copy()\n    a.d *= 3.0\n    return a.d",
    ],
)
def test_what_is_changed_in_place_is_a_value_of_its_own(body: str):
    found, outcome, _ = recorded(f"def f(z):\n    {body}")
    (events,) = found.result
    np.testing.assert_array_equal(outcome.value, 3.0 * ARGUMENT)
    np.testing.assert_array_equal(found.events[events[-1]].value, 3.0 * ARGUMENT)
    reached, waiting = set(), list(events)
    while waiting:
        number = waiting.pop()
        if number not in reached:
            reached.add(number)
            waiting += [n for _, group in found.events[number].operands for n in group]
    assert any(np.array_equal(found.events[n].value, ARGUMENT) for n in reached)


CODE = """
    def deco(g):
        def inner(*a):
            return g(*a)
        return inner

    class Base:
        def __init__(self, k):
            self.__k = k

        def times(self, z):
            return self.__k * z

    class Layer(Base):
        def times(self, z):
            return super().times(z) + 1.0

    @deco
    def f(z, /, *rest, c=1, **more):
        '''A text.'''
        k = 2
        g = lambda a: a * k
        a, (b, *_) = z, [z, z]
        if (n := len(a)) and n > 1 or None:
            a = a + 1 if k else a
        total = sum(x * 2.0 for x in a[0])
        for i, row in enumerate(a):
            a[i, :] += row[::-1].copy()
            a[i][0:1] = 5.0
        try:
            np.linalg.inv(np.zeros((2, 2)))
        except np.linalg.LinAlgError as error:
            total -= 1
        match k:
            case 2:
                total *= k
        with np.errstate(all="ignore"):
            name = f"{total:.3f}"
        return Layer(3.0).times(g(a)) + total + len(name), {"a": a for _ in range(1)}["a"]
"""


def test_recorded_code_does_what_it_did_before():
    case = (ARGUMENT.copy(),)
    plain = notebook(textwrap.dedent(CODE))["f"](*[a.copy() for a in case])
    found, outcome, _ = recorded(CODE, *case)
    assert not outcome.failed, outcome.error
    for some, other in zip(outcome.value, plain, strict=True):
        np.testing.assert_array_equal(some, other)
    assert len(found.events) > 30


def test_the_functions_are_as_before_even_if_the_answer_raises():
    space = notebook("def f(z):\n    return z @ z[:, :1] @ z\n")
    code = space["f"].__code__
    found = record(space["f"], lambda: call(space["f"], (ARGUMENT,)))
    assert found.raising >= 0
    assert space["f"].__code__ is code
    assert not [name for name in space if "recorder" in name]


def test_no_source_no_recording():
    space: dict[str, Any] = {}
    exec("def f(z):\n    return z", space)
    assert record(space["f"], lambda: pytest.fail("it was called")) is None
    assert record(np.sin, lambda: pytest.fail("it was called")) is None


@pytest.mark.parametrize(
    "body", ["while True:\n        z = z + 1.0", "n = 0\n    while True:\n        n = n + 1"]
)
def test_a_recording_is_bounded(body: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(event_log, "MOST_EVENTS", 500)
    monkeypatch.setattr(event_log, "SECONDS", 0.1)
    found, outcome, _ = recorded(f"def f(z):\n    {body}")
    assert outcome.failed
    assert len(found.events) <= 501


def test_lambdas_on_one_line_are_told_apart():
    space = notebook("f, g = lambda z: 2.0 * z, lambda z: z - 7.0\n")
    found = record(space["g"], lambda: call(space["g"], (ARGUMENT,)))
    np.testing.assert_array_equal(found.events[-1].value, ARGUMENT - 7.0)


def test_a_helper_of_another_cell_is_recorded_too():
    space = notebook("def helper(z):\n    return 3.0 * z\n", "def f(z):\n    return helper(z) + 1.0\n")
    found = record(space["f"], lambda: call(space["f"], (ARGUMENT,)))
    files = {found.sites[event.site].filename for event in found.events}
    assert len(files) == 2
    assert any(np.array_equal(event.value, 3.0 * ARGUMENT) for event in found.events)


def test_numbers_come_out_as_plain_data():
    found, _, _ = recorded("def f(z):\n    return float(z[0, 0]) * 2.0\n")
    assert all(
        type(event.data) is bytes and len(event.data) == 8 * max(1, int(np.prod(event.shape)))
        for event in found.events
    )
