"""One interpreter a lesson that has loaded what its kernels need; each kernel is forked from it into walls of its own.

It never runs or hears what is a student's, and knows no path outside: the course is loaded through a descriptor, under
the names that it has inside. ``preload.py COURSE SOCKET`` are its descriptors; the rest comes on its standard input.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.machinery
import importlib.util
import io
import json
import os
import signal
import socket
import sys
import tokenize
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

BOX = os.environ["GRADING_BOX"]
IDLE_SECONDS = 60.0
MOST_DESCRIPTORS = 3
# What Python and IPython load only once it is needed: at the start of a kernel, at its first magic, file or error.
LATER = (
    *(
        "IPython.core.application",
        "IPython.core.completer",
        "IPython.core.completerlib",
        "IPython.core.logger",
    ),
    *(
        "IPython.core.magics.history",
        "IPython.core.oinspect",
        "bdb",
        "encodings.utf_8_sig",
        "importlib.readers",
    ),
    *("locale", "pygments.formatters.terminal256", "pygments.lexers.python", "pygments.styles", "stack_data"),
)
# Where the course is, until everything is loaded.
_outside: list[str] = []


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module of the course under the name that its file has inside."""

    def get_data(self, path: str) -> bytes:
        return super().get_data(_there(path))

    def path_stats(self, path: str) -> dict:
        return super().path_stats(_there(path))


def _there(path: str) -> str:
    return _outside[0] + path.removeprefix(BOX) if _outside and path.startswith(BOX) else path


class _Finder:
    """Finds the modules of the course, before any that are installed."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return where a module is, if it is one of the course's."""
        last = name.rpartition(".")[2]
        for folder in [BOX, f"{BOX}/inside"] if path is None else path:
            if not folder.startswith(BOX):
                continue
            package, module = f"{folder}/{last}/__init__.py", f"{folder}/{last}.py"
            if os.path.exists(_there(package)):
                inside = [f"{folder}/{last}"]
                return importlib.util.spec_from_file_location(
                    name, package, loader=_Loader(name, package), submodule_search_locations=inside
                )
            if os.path.exists(_there(module)):
                return importlib.util.spec_from_file_location(name, module, loader=_Loader(name, module))
        return None


def load(course: int) -> None:
    """Load the course and what serves its kernels, and forget where it was loaded from."""
    _outside.append(f"/proc/self/fd/{course}")
    sys.meta_path.insert(0, _Finder)
    for name in ("entering", "serving", "start_kernel"):
        importlib.import_module(name)
    folder = Path(_outside[0], "course_lib")
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    for name in LATER:
        with contextlib.suppress(ImportError):  # another version of IPython
            importlib.import_module(name)
    list(tokenize.generate_tokens(io.StringIO("0\n").readline))  # its patterns are compiled at the first cell
    sys.meta_path.remove(_Finder)
    _outside.clear()
    os.close(course)


def serve(listening: socket.socket, keyctl: int, calls: bytes) -> None:
    """Fork a kernel for every connection, until nobody has asked for a while."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    listening.settimeout(IDLE_SECONDS)
    while True:
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            return
        with connection:
            connection.settimeout(IDLE_SECONDS)
            _, descriptors, _, _ = socket.recv_fds(connection, 1, MOST_DESCRIPTORS)
            if len(descriptors) == MOST_DESCRIPTORS and os.fork() == 0:
                _become_kernel(keyctl, calls, *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _become_kernel(keyctl: int, calls: bytes, walls: int, connection: int, holder: int) -> None:
    """Be a process that enters the walls, and whose child is the kernel: it is inside, and this one is not.

    This one waits for the kernel, which can neither see nor name it. As nobody else has `holder`, the walls stand
    until this one ends.
    """
    entering, start_kernel, numpy = (sys.modules[name] for name in ("entering", "start_kernel", "numpy"))
    try:
        entering.enter(walls)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if child := os.fork():
            entering.keep_only(holder)
            os.waitpid(child, 0)
        else:
            os.setsid()
            descriptor = entering.leave_everything(keyctl, calls, connection)
            sys.path_importer_cache.clear()  # what there is to import is not what there was outside
            numpy.random.seed()
            start_kernel.start(descriptor)
    finally:
        os._exit(0)


if __name__ == "__main__":
    course, listening = map(int, sys.argv[1:])
    sys.argv = [""]
    config = json.loads(sys.stdin.readline())
    load(course)
    gc.collect()
    gc.freeze()
    if len(os.listdir("/proc/self/task")) == 1:  # with a second thread no fork would be safe
        serve(socket.socket(fileno=listening), config["keyctl"], bytes.fromhex(config["calls"]))
