"""Grades an admitted submission by a worker, and returns something in any case."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from course_lib.exercises import EXERCISES, Exercise, PlainExercise
from grading import scratch
from grading.bounded import MB, Budget, run
from grading.lessons import LESSONS
from grading.plain.files import without_tests
from grading.sandbox import Limits, preloaded
from grading.worker import believing, inside
from grading.worker.assessment import Order, of_the_course, plain

MEMORY, ANSWER, CPU = 448 * MB, 32 * MB, 90
# Beside the time that its cells have: for taking up, judging and drawing what they gave.
SLACK_SECONDS = 120.0


@dataclass
class Graded:
    """A graded submission: the outputs of its cells, the verdicts and figures by exercise, what is to be said.

    `broken` are the exercises that are left to a person, `drawn` those answered in a diagram; `answers_file` says
    whether there was a file of these, `stopped` whether a cell was stopped or ended its kernel. `name` is its NAME.
    """

    outputs: list[list[dict[str, Any]]]
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    answers_file: bool = True
    notes: list[str] = field(default_factory=list)
    name: str = ""
    stopped: bool = False


def grade(order: Order) -> Graded:
    """Return the graded submission of an order; where there is none to be had, every exercise is broken."""
    order = replace(order, preloaded=_preloaded(order))
    tests = plain(LESSONS[order.lesson])
    if not tests:
        return _without_tests(order)
    with scratch.Scratch() as folder:
        try:
            files = without_tests(Path(order.files), Path(folder), [exercise.id for exercise in tests])
        except (OSError, ValueError) as error:
            return not_graded(order, believing.reason(error))
        order = replace(order, files=str(files))
        return _with_tests(_without_tests(order), order, tests)


def _without_tests(order: Order) -> Graded:
    """Return the graded submission, with no verdict on what the tests of plain nbgrader give points for."""
    sent = asdict(replace(order, tests=[])) | {"secret": order.secret.decode()}
    try:
        told = run(inside.grade, json.dumps(sent).encode(), _budget(order))
        return believed(told, order, of_the_course(LESSONS[order.lesson]))
    except Exception as error:  # whatever a worker says that none says costs its own submission
        scratch.sweep()  # what it had no time to remove
        return not_graded(order, believing.reason(error))


def _with_tests(graded: Graded, order: Order, exercises: Sequence[PlainExercise]) -> Graded:
    """Return the submission with what the tests of plain nbgrader give, run by another worker: it gets no secret."""
    verdicts, broken, notes = {}, [exercise.id for exercise in exercises], []
    sent = asdict(replace(order, own={})) | {"secret": ""}
    try:
        told = run(inside.test, json.dumps(sent).encode(), _budget(order))
        found = believing.mapping(told["verdicts"], broken)
        verdicts = {e.id: believing.verdict(found[e.id], e) for e in exercises if e.id in found}
        broken = [*believing.some_of(told["broken"], broken), *(name for name in broken if name not in found)]
    except Exception as error:
        scratch.sweep()
        verdicts = {}
        notes = [
            f"The tests could not be run: {believing.reason(error)}. What they test waits for manual grading."
        ]
    return replace(
        graded,
        verdicts=graded.verdicts | verdicts,
        broken=[*graded.broken, *broken],
        notes=[*graded.notes, *notes],
    )


def _budget(order: Order) -> Budget:
    return Budget(MEMORY, float(order.limits["seconds"]) + SLACK_SECONDS, CPU, ANSWER)


def _preloaded(order: Order) -> str:
    """Return where kernels are forked; nothing where each is to be started by bubblewrap."""
    if order.unsafe or not order.preload:
        return ""
    try:
        return preloaded.address_for(order.box, Limits(**order.limits))
    except OSError:
        return ""


def not_graded(order: Order, why: str) -> Graded:
    """Return an order of which nothing could be graded, and every exercise waits for a person."""
    note = f"The submission could not be graded: {why}. Every exercise waits for manual grading."
    broken = [exercise.id for exercise in LESSONS[order.lesson].exercises]
    return Graded([[] for _ in order.cells], broken=broken, notes=[note])


def believed(told: Any, order: Order, exercises: Sequence[Exercise]) -> Graded:
    """Return what a worker said about an order, once it has been looked at; raise where no worker says it."""
    names = [exercise.id for exercise in exercises]
    told = believing.mapping(told, Graded.__dataclass_fields__)
    verdicts = believing.mapping(told["verdicts"], names)
    broken = believing.some_of(told["broken"], names)
    if {*verdicts, *broken} != set(names):
        raise believing.UnbelievableError("the worker's answer leaves out an exercise")
    figures = believing.mapping(told["figures"], names)
    return Graded(
        outputs=believing.outputs(told["outputs"], len(order.cells)),
        verdicts={e.id: believing.verdict(verdicts[e.id], e) for e in exercises if e.id in verdicts},
        figures={name: believing.text(figure, believing.MOST_CARD) for name, figure in figures.items()},
        broken=broken,
        drawn=believing.some_of(told["drawn"], EXERCISES),
        answers_file=believing.flag(told["answers_file"]),
        notes=believing.texts(told["notes"]),
        name=believing.text(told["name"]),
        stopped=believing.flag(told["stopped"]),
    )
