"""The life of an assignment, for tests: a course in a folder of its own, and students who hand things in."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

from tests.commands import forked

ROOT = Path(__file__).resolve().parent.parent
LESSON = "03_identify_gradients"
SOLUTION = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", re.MULTILINE)


class Course:
    """A course in `folder`: a copy of the configuration and the solutions, its own gradebook and exchange.

    With `released`, the folder of another course, it begins with what was generated there.
    """

    def __init__(self, folder: Path, released: Path | None = None) -> None:
        self.folder = folder
        if released:
            shutil.copytree(released, folder, dirs_exist_ok=True)
            return
        shutil.copy(ROOT / "nbgrader_config.py", folder)
        shutil.copytree(ROOT / "solutions", folder / "solutions")
        (folder / "grading").mkdir()

    def commands(self, *commands: list[str | Path], fails: bool = False, seconds: float = 900) -> str:
        """Run several nbgrader commands in one process; a path before its words says in which folder."""
        asked = [c if isinstance(c[0], Path) else [self.folder, *c] for c in commands]
        plain = [(str(folder), words) for folder, *words in asked]
        status, said = forked(plain, self._environment(), seconds)
        assert (status != 0) == fails, said
        return said

    def _environment(self) -> dict[str, str]:
        bin_folder = str(Path(sys.executable).parent)
        places = {name: str(self.folder / ".jupyter") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
        path = os.pathsep.join([bin_folder, os.environ.get("PATH", "")])
        # Kernels import the course from where the tests do, also where it is not installed.
        modules = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        return {**os.environ, **places, "PATH": path, "PYTHONPATH": modules, "JUPYTER_PLATFORM_DIRS": "1"}

    def home(self, student: str) -> Path:
        """Return the folder in which `student` works, set up to find the course's exchange."""
        home = self.folder / "homes" / student
        if not home.exists():
            home.mkdir(parents=True)
            (home / "nbgrader_config.py").write_text(
                f"c = get_config()\nc.CourseDirectory.course_id = 'backprop'\n"
                f"c.Exchange.root = {str(self.folder / 'grading' / 'exchange')!r}\n"
                f"c.Exchange.cache = {str(home / '.cache')!r}\n"
            )
        return home

    def release_to(self, *students: str, lesson: str = LESSON) -> None:
        """Release a lesson, and fetch it for `students`."""
        fetched = ([self.home(student), "fetch_assignment", lesson] for student in students)
        self.commands(["release_assignment", lesson], *fetched)

    def grade(self, *students: str, lesson: str = LESSON) -> None:
        """Submit for `students`, collect, and grade the class."""
        submitted = ([self.home(name), "submit", lesson, f"--student={name}"] for name in students)
        self.commands(*submitted, ["collect", lesson], ["autograde", lesson])

    def seat(self, student: str, answers: dict[str, str], lesson: str = LESSON) -> Path:
        """Put a submission with `answers` where `nbgrader collect` would have put it, and return its folder."""
        folder = self.folder / "grading" / "submitted" / student / lesson
        shutil.copytree(self.folder / "notebooks" / lesson, folder)
        write_answers(folder / f"{lesson}.ipynb", answers)
        return folder

    def gradebook(self):
        """Open the gradebook; use it in a ``with`` block."""
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.folder / 'grading' / 'gradebook.db'}")

    @property
    def directory(self):
        """The course as nbgrader's configuration describes it; nothing of nbgrader's is changed by asking for it."""
        from nbgrader.coursedir import CourseDirectory

        places = {name: f"grading/{name}" for name in ("submitted", "autograded", "feedback")}
        return CourseDirectory(
            root=str(self.folder),
            course_id="backprop",
            source_directory="solutions",
            release_directory="notebooks",
            db_url=f"sqlite:///{self.folder / 'grading' / 'gradebook.db'}",
            **{f"{name}_directory": place for name, place in places.items()},
        )

    def scores(self, student: str) -> dict[str, float | None]:
        """Return the automatic score of every grade cell, by exercise."""
        with self.gradebook() as book:
            grades = book.find_submission_notebook(LESSON, LESSON, student).grades
            return {grade.name.removesuffix("_check"): grade.auto_score for grade in grades}


def write_answers(notebook: Path, answers: dict[str, str]) -> None:
    """Replace the solution cells named in `answers` in the notebook at that path."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    cells = {c["metadata"].get("nbgrader", {}).get("grade_id"): c for c in content["cells"]}
    for name, source in answers.items():
        cells[name]["source"] = source
    notebook.write_text(json.dumps(content), encoding="utf-8")


def right_answers(lesson: str = LESSON, solutions: Path = ROOT / "solutions") -> dict[str, str]:
    """Return the source of every solution cell of the solved lesson."""
    content = json.loads((solutions / lesson / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    solved = {}
    for cell in content["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("solution"):
            solved[about["grade_id"]] = SOLUTION.sub("", "".join(cell["source"]))
    return solved
