"""What an entry of the catalogue is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from course_lib.inputs import float_of

# From the case of an exercise to every answer that a mistake leads to there, and one of these for each mistake.
Answers = Callable[..., list[Any]]
WrongAnswers = Mapping[str, Answers]
# What gives, one after the other, some ids and a function from the case to the answer that all of them lead to at once.
# It raises ValueError where that is not possible.
Together = Callable[[], Iterable[tuple[tuple[str, ...], Callable[..., Any]]]]


@dataclass(frozen=True)
class Mistake:
    """A mistake that people really make.

    Parameters
    ----------
    id : str
        Its name in the catalogue, part of the contract.
    done : str
        What the numbers suggest was done: a clause after "What the numbers suggest:".
    look : str
        The one thing to look at: what follows "Look at".
    formula : str
        The formula that the card shows beside it.
    trace : str
        What this mistake, made alone, does to the numbers: a clause that follows `done` after a colon.
    scale : bool
        Whether it only multiplies the right answer by a number.
    by_numbers : bool
        Whether numbers suggest it; not where what an answer does is seen.
    gradients : tuple of callable
        For a mistake in a whole gradient, the ways to make it: a `Recipe`, or any function from (weights, X, D) to
        a list of arrays (or a `Line` of them) that raises ValueError where the mistake is not possible.
    in_a_loop : tuple of callable
        The same mistake in a loop over the samples, where that gives other numbers. Only a diagnosis asks for these.
    """

    id: str
    done: str
    look: str
    formula: str = ""
    trace: str = ""
    scale: bool = False
    by_numbers: bool = True
    gradients: tuple[Callable[..., Any], ...] | None = None
    in_a_loop: tuple[Callable[..., Any], ...] = ()


class Line(NamedTuple):
    """Answers `base` - rate * `direction`, for a mistake that depends on a rate nobody knows."""

    base: Any
    direction: Any


def flat(value: Any) -> np.ndarray | None:
    """Return every number of a float, array, list of arrays or dict of floats as one vector; None for other things."""
    if type(value) is np.ndarray and value.dtype == float:
        return value.flatten()  # as nearly all that a diagnosis tries
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        pieces = [flat(piece) for piece in value]
        return None if any(piece is None for piece in pieces) else np.concatenate([*pieces, np.empty(0)])
    try:
        array = np.asarray(float_of(value) if type(value) is int else value)
    except Exception:  # a student's object may raise whatever it likes
        return None
    return array.astype(float).ravel() if array.dtype.kind in "iuf" else None
