"""What a test cell gave, read strictly: points from 0 to the maximum, or why there are none."""

import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from grading.submission import Cell

_NUMBER = r"(\d{1,12}(?:\.\d{0,20})?(?:e[+-]?\d{1,3})?)"
# As Python writes a number, and as numpy does.
NUMBER = re.compile(rf"{_NUMBER}|np\.(?:float|u?int)\d{{1,3}}\({_NUMBER}\)", re.ASCII)
# The name of an error comes from the student's kernel and is shown in feedback: of these names only.
ERRORS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)


class How(Enum):
    """How a test cell ended."""

    PASSED = "to its end"
    PARTLY = "with some of the points"
    FAILED = "with an error"
    TIMED_OUT = "when its time was over"
    DIED = "with its kernel"
    # Only a person can tell what these are worth.
    NOT_RUN = "before it began"
    NO_NUMBER = "with something other than points"
    SEVERAL = "with several results"
    WARNED = "with something on the error output"
    CUT = "stopped or too long, without an error"


TO_LOOK_AT = frozenset({How.NOT_RUN, How.NO_NUMBER, How.SEVERAL, How.WARNED, How.CUT})


@dataclass(frozen=True)
class Given:
    """How a test ended, with how many points; `error` is the name of the error, where it is one of Python's own."""

    how: How
    points: float = 0.0
    error: str = ""


def given_by(cell: Cell, most: float) -> Given:
    """Return what a test `cell` gave, of at most so many points; its outputs are None where it has not run.

    An error costs the points, and without a number there are all of them, as nbgrader has it. nbgrader would give all
    of them for a text, too, and for a number below 0.
    """
    if cell.outputs is None:
        return Given(How.DIED if cell.deadly else How.NOT_RUN)
    errors = [content for kind, content in cell.outputs if kind == "error"]
    if errors:
        return _failed(errors[0].get("ename"))
    if cell.note:
        return Given(How.CUT)
    if any(kind == "stream" and content.get("name") == "stderr" for kind, content in cell.outputs):
        return Given(How.WARNED)
    results = list(_results(cell))
    if len(results) > 1:
        return Given(How.SEVERAL)
    points = number(results[0]) if results else most
    if points is None or points > most:
        return Given(How.NO_NUMBER)
    return Given(How.PASSED if points == most else How.PARTLY, points)


def _failed(name: Any) -> Given:
    error = name if isinstance(name, str) and name in ERRORS else ""
    return Given(How.TIMED_OUT if error == KeyboardInterrupt.__name__ else How.FAILED, error=error)


def _results(cell: Cell) -> Iterator[Any]:
    for kind, content in cell.outputs:
        if kind == "execute_result":
            data = content.get("data")
            yield data.get("text/plain") if isinstance(data, dict) else None


def number(text: Any) -> float | None:
    """Return the number that a text is, 0 or above and written as a number; None for anything else."""
    found = NUMBER.fullmatch(text) if isinstance(text, str) else None
    return float(found[1] or found[2]) if found else None
