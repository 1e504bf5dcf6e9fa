"""Watches a sandbox from outside and ends it when it takes more than it may: memory, CPU, time, processes, disk."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from grading.sandbox.limits import MB, Limits

PERIOD = 0.15
# However the sandbox hides what it took, the machine keeps this much.
SPARE_MEMORY = 256 * MB
_PAGE, _TICK = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


class Use(NamedTuple):
    """What a tree of processes uses: counts, bytes and seconds."""

    processes: int
    threads: int
    memory: int
    cpu: float


def use_of(root: int) -> Use:
    """Return what the process `root` and everything below it use."""
    children, facts = defaultdict(list), {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = Path("/proc", name, "stat").read_bytes().rpartition(b")")[2].split()
                children[int(fields[1])].append(int(name))
                ticks = sum(int(fields[n]) for n in (11, 12, 13, 14))
                facts[int(name)] = int(fields[17]), int(fields[21]) * _PAGE, ticks / _TICK
    found, left = [], [root]
    while left:
        process = left.pop()
        left += children[process]
        if process in facts:
            found.append(facts[process])
    threads, memory, cpu = (sum(column) for column in zip(*found, strict=True)) if found else (0, 0, 0.0)
    return Use(len(found), threads, memory, cpu)


def spare_memory() -> int:
    """Return the bytes that the machine still has."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return SPARE_MEMORY + 1


def disk_of(folder: str) -> int:
    """Return the bytes below `folder`, each file counted as 4 KB at least."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += max(os.lstat(os.path.join(where, name)).st_blocks * 512, 4096)
    return total


class Watch(threading.Thread):
    """Looks every `PERIOD` at the sandbox whose outermost process is `root`; `reason` tells why it was ended."""

    def __init__(self, root: int, channel: str, limits: Limits) -> None:
        super().__init__(daemon=True, name="watch")
        self.root, self.channel, self.limits = root, channel, limits
        self.reason = ""
        self._over = threading.Event()
        self._deadline = time.monotonic() + limits.seconds

    def run(self) -> None:
        """Watch until `stop` is called or a limit is passed."""
        while not self._over.wait(PERIOD):
            self.reason = self._passed()
            if self.reason:
                end(self.root)
                return

    def stop(self) -> None:
        """Stop watching."""
        self._over.set()
        self.join()

    def _passed(self) -> str:
        limits, use = self.limits, use_of(self.root)
        if use.memory > limits.memory or spare_memory() < SPARE_MEMORY:
            return f"it used more than {limits.memory // MB} MB of memory"
        if use.processes > limits.processes or use.threads > limits.threads:
            return f"it started more than {limits.processes} processes or {limits.threads} threads"
        if use.cpu > limits.cpu:
            return f"it computed for more than {limits.cpu} seconds"
        if disk_of(self.channel) > limits.disk:
            return f"it wrote more than {limits.disk // MB} MB"
        if time.monotonic() > self._deadline:
            return f"it ran for more than {limits.seconds:g} seconds"
        return ""


def end(root: int) -> None:
    """Kill the outermost process; bubblewrap takes everything inside along, however it hid."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(root, 9)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(root, 9)
