"""nbgrader's commands, in processes forked from one that has loaded it: loading it costs more than most commands.

``python -m tests.commands`` waits for requests, a line of JSON each.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

END_WITH_PARENT = 1
LARGEST = 2**20  # of a request with an environment
LOADED = (
    *("nbgrader.apps", "grading.autograde", "grading.release", "grading.pages.preparing"),
    *("grading.worker.inside", "matplotlib.font_manager", "sqlite3", "sqlalchemy.dialects.sqlite"),
)


def run(folder: str, words: list[str]) -> None:
    """Run one command in `folder`, as ``nbgrader`` would run it there."""
    from jupyter_core.application import NoStart
    from nbgrader.apps import NbGraderApp

    os.chdir(folder)
    app = NbGraderApp()
    app.initialize(words)
    try:
        # `nbgrader db student list` is started by the commands before it, which have nothing to do themselves.
        with contextlib.suppress(NoStart):
            app.subapp.start()
    finally:
        # A sub-command is a singleton, and keeps the configuration of the folder that it was started in.
        type(app.subapp).clear_instance()


def forked(
    commands: list[tuple[str, list[str]]],
    environment: dict[str, str],
    seconds: float,
    account: tuple[int, tuple[int, ...]] | None = None,
    before: tuple[str, ...] = (),
) -> tuple[int, str]:
    """Run commands in one new process, and return its exit status and what it said.

    It takes on the user and the groups of `account`; `before` begins the command that starts what it is forked from.
    """
    with TemporaryDirectory() as folder:
        said = Path(folder, "said")
        request = {"commands": commands, "environment": environment, "said": str(said), "account": account}
        server = _server(before)
        late = threading.Timer(seconds, server.kill)
        late.start()
        try:
            server.stdin.write(json.dumps(request) + "\n")
            server.stdin.flush()
            status = server.stdout.readline()
        finally:
            late.cancel()
        assert status, f"after {seconds:g} seconds the commands were still running: {said.read_text()}"
        return int(status), said.read_text(errors="replace")


@cache
def _server(before: tuple[str, ...]) -> subprocess.Popen:
    # A library with threads of its own could not be forked safely.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    words = [*before, sys.executable, "-m", "tests.commands"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    started = subprocess.Popen(words, env=environment, cwd=Path(__file__).parent.parent, text=True, **pipes)
    atexit.register(started.communicate)
    return started


def _start_nursery() -> socket.socket:
    """Start the process that helpers of `grading.bounded` are forked from: each would load the same for a second."""
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    if os.fork():
        theirs.close()
        return ours
    ours.close()
    for number in range(3):
        os.dup2(os.open(os.devnull, os.O_RDWR), number)
    from grading import bounded_children

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, sockets, _, _ = socket.recv_fds(theirs, LARGEST, 1)
        if not sockets:
            os._exit(0)  # whoever asks is no more
        with socket.socket(fileno=sockets[0]) as served:
            if not os.fork():
                theirs.close()
                folder, environment = json.loads(request)
                os.chdir(folder)
                os.environ.clear()
                os.environ.update(environment)
                bounded_children.serve(served)
                os._exit(0)


class _Helper:
    """A helper of `grading.bounded` that is forked instead of started."""

    def __init__(self, nursery: socket.socket) -> None:
        self.ours, theirs = socket.socketpair()
        self.process = self
        with theirs:
            request = json.dumps([os.getcwd(), dict(os.environ)]).encode()
            socket.send_fds(nursery, [request], [theirs.fileno()])

    def poll(self) -> None:
        """Say that it is alive, as Popen does."""


def _serve() -> None:
    """Fork a process for every request; the exit status of each is a line of the answer."""
    for name in LOADED:
        importlib.import_module(name)
    importlib.import_module("sqlalchemy.orm").configure_mappers()  # or it does so when it is first asked
    gc.freeze()
    nursery = _start_nursery()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            os._exit(_status_of_the_command(nursery, request))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _status_of_the_command(nursery: socket.socket, request: dict) -> int:
    """Be a command, and clear away behind it as any command does, but for the memory that it has anyhow no more."""
    try:
        _be_the_command(nursery, **request)
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return status


def _be_the_command(
    nursery: socket.socket, commands: list, environment: dict[str, str], said: str, account: list | None
) -> None:
    for number in (1, 2):
        os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if account:
        _take_on(*account)
    ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)
    os.environ.clear()
    os.environ.update(environment)
    if not account:
        from grading import bounded

        bounded._Helper = partial(_Helper, nursery)
    for folder, words in commands:
        run(folder, words)


def _take_on(user: int, groups: list[int]) -> None:
    os.umask(0o022)
    os.setgroups(groups)
    os.setgid(user)
    os.setuid(user)


if __name__ == "__main__":
    _serve()
