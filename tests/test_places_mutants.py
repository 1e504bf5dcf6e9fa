"""Right answers with one thing in them changed at random are pointed at where it was changed."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_lib.checking.calling.by_kind import WHOLE, call_one
from course_lib.exercises import EXERCISES
from tests.mutants import Mutant, is_right_up_to_a_factor, mutants
from tests.notebook_cells import notebook
from tests.places_in_answers import case_of, found_in

pytestmark = pytest.mark.usefixtures("no_hurry")


def _close(value: Any, truth: Any) -> bool:
    try:
        some, other = np.asarray(value, dtype=float), np.asarray(truth, dtype=float)
    except (TypeError, ValueError):
        return False
    if some.size != other.size or not np.isfinite(some).all():
        return False
    if some.size == 1:  # any number is any other, times a factor
        return True
    turned = (other.T.ravel(), other.ravel())
    length = np.linalg.norm(some) * np.linalg.norm(other)
    return bool(length) and any(abs(abs(some.ravel() @ each) / length - 1.0) < 1e-12 for each in turned)


def _pointed_in(mutant: Mutant) -> str:
    """Tell where a mutant is pointed at; nothing for one that is right, up to a factor, or stops."""
    exercise = EXERCISES[mutant.exercise]
    answer = notebook(mutant.source)[exercise.answer_name]
    case = case_of(mutant.exercise)
    outcome = call_one(exercise, answer, WHOLE, case)
    if outcome.failed or is_right_up_to_a_factor(outcome.value, exercise.reference(*case), _close):
        return ""
    found = found_in(mutant.exercise, mutant.source)
    if any(place.line == mutant.line for place in found):
        return "there"
    used = {name for place in found[:1] for name in re.findall(r"\w+", place.source)}
    return "where it is used" if used & mutant.assigned else "elsewhere" if found else "nowhere"


def _mutants_hold(count: int, figure: Callable[[str], None], there: float, near: float) -> None:
    found = Counter(map(_pointed_in, mutants(random.Random(count), count)))
    del found[""]
    total = found.total()
    figure(f"{total} mutants of right answers: {dict(found)}")
    assert found["there"] >= there * total
    assert found["there"] + found["where it is used"] >= near * total


def test_random_wrong_code_is_pointed_at(figure: Callable[[str], None]):
    _mutants_hold(70, figure, there=0.8, near=0.9)


@pytest.mark.soak
def test_two_thousand_mutants(figure: Callable[[str], None]):
    _mutants_hold(2000, figure, there=0.9, near=0.95)
