"""A clone with an edition, the repository that it was made from, and a student who has what is handed out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import nbformat

from course_lib import edition
from tests.conftest import ROOT
from tests.docs import COPIED
from tests.life import LESSON, right_answers, write_answers


class Cloned:
    """A clone, the repository that it was made from, and a command that runs in it."""

    def __init__(self, folder: Path) -> None:
        self.upstream, self.folder = folder / "upstream", folder / "clone"
        self.upstream.mkdir(parents=True)
        for name in (*COPIED, ".gitignore", "LICENSE"):
            path = ROOT / name
            (shutil.copytree if path.is_dir() else shutil.copy)(path, self.upstream / name)
        self._commit("init", "-q")
        subprocess.run(["git", "clone", "-q", str(self.upstream), str(self.folder)], check=True)

    def tell(self, text: str) -> None:
        """Make this clone an edition."""
        (self.folder / "edition").mkdir()
        (self.folder / "edition" / edition.NAME).write_text(text)

    def run(self, *words: str, where: Path | None = None, path: str = "") -> str:
        """Run a command as somebody does who has set up nothing but this clone, and return what it said."""
        env = self.environment(path)
        done = subprocess.run(
            words, cwd=where or self.folder, env=env, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def environment(self, path: str = "") -> dict[str, str]:
        """Return the environment of a process that finds the course of this clone, or what lies on `path`."""
        bins = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        env = {k: v for k, v in os.environ.items() if k != edition.VARIABLE}
        return env | {"PATH": bins, "PYTHONPATH": path or str(self.folder)}

    def pull(self) -> None:
        """Pull a lesson that says something more."""
        path = self.upstream / "solutions" / "00_start_here" / "00_start_here.ipynb"
        notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
        notebook.cells[0].source += "\n\nThis is what stands upstream."
        path.write_text(nbformat.v4.writes(notebook), encoding="utf-8")
        self._commit("add", "solutions")
        self.run("git", "pull", "-q")

    def _commit(self, *words: str) -> None:
        who = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
        for command in (words, ("add", "-A"), (*who, "commit", "-qm", "one more")):
            subprocess.run(["git", *command], cwd=self.upstream, check=True)

    def students_kernel(self, where: Path, order: Sequence[str], *, own: Sequence[str] = ()) -> None:
        """Use the wheel as a student does, in a Python that finds nothing else of the course."""
        (wheel,) = (self.folder / "out").glob("*.whl")
        zipfile.ZipFile(wheel).extractall(where)
        code = (
            "import pathlib, course_lib\n"
            "from course_lib import LESSONS, lab\n"
            f"assert list(LESSONS) == {list(order)}\n"
            "lab.prepare(pathlib.Path('work'))\n"
            "print(course_lib.__file__)"
        )
        assert str(where) in self.run(sys.executable, "-c", code, where=where, path=str(where))
        assert sorted(path.name for path in (where / "work").iterdir()) == sorted([*order, *own])

    def hands_in(self, student: str) -> None:
        """Hand in what is right, of what was handed out."""
        to = self.folder / "grading" / "submitted" / student / LESSON
        shutil.copytree(self.folder / "out" / "lessons" / LESSON, to)
        asked = (to / f"{LESSON}.ipynb").read_text(encoding="utf-8")
        write_answers(
            to / f"{LESSON}.ipynb",
            {name: text for name, text in right_answers().items() if f'"{name}"' in asked},
        )
