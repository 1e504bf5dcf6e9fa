"""The slides are covered: each statement stands in the cell that teaches it, and its exercise asks for it."""

from __future__ import annotations

import pytest

from course_lib import EXERCISES, LESSONS
from tests import lessons
from tests.deck import DECK


@pytest.mark.parametrize("statement", DECK)
def test_a_statement_of_the_slides_is_taught_and_asked_for(statement: str) -> None:
    taught = DECK[statement]
    assert taught.words in lessons.squeezed(lessons.prose(taught.lesson)[taught.cell])
    if taught.exercise:
        assert EXERCISES[taught.exercise].lesson == taught.lesson


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_credits_the_slides(lesson: str) -> None:
    title = lessons.prose(lesson)["title"]
    assert "Gradient Descent and Backpropagation" in title
    assert "Prof. Ankur Sinha, Indian Institute of Management Ahmedabad" in title
