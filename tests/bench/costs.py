"""What a command costs, with everything that it starts: time on the clock, processor time, memory.

Processor time is that of a control group where one can be made; else of the children that were waited for, which
leaves out a process whose parent was ended before it.
"""

from __future__ import annotations

import contextlib
import itertools
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

LOOK_SECONDS, MEMORY_TURNS = 0.05, 5
# Kinds of processes by a word of their command lines; one that was forked has that of its parent.
KINDS = {
    "grading.bounded": "taking in and judging",
    "preload": "kernels",
    "ipykernel": "kernels",
    "launch.py": "starting sandboxes",
    "bwrap": "starting sandboxes",
    "/hold/": "starting sandboxes",
    "-m grading": "the command: bookkeeping",
}
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
    kinds: dict[str, float]


def cost(command: list[str], folder: Path, environment: dict[str, str], look: bool = False) -> Cost:
    """Run a command in `folder` and return what it cost.

    With `look` its processes are looked at now and then, which takes a little of the processor: for memory, and for
    the processor time of each kind of them, but for that of their last moments.
    """
    with _group() as group, tempfile.TemporaryFile() as said:
        entering = ["sh", "-c", ENTER, str(group)] if group else []
        before, begun = _used(group), time.perf_counter()
        process = subprocess.Popen(
            [*entering, *command], cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        watch = _Watch(process.pid) if look else None
        status = process.wait()
        wall, used = time.perf_counter() - begun, _used(group) - before
        said.seek(0)
        most, kinds = watch.end() if watch else (0, {})
        return Cost(wall, used, most, status, said.read().decode(errors="replace"), kinds)


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
    """Looks now and then at a process and everything below it: memory, of which what is shared counts once; time."""

    def __init__(self, pid: int) -> None:
        self._process, self._most, self._over = psutil.Process(pid), 0, threading.Event()
        self._seen: dict[psutil.Process, tuple[str, float]] = {}
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> tuple[int, dict[str, float]]:
        """Stop looking; return the largest sum of memory, and the seconds of processor by kind of process."""
        self._over.set()
        self._thread.join()
        kinds: dict[str, float] = {}
        for kind, seconds in self._seen.values():
            kinds[kind] = kinds.get(kind, 0.0) + seconds
        return self._most, kinds

    def _look(self) -> None:
        for turn in itertools.count():
            if self._over.wait(LOOK_SECONDS):
                return
            with contextlib.suppress(psutil.Error):
                tree = [self._process, *self._process.children(recursive=True)]
                for process in tree:
                    self._note(process)
                if turn % MEMORY_TURNS == 0:
                    self._most = max(self._most, sum(map(_memory, tree)))

    def _note(self, process: psutil.Process) -> None:
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            known = self._seen.get(process)
            self._seen[process] = (known[0] if known else _kind(process), times.user + times.system)


def _kind(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    return next((kind for sign, kind in KINDS.items() if sign in words), process.name())


def _memory(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error, AttributeError):
        return process.memory_full_info().pss
    return 0
