"""Runs a submission in the sandbox and brings its answers out as data, whatever it does to itself.

The cells run in their order, grade cells excepted. A cell that kills its kernel costs what it defined: a new
kernel runs the other cells again and goes on behind it. An answer that does so costs itself.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import numpy as np

from course_lib import activations
from course_lib.checking.calling import NOT_ANSWERED, SECONDS, TIMED_OUT, Outcome
from course_lib.exercises import Exercise
from grading.inside import plain
from grading.kernel import Kernel, KernelDiedError
from grading.sandbox import Limits

# Every death costs a new start; who dies more often than this has been heard out.
MOST_DEATHS = 6
MOST_NAME = 500
DATA_SECONDS = 10.0
# How long past its own limit an answer may take before the kernel is interrupted and then ended.
SLACK = 3.0
STOPPED = f"{TIMED_OUT} after {SECONDS:g} seconds and was stopped (a loop that never ends?)"


@dataclass
class Cell:
    """A code cell: its source, and after the run its raw outputs and what kept it from running to its end."""

    source: str
    outputs: list[tuple[str, dict]] = field(default_factory=list)
    note: str = ""
    deadly: bool = False


@dataclass
class Collected:
    """What came out of a submission: the outcomes of each exercise, the student's NAME, what was to be said."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    name: str = "self-study"
    answers_file: str | None = None
    notes: list[str] = field(default_factory=list)


class Submission:
    """One submission and the kernel that it is running in at the moment."""

    def __init__(
        self, cells: Sequence[Cell], box: str, files: str, limits: Limits, unsafe: bool = False
    ) -> None:
        self.cells, self.limits = cells, limits
        self._make = lambda: Kernel(box, files, limits, unsafe)
        self._stack = contextlib.ExitStack()
        self._kernel: Kernel | None = None
        self._done = self.deaths = 0
        self.notes: list[str] = []

    def __enter__(self) -> Submission:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def run(self) -> None:
        """Run every cell, with as many kernels as it takes."""
        self._living()

    def ask(self, content: dict, seconds: float) -> dict:
        """Ask the collector inside; a kernel that died before is first brought back to where it was."""
        kernel = self._living()
        if kernel is None:
            raise KernelDiedError("the kernel of this notebook died too often")
        try:
            return kernel.ask(content, seconds)
        except KernelDiedError:
            self._bury()
            raise

    def _living(self) -> Kernel | None:
        while self._kernel is None and self.deaths <= MOST_DEATHS:
            self._kernel = self._stack.enter_context(self._make())
            self._replay()
        return self._kernel

    def _replay(self) -> None:
        for number, cell in enumerate(self.cells):
            if cell.deadly:
                continue
            try:
                ran = self._kernel.run(cell.source)
            except KernelDiedError as death:
                cell.deadly, cell.note = True, f"Running this cell ended the kernel: {death}."
                self.notes.append(f"Code cell {number + 1} was left out: {death}.")
                self._bury()
                return
            if number >= self._done:
                self._keep(cell, ran)
                self._done = number + 1

    def _keep(self, cell: Cell, ran: Any) -> None:
        cell.outputs = ran.outputs
        if ran.cut:
            cell.note = "Its output was longer than what is kept; the rest was dropped."
        if ran.stopped:
            cell.note = f"This cell was stopped after {self.limits.cell_seconds:g} seconds."
            self.notes.append(cell.note)

    def _bury(self) -> None:
        self.deaths += 1
        self._kernel = None
        self._stack.close()


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
    for exercise, _, _ in exercises:
        if exercise.kind not in ("function", "person", "diagram"):
            found.outcomes[exercise.id] = [_value(submission, exercise)]
    called = [chosen for chosen in exercises if chosen[0].kind in ("function", "data")]
    for exercise, public, _ in called:
        found.outcomes.setdefault(exercise.id, []).extend(_outcomes(submission, exercise, public))
    for exercise, public, secret in called:
        # Of a data answer every part counts for itself.
        if exercise.kind == "data" or not _failed(exercise, public, found.outcomes[exercise.id]):
            found.outcomes[exercise.id] += _outcomes(submission, exercise, secret)
    found.notes = submission.notes
    return found


def _outcomes(submission: Submission, exercise: Exercise, cases: list[tuple]) -> Iterator[Outcome]:
    """Call an answer on every case; like `check`, stop after one that never ends."""
    if exercise.kind == "data":
        yield from _members(submission, exercise, cases)
        return
    for case in cases:
        yield (outcome := _called(submission, exercise, case))
        if _failed(exercise, [case], [outcome]):
            return


