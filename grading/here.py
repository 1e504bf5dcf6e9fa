"""The course in the current folder, the only place where nbgrader looks for its configuration."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

CONFIGURATION = "nbgrader_config.py"


class ElsewhereError(Exception):
    """Raised where the current folder is no course's; the message says where to go."""


def require_course() -> None:
    """Raise `ElsewhereError` unless a course is here; let nbgrader find `alembic`, which it starts by name."""
    if not Path(CONFIGURATION).is_file():
        raise ElsewhereError(f"There is no {CONFIGURATION} here: go to the folder of the course first.")
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )


def course() -> CourseDirectory:
    """Return the course that is here, as its configuration has it: its folders, its gradebook, its exchange."""
    from nbgrader.apps.baseapp import NbGrader

    require_course()
    app = NbGrader()
    app.initialize([])
    return app.coursedir
