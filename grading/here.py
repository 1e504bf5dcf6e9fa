"""The course in the current folder, the only place where nbgrader looks for its configuration."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbgrader.apps.baseapp import NbGrader

CONFIGURATION = "nbgrader_config.py"


class NoCourseError(Exception):
    """Raised where the current folder is no course's, or its configuration is broken; the message says what to do."""


def require_course() -> None:
    """Raise `NoCourseError` unless a course is here; let nbgrader find `alembic`, which it starts by name."""
    if not Path(CONFIGURATION).is_file():
        raise NoCourseError(f"There is no {CONFIGURATION} here: go to the folder of the course first.")
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )


def configured() -> NbGrader:
    """Return nbgrader as the course here configures it; its `coursedir` knows the folders and the gradebook."""
    from nbgrader.apps.baseapp import NbGrader

    require_course()
    # Left to itself it says that the file is broken, and goes on without it.
    app = NbGrader(raise_config_file_errors=True)
    try:
        app.initialize([])
    except (Exception, SystemExit) as error:  # whatever stands in the file
        raise NoCourseError(
            f"{CONFIGURATION} cannot be loaded ({type(error).__name__}: {error}). Mend it, or take the course's own: "
            f"git checkout {CONFIGURATION}"
        ) from error
    return app
