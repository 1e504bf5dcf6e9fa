"""The slides are covered: each statement stands in the cell that teaches it, and its exercise asks for it."""

from __future__ import annotations

import pytest

from course_lib import EXERCISES, LESSONS
from tests import lessons
from tests.deck import DECK

# What these ask goes beyond the slides, or serves what they state without saying how.
BEYOND = {
    "00_start_here": {"warm_up"},
    "03_identify_gradients": {"one_chain", "number_by_hand", "explain_w11_01"},
    "04_backpropagation": {"output_delta", "gradient_W12", "gradient_W01", "gradient_check"},
    "05_vanishing_and_exploding_gradients": {"shrink_bound"},
    "06_bug_clinic": {exercise.id for exercise in LESSONS["06_bug_clinic"].exercises},
}
# The six functions are asked for after the six choices of factors.
SIBLINGS = {"dE_dw21_12", "dE_dw12_01", "dE_dw21_01", "dE_dw22_01"}


@pytest.mark.parametrize("statement", DECK)
def test_a_statement_of_the_slides_is_taught_and_asked_for(statement: str) -> None:
    taught = DECK[statement]
    assert taught.words in lessons.squeezed(lessons.prose(taught.lesson)[taught.cell])
    if taught.exercise:
        assert EXERCISES[taught.exercise].lesson == taught.lesson


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_serves_a_statement_or_is_known_to_go_beyond(lesson: str) -> None:
    asked = {taught.exercise for taught in DECK.values() if taught.lesson == lesson}
    rest = {exercise.id for exercise in LESSONS[lesson].exercises} - asked - SIBLINGS
    assert rest == BEYOND.get(lesson, set())


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_credits_the_slides(lesson: str) -> None:
    title = lessons.prose(lesson)["title"]
    assert "Gradient Descent and Backpropagation" in title
    assert "Prof. Ankur Sinha, Indian Institute of Management Ahmedabad" in title
