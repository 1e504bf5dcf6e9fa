"""Print every table: ``python -m tests.bench``, or ``--against PATH`` to time this checkout and another in turns."""

from __future__ import annotations

import argparse
from pathlib import Path
from types import ModuleType

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
    parser.add_argument(
        "--only", nargs="*", default=[], metavar="PART", help=f"of {', '.join(map(name_of, PARTS))}"
    )
    parser.add_argument("--students", type=int, default=0, metavar="N", help="the size of the class")
    options = parser.parse_args(arguments)
    if unknown := {*options.only} - {*map(name_of, PARTS)}:
        parser.error(f"--only: there is no {', '.join(sorted(unknown))}")
    print(measure.machine())
    if options.against:
        print(against.report(options.against, options.quick), flush=True)
        return
    for part in PARTS:
        if not options.only or name_of(part) in options.only:
            size = {"students": options.students} if part is grading_a_class else {}
            print(part.report(options.quick, **size), flush=True)


def name_of(part: ModuleType) -> str:
    """Return what a part is called on the command line."""
    return part.__name__.rpartition(".")[2]


if __name__ == "__main__":
    main()
