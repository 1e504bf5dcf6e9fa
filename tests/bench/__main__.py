"""Print every table: ``python -m tests.bench``, or ``--against PATH`` to time this checkout and another in turns."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.bench import (
    against,
    backpropagation,
    checking,
    exploring,
    grading_a_class,
    importing,
    measure,
    numerical,
)

PARTS = (numerical, backpropagation, checking, importing, exploring, grading_a_class)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print, one table after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--against", type=Path, metavar="PATH", help="compare with the checkout at PATH")
    parser.add_argument(
        "--quick", action="store_true", help="one round of the smallest cases, to see that it runs"
    )
    options = parser.parse_args(arguments)
    print(measure.machine())
    if options.against:
        print(against.report(options.against, options.quick), flush=True)
        return
    for part in PARTS:
        print(part.report(options.quick), flush=True)


if __name__ == "__main__":
    main()
