"""`summary`: every exercise of a lesson with its points, and what is left to do."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from course_lib.checking.calling.by_kind import is_automatic
from course_lib.checking.cards import card_html
from course_lib.checking.cards.content import Card, state_of
from course_lib.checking.cards.verdict import Shown, Verdict
from course_lib.checking.student.cells import HISTORY, lessons_seen
from course_lib.checking.student.kernel import verdict_on
from course_lib.exercises import EXERCISES, LESSONS, Exercise


@dataclass(frozen=True, repr=False)
class Summary(Shown):
    """Every exercise of a lesson with its points, and what is left to do."""

    verdicts: tuple[Verdict, ...]
    warnings: tuple[str, ...] = ()
    label = "Summary of this lesson"

    @property
    def automatic(self) -> list[Verdict]:
        """The verdicts that are not left for manual grading."""
        return [verdict for verdict in self.verdicts if is_automatic(EXERCISES[verdict.exercise])]

    @property
    def card(self) -> Card:
        """The list as a card."""
        rows = [("exercise", "points", "")]
        rows += [(v.exercise, _points(v), card_html.STATES[v.card.state][1].lower()) for v in self.verdicts]
        done = sum(v.right for v in self.automatic)
        lines = [
            *self.warnings,
            _left(self.automatic),
            _by_hand(self.verdicts),
            "Save the notebook. In a class, submit it then.",
        ]
        state = state_of(done, len(self.automatic)) if done else "unanswered"
        unit = "exercise" if len(self.automatic) == 1 else "exercises"
        result = f"{done} of {len(self.automatic)} {unit} right."
        return Card(state, result, tuple(filter(None, lines)), tuple(rows))

    @property
    def score(self) -> str:
        """The points reached, and how many of them no check can give."""
        exercises = [EXERCISES[verdict.exercise] for verdict in self.verdicts]
        return of_points(sum(verdict.points for verdict in self.automatic), exercises)


def summary() -> Summary:
    """Check every answer of this lesson again and list them, with what is left to do."""
    namespace = vars(sys.modules["__main__"])
    verdicts = [
        verdict_on(exercise, namespace.get(exercise.answer_name))
        for lesson in lessons_seen()
        for exercise in LESSONS[lesson].exercises
    ]
    names = [EXERCISES[verdict.exercise].answer_name for verdict in verdicts]
    warnings = (*map(HISTORY.about_failure, names), *map(HISTORY.about_shadowed, HISTORY.shadowed()))
    return Summary(tuple(verdicts), tuple(filter(None, warnings)))


def of_points(points: float, exercises: Sequence[Exercise]) -> str:
    """Say how many points are reached of those of all exercises; nothing where there are none."""
    most = sum(exercise.points for exercise in exercises)
    by_hand = sum(exercise.points for exercise in exercises if not is_automatic(exercise))
    manual = f", {by_hand:g} of them marked by hand" if by_hand else ""
    return f"{points:g} of {most:g} points{manual}" if most else ""


def _points(verdict: Verdict) -> str:
    if not verdict.max_points:
        return "practice"
    if not is_automatic(EXERCISES[verdict.exercise]):
        return f"up to {verdict.max_points:g}"
    return f"{verdict.points:g} of {verdict.max_points:g}"


def _left(verdicts: list[Verdict]) -> str:
    left = [v.exercise for v in verdicts if not v.right]
    return f"Still open: {', '.join(left)}." if left else "Every check agrees. Well done."


def _by_hand(verdicts: tuple[Verdict, ...]) -> str:
    names = [v.exercise for v in verdicts if not is_automatic(EXERCISES[v.exercise])]
    return f"Left for manual grading: {', '.join(names)}." if names else ""
