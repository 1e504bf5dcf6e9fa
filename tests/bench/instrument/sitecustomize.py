"""Times some functions in whatever process of a command calls them; found by Python where PYTHONPATH leads here.

The product has no clock in it. Each call adds a line to the file that BENCH_PARTS names: what it is a part of, seconds
on the clock and of processor.
"""

import importlib.abc
import importlib.machinery
import os
import sys
import threading
import time
from functools import wraps
from pathlib import Path

FILE = os.environ.get("BENCH_PARTS", "")
# By module: what is timed, and what part it is counted as.
PARTS = {
    line.split()[0]: dict(word.split("=") for word in line.split()[1:])
    for line in Path(__file__).with_name("parts.txt").read_text().splitlines()
    if line and not line.startswith("#")
}


_within = threading.local()


def timed(function, part):
    """Return a function that does the same and writes down what it took, without what is timed by itself in it."""

    @wraps(function)
    def call(*arguments, **named):
        outer, _within.taken = getattr(_within, "taken", (0.0, 0.0)), (0.0, 0.0)
        begun, before = time.perf_counter(), time.thread_time()
        try:
            return function(*arguments, **named)
        finally:
            wall, own = time.perf_counter() - begun, time.thread_time() - before
            with open(FILE, "a") as file:
                file.write(f"{part} {wall - _within.taken[0]:.6f} {own - _within.taken[1]:.6f}\n")
            _within.taken = outer[0] + wall, outer[1] + own

    return call


class Finder(importlib.abc.MetaPathFinder):
    """Puts a clock around the functions of a module as soon as it is there."""

    def find_spec(self, name, path, target=None):
        """Return the spec of a module with parts, with a loader that times them."""
        if name not in PARTS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            run = spec.loader.exec_module
            spec.loader.exec_module = lambda module: (run(module), put(module))[0]
        return spec


def put(module):
    """Put a clock around each function that is still called as `parts.txt` says."""
    for names, part in PARTS[module.__name__].items():
        *within, name = names.split(".")
        where = module
        for outer in within:
            where = getattr(where, outer, None)
        if hasattr(where, name):
            setattr(where, name, timed(getattr(where, name), part))


if FILE:
    sys.meta_path.insert(0, Finder())
