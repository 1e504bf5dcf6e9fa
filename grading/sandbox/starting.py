"""The process of a kernel: in bubblewrap, forked into bubblewrap's walls, or, where that was asked for, without any.

Whoever grades has tried bubblewrap before (`bubblewrap.require`), once and not for every submission.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial

from grading.sandbox import bubblewrap, launch, preloaded
from grading.sandbox.connection import name_senders, sender
from grading.sandbox.limits import Limits

WALLS_SECONDS = 10.0


def in_bubblewrap(box: str, files: str, limits: Limits, connection: socket.socket) -> subprocess.Popen:
    """Start a kernel at the end of `connection` in the sandbox, and return the outermost process."""
    words = [sys.executable, "-s", f"{bubblewrap.BOX}/inside/start_kernel.py"]
    return _walled(words, box, files, limits, inherited=connection, GRADING_SOCKET=str(connection.fileno()))


def forked(address: str, box: str, files: str, limits: Limits, connection: socket.socket) -> subprocess.Popen:
    """Have bubblewrap build its walls, and a kernel forked into them at the `address` of `preloaded`.

    Raises
    ------
    OSError
        Where the walls or the fork cannot be had.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = _walled([bubblewrap.HOLD], box, files, limits, standard=theirs)
        theirs.close()
        try:
            with open(os.pidfd_open(_holder(ours)), "rb") as walls:
                preloaded.fork(address, walls.fileno(), connection.fileno(), ours.fileno())
        except BaseException:
            process.kill()
            process.wait()
            raise
    return process


def _holder(end: socket.socket) -> int:
    """Return the number of the process that holds the walls: it says what it is told, which nothing does before them.

    It ends, and the walls with it, when nobody has this end of its input any more.
    """
    end.settimeout(WALLS_SECONDS)
    name_senders(end)
    end.sendall(b"+")
    if number := sender(end):
        return number
    raise OSError("bubblewrap built no walls")


def without_sandbox(
    box: str, files: str, home: str, limits: Limits, connection: socket.socket
) -> subprocess.Popen:
    """Start a kernel as a process like any other, in the folder `home`."""
    environment = bubblewrap.environment(box, files, home, home, limits)
    environment |= {"TMPDIR": home, "GRADING_SOCKET": str(connection.fileno())}
    words = [sys.executable, "-s", f"{box}/inside/start_kernel.py"]
    return _started(words, (connection.fileno(),), environment, home)


def _walled(
    words: list[str],
    box: str,
    files: str,
    limits: Limits,
    inherited: socket.socket | None = None,
    standard: socket.socket | None = None,
    **further: str,
) -> subprocess.Popen:
    with bubblewrap.refused_calls() as calls:
        command = bubblewrap.command(words, box, files, limits, calls, **further)
        search = {"PATH": os.environ.get("PATH", os.defpath)}
        numbers = (calls, inherited.fileno()) if inherited else (calls,)
        if len(os.listdir("/proc/self/task")) > 1:  # with a second thread no fork would be safe
            return _started([*bubblewrap.launching(), *command], numbers, search, "/", standard)
        try:
            leave = partial(launch.leave_everything, os.getpid())
            return _started(command, numbers, search, "/", standard, leave)
        except subprocess.SubprocessError as error:
            raise OSError("what the grader has could not be left behind") from error


def _started(
    words: list[str],
    inherited: tuple[int, ...],
    environment: dict[str, str],
    folder: str,
    standard: socket.socket | None = None,
    first: Callable[[], None] | None = None,
) -> subprocess.Popen:
    """Start a process with nothing to read and nowhere to write but what it inherits, and `standard`.

    It calls `first` before it becomes what it is to be.
    """
    return subprocess.Popen(
        words,
        pass_fds=inherited,
        env=environment,
        cwd=folder,
        preexec_fn=first,
        start_new_session=True,
        stdin=standard or subprocess.DEVNULL,
        stdout=standard or subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
