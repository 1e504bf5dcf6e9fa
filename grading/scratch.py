"""Folders that a grader needs for a while; what a killed one left is swept away by the next."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

# Unix sockets have short names, so their folder does not go where TMPDIR may point.
WHERE, PREFIX = Path("/tmp"), "backprop-grading-"


def scratch() -> tempfile.TemporaryDirectory:
    """Make a folder that only this user may enter and that goes away with the object."""
    prefix = f"{PREFIX}{os.getpid()}-"
    return tempfile.TemporaryDirectory(prefix=prefix, dir=WHERE, ignore_cleanup_errors=True)


def sweep() -> None:
    """Remove the folders of graders of this user that are no more."""
    for path in WHERE.glob(f"{PREFIX}*"):
        process = path.name.removeprefix(PREFIX).partition("-")[0]
        if process.isdigit() and not Path("/proc", process).exists():
            # Another grader may be sweeping, too.
            with contextlib.suppress(FileNotFoundError):
                if path.lstat().st_uid == os.getuid():
                    shutil.rmtree(path, ignore_errors=True)
