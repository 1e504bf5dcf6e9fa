"""The card of a judgement: plain, about the work and never about the person; it points at the term, no more."""

from course_lib.checking.cards.content import Card
from course_lib.checking.cards.data import card_of_data
from course_lib.checking.cards.diagrams import card_of_factors, card_of_symbols
from course_lib.checking.cards.parts import card_of_parts
from course_lib.checking.cards.whole import card_of_whole
from course_lib.checking.judging import Judgement
from course_lib.exercises import Exercise


def card(exercise: Exercise, judgement: Judgement) -> Card:
    """Write the card of `judgement`."""
    if judgement.functions:
        return card_of_data(exercise, judgement)
    if judgement.slots:
        return card_of_symbols(exercise, judgement)
    if judgement.factors:
        return card_of_factors(exercise, judgement)
    if judgement.parts:
        return card_of_parts(exercise, judgement)
    return card_of_whole(exercise, judgement)
