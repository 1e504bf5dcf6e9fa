"""`gradients` against the peers, and against the bare matrix products."""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from course_lib import random_network
from tests.bench.measure import medians, microseconds, table
from tests.bench.peers import GRADIENTS, LIMIT

CASES = (((3, 4, 2), 5), ((3, 32, 2), 1000), ((784, 100, 10), 256))
MISSING = "not installed"


def report(quick: bool = False) -> str:
    """Assert that all peers agree, time them, and lay out the times and the ratios."""
    times, ratios = [], []
    for sizes, samples in CASES[:1] if quick else CASES:
        found = _measured(sizes, samples, quick)
        case = ("-".join(map(str, sizes)), str(samples))
        times.append((*case, *(microseconds(t) if t else MISSING for t in found.values())))
        ratios.append((*case, *(f"{t / found['ours']:.2f}" if t else MISSING for t in found.values())))
    header = ("network", "N", *found)
    return (
        table("gradients, us a call", times, header)
        + "\n"
        + table("gradients, times ours (above 1: slower than ours)", ratios, header)
    )


def _measured(sizes: tuple[int, ...], samples: int, quick: bool) -> dict[str, float | None]:
    network = random_network(np.random.default_rng(1), sizes, samples)
    functions = {}
    for name, make in (GRADIENTS | LIMIT).items():
        with suppress(ImportError):
            functions[name] = make(*network)
    for name in GRADIENTS.keys() & functions.keys():
        for ours, theirs in zip(functions["ours"](), functions[name](), strict=True):
            np.testing.assert_allclose(np.asarray(theirs), ours, rtol=1e-9, atol=1e-12)
    return dict.fromkeys(GRADIENTS | LIMIT) | medians(functions, quick)
