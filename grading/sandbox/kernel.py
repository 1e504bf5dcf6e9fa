"""One sandboxed kernel: starts it, runs cells and requests in it with limits, and ends it."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from grading.sandbox import starting
from grading.sandbox.connection import (
    MOST_RECEIVED,
    Connection,
    ConnectionClosedError,
    FloodedError,
    name_senders,
)
from grading.sandbox.limits import MB, Limits
from grading.sandbox.processes import Inside
from grading.sandbox.storage import Storage
from grading.sandbox.watch import Watch, end
from grading.scratch import Scratch

READY_SECONDS, GRACE_SECONDS = 40.0, 3.0
MOST_OUTPUTS = 1000
KEPT = ("stream", "display_data", "execute_result", "error")


class KernelDiedError(Exception):
    """Raised when the kernel is no more; the message says why, in words for the student's card."""


class KernelHungError(KernelDiedError):
    """Raised when what was asked of the kernel took too long and could not be interrupted: its own fault, surely."""


@dataclass
class Ran:
    """What running a cell gave: raw outputs (type, content), as far as they fit, and whether it was stopped.

    `seconds` is the limit that it had, `size` what its outputs have in bytes.
    """

    outputs: list[tuple[str, dict]] = field(default_factory=list)
    cut: bool = False
    stopped: bool = False
    seconds: float = 0.0
    size: int = 0


