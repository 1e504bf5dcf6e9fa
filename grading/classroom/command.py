"""``python -m grading autograde LESSON`` and ``feedback LESSON``: a whole class, side by side, with a bar and logs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from traitlets.config import Config

from grading import quick_start
from grading.here import NoCourseError, require_course


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    command: str, lesson: str, students: Sequence[str], workers: int, scheduler: str, further: Sequence[str]
) -> int:
    """Do what a command of nbgrader's does, with a whole class side by side, and return the exit status.

    Ctrl-C is passed on, once everything has stopped.

    Parameters
    ----------
    command
        ``autograde`` or ``generate_feedback``.
    lesson
        The lesson's id.
    students
        Whose submissions it is about; everyone's, if there are none here.
    workers
        How many processes of this machine work.
    scheduler
        The address of a Dask scheduler whose workers grade instead.
    further
        What goes to nbgrader's command as it is, such as ``--force``.
    """
    try:
        require_course()
    except NoCourseError as error:
        print(error, file=sys.stderr)
        return 2
    wanted = {"students": list(students), "workers": workers, "scheduler": scheduler, "progress": True}
    try:
        _nbgrader([command, lesson, "--log-level=WARN", *further], Config(Grading=wanted))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _nbgrader(words: list[str], config: Config) -> None:
    with quick_start.loading():  # nbgrader, and what nbgrader_config.py imports
        from nbgrader.apps import NbGraderApp

        app = NbGraderApp()
        app.initialize(words)
    app.subapp.update_config(config)
    app.subapp.start()
