"""What odd answers give in a real kernel, recorded once a lesson, and graded in as many submissions as one likes.

A kernel takes a second and a call a millisecond: so one submission of a lesson has, for each exercise, an answer for
each odd value. What came out of the sandbox is kept as it came, and read by the grader as if it came again.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat

from course_lib.checking.calling import Outcome
from course_lib.checking.calling.by_kind import calls_of, has_data, in_file
from course_lib.exercises import LESSONS, Exercise
from grading import score
from grading.collect import Collected, outcomes_on
from grading.sandbox import Limits
from grading.sandbox.kernel import KernelDiedError
from grading.submission import Cell, Submission
from grading.worker import assessment, inside
from tests.fuzz import odd_values
from tests.life import ROOT

REPLIES = "FUZZ_REPLIES"  # the variable of the environment that names the folder of what was recorded
EVERY = "FUZZ_EVERY"  # and the one that says that only every so-manieth odd value was recorded
REAL = "real"  # how those students are called whose submissions are graded in kernels
MAKE_ODD = """
for _name in NAMES:
    _right = globals().get(_name)
    for _number in NUMBERS:
        globals()[f"{_name}_{_number}"] = odd_answer(_right, _number)
"""


def odd_cells(names: Sequence[str]) -> list[str]:
    """Return the sources of cells that make, beside each answer, one for every odd value."""
    return [
        Path(odd_values.__file__).read_text(),
        f"NAMES, NUMBERS = {list(names)!r}, {numbers()!r}\n{MAKE_ODD}",
    ]


def solved_cells(lesson: str) -> list[str]:
    """Return the sources of the code cells of a solved lesson."""
    solved = nbformat.read(ROOT / "solutions" / lesson / f"{lesson}.ipynb", as_version=4)
    return [cell.source for cell in solved.cells if cell.cell_type == "code"]


class _Recording:
    """Asks a submission for another answer than it is asked for, and keeps the replies."""

    def __init__(self, submission: Submission, suffix: str) -> None:
        self._submission, self._suffix, self.replies = submission, suffix, []

    def ask(self, content: dict, seconds: float) -> dict:
        self.replies.append(None)
        name = content["name"] + self._suffix
        self.replies[-1] = self._submission.ask(content | {"name": name}, seconds)
        return self.replies[-1]

    def source_of(self, name: str) -> str:
        """Return nothing: what is made of the text of a cell is no odd value."""
        return ""


class _Replaying:
    """Gives the replies that were recorded."""

    def __init__(self, replies: Sequence[dict | None]) -> None:
        self._replies = iter(replies)

    def ask(self, content: dict, seconds: float) -> dict:
        reply = next(self._replies)
        if reply is None:
            raise KernelDiedError("it died when this was recorded")
        return reply

    def source_of(self, name: str) -> str:
        """Return nothing, as it was recorded."""
        return ""


def numbers() -> range:
    """Return the numbers of the odd values that are recorded."""
    return range(0, len(odd_values.ODD), int(os.environ.get(EVERY, "1")))


def record(order: bytes) -> list[str]:
    """Record what the odd answers of a lesson give; this runs in a bounded child. Return what ended its kernel."""
    told = json.loads(order)
    known = score.questions(LESSONS[told["lesson"]].exercises, told["secret"].encode())
    questions = [question for question in known if not in_file(question[0])]
    sources = solved_cells(told["lesson"]) + odd_cells([exercise.answer_name for exercise, *_ in questions])
    deadly = []
    with Submission(
        [Cell(s) for s in sources], told["box"], told["files"], Limits(seconds=1200.0)
    ) as submission:
        submission.run()
        for exercise, public, secret in questions:
            for name, suffix, cases in _wanted(public, secret):
                it = _Recording(submission, suffix)
                outcomes_on(it, exercise, cases, data=True)
                path = Path(told["target"], exercise.id, f"{name}.json")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(it.replies))
                if None in it.replies:
                    deadly.append(f"{exercise.id}: {name}")
        return [*deadly, *submission.notes]


def _wanted(public: list, secret: list) -> Iterator[tuple[str, str, list]]:
    yield "right", "", [*public, *secret]
    for number in numbers():
        yield str(number), f"_{number}", public[:1]


def grade(order: bytes) -> dict[str, Any]:
    """Stand in the place of the worker's `grade`: what a kernel would give is what was recorded."""
    told = json.loads(order)
    student = Path(told["files"]).parent.name
    if REAL in student:
        return inside.grade(order)
    folder, rng = Path(os.environ[REPLIES], told["lesson"]), random.Random(zlib.crc32(student.encode()))
    assessment.collect = lambda submission, questions: _collected(folder, rng, questions)
    return inside.grade(json.dumps(told | {"own": {}}).encode())


def _collected(folder: Path, rng: random.Random, questions: Sequence[tuple]) -> Collected:
    found = Collected()
    for exercise, public, secret in questions:
        if not in_file(exercise):
            found.outcomes[exercise.id] = _outcomes(folder / exercise.id, rng, exercise, public, secret)
    return found


def _outcomes(
    folder: Path, rng: random.Random, exercise: Exercise, public: list, secret: list
) -> list[Outcome]:
    """Return what an answer gave that is odd on all inputs, on the last public one, or on secret ones only."""
    right = _replayed(folder / "right.json", exercise, [*public, *secret])
    odd = _replayed(folder / f"{rng.choice(numbers())}.json", exercise, public[:1])
    data = 1 if has_data(exercise) else 0
    size, count = len(calls_of(exercise)), len(public) + len(secret)
    calls = right[data:]
    if rng.random() < 0.4:
        calls = list(itertools.islice(itertools.cycle(odd[data:]), count * size))
    elif size:
        first = rng.choice((len(public) - 1, len(public))) * size
        calls[first : first + size] = odd[data:]
    return [*rng.choice((odd, right))[:data], *calls] if size else odd


def _replayed(path: Path, exercise: Exercise, cases: list) -> list[Outcome]:
    return outcomes_on(_Replaying(json.loads(path.read_text())), exercise, cases, data=True)


def prepare() -> None:
    """Load what the worker loads."""
    inside.prepare()


def nothing(data: bytes) -> None:
    """Do nothing, so that the worker is there."""
