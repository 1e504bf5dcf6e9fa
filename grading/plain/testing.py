"""The tests of one submission: run in a kernel that holds nothing of ours, and judged by what came out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from course_lib.checking.calling import Status
from course_lib.checking.cards import Verdict
from course_lib.checking.cards.content import Card
from course_lib.checking.judging import Grounds, Reason
from course_lib.exercises import PlainExercise
from grading.plain.given import TO_LOOK_AT, Given, How, given_by
from grading.sandbox import Limits
from grading.submission import Cell, Submission

if TYPE_CHECKING:  # it takes longer to load than a submission to grade
    from nbformat.notebooknode import NotebookNode

STATUSES = {
    How.FAILED: Status.RAISED,
    How.TIMED_OUT: Status.TIMED_OUT,
    How.DIED: Status.DIED,
    How.NOT_RUN: Status.DIED,
}
SAID = {
    How.PASSED: "the test passed.",
    How.TIMED_OUT: "the test was stopped because it took too long.",
    How.DIED: "the test ended the kernel.",
    How.NOT_RUN: "the test was not run, since the notebook took too long or ended its kernel too often.",
    How.NO_NUMBER: "the test gives something other than a number of points that can be had.",
    How.SEVERAL: "the test gives several results.",
    How.WARNED: "the test writes to the error output, as a warning does.",
    How.CUT: "the test was stopped, or put out more than is kept.",
}
LOOKED_AT = "A person looks at this."


class PlainTest(NamedTuple):
    """A test of an exercise: the cell, as it was released, stands behind so many code cells of the student's.

    `answered` tells whether a cell that it tests was edited.
    """

    exercise: str
    source: str
    behind: int
    answered: bool


def tests_in(
    cells: Iterable[NotebookNode], exercises: Sequence[PlainExercise], edited: Iterable[str]
) -> Iterator[PlainTest]:
    """Yield the tests among the `cells` of an admitted notebook; `edited` are the solution cells that were edited."""
    known, edited, behind = {exercise.id: exercise for exercise in exercises}, set(edited), 0
    for cell in cells:
        marks = cell.metadata.get("nbgrader", {})
        test = marks.get("grade") and not marks.get("solution")
        exercise = known.get(marks["grade_id"].removesuffix("_check")) if test else None
        if exercise:
            answered = not exercise.answers or bool(edited & {*exercise.answers})
            yield PlainTest(exercise.id, cell.source, behind, answered)
        behind += cell.cell_type == "code" and not test


def judged(
    exercises: Iterable[PlainExercise],
    tests: Sequence[PlainTest],
    cells: Sequence[tuple[str, str]],
    box: str,
    files: str,
    limits: Limits,
    unsafe: bool,
    preloaded: str = "",
) -> Iterator[tuple[Verdict, bool]]:
    """Run `cells`, each with its name, and the tests among them; yield each verdict, and whether a person looks.

    What the student's cells put out is thrown away: behind a test they may know what is hidden in it.
    """
    known = {exercise.id: exercise for exercise in exercises}
    own = [Cell(source, name=name) for source, name in cells]
    tried = [Cell(test.source, outputs=None, name=test.exercise) for test in tests]
    with Submission(list(_in_order(own, tests, tried)), box, files, limits, unsafe, preloaded) as submission:
        submission.run()
    for test, cell in zip(tests, tried, strict=True):
        exercise = known[test.exercise]
        given = given_by(cell, exercise.points)
        yield _verdict(exercise, given, test.answered), given.how in TO_LOOK_AT


def _in_order(own: Sequence[Cell], tests: Sequence[PlainTest], tried: Sequence[Cell]) -> Iterator[Cell]:
    for number in range(len(own) + 1):
        yield from (cell for test, cell in zip(tests, tried, strict=True) if test.behind == number)
        yield from own[number : number + 1]


def _verdict(exercise: PlainExercise, given: Given, answered: bool) -> Verdict:
    right = given.how is How.PASSED
    looked_at = given.how in TO_LOOK_AT
    reason = Reason.RIGHT if right else Reason.MANUAL if looked_at else Reason.FAILED
    lines = (LOOKED_AT,) if looked_at else ()
    return Verdict(
        exercise.id,
        given.points,
        float(exercise.points),
        right,
        card=Card(_state(given, answered), _said(exercise, given), lines, title=exercise.heading),
        grounds=Grounds(right=int(right), reason=reason, status=STATUSES.get(given.how, Status.ANSWERED)),
    )


def _state(given: Given, answered: bool) -> str:
    if given.how is How.PASSED:
        return "right"
    if given.how in TO_LOOK_AT:
        return "manual"
    if given.points:
        return "partly"
    return "wrong" if answered else "unanswered"


def _said(exercise: PlainExercise, given: Given) -> str:
    if given.how is How.PARTLY:
        return f"the test gives {given.points:g} of {exercise.points:g} points."
    if given.how is not How.FAILED:
        return SAID[given.how]
    article = "an" if given.error[:1] in {*"AEIO"} else "a"
    return f"the test stopped at {article} {given.error}." if given.error else "the test stopped at an error."
