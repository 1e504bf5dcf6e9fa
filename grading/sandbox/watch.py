"""Watches a sandbox from outside and ends it when it takes more than it may, or when it cannot be watched."""

import contextlib
import os
import threading
import time
from collections.abc import Callable

import psutil

from grading.sandbox.limits import MB, Limits
from grading.sandbox.processes import Below, Inside

PERIOD, MOST_URGENT = 0.15, -20
# However the sandbox hides what it took, the machine keeps this much.
SPARE_MEMORY = 256 * MB


class Watch(threading.Thread):
    """Looks every `PERIOD` at the sandbox whose outermost process is `root`; `reason` tells why it was ended.

    `processes` are those that it counts. `look`, when it is set, looks at one thing more and returns why that is too
    much, or nothing.
    """

    def __init__(self, root: int, limits: Limits, deadline: float) -> None:
        super().__init__(daemon=True, name="watch")
        self.root, self.limits, self.deadline = root, limits, deadline
        self.processes: Below | Inside = Below(root)
        self.look: Callable[[], str] = str
        self.reason = ""
        self._over = threading.Event()

    def run(self) -> None:
        """Watch until `stop` is called or a limit is passed; nothing runs unwatched, so every error ends it."""
        # The system limits the processes of everybody but root. Root may go first, and stop them while they are few.
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), MOST_URGENT)
        try:
            while not self.reason and not self._over.wait(PERIOD):
                self.reason = self._passed()
        except Exception as error:
            self.reason = f"it could no longer be watched ({type(error).__name__})"
        finally:
            if not self._over.is_set():
                end(self.root)

    def stop(self) -> None:
        """Stop watching."""
        self._over.set()
        self.join()

    def _passed(self) -> str:
        limits, use = self.limits, self.processes.use()
        if use.memory > limits.memory or psutil.virtual_memory().available < SPARE_MEMORY:
            return f"it used more than {limits.memory // MB} MB of memory"
        if use.processes > limits.processes or use.threads > limits.threads:
            return f"it started more than {limits.processes} processes or {limits.threads} threads"
        if use.cpu > limits.cpu:
            return f"it computed for more than {limits.cpu} seconds"
        if time.monotonic() > self.deadline:
            return f"it ran for more than {limits.seconds:g} seconds"
        return self.look()


def end(root: int) -> None:
    """Kill the outermost process; bubblewrap takes everything inside along, however it hid."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(root, 9)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(root, 9)
