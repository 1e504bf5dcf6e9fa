"""What an answer was called with, in words where it is small: its numbers, or its sizes."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from course_lib.checking.cards.content import number
from course_lib.exercises import Exercise
from course_lib.mistakes import flat

# Where there are more numbers than these, arrays are told by their shapes.
MOST_NUMBERS = 4


def called_with(exercise: Exercise, case: tuple[Any, ...]) -> str:
    """Say what an answer was called with where that is short: plain numbers, or arrays of nothing but 0."""
    names = argument_names(exercise, case)
    if not names:
        return ""
    if all(isinstance(argument, int | float) for argument in case):
        return described(exercise, case)
    numbers = flat(case[0])
    return f"{names[0]} that are all 0" if numbers is not None and numbers.size and not numbers.any() else ""


def described(exercise: Exercise, case: tuple[Any, ...]) -> str:
    """Describe every argument that has a value or a size to tell: ``O (5, 3)``, or ``I = 5, J = 7``."""
    numbers = flat([value for value in case if isinstance(value, int | float | np.ndarray)])
    is_small = numbers is not None and numbers.size <= MOST_NUMBERS
    arguments = zip(argument_names(exercise, case), case, strict=False)
    return ", ".join(filter(None, (_argument(name, value, is_small) for name, value in arguments)))


def argument_names(exercise: Exercise, case: tuple[Any, ...]) -> list[str]:
    """Return the names of the arguments, or none where they are not told."""
    asked = re.search(r"\((.*?)\)", exercise.asks)
    names = asked[1].split(", ") if asked else []
    return names if len(names) == len(case) else []


def changed_arguments(exercise: Exercise, case: tuple[Any, ...], changed: Sequence[tuple[int, ...]]) -> str:
    """Name the arguments that were changed: ``weights[1]``, or ``weights`` where all its entries were."""
    names = argument_names(exercise, case) or [f"argument {n + 1}" for n in range(len(case))]
    found: dict[int, list[int]] = {}
    for at, *entry in (path for path in changed if path and path[0] < len(case)):
        found.setdefault(at, []).extend(entry[:1])
    told = []
    for at, entries in found.items():
        whole = not entries or (len(entries) > 1 and len(entries) == len(case[at]))
        told += [names[at]] if whole else [f"{names[at]}[{entry}]" for entry in entries]
    return " and ".join(f"`{each}`" for each in told)


def _argument(name: str, value: Any, is_small: bool) -> str:
    if isinstance(value, int | float):
        return f"{name} = {number(value)}"
    if isinstance(value, str):
        return f"{name} = {value!r}"
    if isinstance(value, np.ndarray):
        return f"{name} = {_listed(value)}" if is_small else f"{name} {value.shape}"
    if isinstance(value, list | tuple) and all(isinstance(piece, np.ndarray) for piece in value):
        return f"{name} {', '.join(_sizes(value))}"
    return ""


def _listed(value: np.ndarray) -> str:
    return f"[{', '.join(map(_listed, value))}]" if value.ndim else number(float(value))


def _sizes(arrays: list[np.ndarray]) -> Iterator[str]:
    """Tell the sizes of matrices that follow each other as those of a network, of others their shapes."""
    shapes = [array.shape for array in arrays]
    if all(len(shape) == 2 for shape in shapes) and all(a[1] == b[0] for a, b in pairwise(shapes)):
        yield "-".join(str(size) for size in (shapes[0][0], *(shape[1] for shape in shapes)))
    else:
        yield from map(str, shapes)
