"""Waiting for a result that may be called off at once, whoever was to give it."""

import threading
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import Any


class Stopping:
    """Ends all waiting for results, now and later, once it has been called."""

    def __init__(self) -> None:
        self._over, self._lock = Future(), threading.Lock()

    def __call__(self) -> None:
        """Call everything off."""
        with self._lock:
            if not self._over.done():
                self._over.set_result(None)

    def __bool__(self) -> bool:
        """Tell whether everything has been called off."""
        return self._over.done()

    def result(self, future: Future) -> Any:
        """Return the result of a future, or raise `CancelledError` as soon as everything is called off."""
        done, _ = wait([future, self._over], return_when=FIRST_COMPLETED)
        if future not in done:
            raise CancelledError
        return future.result()
