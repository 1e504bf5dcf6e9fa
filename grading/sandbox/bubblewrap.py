"""The bubblewrap command: no network, a disk with Python and the lesson only, nothing inherited."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from grading.sandbox.filesystem import hidden_folders, python_folders
from grading.sandbox.limits import Limits
from grading.sandbox.system_calls import PROCESSORS, program

HOME, SCRATCH, BOX, FILES = "/home/student", "/tmp", "/box", "/submission"
# What stays in the sandbox while a forked kernel is there: it waits for something to read, and costs next to nothing.
HOLD = "/hold/cat"
WRITABLE = (HOME, SCRATCH, "/dev/shm")
REFUSAL = (
    "Grading runs what students wrote, and does it in a sandbox only. {problem} {remedy}. Grading without a sandbox "
    "lets a submission read and change everything that you can; to do it all the same: "
    "--Grading.unsafe_no_sandbox=True"
)
REMEDY = "On Debian or Ubuntu: sudo apt install bubblewrap"


def launching() -> list[str]:
    """Return the words before a command that is to leave behind what it inherits, and to end with this process."""
    return [sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py")), str(os.getpid())]


class NoSandboxError(RuntimeError):
    """Raised where no sandbox can be had; the message says what to install."""

    def __init__(self, problem: str, remedy: str = REMEDY) -> None:
        super().__init__(REFUSAL.format(problem=problem, remedy=remedy))
        self.problem, self.remedy = problem, remedy


@cache
def require() -> None:
    """Raise `NoSandboxError` unless bubblewrap is installed and may make its namespaces."""
    if sys.platform != "linux":
        raise NoSandboxError(
            "It exists on Linux only.",
            "Grade on a Linux machine, or in a container or virtual machine with Linux (WSL is one)",
        )
    if not shutil.which("bwrap"):
        raise NoSandboxError("Its program, bwrap, is not installed.")
    if os.uname().machine not in PROCESSORS:
        raise NoSandboxError(
            f"It exists for processors of type {', '.join(PROCESSORS)} only.", "Grade on another machine"
        )
    with refused_calls() as number:
        words = [*launching(), "bwrap", "--unshare-all", "--unshare-user", "--seccomp", str(number)]
        words += ["--ro-bind", "/", "/", "true"]
        tried = subprocess.run(words, capture_output=True, text=True, timeout=30, pass_fds=(number,))
    if tried.returncode:
        message = tried.stderr.strip()[:200]
        raise NoSandboxError(
            f"bwrap is there, but may not make namespaces ({message}).",
            "Allow it: on Ubuntu 24.04 by a profile of AppArmor for bwrap, in a container by its own settings",
        )


@contextmanager
def refused_calls() -> Iterator[int]:
    """Give the descriptor from which bubblewrap reads which system calls are refused."""
    reading, writing = os.pipe()
    with open(reading, "rb"):
        with open(writing, "wb") as file:
            file.write(program())
        yield reading


def command(inside: list[str], box: str, files: str, limits: Limits, calls: int, **further: str) -> list[str]:
    """Return the command that runs `inside` where it sees `box` and `files`, and can write only to memory.

    `calls` is the descriptor of `refused_calls`; `further` are variables of the environment.
    """
    words = ["bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
    words += ["--die-with-parent", "--new-session", "--hostname", "sandbox", "--uid", "1000", "--gid", "1000"]
    words += ["--seccomp", str(calls), "--proc", "/proc", "--dev", "/dev"]
    for path in WRITABLE:
        words += ["--size", str(limits.disk), "--tmpfs", path]
    for path in python_folders():
        words += ["--ro-bind", path, path]
    for path in hidden_folders():
        words += ["--tmpfs", path, "--remount-ro", path]
    words += ["--ro-bind", box, BOX, "--ro-bind", files, FILES]
    if inside == [HOLD]:
        words += ["--ro-bind", os.path.realpath(shutil.which("cat") or HOLD), HOLD]
    # The names of all keys of the user, whatever keyring they are in.
    for path in filter(os.path.exists, ("/proc/keys", "/proc/key-users")):
        words += ["--ro-bind", "/dev/null", path]
    # Where the grader is root, /proc/sys would else be writable: a setting of the whole machine.
    for path in ("/proc", "/dev", "/"):
        words += ["--remount-ro", path]
    words += ["--clearenv", "--chdir", HOME]
    for name, value in (environment(BOX, FILES, HOME, SCRATCH, limits) | further).items():
        words += ["--setenv", name, value]
    return [*words, "--", *inside]


def environment(box: str, files: str, home: str, scratch: str, limits: Limits) -> dict[str, str]:
    """Return every variable that the kernel sees; none comes from the machine."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return one | {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": f"{box}:{box}/inside",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{scratch}/mpl",
        "IPYTHONDIR": f"{scratch}/ipython",
        "GRADING_BOX": box,
        "GRADING_FILES": files,
        "GRADING_LIMITS": json.dumps(limits.inside()),
    }
