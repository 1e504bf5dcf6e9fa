"""Brings the answers of a submission out of the sandbox as data, whatever it does to itself."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from course_lib.checking.calling import Error, Outcome, Status
from course_lib.checking.calling.by_kind import WHOLE, call_all, calls_of, from_text, has_data, in_file
from course_lib.checking.calling.call import WALL_SECONDS
from course_lib.checking.calling.mending import text_in
from course_lib.checking.judging.functions import is_to_be_probed
from course_lib.checking.student.kernel import probe_cases
from course_lib.exercises import Exercise
from grading.globals_read import Reads, is_small
from grading.judged import judged
from grading.placing import Recorded, recorded
from grading.sandbox import transfer
from grading.sandbox.kernel import KernelDiedError, KernelHungError
from grading.submission import Submission

MOST_NAME = 500
DATA_SECONDS = 10.0
# How long past its own limit an answer may take before the kernel is interrupted and then ended.
SLACK = 3.0


class Asked(Protocol):
    """Whatever has a collector inside that answers, and cells."""

    def ask(self, content: dict, seconds: float) -> dict:
        """Return the collector's reply to a request."""

    def source_of(self, name: str) -> str:
        """Return the source of the last cell that gives `name` its value."""


@dataclass
class Collected:
    """What came out of a submission: the outcomes of each exercise, the student's NAME, what was to be said.

    `probed` is what wrong answers gave on the probes of their exercises. `unanswered` are the exercises to which there
    was a request without a reply of the collector's. `stopped` tells whether a cell was stopped, or ended its kernel.
    """

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    name: str = "self-study"
    answers_file: str | None = None
    notes: list[str] = field(default_factory=list)
    reads: dict[str, Reads] = field(default_factory=dict)
    recorded: dict[str, Recorded | None] = field(default_factory=dict)
    probed: dict[str, list[Outcome]] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    stopped: bool = False


class _Listening:
    """Asks a submission for one answer, and notes in `found` where the collector gave no reply."""

    def __init__(self, submission: Asked, found: Collected, exercise: Exercise) -> None:
        self._submission, self._found, self._exercise = submission, found, exercise

    def ask(self, content: dict, seconds: float) -> dict:
        """Return the reply to a request."""
        try:
            reply = self._submission.ask(content, seconds)
        except KernelHungError:  # it was asked, and did not come to an end
            raise
        except KernelDiedError:
            self._found.unanswered.add(self._exercise.id)
            raise
        if not transfer.is_as_agreed(reply):
            self._found.unanswered.add(self._exercise.id)
        return reply

    def source_of(self, name: str) -> str:
        """Return the source of the last cell that gives `name` its value."""
        return self._submission.source_of(name)


def collect(
    submission: Submission, exercises: Sequence[tuple[Exercise, list[tuple], list[tuple]]]
) -> Collected:
    """Run `submission` and call its answers on the public and then the secret cases given with each exercise.

    Everything that a card may show (values, NAME, what an answer does on public cases) is fetched before the first
    secret case goes in, so that no answer can carry one out.
    """
    submission.run()
    found = Collected()
    with contextlib.suppress(KernelDiedError):
        found.name = _name(submission)
        text = submission.ask({"do": "read", "file": "answers.json"}, DATA_SECONDS).get("text")
        found.answers_file = text if isinstance(text, str) else None
    missing, asked = missing_modules(submission), partial(_Listening, submission, found)
    for exercise, _, _ in exercises:
        if has_data(exercise) and not in_file(exercise):
            found.outcomes[exercise.id] = [_value(asked(exercise), exercise)]
    called = [chosen for chosen in exercises if calls_of(chosen[0])]
    for exercise, public, _ in called:
        found.outcomes.setdefault(exercise.id, []).extend(_outcomes(asked(exercise), exercise, public))
        if WHOLE in calls_of(exercise) and not exercise.functions:
            found.reads[exercise.id] = _reads(submission, exercise)
        if WHOLE in calls_of(exercise):
            found.recorded[exercise.id] = recorded(submission, exercise, found.outcomes[exercise.id])
        if _is_to_be_probed(exercise, found.outcomes[exercise.id]):
            found.probed[exercise.id] = _outcomes(asked(exercise), exercise, probe_cases(exercise))
    for exercise, public, secret in called:
        # Where there is data, too, every part counts for itself.
        if has_data(exercise) or not _failed(exercise, public, found.outcomes[exercise.id]):
            found.outcomes[exercise.id] += _outcomes(asked(exercise), exercise, secret)
    found.stopped = bool(submission.notes)
    found.notes = [
        *submission.notes,
        *(f"The module {name} is not installed where this is graded." for name in missing),
    ]
    return found


