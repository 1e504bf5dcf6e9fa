"""Runs a function on bytes that are not trusted in a child process with limits; what comes back is plain JSON.

    run(parse, content, Budget(memory=512 * 2**20, seconds=20)) -> what parse(content) returned

The children are forked from one helper process, which has one thread, no network and the function's module already
imported (and its `prepare` called, if it has one); so a call costs some ten milliseconds, and nothing of the
caller's (its threads, its open files, its gradebook) is in the child.
"""

import contextlib
import ctypes
import enum
import importlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

MB = 2**20
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
DIE_WITH_PARENT = 1
# How much longer than its time a child may take to start and to end.
SLACK_SECONDS = 20.0


@dataclass(frozen=True)
class Budget:
    """What a call may use: bytes of memory and of its answer, seconds on the clock and of processor."""

    memory: int = 1024 * MB
    seconds: float = 60.0
    cpu: int = 60
    answer: int = 8 * MB


class Reason(enum.Enum):
    """Why there is no answer."""

    MEMORY = "it needed too much memory"
    TIME = "it took too long"
    SIZE = "its result was too large"
    RAISED = "it failed"
    DIED = "its process ended"


class BoundedError(Exception):
    """Raised when a call gave no answer; `reason` tells why, and `detail` what was raised, if anything was."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason, self.detail = reason, detail


def run(function: Callable[[bytes], Any], data: bytes, budget: Budget | None = None) -> Any:
    """Call `function` on `data` in a child process and return its result.

    Parameters
    ----------
    function
        A function of a module that can be imported; it takes bytes and returns what JSON can hold.
    data
        What it is called with.
    budget
        What it may use.

    Raises
    ------
    BoundedError
        Where there is no result: the function raised, or the budget was spent.
    """
    budget = budget or Budget()
    call = {"module": function.__module__, "name": function.__name__, **asdict(budget)}
    begun = time.monotonic()
    with _connection_to_child() as ours:
        ours.settimeout(budget.seconds + SLACK_SECONDS)
        try:
            answer = _asked(ours, json.dumps(call).encode() + b"\n" + data, budget.answer)
        except TimeoutError as error:
            raise BoundedError(Reason.TIME) from error
    try:
        result = json.loads(answer)
        reason = Reason[result["reason"]] if "reason" in result else None
        value = result["detail"] if reason else result["value"]
    except (ValueError, KeyError, TypeError) as error:
        # There is nothing, or what was being written when the child ended.
        late = time.monotonic() - begun >= min(budget.seconds, budget.cpu)
        raise BoundedError(Reason.TIME if late else Reason.DIED) from error
    if reason:
        raise BoundedError(reason, value)
    return value


def _asked(ours: socket.socket, question: bytes, most: int) -> bytes:
    try:
        ours.sendall(question)
        ours.shutdown(socket.SHUT_WR)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it ended before it had read everything; its answer, if any, says why
    return _received(ours, most)


def _received(ours: socket.socket, most: int) -> bytes:
    received = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := ours.recv(MB):
            received += piece
            if len(received) > most:
                raise BoundedError(Reason.SIZE)
    return bytes(received)


class _Helper:
    """The process that the children are forked from, started when it is first needed."""

    def __init__(self) -> None:
        self.ours, theirs = socket.socketpair()
        with theirs:
            # It ends when this end of the socket is closed, be it because this process is no more.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "grading.bounded", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Ctrl-C is for who started it, and who ends it.
                process_group=0,
                # A library with threads of its own could not be forked safely.
                env=os.environ
                | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}
                # What a thread reserves and does not use would count as memory.
                | {"MALLOC_ARENA_MAX": "1"},
            )


_lock, _helpers = threading.Lock(), {}


def stop() -> None:
    """End the helper of this process and, with it, every call that is under way; the next call starts another."""
    with _lock:
        helper = _helpers.pop(os.getpid(), None)
    if helper:
        helper.ours.close()
        helper.process.kill()
        helper.process.wait()


def _connection_to_child() -> socket.socket:
    """Give one end of a new connection to the helper, and return the other."""
    ours, theirs = socket.socketpair()
    with theirs, _lock:
        helper = _helpers.get(os.getpid())
        if helper is None or helper.process.poll() is not None:
            helper = _helpers[os.getpid()] = _Helper()
        socket.send_fds(helper.ours, [b"+"], [theirs.fileno()])
    return ours


def _serve(control: socket.socket) -> None:
    """Fork a child for every connection that comes in."""
    _leave_network()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    here = os.getpid()
    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as theirs:
            file = theirs.makefile("rb")
            call = json.loads(file.readline())
            with contextlib.suppress(Exception):  # the child tries again, and says what is wrong
                getattr(importlib.import_module(call["module"]), "prepare", int)()
            if os.fork() == 0:
                control.close()
                _end_with(here)
                _answer(call, file, theirs)
                os._exit(0)
            file.close()


def _answer(call: dict, file: Any, theirs: socket.socket) -> None:
    """Be the child: set the limits, call the function, write what it gave."""
    try:
        _limit(call)
        function = getattr(importlib.import_module(call["module"]), call["name"])
        answer = json.dumps({"value": function(file.read())}).encode()
        if len(answer) > call["answer"]:
            raise BoundedError(Reason.SIZE)
    except BoundedError as error:
        answer = _failure(error.reason, error.detail)
    except MemoryError:
        answer = _failure(Reason.MEMORY)
    except BaseException as error:
        answer = _failure(Reason.RAISED, f"{type(error).__name__}: {error}"[:500])
    theirs.sendall(answer)


def _failure(reason: Reason, detail: str = "") -> bytes:
    return json.dumps({"reason": reason.name, "detail": detail}).encode()


def _end_with(helper: int) -> None:
    """End when the helper does, which ends with the caller; and wait for processes of one's own as usual."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != helper:
        os._exit(1)


def _limit(call: dict) -> None:
    # What the child starts, such as a sandbox, has limits of its own: so these can be raised again.
    # The default of SIGALRM and SIGXCPU is to end the process, whatever it is busy with.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, call["seconds"])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_to(resource.RLIMIT_CPU, call["cpu"])
    _limit_to(resource.RLIMIT_AS, psutil.Process().memory_info().vms + call["memory"])


def _limit_to(which: int, value: int) -> None:
    most = resource.getrlimit(which)[1]
    resource.setrlimit(which, (value if most == resource.RLIM_INFINITY else min(value, most), most))


def _leave_network() -> None:
    """Go where there is no network, if the system lets us; nothing that is run here needs one."""
    user, group = os.geteuid(), os.getegid()
    with contextlib.suppress(AttributeError, OSError):
        alone = NEW_NETWORK if user == 0 else NEW_USER | NEW_NETWORK
        if ctypes.CDLL(None).unshare(alone) == 0 and user:
            # Who has a name here can make a sandbox here.
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as parent:
        _serve(parent)
