"""The process that the children of `grading.bounded` are forked from, and what each child does."""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from grading.bounded import BoundedError, Reason

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
DIE_WITH_PARENT = 1


def serve(control: socket.socket) -> None:
    """Fork a child for every connection that comes in."""
    _leave_network()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    here = os.getpid()
    gc.disable()  # what is loaded here stays
    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as theirs:
            file = theirs.makefile("rb")
            call = json.loads(file.readline())
            with contextlib.suppress(Exception):  # the child tries again, and says what is wrong
                importlib.import_module(call["module"])
            if call.get("here"):
                with contextlib.suppress(Exception):
                    _function(call)(file.read())
            gc.freeze()  # no child copies what is loaded by looking for what could go
            if not call.get("here") and os.fork() == 0:
                gc.enable()
                control.close()
                _end_with(here)
                _answer(call, file, theirs)
                os._exit(0)
            file.close()


def _answer(call: dict, file: Any, theirs: socket.socket) -> None:
    """Be the child: set the limits, call the function, write what it gave."""
    try:
        _limit(call)
        answer = json.dumps({"value": _function(call)(file.read())}).encode()
        if len(answer) > call["answer"]:
            raise BoundedError(Reason.SIZE)
    except BoundedError as error:
        answer = _failure(error.reason, error.detail)
    except MemoryError:
        answer = _failure(Reason.MEMORY)
    except BaseException as error:
        answer = _failure(Reason.RAISED, f"{type(error).__name__}: {error}"[:500])
    theirs.sendall(answer)


def _function(call: dict) -> Callable[[bytes], Any]:
    return getattr(importlib.import_module(call["module"]), call["name"])


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
        serve(parent)
