"""The interpreter of a lesson that is loaded once and forked for each submission: see `inside/preload.py`.

Where none can be had, or it does not do what it should, bubblewrap starts each kernel.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from grading.sandbox import bubblewrap
from grading.sandbox.launch import KEYCTL
from grading.sandbox.limits import Limits
from grading.sandbox.system_calls import program
from grading.scratch import Scratch

FORK_SECONDS = 10.0


class Preloaded:
    """A process that loads the course in the folder `box`, and the socket at which it forks kernels."""

    def __init__(self, box: str, limits: Limits) -> None:
        self.box, self.limits = box, limits
        self._folder = Scratch()
        self.address = str(Path(self._folder.name, "kernels"))
        inside = bubblewrap.environment(
            bubblewrap.BOX, bubblewrap.FILES, bubblewrap.HOME, bubblewrap.SCRATCH, limits
        )
        course = os.open(box, os.O_RDONLY | os.O_DIRECTORY)
        with contextlib.closing(_listening(self.address)) as listening, open(os.devnull, "w") as null:
            numbers = (course, listening.fileno())
            words = [*bubblewrap.launching(), sys.executable, "-sP"]
            words += [f"/proc/self/fd/{course}/inside/preload.py", *map(str, numbers)]
            self.process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=null,
                stderr=null,
                env=inside,
                cwd="/",
                pass_fds=numbers,
                start_new_session=True,
            )
        os.close(course)
        with self.process.stdin as told, contextlib.suppress(BrokenPipeError):
            told.write(json.dumps({"keyctl": KEYCTL[os.uname().machine], "calls": program().hex()}).encode())

    @property
    def is_there(self) -> bool:
        """Whether it may still fork kernels."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End it; the kernels that it has forked go on."""
        self.process.kill()
        self.process.wait()
        self._folder.cleanup()


_lock, _kept = threading.Lock(), {}


def address_for(box: str, limits: Limits) -> str:
    """Return where an interpreter of this process's forks kernels for a lesson's folder; start one if need be."""
    with _lock:
        kept = _kept.get(os.getpid())
        if kept and (kept.box, kept.limits) == (box, limits) and kept.is_there:
            return kept.address
        if kept:
            kept.stop()
        made = _kept[os.getpid()] = Preloaded(box, limits)
        return made.address


def fork(address: str, walls: int, connection: int, holder: int) -> None:
    """Have a kernel forked at `address`.

    Parameters
    ----------
    walls
        Descriptor of the process whose namespaces it enters.
    connection
        Descriptor of the socket at whose end it serves.
    holder
        Descriptor of what is to be closed when it has ended, so that its walls fall.

    Raises
    ------
    OSError
        Where nobody forks there.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asked:
        asked.settimeout(FORK_SECONDS)
        asked.connect(address)
        socket.send_fds(asked, [b"+"], [walls, connection, holder])


def _listening(path: str) -> socket.socket:
    """Return a socket that listens at `path`, to which only this user may connect."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    made.bind(path)
    os.chmod(path, 0o600)
    made.listen(64)
    return made
