"""What runs in the worker: bytes with an order in, plain data out. No gradebook, no network, no other submission.

Nothing that is imported here may import nbgrader or nbformat: they take longer to load than a submission to grade.
"""

import json
from pathlib import Path
from typing import Any

from grading.intake import admit as intake
from grading.intake.released import Marked, Released
from grading.lessons import LESSONS
from grading.worker.assessment import Assessment, Order, tested


def admit(order: bytes) -> dict[str, Any]:
    """Copy the files of a submission and return its mended cells, and what grading has to know about them."""
    told = json.loads(order)
    lesson = Released(
        told["lesson"], tuple(Marked(**cell) for cell in told["cells"]), frozenset(told["texts"])
    )
    return intake.admit(Path(told["source"]), Path(told["target"]), lesson)


def grade(order: bytes) -> dict[str, Any]:
    """Run the cells of an admitted submission in the sandbox, and return its outputs and the verdict on each exercise.

    Parameters
    ----------
    order
        The fields of `Order` as JSON.

    Returns
    -------
    dict
        ``outputs``, a list for each cell; ``verdicts`` by exercise, each with its points and its card; ``figures`` by
        exercise, the diagrams as they were answered; ``broken``, the exercises that could not be judged; ``drawn``,
        those answered in a diagram; ``answers_file``, whether there was one; ``notes``.
    """
    told = json.loads(order)
    return Assessment(LESSONS[told["lesson"]], Order(**told | {"secret": told["secret"].encode()})).result()


def test(order: bytes) -> dict[str, Any]:
    """Run the tests of plain nbgrader in the sandbox, and return the verdict on each, and which a person looks at.

    The order has no secret in it.
    """
    told = json.loads(order)
    return tested(LESSONS[told["lesson"]], Order(**told | {"secret": b""}))