class Kernel:
    """One kernel in its sandbox, until `deadline` on the monotonic clock. Use as a context; nothing of it is left.

    It is forked at the address `preloaded` (see `grading.sandbox.preloaded`), if there is one and that can be done.
    """

    def __init__(
        self,
        box: str,
        files: str,
        limits: Limits,
        unsafe: bool = False,
        deadline: float | None = None,
        preloaded: str = "",
    ) -> None:
        self.limits, self._unsafe, self._preloaded = limits, unsafe, preloaded
        self._deadline = time.monotonic() + limits.seconds if deadline is None else deadline
        self._box, self._files = box, files
        self.was_forked = False

    def __enter__(self) -> Kernel:
        self.was_forked = bool(self._preloaded and not self._unsafe) and self._is_started(forked=True)
        if not self.was_forked and not self._is_started(forked=False):
            raise RuntimeError("the sandboxed kernel does not start")
        return self

    def _is_started(self, forked: bool) -> bool:
        """Start it, and return whether it is ready; nothing is left of one that is not."""
        with ExitStack() as stack:
            try:
                connection = self._start(stack, forked)
            except OSError:
                if forked:
                    return False
                raise
            stack.callback(self._process.wait)
            stack.callback(self.end)
            self._watch = Watch(self._process.pid, self.limits, self._deadline)
            self._watch.start()
            stack.callback(self._watch.stop)
            self._connection = Connection(connection, lambda: self._process.poll() is None)
            try:
                if not self._is_ready():
                    return False
                self._look_inside(stack, self._connection.process)
            except (ConnectionClosedError, OSError) as error:
                if forked:
                    return False
                raise KernelDiedError(self._why()) from error
            self._stack = stack.pop_all()
        return True

    def _start(self, stack: ExitStack, forked: bool) -> socket.socket:
        """Start its process and return the connection to it."""
        ours, theirs = socket.socketpair()
        stack.enter_context(ours)
        name_senders(ours)
        with theirs:
            about = self._box, self._files
            if self._unsafe:
                home = stack.enter_context(Scratch())
                self._process = starting.without_sandbox(*about, home, self.limits, theirs)
            elif forked:
                self._process = starting.forked(self._preloaded, *about, self.limits, theirs)
            else:
                self._process = starting.in_bubblewrap(*about, self.limits, theirs)
        return ours

    def _is_ready(self) -> bool:
        """Wait for the kernel, and return whether it came in time; nothing of a student's has run yet."""
        messages = self._connection.messages(time.monotonic() + READY_SECONDS)
        return any(kind == "ready" for _, kind, _, _ in messages)

    def _look_inside(self, stack: ExitStack, kernel: int) -> None:
        """Open, while it is the kernel's, what the process `kernel` is watched, interrupted and tidied up by."""
        process = os.pidfd_open(kernel)
        stack.callback(os.close, process)
        self._interrupt = partial(signal.pidfd_send_signal, process, signal.SIGINT)
        self._processes = self._watch.processes
        if not self._unsafe:
            self._processes = stack.enter_context(closing(Inside(kernel)))
            storage = stack.enter_context(closing(Storage(kernel, self.limits)))
            self._watch.processes, self._watch.look = self._processes, storage.too_much
            stack.callback(self._watch.stop)  # before there is nothing to look at
        self._own = self._processes.numbers()

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def end(self) -> None:
        """Kill the kernel and everything that it started."""
        end(self._process.pid)

    def end_what_was_left_running(self) -> None:
        """Kill every process that a cell started and that is still there."""
        for number in self._processes.numbers() - self._own:
            self._processes.kill(number)

    @property
    def seconds_left(self) -> float:
        """How much is left of the time of the submission."""
        return self._deadline - time.monotonic()

    def limited(self, seconds: float) -> float:
        """Return `seconds`, or less towards the end: nothing takes more than a fifth of what is left."""
        return max(min(seconds, self.seconds_left / 5), 0.5)

    def run(self, code: str, most: int = sys.maxsize) -> Ran:
        """Run a cell and keep of its outputs what a cell may put out, and at most `most` bytes.

        A cell that takes too long is interrupted, and the kernel ended if that does not help.
        """
        most = min(most, self.limits.output)
        ran = Ran(seconds=self.limited(self.limits.cell_seconds))
        with self._asking({"do": "run", "code": code}, ran.seconds) as (messages, state):
            for kind, content, size in messages:
                if kind not in KEPT:
                    continue
                if ran.size + size > most or len(ran.outputs) == MOST_OUTPUTS:
                    ran.cut = True
                else:
                    ran.size += size
                    ran.outputs.append((kind, content))
        ran.cut = ran.cut or self._connection.dropped
        ran.stopped = state["interrupted"]
        return ran

    def ask(self, content: dict, seconds: float) -> dict:
        """Send a request to the collector and return its reply, or that it had to be stopped."""
        reply: dict = {}
        with self._asking({"do": "ask", "content": content}, self.limited(seconds)) as (messages, state):
            for kind, told, _ in messages:
                if kind == "done":
                    reply = told
        return {"stopped": True} if state["interrupted"] else reply

    @contextmanager
    def _asking(self, request: dict, seconds: float) -> Iterator[tuple[Iterator, dict]]:
        state = {"interrupted": False}
        with self._reason_given():
            yield self._until_done(self._connection.send(request), seconds, state), state

    @contextmanager
    def _reason_given(self) -> Iterator[None]:
        """Say why, when the kernel turns out to be gone, or cannot be talked to."""
        try:
            yield
        except FloodedError as error:
            self.end()
            raise KernelDiedError(f"it put out more than {MOST_RECEIVED // MB} MB") from error
        except ConnectionClosedError as error:
            self.end()
            raise KernelDiedError(self._why()) from error

    def _until_done(self, asked: int, seconds: float, state: dict) -> Iterator[tuple[str, dict, int]]:
        """Yield kind, content and size of what belongs to the request, until it is done."""
        deadline = time.monotonic() + seconds
        while True:
            for number, kind, content, size in self._connection.messages(deadline):
                if number == asked:
                    yield kind, content, size
                    if kind == "done":
                        return
            if state["interrupted"]:
                self.end()
                raise KernelHungError(f"it was still running after {seconds:g} seconds, and would not stop")
            state["interrupted"] = True
            with suppress(ProcessLookupError):  # it has just ended, which the connection tells
                self._interrupt()
            deadline = time.monotonic() + GRACE_SECONDS

    def _why(self) -> str:
        for _ in range(20):  # the watch may be just about to say
            if self._watch.reason:
                return self._watch.reason
            time.sleep(0.01)
        return "it ended the kernel"
