"""What is found out about an answer: which parts are right, what is wrong with the others, and why. No words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

import numpy as np

from course_lib.checking.calling import Outcome


class Reason(Enum):
    """Why an answer, or a part of it, is judged as it is."""

    RIGHT = "right"
    UNANSWERED = "not answered"
    MANUAL = "left for manual grading"
    PARTS = "judged part by part"
    # No value at all.
    FAILED = "calling it gave no value"
    NOT_REFUSED = "a value where an error has to be raised"
    # A value that cannot be compared.
    TYPE = "another type"
    SHAPE = "another shape"
    NOT_FINITE = "not a finite number"
    UNKNOWN_NAME = "a name that is not offered"
    # A value that is off.
    ORDER = "right pieces in another order"
    VALUE = "another value"
    WORD = "another word"
    REQUIREMENT = "not what the exercise verifies"
    GUESS = "the same name in every place"
    TOO_EARLY = "counts only with an earlier part right"
    # A right value, reached in a way that does not count.
    MUTATION = "changes its arguments"
    WARNING = "gives a warning"
    MEASURED = "measured, not derived"


@dataclass(frozen=True, eq=False)
class Finding:
    """What is wrong with a value.

    Parameters
    ----------
    reason : Reason
    got, expected : object
        What stands there and what should. Of a value that is off: the two numbers of the worst entry. Of an unknown
        name: `expected` is the nearest one offered, if any; of a part that counts too early, the part before it.
    index, path : tuple of int
        The worst entry, and the way to the piece of a list or tuple that it is in.
    allowed : float
        How far off a number may be.
    sentence : str
        What the exercise's own `verify` says.
    """

    reason: Reason
    got: Any = None
    expected: Any = None
    index: tuple[int, ...] = ()
    path: tuple[int, ...] = ()
    allowed: float = 0.0
    sentence: str = ""

    @property
    def relative(self) -> float:
        """The error of the worst entry relative to the truth."""
        return abs(self.got - self.expected) / abs(self.expected) if self.expected else np.inf


@dataclass(frozen=True)
class Diagnosis:
    """What explains a wrong answer.

    `ids` are the mistakes that together explain it; with `either`, those of them that do not merely scale cannot be
    told apart by these numbers. `ratio` is the constant ratio to the truth (or, with ids, to what the mistakes give),
    1 if there is none. `pieces` are the names of those pieces of a list that are off by a factor of their own while
    the others are right, each with the mistake (or "") and the ratio.
    """

    ids: tuple[str, ...] = ()
    either: bool = False
    ratio: float = 1.0
    pieces: tuple[tuple[str, str, float], ...] = ()


NO_DIAGNOSIS = Diagnosis()


@dataclass(frozen=True, eq=False)
class Trial:
    """One case: what the answer gave on it, what is true (None if nothing is compared), what is wrong."""

    case: tuple
    outcome: Outcome
    truth: Any = None
    finding: Finding | None = None


class SlotState(StrEnum):
    """What stands in a slot of a diagram; `DECK` is right, as the deck writes it."""

    RIGHT = "right"
    DECK = "deck"
    WRONG = "wrong"
    EMPTY = ""


@dataclass(frozen=True, eq=False)
class Judgement:
    """What is found out about an answer.

    Parameters
    ----------
    right : int
        How many parts are right.
    reason : Reason
    diagnosis : Diagnosis
    trials : sequence of Trial
        Every case with what the answer gave on it.
    decisive : Trial, optional
        The one that `reason` is about.
    order : tuple of int
        Of right pieces in another order: which piece came where.
    parts : mapping of str to Finding or None
        What is wrong with each part of a dict.
    exchanged : tuple of str
        Two of these parts that have each other's value.
    slots : mapping of str to SlotState
        What stands in each slot of a diagram that is filled with symbols.
    factors : tuple of str
        The names in a diagram that is answered with a product.
    functions : mapping of str to Judgement
        The judgement of each function in an answer that is data.
    """

    right: int
    reason: Reason
    diagnosis: Diagnosis = NO_DIAGNOSIS
    trials: Sequence[Trial] = ()
    decisive: Trial | None = None
    order: tuple[int, ...] = ()
    parts: Mapping[str, Finding | None] = field(default_factory=dict)
    exchanged: tuple[str, ...] = ()
    slots: Mapping[str, SlotState] = field(default_factory=dict)
    factors: tuple[str, ...] = ()
    functions: Mapping[str, Judgement] = field(default_factory=dict)

    @property
    def compared(self) -> list[Trial]:
        """The trials that were held against a truth."""
        return [trial for trial in self.trials if trial.truth is not None]
