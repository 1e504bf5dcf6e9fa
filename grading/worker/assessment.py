"""One submission, run and judged. An exercise that cannot be judged costs itself and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_lib.answers import NAME
from course_lib.checking.calling.by_kind import in_file
from course_lib.checking.cards import Verdict
from course_lib.checking.judging.places import Found
from course_lib.exercises import Exercise, Lesson, PlainExercise
from grading import diagrams, safe_output, score
from grading.collect import collect
from grading.later_changes import Notebook
from grading.placing import found_in
from grading.plain import testing
from grading.plain.testing import PlainTest
from grading.processor_time import processor_time
from grading.sandbox import Limits
from grading.second_look import JUDGING_SECONDS, Question, look_again
from grading.submission import Cell, Submission

# Reading the cells of a lesson takes a hundredth of it.
READING_SECONDS = 5.0


@dataclass(frozen=True)
class Order:
    """What is to be graded, and how.

    `cells` are the code cells that run, each with its name or "", and `own` is the number of the cell of every answer
    that was edited; `tests` are those of plain nbgrader, which run apart. `files` is the folder of the submission's own
    files, `box` what the sandbox sees of the course. `preload` tells whether kernels are forked from a preloaded
    interpreter, `preloaded` where, once there is one.
    """

    lesson: str
    cells: list[tuple[str, str]]
    own: dict[str, int]
    files: str
    box: str
    secret: bytes
    limits: dict[str, Any]
    numerical_only: str = "flag"
    unsafe: bool = False
    tests: list[PlainTest] = field(default_factory=list)
    preload: bool = True
    preloaded: str = ""


class Assessment:
    """The submission of an order, graded."""

    def __init__(self, lesson: Lesson, order: Order) -> None:
        self._exercises, self._order = of_the_course(lesson), order
        self._cells = [Cell(source, name=name) for source, name in order.cells]
        self._broken: list[str] = []
        self._questions = score.questions(self._exercises, order.secret)
        limits = Limits(**order.limits)
        sandbox = (order.box, order.files, limits, order.unsafe, order.preloaded)
        with Submission(self._cells, *sandbox) as submission:
            self._found = collect(submission, self._questions)
        self._saved = score.diagram_answers(self._found.answers_file, Path(order.files) / NAME)
        self._verdicts = {exercise.id: self._judged(exercise) for exercise in self._exercises}
        self._look_again(submission)

    def result(self) -> dict[str, Any]:
        """Return everything as plain data."""
        verdicts = {name: told for name, told in self._verdicts.items() if told}
        return {
            "outputs": [safe_output.outputs(cell.outputs, cell.note) for cell in self._cells],
            "verdicts": verdicts,
            "figures": self._figures(),
            "broken": self._broken,
            "drawn": sorted(self._saved.answers),
            "answers_file": self._saved.present,
            "notes": self._found.notes,
            "name": self._found.name,
            "stopped": self._found.stopped,
        }

    def _judged(self, exercise: Exercise) -> dict[str, Any] | None:
        try:
            with processor_time(JUDGING_SECONDS):
                return _told(self._verdict(exercise))
        except Exception as error:
            # Whatever an answer did to the judge, the other answers are judged.
            self._broken.append(exercise.id)
            self._found.notes.append(f"{exercise.id} could not be judged ({type(error).__name__}).")
            return None

    def _verdict(self, exercise: Exercise) -> Verdict:
        if in_file(exercise):
            return score.verdict_on_diagram(exercise, self._saved)
        outcomes = self._found.outcomes.get(exercise.id, [])
        reads = self._found.reads.get(exercise.id, score.NOTHING_READ)
        probed = self._found.probed.get(exercise.id, ())
        return score.verdict_on(
            exercise,
            self._order.secret,
            outcomes,
            self._found.name,
            self._order.numerical_only,
            reads,
            self._read(exercise),
            probed,
        )

    def _read(self, exercise: Exercise) -> Found:
        """Return where the code of an answer goes wrong, as its own cell has it."""
        number = self._order.own.get(exercise.id)
        told = self._found.recorded.get(exercise.id)
        try:
            return found_in(exercise, told, self._cells[number].source) if number is not None else Found()
        except Exception:  # a help that does not come is no harm
            return Found()

    def _look_again(self, submission: Submission) -> None:
        """Judge anew, as things stood right behind its own cell, what a later cell may have spoilt."""
        changed = self._changed_below()
        questions = [
            Question(exercise, self._order.own[exercise.id], public, secret)
            for exercise, public, secret in self._questions
            if exercise.id in changed
        ]
        for question in look_again(
            submission.replay, questions, self._found.name, self._order.numerical_only
        ):
            try:
                self._weigh(question, changed[question.exercise.id])
            except Exception as error:  # what breaks the judge costs its own exercise
                self._found.notes.append(
                    f"{question.exercise.id} could not be judged as things stood right behind its own cell "
                    f"({type(error).__name__})."
                )

    def _changed_below(self) -> dict[str, frozenset[str]]:
        """Return the exercises to be tried again, each with the names that cells below the answer's own change.

        Tried again is what was not right, and either uses such a name or was asked for in vain.
        """
        own = self._order.own
        asked = [exercise for exercise, *_ in self._questions if exercise.id in own and not in_file(exercise)]
        wrong = [exercise for exercise in asked if not self._is_right(exercise)]
        found = {exercise.id: frozenset() for exercise in wrong if exercise.id in self._found.unanswered}
        try:
            with processor_time(READING_SECONDS):
                notebook = Notebook([cell.source for cell in self._cells]) if wrong else None
                for exercise in wrong:
                    if names := notebook.changed_below(own[exercise.id], exercise.answer_name):
                        found[exercise.id] = names
        except Exception as error:
            self._found.notes.append(f"What its cells change could not be told ({type(error).__name__}).")
        return found

    def _weigh(self, question: Question, names: frozenset[str]) -> None:
        """Take the second look's verdict where it is the better one.

        An answer that was right on its public cases was judged by the secret ones already. It is not judged by them
        twice, so that there is nothing to be gained by being two answers in one: a person decides.
        """
        exercise, first = question.exercise, self._verdicts[question.exercise.id]
        with processor_time(JUDGING_SECONDS):
            verdict = score.verdict_on(
                exercise, self._order.secret, question.outcomes, self._found.name, self._order.numerical_only
            )
            tried = score.is_right_on_public_cases(exercise, self._found.outcomes.get(exercise.id, []))
        if float(repr(verdict)) <= (first["points"] if first else 0.0):
            return
        why = _why(names, exercise.answer_name)
        if tried:
            self._broken.append(exercise.id)
            self._found.notes.append(
                f"The answer to {exercise.id} is right on some inputs only, and on more as things stood right behind "
                f"its own cell: {why}. It waits for manual grading."
            )
        else:
            self._verdicts[exercise.id] = _told(verdict)
            self._found.notes.append(
                f"The answer to {exercise.id} was graded as things stood right behind its own cell: {why}."
            )

    def _is_right(self, exercise: Exercise) -> bool:
        told = self._verdicts[exercise.id]
        return bool(told and told["right"])

    def _figures(self) -> dict[str, str]:
        """Draw every diagram as it was answered; its widget was not there while the cells ran."""
        drawn = {}
        for exercise in filter(in_file, self._exercises):
            try:
                with processor_time(JUDGING_SECONDS):
                    drawn[exercise.id] = diagrams.figure(exercise, self._saved)
            except Exception as error:
                self._found.notes.append(
                    f"The diagram of {exercise.id} could not be drawn ({type(error).__name__})."
                )
        return drawn


def _why(names: frozenset[str], answer: str) -> str:
    """Say what a second look was taken for, the answer's own name first."""
    if not names:
        return "at the end it gave no reply"
    first = sorted(names, key=lambda name: (name != answer, name))[:3]
    return f"a cell further down may change {', '.join(first)}"


def tested(lesson: Lesson, order: Order) -> dict[str, Any]:
    """Return ``verdicts`` on the plain exercises of an order, and which are ``broken``, left to a person."""
    tests = [PlainTest(*test) for test in order.tests]
    cells, limits = [(source, name) for source, name in order.cells], Limits(**order.limits)
    sandbox = (order.box, order.files, limits, order.unsafe, order.preloaded)
    found = list(testing.judged(plain(lesson), tests, cells, *sandbox))
    return {
        "verdicts": {verdict.exercise: _told(verdict) for verdict, _ in found},
        "broken": [verdict.exercise for verdict, looked_at in found if looked_at],
    }


def plain(lesson: Lesson) -> tuple[PlainExercise, ...]:
    """Return the exercises of a lesson that a test cell gives points for."""
    return tuple(exercise for exercise in lesson.exercises if isinstance(exercise, PlainExercise))


def of_the_course(lesson: Lesson) -> tuple[Exercise, ...]:
    """Return the other exercises of a lesson: those that are judged here, and what a person marks."""
    return tuple(exercise for exercise in lesson.exercises if not isinstance(exercise, PlainExercise))


def _told(verdict: Verdict) -> dict[str, Any]:
    return {
        "points": float(repr(verdict)),
        "right": bool(verdict.right),
        "diagnosis": list(verdict.diagnosis),
        "right_parts": verdict.grounds.right,
        "reason": verdict.grounds.reason.name,
        "status": verdict.grounds.status.name,
        "either": verdict.grounds.either,
        "state": verdict.card.state,
        "card": safe_output.calm(verdict._repr_html_()),
    }
