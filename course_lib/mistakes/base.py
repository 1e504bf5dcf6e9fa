"""What an entry of the catalogue is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np


@dataclass(frozen=True)
class Mistake:
    """A mistake that people really make.

    `done` says what the numbers suggest was done, as a clause after "The numbers are what comes out when"; `look` is
    the one thing to look at; `lesson` and `formula` say where it is taught. `scale` marks the mistakes that only
    multiply a gradient.
    """

    id: str
    done: str
    look: str
    lesson: str = "03_identify_gradients"
    formula: str = ""
    scale: bool = False


class Line(NamedTuple):
    """Answers `base` - rate * `direction`, for a mistake that depends on a rate nobody knows."""

    base: Any
    direction: Any


def catalogue(*mistakes: Mistake) -> dict[str, Mistake]:
    """Return the mistakes by id; an id stands once."""
    found = {mistake.id: mistake for mistake in mistakes}
    if len(found) != len(mistakes):
        raise ValueError(f"an id stands twice among {[mistake.id for mistake in mistakes]}")
    return found


def flat(value: Any) -> np.ndarray | None:
    """Return every number of a float, array, list of arrays or dict of floats as one vector; None for other things."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        pieces = [flat(piece) for piece in value]
        return None if any(piece is None for piece in pieces) else np.concatenate([*pieces, np.empty(0)])
    try:
        array = np.asarray(value)
    except Exception:  # a student's object may raise whatever it likes
        return None
    return array.astype(float).ravel() if array.dtype.kind in "iuf" else None
