"""Grading a made-up class: in turns by stock nbgrader, which has no sandbox, and here in the sandbox."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from argparse import Namespace
from collections import defaultdict
from pathlib import Path

from grading.demo.writing import MANIFEST, write
from tests.bench.costs import Cost, cost, method
from tests.bench.measure import table
from tests.corpus.classroom import totals_of
from tests.corpus.making import LESSON
from tests.life import Course
from tests.stock.__main__ import template
from tests.stock.layout import LAYOUTS, Layout

STUDENTS, ROUNDS, SEED = 40, 2, 1
NBGRADER = ("nbgrader", "autograde", LESSON)
STOCK, OURS = "stock nbgrader", "2 workers"
WAYS = {
    STOCK: ("stock", NBGRADER),
    OURS: ("ours", ("grading", "autograde", LESSON, "--workers", "2")),
    "1 worker": ("ours", ("grading", "autograde", LESSON, "--workers", "1")),
    "nbgrader autograde": ("ours", NBGRADER),
}
INSTRUMENT = Path(__file__).with_name("instrument")
MB = 2**20


def report(quick: bool = False, students: int = 0) -> str:
    """Grade the same class in every way, and lay out what it cost, in which parts, and with how much memory."""
    students = students or (2 if quick else STUDENTS)
    with tempfile.TemporaryDirectory() as folder:
        room = _Room(Path(folder), students)
        costs = defaultdict(list)
        for _ in range(1 if quick else ROUNDS):
            for way in WAYS:
                costs[way].append(room.graded(way))
        tables = [_ways(costs, students), room.parts()]
        tables += [_memory(room, quick)]
    return "\n".join(tables)


class _Room:
    """A released lesson and a class of `students`, to be graded from the beginning as often as one likes."""

    def __init__(self, folder: Path, students: int) -> None:
        self._folder, self.students = folder, students
        self._made = {layout.name: template(folder, layout) for layout in LAYOUTS.values()}
        self._solved = self._made["ours"] / "solutions" / LESSON / f"{LESSON}.ipynb"

    def graded(self, way: str, students: int = 0, look: bool = False, **variables: str) -> Cost:
        """Grade the class in a new copy of the course, and return what the command cost."""
        where, words = WAYS[way]
        course, count = self._folder / "course", students or self.students
        shutil.copytree(self._made[where], course)
        self._seat(course, LAYOUTS[where], count)
        environment = Course._environment(Namespace(folder=course))
        if variables:
            environment |= variables | {"PYTHONPATH": f"{INSTRUMENT}:{environment['PYTHONPATH']}"}
        spent = cost([sys.executable, "-m", *words], course, environment, look)
        known = totals_of(course / LAYOUTS[where].gradebook)
        # What stock nbgrader cannot read fails; here nobody is left out.
        assert known, spent.said
        assert way == STOCK or (spent.status, len(known)) == (0, count), spent.said
        shutil.rmtree(course)
        return spent

    def _seat(self, course: Path, layout: Layout, students: int) -> None:
        def place(student: str, lesson: str) -> Path:
            return course / layout.submitted / student / lesson

        released = course / layout.released / LESSON / f"{LESSON}.ipynb"
        about = self._folder / "about"
        write(students, SEED, place, released, self._solved, about / layout.name)
        for student, told in json.loads((about / layout.name / MANIFEST).read_text())["students"].items():
            if "timed_out" in told["looks"]:
                self._answer_in_time(place(student, LESSON) / f"{LESSON}.ipynb")
        shutil.rmtree(about)

    @staticmethod
    def _answer_in_time(path: Path) -> None:
        """Take the loop without an end out of an answer: it takes all the time that it may have, here and there."""
        path.write_text(path.read_text().replace("    while True:\\n", ""))

    def parts(self) -> str:
        """Grade once more, in one process after the other and with clocks in it, and name the parts."""
        lines = self._folder / "parts"
        lines.touch()
        spent = self.graded("1 worker", BENCH_PARTS=str(lines))
        sums = defaultdict(lambda: [0.0, 0.0])
        for line in lines.read_text().splitlines():
            part, wall, processor = line.split()
            sums[part][0] += float(wall)
            sums[part][1] += float(processor)
        rest = spent.processor - sum(processor for _, processor in sums.values())
        rows = [
            (part, _ms(wall, self.students), _ms(own, self.students)) for part, (wall, own) in sums.items()
        ]
        rows += [("kernels, starting Python, and the rest", "", _ms(rest, self.students))]
        rows += [("together", _ms(spent.wall, self.students), _ms(spent.processor, self.students))]
        header = ("", "ms on the clock", "ms of processor")
        title = "the parts of a submission, 1 worker; what runs within another is counted once"
        return "\n".join([table(title, rows, header), self._kinds()])

    def _kinds(self) -> str:
        spent = self.graded(OURS, look=True)
        rest = spent.processor - sum(spent.kinds.values())
        rows = [(kind, _ms(seconds, self.students)) for kind, seconds in sorted(spent.kinds.items())]
        rows += [("not seen", _ms(rest, self.students))]
        return table(f"processor time by kind of process, {OURS}", rows, ("", "ms a submission"))


def _ways(costs: dict[str, list[Cost]], students: int) -> str:
    means = {
        way: [sum(getattr(one, what) for one in some) / len(some) for what in ("wall", "processor")]
        for way, some in costs.items()
    }
    stock = means[STOCK]
    rows = [
        (
            way,
            *(f"{v / students:.2f}" for v in both),
            *(f"{s / v:.1f}" for s, v in zip(stock, both, strict=True)),
        )
        for way, both in means.items()
    ]
    title = f"grading a made-up class of {students} in {LESSON}; processor time {method()}"
    return table(
        title, rows, ("", "s a submission", "s of processor", "times faster", "times less processor")
    )


def _memory(room: _Room, quick: bool) -> str:
    sizes = (2,) if quick else (room.students // 2, room.students, 3 * room.students)
    rows = [(str(size), str(room.graded(OURS, size, look=True).memory // MB)) for size in sizes]
    return table(f"memory, {OURS}: the most at a time, of everything that runs", rows, ("submissions", "MB"))


def _ms(seconds: float, count: int) -> str:
    return f"{1e3 * seconds / count:.1f}"
