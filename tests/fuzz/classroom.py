"""A class of mutants with honest students among them: graded by nbgrader, most of them without a kernel."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from course_lib.exercises import LESSONS
from grading.bounded import MB, Budget, run
from grading.sandbox.filesystem import lay_out
from grading.scratch import Scratch
from tests.corpus.making import make_cell
from tests.fuzz import recorded
from tests.fuzz.mutants import write_mutant
from tests.life import Course, right_answers, write_answers

# Before, between and behind the mutants in the order of the class.
HONEST = ("aaron-real", "mutant-1-honest-real", "zoe-real")
SECRET = b"s" * 64  # of every class, so that what was recorded fits the cases of each
HOOK = """
from grading.worker import grading as _grading
from tests.fuzz import recorded as _recorded

_grading.inside = _recorded  # what no kernel has to decide is graded without one
"""


def record(lesson: str, target: Path) -> list[str]:
    """Record what odd answers to a lesson give in a kernel; return what was out of the ordinary."""
    with Scratch() as folder:
        box, files = Path(folder, "box"), Path(folder, "files")
        box.mkdir()
        files.mkdir()
        lay_out(box, LESSONS[lesson])
        order = {"lesson": lesson, "secret": SECRET.decode(), "box": str(box), "files": str(files)}
        order["target"] = str(target / lesson)
        return run(recorded.record, json.dumps(order).encode(), Budget(448 * MB, 1200.0, 900))


class Room(Course):
    """A course in which a lesson is handed in by mutants and by honest students."""

    def __init__(self, folder: Path, released: Path, lesson: str, replies: Path) -> None:
        super().__init__(folder, released)
        self.lesson, self.replies, self.peak = lesson, replies, Peak()
        (folder / "grading" / "secret").write_bytes(SECRET)
        config = folder / "nbgrader_config.py"
        config.write_text(config.read_text() + HOOK)
        for student in HONEST:
            self.seat(student, right_answers(lesson), lesson)
        self.solved = (self._submitted(HONEST[0]) / f"{lesson}.ipynb").read_bytes()

    def _submitted(self, student: str) -> Path:
        return self.folder / "grading" / "submitted" / student / self.lesson

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {recorded.REPLIES: str(self.replies)}

    def mutants(self, count: int, in_kernels: int = 0) -> None:
        """Seat so many mutants, and so many submissions with odd answers that are graded in kernels."""
        for seed in range(count):
            folder = self._submitted(f"mutant-{seed}")
            write_mutant(random.Random(f"{self.lesson} {seed}"), folder, self.lesson, self.solved)
        for seed in range(in_kernels):
            self._odd_answers(random.Random(seed), f"mutant-{seed}-{recorded.REAL}")

    def _odd_answers(self, rng: random.Random, student: str) -> None:
        folder, names = self.seat(student, {}, self.lesson), right_answers(self.lesson)
        first, _ = recorded.odd_cells([e.answer_name for e in LESSONS[self.lesson].exercises])
        for exercise in LESSONS[self.lesson].exercises:
            if exercise.id in names:
                name, number = exercise.answer_name, rng.choice(recorded.numbers())
                names[exercise.id] += f"\n{name} = odd_answer({name}, {number})"
        path = folder / f"{self.lesson}.ipynb"
        write_answers(path, names)
        content = json.loads(path.read_text())
        content["cells"].insert(0, make_cell(first))
        path.write_text(json.dumps(content))

    def graded_by(self, *words: str) -> str:
        """Run a command of nbgrader's, watch what it takes, and return what it said."""
        log = self.folder / "said.txt"
        with log.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "nbgrader", *words],
                cwd=self.folder,
                env=self._environment(),
                stdout=file,
                stderr=file,
            )
            with self.peak.of(process.pid):
                code = process.wait()
        said = log.read_text(errors="replace")
        assert code == 0, said[-5000:]
        return said

    def moments(self) -> list[float]:
        """Return when each submission was done."""
        return sorted(
            path.stat().st_mtime for path in self.folder.glob(f"grading/autograded/*/{self.lesson}/*.ipynb")
        )

    def grades(self) -> dict[str, dict[str, tuple]]:
        """Return, by student and cell: points, most points, whether a person has to look."""
        with self.gradebook() as book:
            return {
                submission.student.id: {
                    g.name: (g.auto_score, g.max_score, g.needs_manual_grade)
                    for g in submission.notebooks[0].grades
                }
                for submission in book.assignment_submissions(self.lesson)
            }

    def about(self, student: str) -> dict:
        """Return what grading has written about a submission."""
        path = self.folder / "grading" / "autograded" / student / self.lesson / f"{self.lesson}.ipynb"
        return json.loads(path.read_text())["metadata"]["grading"]


class Peak:
    """The most memory that a process and its descendants had at once; shared bytes count once.

    Sandboxes are left out, unless `sandboxes` says that they count, too; every `pause` seconds it is looked.
    """

    def __init__(self, sandboxes: bool = False, pause: float = 0.05) -> None:
        self.bytes, self._pause, self._found = 0, pause, _everything if sandboxes else _graders

    @contextmanager
    def of(self, number: int) -> Iterator[None]:
        """Watch the process with this number."""
        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(number, over))
        watch.start()
        try:
            yield
        finally:
            over.set()
            watch.join()

    def _watch(self, number: int, over: threading.Event) -> None:
        while not over.wait(self._pause):
            self.bytes = max(self.bytes, sum(map(_memory, self._found(number))))


def _everything(number: int) -> Iterator[int]:
    """Yield the numbers of a process and of all its descendants."""
    with suppress(psutil.Error):
        yield number
        yield from (child.pid for child in psutil.Process(number).children(recursive=True))


def _graders(number: int) -> Iterator[int]:
    """Yield the numbers of a process and of its descendants, up to where a sandbox begins."""
    left = [number]
    while left:
        try:
            process = psutil.Process(left.pop())
            if process.name() != "bwrap":
                yield process.pid
                left += [child.pid for child in process.children()]
        except psutil.Error:
            continue


def _memory(number: int) -> int:
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def processes_in(folder: Path) -> list[str]:
    """Return the command lines of processes that name a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            line = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if str(folder) in line and process.pid != os.getpid():
            found.append(line)
    return found
