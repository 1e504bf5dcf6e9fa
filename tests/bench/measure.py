"""Time several functions in turns, so that a busy moment of the machine hits all of them."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Callable

import numpy as np

from tests.bench.calls import seconds

ROUNDS = 15
SECONDS_A_ROUND = 0.04


def medians(functions: dict[str, Callable[[], object]], quick: bool = False) -> dict[str, float]:
    """Seconds a call of each function: the median over rounds in which all of them take their turn.

    With `quick` there is one round of one call.
    """
    repeats = {name: 1 if quick else _repeats(function) for name, function in functions.items()}
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(1 if quick else ROUNDS):
        for name, function in functions.items():
            times[name].append(seconds(function, repeats[name]))
    return {name: statistics.median(values) for name, values in times.items()}


def _repeats(function: Callable[[], object]) -> int:
    function()  # the first call compiles, imports and fills caches
    return repeats_of(seconds(function, 3))


def repeats_of(once: float) -> int:
    """Return how many calls of so many seconds fill a round."""
    return max(1, min(5000, round(SECONDS_A_ROUND / max(once, 1e-9))))


def machine() -> str:
    """One line about where the figures come from."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, numpy {np.__version__}"
    )


def table(title: str, rows: list[tuple[str, ...]], header: tuple[str, ...]) -> str:
    """Lay out rows of text in columns under a title."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    laid = ["  ".join(f"{cell:>{width}}" for cell, width in zip(line, widths, strict=True)) for line in lines]
    return "\n".join(["", title, *laid])


def microseconds(seconds: float) -> str:
    """Format a time with three digits: 12.3, 123, 1230."""
    value = seconds * 1e6
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"
