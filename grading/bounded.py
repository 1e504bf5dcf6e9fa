"""Runs a function on bytes that are not trusted in a child process with limits; what comes back is plain JSON.

    run(parse, content, Budget(memory=512 * 2**20, seconds=20)) -> what parse(content) returned

The children are forked from one helper process, which has one thread, no network and the function's module already
imported; so a call costs some ten milliseconds, and nothing of the caller's (its threads, its open files, its
gradebook) is in the child.
"""

import contextlib
import enum
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

MB = 2**20
# How much longer than its time a child may take to start and to end.
SLACK_SECONDS = 20.0
# How often a call is begun whose helper somebody ends; then once more in a helper of its own.
MOST_TRIES, ENDED_SECONDS = 2, 0.1


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
    for _ in range(MOST_TRIES):
        helper = _shared_helper()
        try:
            return _told(helper, function, data, budget)
        except BoundedError as error:
            # Whoever ended the helper ended all that it had begun: that is no fault of this call.
            if error.reason is not Reason.DIED or not _has_been_ended(helper):
                raise
    # Whoever ends a helper every time may not take others along.
    helper = _Helper()
    try:
        return _told(helper, function, data, budget)
    finally:
        _end(helper)


def prepare(function: Callable[[bytes], Any], data: bytes) -> None:
    """Have `function` called on `data`, which must be trusted, in the process that later children are forked from.

    It is not waited for: what it gives is what those children find done already.
    """
    call = {"module": function.__module__, "name": function.__name__, "here": True}
    with _connection_to_child(_shared_helper()) as ours, contextlib.suppress(OSError):
        ours.sendall(json.dumps(call).encode() + b"\n" + data)


def _told(helper: Any, function: Callable[[bytes], Any], data: bytes, budget: Budget) -> Any:
    call = {"module": function.__module__, "name": function.__name__, **asdict(budget)}
    begun = time.monotonic()
    with _connection_to_child(helper) as ours:
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
        self.is_stopped = False
        self.ours, theirs = socket.socketpair()
        with theirs:
            # It ends when this end of the socket is closed, be it because this process is no more.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "grading.bounded_children", str(theirs.fileno())],
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
        helper.is_stopped = True
        _end(helper)


def _end(helper: _Helper) -> None:
    helper.ours.close()
    helper.process.kill()
    helper.process.wait()


def _has_been_ended(helper: _Helper) -> bool:
    """Tell whether a helper was ended by somebody else; its children end a moment before."""
    time.sleep(0 if helper.process.poll() is not None else ENDED_SECONDS)
    return helper.process.poll() is not None and not helper.is_stopped


def _shared_helper() -> _Helper:
    with _lock:
        helper = _helpers.get(os.getpid())
        if helper and helper.process.poll() is not None:
            helper.ours.close()
            helper = None
        if helper is None:
            helper = _helpers[os.getpid()] = _Helper()
        return helper


def _connection_to_child(helper: _Helper) -> socket.socket:
    """Give one end of a new connection to the helper, and return the other."""
    ours, theirs = socket.socketpair()
    with theirs, contextlib.suppress(OSError):  # from a helper that has been ended there is no answer
        socket.send_fds(helper.ours, [b"+"], [theirs.fileno()])
    return ours
