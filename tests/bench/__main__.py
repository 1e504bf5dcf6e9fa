"""Print every table: ``python -m tests.bench``."""

from __future__ import annotations

from tests.bench import backpropagation, checking, exploring, importing, measure, numerical


def main() -> None:
    """Measure and print, one table after the other."""
    print(measure.machine())
    for part in (numerical, backpropagation, checking, importing, exploring):
        print(part.report(), flush=True)


main()
