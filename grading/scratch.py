"""Folders that a grader needs for a while; what a killed one left is swept away by the next."""

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
import weakref
from pathlib import Path

import psutil

# Unix sockets have short names, so their folder does not go where TMPDIR may point.
WHERE, PREFIX = Path("/tmp"), "backprop-grading-"
REMOVE_SECONDS = 60.0


class Scratch:
    """A folder that only this user may enter and that goes away with the object; as a context it is its name."""

    def __init__(self) -> None:
        self.name = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=WHERE)
        self.cleanup = weakref.finalize(self, remove, self.name)

    def __enter__(self) -> str:
        return self.name

    def __exit__(self, *exc: object) -> None:
        self.cleanup()


def remove(folder: str | Path) -> None:
    """Remove a folder with whatever is in it: depth, odd names and missing permissions stop nothing."""
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder)
    # `shutil` calls itself for every level, and cannot look into what is closed to it; these two can.
    for command in (["chmod", "-R", "u+rwx", "--"], ["rm", "-rf", "--"]):
        if os.path.lexists(folder):
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                quiet = {
                    "stdin": subprocess.DEVNULL,
                    "stdout": subprocess.DEVNULL,
                    "stderr": subprocess.DEVNULL,
                }
                subprocess.run([*command, str(folder)], check=False, timeout=REMOVE_SECONDS, **quiet)


def sweep() -> None:
    """Remove the folders of graders of this user that are no more, and go on past what cannot be removed."""
    left = [path for path in WHERE.glob(f"{PREFIX}*") if _is_left(path)]
    for path in left:
        remove(path)


def _is_left(path: Path) -> bool:
    process = path.name.removeprefix(PREFIX).partition("-")[0]
    try:
        found = path.lstat()
    except OSError:  # another grader may be sweeping, too
        return False
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return ours and process.isdecimal() and not psutil.pid_exists(int(process))
