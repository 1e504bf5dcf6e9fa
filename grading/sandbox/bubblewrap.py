"""The bubblewrap command: no network, a disk with Python and the lesson only, nothing inherited."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import cache

from grading.sandbox.filesystem import hidden_folders, python_folders
from grading.sandbox.limits import Limits

HOME, SCRATCH, FILES = "/home/student", "/tmp", "/submission"
REMEDY = (
    "Grading runs what students wrote, and does it in a sandbox only. {problem} "
    "On Debian or Ubuntu: sudo apt install bubblewrap. Grading without a sandbox lets a submission read and change "
    "everything that you can; to do it all the same: --Grading.unsafe_no_sandbox=True"
)


class NoSandboxError(RuntimeError):
    """Raised where there is no sandbox to be had; the message says what to install."""


@cache
def require() -> None:
    """Raise `NoSandboxError` unless bubblewrap is installed and may make its namespaces."""
    if sys.platform != "linux":
        raise NoSandboxError(REMEDY.format(problem="It exists on Linux only (in WSL and containers, too)."))
    if not shutil.which("bwrap"):
        raise NoSandboxError(REMEDY.format(problem="Its program, bwrap, is not installed."))
    tried = subprocess.run(
        ["bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    if tried.returncode:
        told = tried.stderr.strip()[:200]
        raise NoSandboxError(REMEDY.format(problem=f"bwrap is there, but may not make namespaces ({told})."))


def arguments(box: str, files: str, channel: str, limits: Limits) -> list[str]:
    """Return the bwrap command that shows `box` and `files` read-only and `channel` writable."""
    size = str(limits.disk)
    command = ["bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
    command += [
        "--die-with-parent",
        "--new-session",
        "--hostname",
        "sandbox",
        "--uid",
        "1000",
        "--gid",
        "1000",
    ]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", size, "--tmpfs", "/dev/shm"]
    command += ["--size", size, "--tmpfs", SCRATCH, "--size", size, "--tmpfs", HOME]
    for path in python_folders():
        command += ["--ro-bind", path, path]
    for path in hidden_folders():
        command += ["--tmpfs", path, "--remount-ro", path]
    command += ["--ro-bind", box, "/box", "--ro-bind", files, FILES, "--bind", channel, channel]
    # Where the grader is root, /proc/sys would else be writable: a setting of the whole machine.
    for path in ("/proc", "/dev", "/"):
        command += ["--remount-ro", path]
    command += ["--clearenv", "--chdir", HOME]
    for name, value in environment("/box", FILES, HOME, SCRATCH, limits).items():
        command += ["--setenv", name, value]
    return [*command, "--"]


def environment(box: str, files: str, home: str, scratch: str, limits: Limits) -> dict[str, str]:
    """Return every variable that the kernel sees; none comes from the machine."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return one | {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": f"{box}:{box}/inside",
        "MPLCONFIGDIR": f"{scratch}/mpl",
        "IPYTHONDIR": f"{scratch}/ipython",
        "JUPYTER_RUNTIME_DIR": f"{scratch}/jupyter",
        "GRADING_BOX": box,
        "GRADING_FILES": files,
        "GRADING_LIMITS": json.dumps(limits.inside()),
    }
