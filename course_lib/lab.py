"""Where a self-learner works: lessons copied into a folder once, JupyterLab opened there, nothing overwritten."""

import os
import shutil
import sys
from datetime import datetime
from pathlib import Path

from course_lib.edition import IGNORED
from course_lib.lesson_folders import NOTEBOOKS, lesson_folders

FIRST = Path("00_start_here", "00_start_here.ipynb")


def prepare(work: Path, reset: list[str] | None = None, notebooks: Path = NOTEBOOKS) -> None:
    """Copy the lessons that `work` does not have yet; begin those in `reset` (``03`` or the full name) afresh.

    A lesson's folder that exists is left entirely alone; one that is reset is renamed, never deleted. A name that is no
    lesson's is a ValueError.
    """
    lessons = lesson_folders(notebooks)
    if not lessons:
        raise ValueError(
            f"There are no lessons in {notebooks}: the course is not installed whole. Install it again."
        )
    chosen = [_chosen(name, lessons) for name in reset or []]
    work.mkdir(parents=True, exist_ok=True)
    for lesson in chosen:
        _put_aside(work / lesson.name)
    for lesson in lessons:
        if not os.path.lexists(work / lesson.name):
            _copy(lesson, work / lesson.name)


def _chosen(name: str, lessons: list[Path]) -> Path:
    for lesson in lessons:
        if name in (lesson.name, lesson.name[:2]) or name.zfill(2) == lesson.name[:2]:
            return lesson
    known = ", ".join(lesson.name for lesson in lessons)
    raise ValueError(f"There is no lesson {name!r}. The lessons are {known}; 03 is enough to name one.")


def _put_aside(folder: Path) -> None:
    if not os.path.lexists(folder):
        return
    now = datetime.now()
    aside = folder.with_name(f"{folder.name}.before-{now:%Y-%m-%dT%H%M}")
    if os.path.lexists(aside):
        aside = folder.with_name(f"{folder.name}.before-{now:%Y-%m-%dT%H%M%S.%f}")
    folder.rename(aside)
    print(f"Your earlier work is in {aside}")


def _copy(lesson: Path, to: Path) -> None:
    # In two steps, so that a copy that is cut short is never taken for a lesson.
    half = to.with_name(f".{to.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(lesson, half, ignore=shutil.ignore_patterns(*IGNORED), copy_function=shutil.copyfile)
    half.rename(to)
    print(f"New: {to}")


def serve(work: Path, options: list[str]) -> int:
    """Run JupyterLab on `work` until it is stopped; `options` are JupyterLab's own."""
    from jupyterlab.labapp import LabApp

    # Its terminals and kernels find the programs of this environment first.
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )
    os.chdir(work)
    arguments = [f"--ServerApp.root_dir={os.getcwd()}"]
    # There the instructor's tools (a click in them spoils a lesson's marks) and Jupyter's news are switched off.
    arguments.append(f"--LabApp.app_settings_dir={Path(__file__).resolve().parent / 'lab_settings'}")
    if FIRST.is_file():
        arguments.append(f"--LabApp.default_url=/lab/tree/{FIRST.as_posix()}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container everybody is root. The server listens on this machine only, and asks for its token.
        arguments.append("--allow-root")
    LabApp.launch_instance([*arguments, *options])
    return 0
