"""The processes of a sandbox, as its own /proc has them: all of them, and nothing else that runs on the machine."""

from __future__ import annotations

import contextlib
import os
import signal
from typing import NamedTuple

import psutil

TICK, PAGE = 1 / os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
# Where a process's file `stat` has them, behind its name: processor time of its own and of its children that ended.
TIMES, THREADS, MEMORY = slice(11, 15), 17, 21
MOST_STAT = 4096


class Use(NamedTuple):
    """What some processes use: counts, bytes and seconds."""

    processes: int
    threads: int
    memory: int
    cpu: float


def seen_by(process: int, path: str) -> str:
    """Return where there is, for us, what a process has at an absolute path."""
    return f"/proc/{process}/root{path}"


class Inside:
    """The processes among which is `kernel`, by the numbers that they have inside.

    Opened before anything of a student's runs, so it stays what it is whatever happens to its place.
    """

    def __init__(self, kernel: int) -> None:
        self._proc = os.open(seen_by(kernel, "/proc"), os.O_RDONLY | os.O_DIRECTORY)

    def close(self) -> None:
        """Look no more."""
        os.close(self._proc)

    def numbers(self) -> set[int]:
        """Return the numbers of all of them."""
        return {int(name) for name in os.listdir(self._proc) if name.isdecimal()}

    def use(self) -> Use:
        """Return what they use."""
        count, threads, memory, cpu = 0, 0, 0, 0
        for number in self.numbers():
            # Some end while they are looked at.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                told = self._stat(number)
                count += 1
                threads += int(told[THREADS])
                memory += int(told[MEMORY])
                cpu += sum(map(int, told[TIMES]))
        return Use(count, threads, memory * PAGE, cpu * TICK)

    def kill(self, number: int) -> None:
        """End one of them."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            process = os.open(str(number), os.O_RDONLY | os.O_DIRECTORY, dir_fd=self._proc)
            try:
                signal.pidfd_send_signal(process, signal.SIGKILL)
            finally:
                os.close(process)

    def _stat(self, number: int) -> list[bytes]:
        file = os.open(f"{number}/stat", os.O_RDONLY, dir_fd=self._proc)
        try:
            return os.read(file, MOST_STAT).rpartition(b")")[2].split()
        finally:
            os.close(file)


class Below:
    """A process outside of any sandbox, or not inside yet, and everything below it."""

    def __init__(self, root: int) -> None:
        self._root = root

    def numbers(self) -> set[int]:
        """Return the numbers of all of them."""
        return {process.pid for process in self._tree()}

    def use(self) -> Use:
        """Return what they use."""
        tree = self._tree()
        threads, memory, cpu = 0, 0, 0.0
        for process in tree:
            # Some end while they are looked at.
            with contextlib.suppress(psutil.NoSuchProcess), process.oneshot():
                threads += process.num_threads()
                memory += process.memory_info().rss
                cpu += sum(process.cpu_times()[:4])  # its own and that of its children that ended
        return Use(len(tree), threads, memory, cpu)

    def kill(self, number: int) -> None:
        """End one of them."""
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(number).kill()

    def _tree(self) -> list[psutil.Process]:
        try:
            first = psutil.Process(self._root)
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []
