"""What is closed raises, however it is reached, and opens again."""

from __future__ import annotations

import importlib
import sys

import numpy as np
import pytest

import course_lib
from course_lib import gradients
from course_lib.closing import ClosedError, closed, guard
from tests.public_functions import GOOD, PUBLIC


def module_of(name):
    return "slopes" if name.startswith("slopes.") else course_lib._HOME[name]


@pytest.mark.parametrize("name", sorted(GOOD))
def test_every_public_function_closes_with_its_module_and_opens_again(name):
    taken_earlier = PUBLIC[name]
    with closed([module_of(name)]), pytest.raises(ClosedError, match=f"`{name.split('.')[-1]}` is closed"):
        taken_earlier(**GOOD[name])
    taken_earlier(**GOOD[name])


def test_the_message_says_why():
    with closed(["backprop"]), pytest.raises(ClosedError) as raised:
        gradients(**GOOD["gradients"])
    assert str(raised.value) == (
        "course_lib's `gradients` is closed while this answer is checked: it is what the exercise asks you to write."
    )


def test_other_modules_stay_open():
    with closed(["backprop", "descent"]):
        assert course_lib.loss(**GOOD["loss"]) > 0
        assert course_lib.numerical_gradients(**GOOD["numerical_gradients"])


def test_what_uses_a_closed_function_is_closed_too():
    with closed(["backprop"]), pytest.raises(ClosedError, match="`gradients`"):
        course_lib.train(**GOOD["train"])
    with closed(["slopes"]), pytest.raises(ClosedError, match="`sigmoid`"):
        gradients([[[1]]], [[1]], [[1]])


def test_an_import_inside_finds_it_closed():
    with closed(["descent"]):
        from course_lib.descent import train

        with pytest.raises(ClosedError):
            train(**GOOD["train"])


def test_it_opens_again_after_an_exception():
    with pytest.raises(ZeroDivisionError), closed(["backprop"]):
        1 / 0  # noqa: B018
    assert gradients(**GOOD["gradients"])


def test_nested_closing_adds_and_then_gives_back():
    with closed(["backprop"]):
        with closed(["network"]):
            for module in ("backprop", "network"):
                with pytest.raises(ClosedError):
                    guard(f"course_lib.{module}", "f")
        guard("course_lib.network", "f")
        with pytest.raises(ClosedError):
            guard("course_lib.backprop", "f")
    guard("course_lib.backprop", "f")


def test_nothing_closed_closes_nothing():
    with closed([]):
        assert gradients(**GOOD["gradients"])


def test_one_name_instead_of_a_list_is_told():
    with (
        pytest.raises(TypeError, match=r"modules: expected a list of names such as .*, got str 'backprop'"),
        closed("backprop"),
    ):
        pass


def test_inside_the_sandbox_too_the_closed_function_is_named():
    from course_lib import numerical_gradient
    from grading.sandbox.inside.closed_modules import closed as emptied

    with (
        emptied(["numdiff"]),
        pytest.raises(ClosedError, match="course_lib's `numerical_gradient` is closed"),
    ):
        numerical_gradient(np.sum, np.zeros(2))
    assert numerical_gradient(np.sum, np.zeros(2)) == pytest.approx([1.0, 1.0])


def test_inside_the_sandbox_what_was_taken_out_of_its_module_stays_closed(monkeypatch):
    from course_lib import numdiff
    from grading.sandbox.inside.closed_modules import closed as emptied

    with emptied(["numdiff"]):
        taken = numdiff.numerical_gradient
    monkeypatch.delattr(numdiff, "numerical_gradient")
    with emptied(["numdiff"]), pytest.raises(ClosedError):
        taken(np.sum, np.zeros(2))


def test_inside_the_sandbox_a_module_that_was_loaded_anew_is_closed_too(monkeypatch):
    from course_lib import numdiff
    from grading.sandbox.inside.closed_modules import closed as emptied

    with emptied(["numdiff"]):
        monkeypatch.setattr(course_lib, "numdiff", numdiff)
    monkeypatch.delitem(sys.modules, "course_lib.numdiff")
    anew = importlib.import_module("course_lib.numdiff")
    with emptied(["numdiff"]), pytest.raises(ClosedError):
        anew.numerical_gradient(np.sum, np.zeros(2))
