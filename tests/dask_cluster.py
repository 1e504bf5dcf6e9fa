"""A Dask scheduler and its workers on this machine, for tests."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

LOOPBACK = ("--host", "127.0.0.1")


class Dask:
    """A scheduler at `address` and its workers, of which each is a process."""

    def __init__(self, folder: Path, environment: dict[str, str], *words: str) -> None:
        self._folder, self._environment, self.workers = folder, environment, []
        words = ("scheduler", *LOOPBACK, "--no-dashboard", "--port", "0", *words)
        self.scheduler, said = self._started(words, {}, r"\w+://127\.0\.0\.1:\d+")
        self.address = said[0]

    def add_worker(self, *words: str, **further: str) -> None:
        """Start a worker, and wait until the scheduler knows it."""
        words = ("worker", self.address, "--no-dashboard", "--nthreads", "1", "--no-nanny", *words)
        worker, _ = self._started(words, further, "Registered to")
        self.workers.append(worker)

    def _started(
        self, words: tuple[str, ...], further: dict[str, str], until: str
    ) -> tuple[subprocess.Popen, re.Match]:
        """Start a process of Dask's, and wait until it says something."""
        log = self._folder / f"dask-{len(self.workers)}-{words[0]}.log"
        command, environment = [sys.executable, "-m", "dask", *words], self._environment | further
        with log.open("w") as file:
            process = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
        while not (found := re.search(until, log.read_text())):
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        return process, found

    def end(self) -> None:
        """End what is still there."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextlib.contextmanager
def dask(folder: Path, environment: dict[str, str], *words: str) -> Iterator[Dask]:
    """Start a scheduler whose logs are in `folder`; in the end it and its workers are gone."""
    started = Dask(folder, environment, *words)
    try:
        yield started
    finally:
        started.end()