def _is_to_be_probed(exercise: Exercise, outcomes: list[Outcome]) -> bool:
    """Tell whether the answer is wrong, and more calls may tell what it does. It was given no secret yet."""
    if not exercise.probes:
        return False
    try:
        return is_to_be_probed(exercise, judged(exercise, outcomes))
    except Exception:  # what cannot be judged is told where it is judged
        return False


def missing_modules(submission: Asked) -> list[str]:
    """Return the packages that the cells import and that are not there when grading."""
    with contextlib.suppress(KernelDiedError):
        names = submission.ask({"do": "missing"}, DATA_SECONDS).get("missing")
        if isinstance(names, list):
            return [name for name in names[:5] if isinstance(name, str) and name[:60].isidentifier()]
    return []


def outcomes_on(submission: Asked, exercise: Exercise, cases: list[tuple], *, data: bool) -> list[Outcome]:
    """Return what one answer gives on `cases`; with `data`, first the value of an answer that is data."""
    found = [_value(submission, exercise)] if data and has_data(exercise) else []
    return [*found, *_outcomes(submission, exercise, cases)] if calls_of(exercise) else found


def _outcomes(submission: Asked, exercise: Exercise, cases: list[tuple]) -> list[Outcome]:
    """Call what is called of an answer on every case, as `check` does."""
    return call_all(exercise, cases, partial(_called, submission, exercise))


def _failed(exercise: Exercise, cases: list[tuple], outcomes: list[Outcome]) -> bool:
    """Tell whether an outcome is an error that the exercise does not ask for."""
    asked = exercise.refuses or (lambda *case: "")
    return any(o.failed and not asked(*case) for case, o in zip(cases, outcomes, strict=False))


def _called(submission: Asked, exercise: Exercise, name: str, case: tuple) -> Outcome:
    if from_text(exercise):
        return _made_and_called(submission, exercise, name, case)
    wanted = {"functions": exercise.functions} if name == WHOLE else {"member": name}
    return _call(submission, exercise, wanted, case)


def _made_and_called(submission: Asked, exercise: Exercise, name: str, case: tuple) -> Outcome:
    """Have a function made of its text in the cell that makes the answer, read here, and called on a case."""
    text = text_in(submission.source_of(exercise.answer_name), exercise.answer_name, name)
    if not text:
        return Outcome(status=Status.UNANSWERED if text is None else Status.ELSEWHERE)
    outcome = _call(submission, exercise, {"text": text, "tools": exercise.tools}, case)
    return replace(outcome, source=text)


def _call(submission: Asked, exercise: Exercise, wanted: dict, case: tuple) -> Outcome:
    functions = wanted.get("functions", ())
    request = {"do": "call", "name": exercise.answer_name, "closes": sorted(exercise.closes)} | wanted
    request |= {"case": [transfer.encoded(entry) for entry in case]}
    try:
        reply = submission.ask(request, WALL_SECONDS + SLACK)
    except KernelHungError:
        return Outcome(status=Status.TIMED_OUT)
    except KernelDiedError as death:
        return _dead(death)
    return transfer.outcome_of(functions, reply, case)


def _dead(death: KernelDiedError) -> Outcome:
    return Outcome(error=Error("KernelDied", str(death)), status=Status.DIED)


def _reads(submission: Asked, exercise: Exercise) -> Reads:
    """Find out which variables of the notebook an answer reads; one that reads some is tried on those it has."""
    try:
        reply = submission.ask({"do": "reads", "name": exercise.answer_name}, DATA_SECONDS)
    except KernelDiedError:
        return Reads()
    reads = reply.get("reads")
    names = tuple(n[:60] for n in reads[:5] if isinstance(n, str)) if isinstance(reads, list) else ()
    names = tuple(name for name in names if name.isidentifier())
    own = transfer.decoded(reply.get("own"))
    if not names or not isinstance(own, list) or not is_small(own):
        return Reads(names)
    return Reads(names, tuple(own), _called(submission, exercise, WHOLE, tuple(own)))


def _value(submission: Asked, exercise: Exercise) -> Outcome:
    try:
        request = {"do": "value", "name": exercise.answer_name, "without": list(calls_of(exercise))}
        reply = submission.ask(request, DATA_SECONDS)
    except KernelDiedError as death:
        return _dead(death)
    return Outcome(transfer.decoded(reply.get("value", ["none"])))


def _name(submission: Asked) -> str:
    """Return the student's NAME as `check` reads it."""
    name = transfer.decoded(submission.ask({"do": "value", "name": "NAME"}, DATA_SECONDS).get("value"))
    return name[:MOST_NAME] if isinstance(name, str) and name.strip() else "self-study"
