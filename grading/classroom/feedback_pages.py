"""Makes the feedback of a class in the place of nbgrader's loop, where `Grading.workers` asks for it.

A page is rendered by a process of this machine with limits of its own, as ever; here several are rendered at a time.
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException

from grading.batch import Grading, logs_of
from grading.classroom.hands import Hands, hand_of
from grading.classroom.showing import raise_for, shown

DONE = {"notes": (), "look": ()}


def convert(converter: GenerateFeedback) -> None:
    """Stand in the place of `BaseConverter.convert_notebooks`."""
    settings = Grading(parent=converter)
    found = {Path(folder).parent.name: Path(folder) for folder in sorted(converter.assignments)}
    missing = [student for student in settings.students if student not in found]
    if missing:
        message = f"There is no graded submission of {', '.join(map(ascii, missing))}."
        converter.log.error(message)
        raise NbGraderException(message)
    chosen = {student: found[student] for student in settings.students or found}
    if not settings.workers:
        converter.assignments = {
            str(folder): converter.assignments[str(folder)] for folder in chosen.values()
        }
        BaseConverter.convert_notebooks(converter)
        return
    lesson = converter.coursedir.assignment_id
    job = Feedback(converter, chosen, settings.workers)
    with shown(converter, settings, f"feedback {lesson}", len(chosen)) as show:
        job.hands.run(show)
    raise_for(converter, job.hands.failed, job.logs)


class Feedback:
    """The job of making feedback."""

    def __init__(self, converter: GenerateFeedback, found: dict[str, Path], count: int) -> None:
        self._converter = converter
        course = converter.coursedir
        self.logs = logs_of(course, f"{course.assignment_id}-feedback")
        self.hands = Hands(self, found, count, self.logs)

    def hand(self) -> GenerateFeedback:
        """Return another converter, which lets other hands go on while its page is rendered."""
        hand = hand_of(self._converter)
        hand.while_others_work = self.hands.without_baton
        return hand

    def begin(self, hand: GenerateFeedback, student: str, source: Path) -> None:
        """Choose one submission."""
        hand.assignments = {str(source): self._converter.assignments[str(source)]}
        hand.stands = DONE

    def end(self, student: str) -> None:
        """Leave everything as it is."""

    def stop(self) -> None:
        """Leave it to the hands to end what renders."""
