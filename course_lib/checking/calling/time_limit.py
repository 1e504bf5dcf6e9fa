"""A limit on how long an answer may run, where the platform allows one."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from contextlib import ExitStack
from types import FrameType

from course_lib.checking.calling import steps
from course_lib.execution import IN_BROWSER, thread_time

# Seconds between two looks at the clocks.
INTERVAL = 0.1
steps.leave_alone(__file__)


class StillRunningError(BaseException):
    """Raised inside an answer that runs too long; not an Exception, so ``except Exception`` does not eat it."""


class TimeLimit:
    """A context that raises inside its block when the time is up; `reached` tells that it did.

    `computing` is in seconds of processor time, which on a busy machine is much less than what passes on the wall, and
    `waiting` in seconds on the wall, for a block that sleeps. With signals (Linux, macOS) it goes on raising at every
    look, for answers that catch everything. On Windows the interrupt of Ctrl-C is used once, and what all threads
    compute counts. In a browser, with neither signals nor threads, the running code itself looks at the clock, so it
    is stopped between two of its steps and never while it sleeps. Outside the main thread there is no limit.
    """

    def __init__(self, computing: float, waiting: float) -> None:
        self.computing, self.waiting, self.reached = computing, waiting, False
        self._main = threading.current_thread() is threading.main_thread()
        self._steps = IN_BROWSER and hasattr(sys, "monitoring")
        self._alarm = not self._steps and hasattr(signal, "setitimer")
        self._clock = thread_time if self._alarm else time.process_time
        self._looking = ExitStack()

    def __enter__(self) -> TimeLimit:
        self._computed, self._began = self._clock(), time.monotonic()
        first = min(INTERVAL, self.computing, self.waiting)
        if self._steps:
            self._looking.enter_context(steps.looking(self._look))
        elif self._main and self._alarm:
            self._before = signal.signal(signal.SIGALRM, self._look)
            signal.setitimer(signal.ITIMER_REAL, first, first)
        elif self._main:
            self._over = threading.Event()
            threading.Thread(target=self._interrupt_when_up, args=(first,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> bool:
        if self._steps:
            self._looking.close()
        elif self._main and self._alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
        elif self._main:
            self._over.set()
        # The alarm may ring between the end of the answer and here.
        return self.reached and isinstance(exc[1], StillRunningError | KeyboardInterrupt)

    def _is_up(self) -> bool:
        computed, passed = self._clock() - self._computed, time.monotonic() - self._began
        return computed >= self.computing or passed >= self.waiting

    def _look(self, signum: int = 0, frame: FrameType | None = None) -> None:
        if self._is_up():
            self.reached = True
            raise StillRunningError

    def _interrupt_when_up(self, interval: float) -> None:
        while not self._over.wait(interval):
            if self._is_up():
                self.reached = True
                _thread.interrupt_main()
                return
