"""Building the site: JupyterLite, Python, the course, the lessons and the landing page, put together."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from grading.site import lite, pyodide
from grading.site.pyodide import SiteError
from grading.site.wheels import ROOT, from_registry, of_the_course
from grading.sources import IGNORED, lesson_folders

__all__ = ["SiteError", "build"]


def build(out: Path, source: str = "", notebooks: Path = ROOT / "notebooks") -> None:
    """Write the site into `out`, which must be new, empty, or a site that was built before.

    `source` is a folder with Pyodide or the address of one; empty for the one that JupyterLite was made for.
    """
    _refuse_strangers(out)
    wheels = [of_the_course(), *from_registry(), *lite.kernel_wheels()]
    with tempfile.TemporaryDirectory() as folder:
        contents, made = Path(folder, "contents"), Path(folder, "site")
        _copy_lessons(notebooks, contents)
        lite.build(contents, Path(folder, "work"), made)
        pyodide.copy(pyodide.Source(source or lite.default_pyodide()), wheels, made / "static" / "pyodide")
        lite.configure(made, {"appName": lite.TITLE, "exposeAppInBrowser": True}, lite.AT_START + lite.AT_START_TOO)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)


def _refuse_strangers(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / "jupyter-lite.json").is_file():
        raise SiteError(f"{out} holds something else than a site: name a folder that is new or empty.")


def _copy_lessons(notebooks: Path, contents: Path) -> None:
    for lesson in lesson_folders(notebooks):
        shutil.copytree(lesson, contents / lesson.name, ignore=shutil.ignore_patterns(*IGNORED))
