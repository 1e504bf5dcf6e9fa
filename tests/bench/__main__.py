"""Print every table: ``python -m tests.bench``."""

from __future__ import annotations

from tests.bench import backpropagation, importing, measure, numerical


def main() -> None:
    """Measure and print, one table after the other."""
    print(measure.machine())
    for part in (numerical, backpropagation, importing):
        print(part.report(), flush=True)


main()
