"""Every formula shown is what the code computes."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from course_lib import LESSONS
from tests import lessons


def _table(lesson: str) -> ModuleType:
    return importlib.import_module(f"tests.formulas.lesson_{lesson[:2]}")


def _formulas(lesson: str) -> dict[str, Callable]:
    return {**_table(lesson).FORMULAS, **getattr(_table(lesson), "INLINE", {})}


CASES = [
    pytest.param(lesson, formula, id=f"{lesson[:2]}-{number}")
    for lesson in LESSONS
    for number, formula in enumerate(_formulas(lesson))
]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_formula_on_a_line_of_its_own_is_in_the_table(lesson: str) -> None:
    assert lessons.displayed(lesson) == {lessons.squeezed(formula) for formula in _table(lesson).FORMULAS}


@pytest.mark.parametrize(("lesson", "formula"), CASES)
def test_a_formula_shown_is_what_the_code_computes(lesson: str, formula: str) -> None:
    assert lessons.squeezed(formula) in lessons.squeezed("\n".join(lessons.prose(lesson).values()))
    shown, computed = _formulas(lesson)[formula](lessons.names_of(lesson))
    assert np.allclose(shown, computed, **_table(lesson).TOLERANCE)
