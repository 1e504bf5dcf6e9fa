"""Building the site: JupyterLite, Python, the course, the lessons and the landing page, put together."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from course_lib import edition
from course_lib.edition import IGNORED
from course_lib.lesson_folders import NOTEBOOKS
from grading.lessons import LESSONS
from grading.site import landing, lite, pyodide
from grading.site.pyodide import SiteError
from grading.site.weighing import weights
from grading.site.wheels import from_registry, of_the_course

__all__ = ["SiteError", "build"]


def build(out: Path, source: str = "", repository: str = "", notebooks: Path = NOTEBOOKS) -> str:
    """Write the site into `out`, which must be new, empty, or a site that was built before.

    `source` is a folder with Pyodide or the address of one; empty for the one that JupyterLite was made for.
    `repository` is an address that the landing page links to, if any. The version of Python is returned that would
    have been needed to compile the packages, if it was not found.
    """
    _refuse_strangers(out)
    wheels = [of_the_course(_own_lessons(notebooks)), *from_registry(), *lite.kernel_wheels()]
    with tempfile.TemporaryDirectory() as folder:
        contents, made = Path(folder, "contents"), Path(folder, "site")
        _copy_lessons(notebooks, contents)
        lite.build(contents, Path(folder, "work"), made)
        where = pyodide.Source(source or lite.default_pyodide())
        missing = pyodide.copy(where, wheels, made / "static" / "pyodide")
        lite.configure(made)
        landing.write(made, notebooks, weights(made), repository)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)
    return missing


def _refuse_strangers(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / "jupyter-lite.json").is_file():
        raise SiteError(f"{out} holds something else than a site: name a folder that is new or empty.")


def _own_lessons(notebooks: Path) -> dict[str, bytes]:
    """Return the lessons of the instructor's own as the wheel has them: an edition may name only what is there."""
    return {
        f"{edition.INSTALLED}/{name}/{name}.ipynb": (notebooks / name / f"{name}.ipynb").read_bytes()
        for name in LESSONS
        if edition.own_lesson(name)
    }


def _copy_lessons(notebooks: Path, contents: Path) -> None:
    for name in LESSONS:
        shutil.copytree(notebooks / name, contents / name, ignore=shutil.ignore_patterns(*IGNORED))
        path = contents / name / f"{name}.ipynb"
        path.write_text(landing.with_edition(notebooks / name / path.name), encoding="utf-8")
