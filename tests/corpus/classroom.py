"""A class in which every story sits beside honest students, and what can be seen of it afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import sqlite3
import threading
from pathlib import Path

from tests.corpus import (
    arriving,
    broken_cells,
    broken_files,
    broken_later,
    hostile_breaking,
    hostile_escaping,
    hostile_forging,
    hostile_posing,
    hostile_pricing,
    hostile_reading,
    hostile_showing,
)
from tests.corpus.making import LESSON, STORIES, Draft, Story
from tests.life import Course

__all__ = ["Classroom", "Listeners", "stories"]
_TOLD = (arriving, broken_cells, broken_files, broken_later)
_TOLD += (
    hostile_breaking,
    hostile_escaping,
    hostile_forging,
    hostile_posing,
    hostile_pricing,
    hostile_reading,
)
_TOLD += (hostile_showing,)
# Short, so that the class is through soon, and long enough for honest cells on a busy machine.
LIMITS = {
    "cell_seconds": 8.0,
    "seconds": 240.0,
    "memory": 700 * 2**20,
    "disk": 32 * 2**20,
    "address_space": 4 * 2**30,
}
SCORES = """
    select student.id, base_cell.name, grade.auto_score, grade.needs_manual_grade from grade
    join base_cell on base_cell.id = grade.cell_id
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join student on student.id = submitted_assignment.student_id
    order by 1, 2
"""


def stories(kind: str) -> dict[str, Story]:
    """Return the stories of a corpus by name."""
    return STORIES[kind]


def _grades_in(gradebook: Path) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(gradebook)) as book:
        return book.execute(SCORES).fetchall()


def totals_of(gradebook: Path) -> dict[str, float]:
    """Return the automatic points of every student in a gradebook, which may be stock nbgrader's."""
    totals: dict[str, float] = {}
    for student, _, score, _ in _grades_in(gradebook):
        totals[student] = totals.get(student, 0.0) + (score or 0.0)
    return totals


class Classroom(Course):
    """A course with a released lesson, in which submissions appear as if they had been collected."""

    def __init__(self, folder: Path, released: Path, **limits: float) -> None:
        super().__init__(folder, released)
        config = folder / "nbgrader_config.py"
        config.write_text(f"{config.read_text()}c.Grading.limits = {LIMITS | limits!r}\n")
        self.untold: dict[str, str] = {}  # student -> why the story could not be told
        # What no submission may ever see or change.
        self.canaries = {
            name: f"canary-{name}-{secrets.token_hex(8)}" for name in ("env", "file", "neighbour")
        }
        (folder / "canary.txt").write_text(self.canaries["file"])

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {"SECRET_TOKEN": self.canaries["env"]}

    @property
    def gradebook_file(self) -> Path:
        """Where the grades are."""
        return self.folder / "grading" / "gradebook.db"

    @property
    def submitted(self) -> Path:
        """Where collected submissions lie."""
        return self.folder / "grading" / "submitted"

    def seat(self, student: str, story: Story | None = None, **words: str) -> None:
        """Put a submission in its place: that of a story, or an honest one; `words` are replaced in its cells."""
        released = self.folder / "notebooks" / LESSON / f"{LESSON}.ipynb"
        draft = Draft(released, self.submitted / student / LESSON, words)
        if story:
            story.tell(draft)
        else:
            draft.answer_all()
            draft.first(f"# {self.canaries['neighbour']}")  # near the top, where who looks sees it
        draft.write()
        self.untold[student] = draft.untold
        draft.folder.mkdir(parents=True, exist_ok=True)

    def autograde(self, *words: str, fails: bool = False) -> str:
        """Grade the class."""
        return self.commands(["autograde", LESSON, *words], fails=fails, seconds=1800)

    def grades(self) -> list[tuple]:
        """Return student, cell, automatic score and whether a person is to look at it, for every grade."""
        return _grades_in(self.gradebook_file)

    def totals(self) -> dict[str, float]:
        """Return the automatic points of every student."""
        return totals_of(self.gradebook_file)

    def graded(self, student: str) -> dict:
        """Return the graded notebook of a student as JSON."""
        path = self.folder / "grading" / "autograded" / student / LESSON / f"{LESSON}.ipynb"
        return json.loads(path.read_text())

    def files(self) -> dict[str, bytes | str]:
        """Return every file of the course but those that grading is to make, with its content."""
        made = (
            "grading/autograded",
            "grading/feedback",
            "grading/logs",
            "grading/gradebook.db",
            "grading/secret",
            ".jupyter",
            "grades.csv",
        )
        found: dict[str, bytes | str] = {}
        for where, folders, names in os.walk(self.folder):
            for name in [*names, *folders]:
                path = Path(where, name)
                short = os.fsdecode(path.relative_to(self.folder))
                if not short.startswith(made):
                    plain = path.is_file() and not path.is_symlink() and path.stat().st_size < 10**6
                    found[short] = path.read_bytes() if plain else f"{path.lstat().st_mode}"
        return found


class Listeners:
    """Servers on this machine that nobody in the sandbox may reach; `heard` is what reached them."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[bytes] = []
        self.path = str(folder / "canary.sock")
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._unix, self._abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        self._unix.bind(self.path)
        self._abstract.bind(f"\0grading-canary-{self.port}")
        for server in (self._unix, self._abstract):
            server.listen()
        for server in (self._tcp, self._unix, self._abstract):
            threading.Thread(target=self._accept, args=(server,), daemon=True).start()
        threading.Thread(target=self._receive, daemon=True).start()

    def _accept(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                connection.settimeout(2)
                with connection, contextlib.suppress(OSError):
                    self.heard.append(connection.recv(100))

    def _receive(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.heard.append(self._udp.recv(100))

    def close(self) -> None:
        """Close every server."""
        for server in (self._tcp, self._udp, self._unix, self._abstract):
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            server.close()
