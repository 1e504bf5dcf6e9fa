"""Time a check, a diagnosis and `gradients` here and in another checkout, in turns in the same run."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.bench import calls, measure

HERE = Path(__file__).resolve().parents[2]


class Checkout:
    """A process that times the calls of a checkout; the same file runs in both."""

    def __init__(self, root: Path) -> None:
        if not (root / "course_lib" / "__init__.py").is_file():
            raise SystemExit(f"--against {root}: expected a checkout of this project, with course_lib/ in it")
        # -P: the folder of the script is not on the path, only the checkout is.
        self._process = subprocess.Popen(
            [sys.executable, "-P", calls.__file__],
            env=os.environ | {"PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Checkout:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def seconds(self, name: str, repeats: int) -> float:
        """Seconds a call, over so many repeats."""
        self._process.stdin.write(json.dumps([name, repeats]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{name}: the process that times it has ended; its error is above")
        return json.loads(answer)


def report(other: Path, quick: bool = False) -> str:
    """Lay out the medians of both checkouts, and the median of the ratios of the rounds."""
    names = list(calls.CALLS)
    with ExitStack() as stack:
        ours, theirs = (stack.enter_context(Checkout(root)) for root in (HERE, other.resolve()))
        rows = [_row(name, ours, theirs, quick) for name in names]
    return measure.table(
        f"this checkout against {other}, us a call", rows, ("", "this", "other", "ratio (above 1: slower)")
    )


def _row(name: str, ours: Checkout, theirs: Checkout, quick: bool) -> tuple[str, ...]:
    once = ours.seconds(name, 1)
    repeats = 1 if quick else measure.repeats_of(once)
    theirs.seconds(name, 1)
    pairs = []
    for turn in range(1 if quick else measure.ROUNDS):
        both = (ours, theirs) if turn % 2 else (theirs, ours)
        times = {checkout: checkout.seconds(name, repeats) for checkout in both}
        pairs.append((times[ours], times[theirs]))
    this, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    return (name, measure.microseconds(this), measure.microseconds(other), f"{ratio:.2f}")
