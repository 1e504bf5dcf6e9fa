"""The pages of docs/, and their commands run in a course made for that."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from course_lib import edition
from tests.life import right_answers, write_answers
from tests.platform_archives import moodle, write

ROOT = Path(__file__).resolve().parent.parent
PAGES = tuple(sorted((ROOT / "docs").glob("*.md")))
LESSON = "03_identify_gradients"
BLOCK = re.compile(
    r"(?:^<!-- (?P<how>[a-z ]+): (?P<what>[^\n]*) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
CONFIGURED = "# nbgrader_config.py\n"
COPIED = (
    "course_lib",
    "grading",
    "notebooks",
    "solutions",
    "nbgrader_config.py",
    "README.md",
    "pyproject.toml",
)
MADE = ("submitted", "autograded", "feedback", "exchange", "gradebook.db", "secret")


class Block(NamedTuple):
    """A block of a page: its language, its text, and what is said above it of how it is run."""

    language: str
    text: str
    how: str
    what: str


def blocks(page: Path, language: str = "") -> Iterator[Block]:
    """Yield the blocks of a page, in order; of one language, if one is named."""
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        block = Block(found["language"], found["text"], found["how"] or "", found["what"] or "")
        if language in ("", block.language):
            yield block


def _made(folder: str, names: list[str]) -> set[str]:
    """Return what of a folder of a clone is no part of the course."""
    return {"__pycache__", *(MADE if Path(folder) == ROOT / "grading" else ())} & set(names)


class Term:
    """A clone in a folder of its own, its students, and the mail that arrives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=_made)
            else:
                shutil.copy(ROOT / name, folder)

    def run(self, block: Block) -> str:
        """Do what a block says, and return what was said; a command that fails is an AssertionError."""
        if block.language == "python":
            with (self.folder / "nbgrader_config.py").open("a") as file:
                file.write(block.text)
            return ""
        if block.how == "mail":
            self._arrives(block.what)
        if block.how == "download":
            self._is_downloaded(block.what.split())
        where = self.home(block.what) if block.how == "student" else self.folder
        # Far enough from any day on which this runs.
        text = block.text.replace("2026-12", "2099-12")
        if block.how == "student":  # on a shared machine it is the account's name
            text = re.sub(
                r"^(nbgrader (?:submit|fetch_feedback) .*)$", rf"\1 --student={block.what}", text, flags=re.M
            )
        done = subprocess.run(
            ["bash", "-euc", text],
            cwd=where,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        if block.how == "student":
            for lesson in re.findall(r"fetch_assignment (\w+)", text):
                write_answers(where / lesson / f"{lesson}.ipynb", self._solved(lesson))
        return done.stdout + done.stderr

    def _solved(self, lesson: str) -> dict[str, str]:
        own = self.folder / "edition" / "lessons"
        return right_answers(lesson, own if (own / lesson).is_dir() else self.folder / "solutions")

    def home(self, student: str) -> Path:
        """Return the folder in which a student works."""
        home = self.folder / "homes" / student
        if not home.exists():
            home.mkdir(parents=True)
            (home / "nbgrader_config.py").write_text(
                "c = get_config()\nc.CourseDirectory.course_id = 'backprop'\n"
                f"c.Exchange.root = {str(self.folder / 'grading' / 'exchange')!r}\n"
                f"c.Exchange.cache = {str(home / '.cache')!r}\n"
            )
        return home

    def _is_downloaded(self, students: list[str]) -> None:
        """Put a zip into the inbox, as Moodle makes one of what these students packed and uploaded."""
        with (self.folder / "students.csv").open(encoding="utf-8", newline="") as file:
            people = {row["id"]: f"{row['first_name']} {row['last_name']}" for row in csv.DictReader(file)}
        files = {}
        for number, student in enumerate(students, 9001):
            self._arrives(student)
            packed = (self.folder / "inbox" / f"{student}.zip").read_bytes()
            files[moodle(people[student], number, f"{LESSON}.zip")] = packed
        write(self.folder / "inbox" / "submissions.zip", files)

    def _arrives(self, student: str) -> None:
        """Put a zip into the inbox, as `pack` makes one."""
        work = self.folder / "packing" / student
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(self.folder / "notebooks" / LESSON, work)
        write_answers(work / f"{LESSON}.ipynb", right_answers())
        (self.folder / "inbox").mkdir(exist_ok=True)
        shutil.make_archive(str(self.folder / "inbox" / student), "zip", work)

    def _environment(self) -> dict[str, str]:
        places = {name: str(self.folder / ".jupyter") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        modules = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])
        others = {name: value for name, value in os.environ.items() if name != edition.VARIABLE}
        return {**others, **places, "PATH": path, "PYTHONPATH": modules, "JUPYTER_PLATFORM_DIRS": "1"}
