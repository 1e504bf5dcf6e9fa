"""What every exercise has: what is asked, how inputs are drawn, what is true, what it is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np

Case = tuple[Any, ...]
Draw = Callable[[np.random.Generator], Case]
# One check calls an answer this often where all its cases are of the same sort.
CASES = 3


class Tolerance(NamedTuple):
    """Right means |a - r| <= relative |r| + layer max|r|, entry by entry."""

    relative: float = 1e-6
    layer: float = 1e-8

    def of(self, reference: np.ndarray) -> np.ndarray:
        """Return the largest difference allowed for each entry of `reference`."""
        size = np.abs(reference)
        return self.relative * size + self.layer * size.max(initial=0.0)


def no_inputs(rng: np.random.Generator) -> Case:
    """Draw the case of an exercise that is the same for everybody."""
    return ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Exercise:
    """What every exercise has; each kind of exercise is a class of its own, in `kinds`.

    Parameters
    ----------
    id, lesson : str
        Its grade_id in the notebook, and the folder of the lesson it belongs to.
    points : float
        Written here and nowhere else; generation copies them into the notebook's cells.
    title, asks : str
        What it is about, and the signature or form of the answer, for the card.
    hints : tuple of three str
        Where to look; which term; a similar case worked out.
    draws : tuple of callable
        One for each case of a check: ``draw(rng)`` gives the tuple of arguments the answer is called with. Where an
        answer must tell inputs apart, each sort has a draw of its own, so that no constant answer passes.
    reference : callable, optional
        ``reference(*case)`` gives the true answer, from differences of E or a closed form. A tuple or list is
        compared piece by piece.
    parts : int
        Points are max_points x right parts / parts; 1 means all or nothing.
    mistakes : mapping of str to callable
        Ids of the catalogue that fit; ``mistakes[id](*case)`` gives the answers which that mistake leads to.
    name : str
        The variable that holds the answer, where it is not the id.

    Attributes
    ----------
    kind : str
        The name of its kind.
    """

    kind: ClassVar[str] = ""

    id: str
    lesson: str
    points: float
    title: str
    asks: str
    hints: tuple[str, str, str]
    draws: tuple[Draw, ...] = (no_inputs,) * CASES
    reference: Callable[..., Any] | None = None
    parts: int = 1
    mistakes: Mapping[str, Callable[..., list[Any]]] = field(default_factory=dict)
    tolerance: Tolerance = field(default_factory=Tolerance)
    name: str = ""

    # What a card or a check asks of every exercise, and only some kinds have as a field.
    functions: ClassVar[Any] = ()
    personal: ClassVar[Any] = False
    pieces: ClassVar[Any] = ()
    shown: ClassVar[Any] = None
    slots: ClassVar[Any] = ()
    verify: ClassVar[Any] = None

    def draw(self, rng: np.random.Generator) -> Case:
        """Draw one case, as one of `draws` does."""
        return self.draws[rng.integers(len(self.draws))](rng)

    def cases(self, rng: np.random.Generator) -> list[Case]:
        """Draw the cases of one check."""
        return [draw(rng) for draw in self.draws]

    @property
    def heading(self) -> str:
        """The title as it begins a sentence."""
        return self.title[:1].upper() + self.title[1:]

    @property
    def answer_name(self) -> str:
        """The variable of the notebook that holds the answer."""
        return self.name or self.id


@dataclass(frozen=True)
class Lesson:
    """One lesson: its folder, its title, the minutes it takes, and the modules present while it is graded."""

    id: str
    title: str
    minutes: int
    open: frozenset[str]
    exercises: tuple[Exercise, ...]

    @property
    def points(self) -> float:
        """All points, those of essays included."""
        return sum(exercise.points for exercise in self.exercises)
