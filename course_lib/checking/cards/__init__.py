"""From a judgement to its card: every sentence that a student reads of an answer."""

from course_lib.checking.cards.card import card
from course_lib.checking.cards.content import Card
from course_lib.checking.cards.verdict import Verdict, judge, verdict

__all__ = ["Card", "Verdict", "card", "judge", "verdict"]
