"""What a command costs, with everything that it starts: time on the clock, processor time, memory.

Processor time is that of a control group where one can be made; else of the children that were waited for, which
leaves out a process whose parent was ended before it.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

LOOK_SECONDS = 0.25
GROUPS = Path("/sys/fs/cgroup")
ENTER = 'echo $$ > "$0/cgroup.procs" && exec "$@"'


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock and of processor, bytes at the worst moment (0 where nobody looked), the exit status."""

    wall: float
    processor: float
    memory: int
    status: int
    said: str


def cost(command: list[str], folder: Path, environment: dict[str, str], memory: bool = False) -> Cost:
    """Run a command in `folder` and return what it cost; looking at its memory takes a little of the processor."""
    with _group() as group, tempfile.TemporaryFile() as said:
        entering = ["sh", "-c", ENTER, str(group)] if group else []
        before, begun = _used(group), time.perf_counter()
        process = subprocess.Popen(
            [*entering, *command], cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        watch = _Watch(process.pid) if memory else None
        status = process.wait()
        wall, used = time.perf_counter() - begun, _used(group) - before
        said.seek(0)
        most = watch.end() if watch else 0
        return Cost(wall, used, most, status, said.read().decode(errors="replace"))


def method() -> str:
    """Say how processor time is measured here."""
    with _group() as group:
        return "of a control group" if group else "of the children that were waited for"


@contextlib.contextmanager
def _group() -> Iterator[Path | None]:
    """Make a control group for one command, if this user may."""
    group = next(filter(None, map(_made, _places())), None)
    try:
        yield group
    finally:
        if group:
            _remove(group)


def _places() -> Iterator[Path]:
    for line in Path("/proc/self/cgroup").read_text().splitlines() if GROUPS.is_dir() else ():
        number, controllers, path = line.split(":", 2)
        if number == "0" and (GROUPS / "cgroup.controllers").exists():
            yield GROUPS / path.lstrip("/")
        elif "cpuacct" in controllers.split(","):
            yield GROUPS / controllers / path.lstrip("/")


def _made(place: Path) -> Path | None:
    group = place / f"bench-{os.getpid()}"
    try:
        group.mkdir(exist_ok=True)
        subprocess.run(["sh", "-c", ENTER, str(group), "true"], check=True, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    return group


def _remove(group: Path) -> None:
    for _ in range(50):  # what has ended may still be on its way out
        try:
            return group.rmdir()
        except OSError:
            time.sleep(0.1)
    return None


def _used(group: Path | None) -> float:
    if group is None:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    if (group / "cpuacct.usage").exists():
        return int((group / "cpuacct.usage").read_text()) / 1e9
    return int((group / "cpu.stat").read_text().split()[1]) / 1e6


class _Watch:
    """Looks now and then how much memory a process and everything below it have; what is shared counts once."""

    def __init__(self, pid: int) -> None:
        self._process, self._most, self._over = psutil.Process(pid), 0, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> int:
        """Stop looking, and return the largest sum."""
        self._over.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            with contextlib.suppress(psutil.Error):
                tree = [self._process, *self._process.children(recursive=True)]
                self._most = max(self._most, sum(map(_memory, tree)))


def _memory(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error, AttributeError):
        return process.memory_full_info().pss
    return 0
