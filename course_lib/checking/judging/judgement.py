"""What is found out about an answer: which parts are right, what is wrong with the others, and why. No words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, NamedTuple

import numpy as np

from course_lib.checking.calling import Outcome, Status
from course_lib.checking.judging.changes import Change


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
    # A mended function.
    OUTSIDE_NAMES = "names that are not there when it is run by itself"
    UNCHANGED = "nothing changed"
    REWRITTEN = "more changed than a mend"


@dataclass(frozen=True, eq=False)
class Finding:
    """What is wrong with a value.

    `got` stands there and `expected` should: of a value that is off the two numbers of its worst entry, of an unknown
    name the nearest one offered, of a part that counts too early the part before it. `index` is the worst entry and
    `path` the way to the piece of a list that it is in; `allowed` is how far off a number may be; `sentence` is what
    the exercise's own `verify` says.
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
    1 if there is none. `pieces` are the names of those pieces that are off each in a way of its own while the others
    are right or not explained, each with its mistakes, or with a bare ratio.
    """

    ids: tuple[str, ...] = ()
    either: bool = False
    ratio: float = 1.0
    pieces: tuple[tuple[str, tuple[str, ...], float], ...] = ()


NO_DIAGNOSIS = Diagnosis()


@dataclass(frozen=True, eq=False)
class Trial:
    """One case: what the answer gave on it, what is true (None if nothing is compared), what is wrong."""

    case: tuple
    outcome: Outcome
    truth: Any = None
    finding: Finding | None = None


class Place(NamedTuple):
    """Where an answer first loses its meaning.

    `line` counts from 1 in the answer's own cell, and `source` is the student's own text there: of a helper in
    another cell, the call of it in the answer's. `operands` are pairs of own text and the id of what it means;
    `mistakes` are the ids of the catalogue that are made there, where they are known; `text` is the whole line. With
    `is_definition` a value comes from there that is wrong at another place. Where a shape is wrong, `shapes` are those
    of the operands and the one that came out, None where nothing did. `column` is where `source` begins in `text`,
    below 0 where that is not known. `instead` is the id of what is needed there, and `times` how many times that it is,
    0 where it is another value; both only of values of an E that somebody wrote. With `ends_loop` the value is returned
    in the first turn of a loop.
    """

    line: int
    source: str
    operands: tuple[tuple[str, str], ...]
    mistakes: tuple[str, ...] = ()
    text: str = ""
    is_definition: bool = False
    shapes: tuple[tuple[int, ...] | None, ...] = ()
    column: int = -1
    instead: str = ""
    times: float = 0.0
    ends_loop: bool = False


class SlotState(StrEnum):
    """What stands in a slot of a diagram; `DECK` is right, as the deck writes it."""

    RIGHT = "right"
    DECK = "deck"
    WRONG = "wrong"
    EMPTY = ""


@dataclass(frozen=True, eq=False)
class Judgement:
    """What is found out about an answer: how many parts are right, and why no more.

    `trials` is every case with what the answer gave on it, `decisive` the one that `reason` is about. `order` tells of
    right pieces in another order which piece came where. `parts` is what is wrong with each part of a dict, and
    `exchanged` two of them that have each other's value. Of a diagram, `slots` is what stands in each place to fill,
    or `factors` the names that make a product. `functions` has the judgement of each function in data.
    `places` are where the answer's own code first goes wrong. `changes` is what was changed in a mended function; None
    where that was not counted, or is far too much.
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
    places: tuple[Place, ...] = ()
    changes: tuple[Change, ...] | None = None

    @property
    def compared(self) -> list[Trial]:
        """The trials that were held against a truth."""
        return [trial for trial in self.trials if trial.truth is not None]


def judged_unread(cases: Sequence[tuple], outcomes: Sequence[Outcome]) -> Judgement | None:
    """Judge an answer of which there is no value; None if there is one."""
    if not outcomes or outcomes[0].status is Status.UNANSWERED:
        return Judgement(0, Reason.UNANSWERED)
    if outcomes[0].failed:
        trial = Trial(cases[0], outcomes[0], finding=Finding(Reason.FAILED))
        return Judgement(0, Reason.FAILED, decisive=trial)
    return None
