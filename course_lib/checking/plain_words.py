"""Errors and inputs in plain words: what numpy means by its core dimensions, and what an answer was called with."""

from __future__ import annotations

import re
from typing import Any

from course_lib.checking.pointing import number
from course_lib.exercises import Exercise
from course_lib.mistakes import flat

_SHAPE = r"(\([\d, ]*\))"
# numpy's words, and the same with the sizes that do not fit; the second size is the left side's.
_ERRORS = (
    (
        r"matmul: Input operand 1 has a mismatch in its core dimension 0.*?\(size (\d+) is different from (\d+)\)",
        r"`@` wants as many columns on its left as rows on its right; here they are \2 and \1",
    ),
    (
        rf"shapes {_SHAPE} and {_SHAPE} not aligned: (\d+) \(dim \d\) != (\d+) \(dim \d\)",
        r"a product of the shapes \1 and \2 wants as many columns on its left as rows on its right; "
        r"here they are \3 and \4",
    ),
    (
        rf"operands could not be broadcast together with shapes {_SHAPE} {_SHAPE} ?(?=$|\(in)",
        r"the shapes \1 and \2 do not fit together entry by entry ",
    ),
)


def plain_error(text: str) -> str:
    """Return the text of an error with what numpy says of shapes in plain words."""
    for theirs, ours in _ERRORS:
        text = re.sub(theirs, ours, text)
    return text.rstrip(" .")


def called_with(exercise: Exercise, case: tuple[Any, ...]) -> str:
    """Say what an answer was called with where that is short: plain numbers, or arrays of nothing but 0."""
    asked = re.search(r"\((.*?)\)", exercise.asks)
    names = asked[1].split(", ") if asked else []
    if not case or len(names) != len(case):
        return ""
    if all(isinstance(argument, int | float) for argument in case):
        return ", ".join(f"{name} = {number(argument)}" for name, argument in zip(names, case, strict=True))
    numbers = flat(case[0])
    return f"{names[0]} that are all 0" if numbers is not None and numbers.size and not numbers.any() else ""
