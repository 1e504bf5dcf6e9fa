"""A step of each explorer with its pictures, against the 80 ms in which a hand expects an answer."""

from __future__ import annotations

import math
import statistics
import time

import course_lib
from tests.bench.measure import table

NAMES = ("explore_descent", "explore_training", "explore_depth", "explore_clipping")
LIMIT = 0.080


def seconds(name: str, most: float) -> tuple[float, float]:
    """Time to build an explorer, and the median time of its steps, at most so many."""
    start = time.perf_counter()
    explorer = getattr(course_lib, name)()
    built = time.perf_counter() - start
    explorer._choices.value = next(iter(explorer.predictions))
    times = []
    while explorer.experiment.ready and len(times) < most:
        start = time.perf_counter()
        explorer.advance(1 + explorer.experiment.run.step // 20)
        times.append(time.perf_counter() - start)
    explorer.close()
    return built, statistics.median(times)


def report(quick: bool = False) -> str:
    """Lay out the times of all explorers."""
    rows = []
    for name in NAMES[:1] if quick else NAMES:
        built, step = seconds(name, 1 if quick else math.inf)
        rows.append((name, f"{built * 1e3:.0f}", f"{step * 1e3:.0f}", f"{step / LIMIT:.2f}"))
    return table(
        "explorers, without the way to the browser", rows, ("", "ms to build", "ms a step", "of 80 ms")
    )
