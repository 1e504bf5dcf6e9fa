"""Lessons of an instructor's own, for tests: written where an edition has them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.tiny import marks

MEANS = "07_means"
MEAN = "def mean(x):\n    ### BEGIN SOLUTION\n    return sum(x) / len(x)\n    ### END SOLUTION"
SPREAD = "def spread(x):\n    ### BEGIN SOLUTION\n    return max(x) - min(x)\n    ### END SOLUTION"
TEST_MEAN = (
    "assert mean([1, 3]) == 2\n### BEGIN HIDDEN TESTS\nassert mean([2, 4, 9]) == 5\n### END HIDDEN TESTS"
)
TEST_SPREAD = "good = [spread([1, 5]) == 4, spread([2]) == 0, spread([-1, 1]) == 2]\nsum(good)"
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def autograder_tests(name: str, source: str, points: float | None) -> NotebookNode:
    """Return a cell of nbgrader's autograder tests."""
    more = {} if points is None else {"points": points}
    return new_code_cell(source, metadata=marks(name, grade=True, **more))


def means() -> list[NotebookNode]:
    """Return the cells of a lesson with two answers, a test of each, and an answer that a person marks."""
    return [
        new_markdown_cell("# Means\n\nWhat stands in the middle?"),
        new_markdown_cell("## The mean"),
        new_code_cell(MEAN, metadata=marks("mean", solution=True)),
        autograder_tests("test_mean", TEST_MEAN, 2),
        new_markdown_cell("## The spread"),
        new_code_cell(SPREAD, metadata=marks("spread", solution=True)),
        autograder_tests("test_spread", TEST_SPREAD, 3),
        new_markdown_cell("## The median"),
        new_markdown_cell(
            "When a few are far out.", metadata=marks("median", grade=True, solution=True, points=4)
        ),
    ]


def write(edition: Path, name: str, cells: Sequence[NotebookNode]) -> Path:
    """Write the source of an own lesson into the folder of an edition, and return its notebook's path."""
    path = edition / "lessons" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=list(cells), metadata={"kernelspec": KERNEL}), path)
    return path