def _failed(exercise: Exercise, cases: list[tuple], outcomes: list[Outcome]) -> bool:
    """Tell whether an outcome is an error that the exercise does not ask for."""
    asked = exercise.refuses or (lambda *case: "")
    return any(o.error and not asked(*case) for case, o in zip(cases, outcomes, strict=False))


def _members(submission: Submission, exercise: Exercise, cases: list[tuple]) -> Iterator[Outcome]:
    """Call every function in a data answer on every case, in the order of `call_data`; one that ends nothing, once."""
    given_up: dict[str, Outcome] = {}
    for case in cases:
        for name in exercise.functions:
            outcome = given_up.get(name) or _called(submission, exercise, case, name)
            if outcome.error and outcome.error.startswith((NOT_ANSWERED, TIMED_OUT, "KernelDied")):
                given_up[name] = outcome
            yield outcome


def _called(submission: Submission, exercise: Exercise, case: tuple, member: str | None = None) -> Outcome:
    request = {"do": "call", "name": exercise.answer_name, "closes": sorted(exercise.closes)}
    request |= {"functions": exercise.functions} if member is None else {"member": member}
    try:
        reply = submission.ask(request | {"case": [_sent(value) for value in case]}, SECONDS + SLACK)
    except KernelDiedError as death:
        return Outcome(error=STOPPED if "still running" in str(death) else f"KernelDied: {death}")
    return _outcome(exercise, reply, case)


def _sent(value: Any) -> dict:
    """Write an argument for the way in: plain data, an activation by name, or a function made of plain numbers."""
    if is_dataclass(value) and callable(value):
        kind, numbers = type(value), {f.name: getattr(value, f.name) for f in fields(value)}
        return {"made": kind.__name__, "source": inspect.getsource(kind), "fields": plain.encode(numbers)}
    if callable(value) and getattr(activations, getattr(value, "__name__", ""), None) is value:
        return {"activation": value.__name__}
    if callable(value):
        raise TypeError(
            f"{value!r} cannot be sent into the sandbox; a case is made of numbers and dataclasses"
        )
    return {"plain": plain.encode(value)}


def _outcome(exercise: Exercise, reply: dict, case: tuple) -> Outcome:
    if reply.get("stopped"):
        return Outcome(error=STOPPED)
    told = reply.get("outcomes")
    if not isinstance(told, dict):
        value = _decoded(reply.get("value", ["none"]))
        empty = isinstance(value, dict) and all(entry is None for entry in value.values())
        if value is None or value is ... or empty:
            return Outcome(error=NOT_ANSWERED)
        return Outcome(error=f"TypeError: `{exercise.answer_name}` is no function")
    error, warned = told.get("error"), told.get("warnings")
    after = _decoded(told.get("arguments"))
    return Outcome(
        value=_decoded(told.get("value")),
        error=error[:600] if isinstance(error, str) else None,
        warnings=tuple(str(w)[:200] for w in warned[:5]) if isinstance(warned, list) else (),
        mutated=not _same(after, tuple(case)),
        printed=str(told.get("printed", ""))[:300],
    )


def _value(submission: Submission, exercise: Exercise) -> Outcome:
    try:
        request = {"do": "value", "name": exercise.answer_name}
        request |= {"without": exercise.functions} if exercise.kind == "data" else {}
        reply = submission.ask(request, DATA_SECONDS)
    except KernelDiedError as death:
        return Outcome(error=f"KernelDied: {death}")
    return Outcome(_decoded(reply.get("value", ["none"])))


def _name(submission: Submission) -> str:
    """Return the student's NAME as `check` reads it."""
    name = _decoded(submission.ask({"do": "value", "name": "NAME"}, DATA_SECONDS).get("value"))
    return name[:MOST_NAME] if isinstance(name, str) and name.strip() else "self-study"


def _decoded(data: Any) -> Any:
    try:
        return plain.decode(data)
    except ValueError:
        return plain.Opaque("answer that cannot be read")


def _same(after: Any, before: Any) -> bool:
    if isinstance(before, np.ndarray):
        return (
            isinstance(after, np.ndarray)
            and after.shape == before.shape
            and np.array_equal(after, before, equal_nan=True)
        )
    if isinstance(before, list | tuple):
        return (
            isinstance(after, list | tuple) and len(after) == len(before) and all(map(_same, after, before))
        )
    if callable(before):
        return True
    return type(after) is type(before) and bool(after == before)
