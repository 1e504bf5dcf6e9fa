"""A limit on how long an answer may run, where the platform allows one."""

from __future__ import annotations

import _thread
import signal
import threading
from types import FrameType


class StillRunningError(BaseException):
    """Raised inside an answer that runs too long; not an Exception, so ``except Exception`` does not eat it."""


class TimeLimit:
    """A context that raises inside its block when `seconds` are over; `reached` tells that it did.

    With signals (Linux, macOS) the alarm rings again every tenth of a second, for answers that catch everything.
    On Windows the interrupt of Ctrl-C is used once. Outside the main thread there is no limit.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.reached = seconds, False
        self._main = threading.current_thread() is threading.main_thread()
        self._alarm = hasattr(signal, "setitimer")

    def __enter__(self) -> TimeLimit:
        if self._main and self._alarm:
            self._before = signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self.seconds, 0.1)
        elif self._main:
            self._timer = threading.Timer(self.seconds, self._interrupt)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *exc: object) -> bool:
        if self._main and self._alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
        elif self._main:
            self._timer.cancel()
        # The alarm may ring between the end of the answer and here.
        return self.reached and isinstance(exc[1], StillRunningError | KeyboardInterrupt)

    def _ring(self, signum: int, frame: FrameType | None) -> None:
        self.reached = True
        raise StillRunningError

    def _interrupt(self) -> None:
        self.reached = True
        _thread.interrupt_main()
