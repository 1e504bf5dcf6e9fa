"""Counts what a sandbox keeps in its own file systems, which are in memory and go away with it."""

import contextlib
import os

from grading.sandbox.bubblewrap import WRITABLE
from grading.sandbox.limits import Limits
from grading.sandbox.processes import seen_by

TERMINALS = "/dev/pts"


class Storage:
    """The writable file systems that the process `kernel` sees, opened before anything of a student's runs.

    Their size has a limit of its own. The number of files has none, and every file takes memory, however empty. The
    system counts them, so nothing is walked through, and no depth or name matters.
    """

    def __init__(self, kernel: int, limits: Limits) -> None:
        self._limits = limits
        self._stack = contextlib.ExitStack()
        with contextlib.ExitStack() as opened:
            self._systems = [self._open(opened, seen_by(kernel, path)) for path in WRITABLE]
            self._terminals = self._open(opened, seen_by(kernel, TERMINALS))
            self._stack = opened.pop_all()

    @staticmethod
    def _open(stack: contextlib.ExitStack, path: str) -> int:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        stack.callback(os.close, descriptor)
        return descriptor

    def close(self) -> None:
        """Let go of the file systems."""
        self._stack.close()

    def too_much(self) -> str:
        """Return what there is too much of, or nothing."""
        systems = [os.fstatvfs(system) for system in self._systems]
        if sum(system.f_files - system.f_ffree for system in systems) > self._limits.entries:
            return f"it made more than {self._limits.entries} files and folders"
        if len(os.listdir(self._terminals)) > self._limits.terminals:
            return f"it opened more than {self._limits.terminals} terminals"
        return ""
