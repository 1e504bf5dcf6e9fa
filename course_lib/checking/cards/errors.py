"""Why an answer gave no value, in words: what it raised, and what it was called with."""

from __future__ import annotations

import re
from typing import Any

from course_lib.checking.calling import Outcome, Status, call
from course_lib.checking.cards.numbers import number
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
        rf"operands could not be broadcast together with shapes {_SHAPE} {_SHAPE} ?$",
        r"the shapes \1 and \2 do not fit together entry by entry",
    ),
)


def what_happened(exercise: Exercise, outcome: Outcome) -> str:
    """Say in a sentence why there is no value."""
    if outcome.status is Status.TIMED_OUT:
        return (
            f"It was still running after {call.SECONDS:g} seconds and was stopped (a loop that never ends?)."
        )
    if outcome.status is Status.WRONG_TYPE:
        return _not_callable(exercise, outcome)
    if outcome.status is Status.UNREADABLE:
        return f"It could not be read: looking at it raised {outcome.error.type}."
    if outcome.status is Status.DIED:
        return f"Its kernel ended: {outcome.error.message}."
    return f"Calling it gave {_raised(outcome)}."


def _not_callable(exercise: Exercise, outcome: Outcome) -> str:
    if outcome.missing:
        return f"There is no function under {', '.join(map(repr, outcome.missing))}."
    value = f": it is {outcome.value!r:.60}" if isinstance(outcome.value, int | float | str) else ""
    wanted = "dict of functions" if exercise.functions else "function"
    return f"`{exercise.answer_name}` is not a {wanted}{value}."


def _raised(outcome: Outcome) -> str:
    error = outcome.error
    if outcome.status is Status.STUB_LEFT:
        return f"{error.type}: the stub's `raise NotImplementedError()` is still in it"
    if outcome.status is Status.STUB_CALLED:
        return f"{error.type}: `{error.name}`, which it calls, is not answered yet"
    told = ": ".join(filter(None, (error.type, _plain(error.message))))
    return f"{told} (in the line `{error.line}`)" if error.line else told.rstrip(" .")


def _plain(message: str) -> str:
    """Return the message of an error with what numpy says of shapes in plain words."""
    for theirs, ours in _ERRORS:
        message = re.sub(theirs, ours, message)
    return message


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
