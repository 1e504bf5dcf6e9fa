"""``import course_lib`` against ``import numpy``, each in a fresh interpreter."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from tests.bench.measure import table

ROUNDS = 15
WAYS = {"nothing": "pass", "numpy": "import numpy", "course_lib": "import course_lib"}
# The names a lesson takes first, since `import course_lib` alone loads them on first use.
WAYS["its core"] = "from course_lib import forward, gradients, loss, numerical_gradients, train"
WAYS["check"] = "from course_lib import check"


def seconds(rounds: int) -> dict[str, float]:
    """Median time of a fresh interpreter for each of the WAYS, in turns."""
    times: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, code in WAYS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def report(quick: bool = False) -> str:
    """Lay out the times and what each takes of numpy's."""
    found = seconds(1 if quick else ROUNDS)
    rows = [(name, f"{t * 1e3:.0f}", f"{t / found['numpy']:.2f}") for name, t in found.items()]
    return table("import, in a fresh interpreter", rows, ("import", "ms", "of numpy's"))
