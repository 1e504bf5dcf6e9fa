"""The calls that are timed: a check, a diagnosis, `gradients`.

Run as a script it times them in a process of its own, for whichever course_lib comes first on its path. So this file
imports nothing of the tests, and keeps to what an older checkout has as well.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable

import numpy as np

from course_lib import EXERCISES, Outcome, check, gradients, judge, random_network

Call = Callable[[], object]
CASES = 3


def seconds(call: Call, repeats: int) -> float:
    """Seconds a call."""
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def judged_right(exercise: object) -> Call:
    """Return a call that judges the right answer on what it gave."""
    cases = _cases(exercise)
    outcomes = [Outcome(exercise.reference(*case)) for case in cases]
    return lambda: judge(exercise, cases, outcomes)


def diagnosed(exercise: object) -> Call:
    """Return a call that judges what no mistake explains: all of them and all pairs are tried, on new numbers."""
    cases = _cases(exercise)
    outcomes = [Outcome(bent(exercise.reference(*case))) for case in cases]
    turn = itertools.count(1)

    def judged() -> object:
        shift = next(turn) * 1e-13  # in the size of rounding, but enough that nothing is remembered
        return judge(exercise, [shifted(case, shift) for case in cases], outcomes)

    return judged


def _cases(exercise: object) -> list[tuple]:
    """Draw cases on which there is one right answer."""
    rng = np.random.default_rng(0)
    found: list[tuple] = []
    while len(found) < CASES:
        cases = exercise.cases(rng)
        found += [case for case in cases if not (exercise.refuses and exercise.refuses(*case))]
        found = [case for case in found if exercise.reference(*case) is not None]
    return found[:CASES]


def bent(value: object) -> object:
    """Return an answer that is off in a way that no mistake explains, piece by piece."""
    if isinstance(value, list | tuple):
        return type(value)(map(bent, value))
    return np.asarray(value) * 1.3 + 0.01


def shifted(value: object, shift: float) -> object:
    """Return `value` with every array of floats in it moved by `shift`."""
    if isinstance(value, list | tuple):
        return type(value)(shifted(piece, shift) for piece in value)
    return value + shift if isinstance(value, np.ndarray) and value.dtype == float else value


def by_hand(weights: list, X: np.ndarray, D: np.ndarray) -> list[np.ndarray]:
    """Return the gradients of one hidden layer, as a student writes them."""
    y = 1.0 / (1.0 + np.exp(-X @ weights[0]))
    o = 1.0 / (1.0 + np.exp(-y @ weights[1]))
    delta = 2.0 / len(X) * (o - D) * o * (1.0 - o)
    return [X.T @ (delta @ weights[1].T * y * (1.0 - y)), y.T @ delta]


def _gradients(sizes: tuple[int, ...], samples: int) -> Call:
    weights, X, D = random_network(np.random.default_rng(1), sizes, samples)
    return lambda: gradients(weights, X, D)


CALLS: dict[str, Callable[[], Call]] = {
    "gradients 3-4-2, N=5": lambda: _gradients((3, 4, 2), 5),
    "gradients 3-32-2, N=1000": lambda: _gradients((3, 32, 2), 1000),
    "gradients 784-100-10, N=256": lambda: _gradients((784, 100, 10), 256),
    "check, backprop right": lambda: lambda: check("backprop", by_hand),
    "check, backprop wrong": lambda: lambda: check("backprop", lambda *case: bent(by_hand(*case))),
    "diagnosis, dE_dw12_01": lambda: diagnosed(EXERCISES["dE_dw12_01"]),
    "diagnosis, backprop": lambda: diagnosed(EXERCISES["backprop"]),
}


def serve() -> None:
    """Answer each line on standard input, a name and a number of repeats, with the seconds a call."""
    ready: dict[str, Call] = {}
    for line in sys.stdin:
        name, repeats = json.loads(line)
        if name not in ready:
            ready[name] = CALLS[name]()
            ready[name]()  # the first call imports and fills caches
        print(json.dumps(seconds(ready[name], repeats)), flush=True)


if __name__ == "__main__":
    serve()
