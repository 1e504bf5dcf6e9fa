"""What an exercise is: what is asked, how inputs are drawn, what is true, what it is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

Case = tuple[Any, ...]
Draw = Callable[[np.random.Generator], Case]
# One check calls an answer this often, unless an exercise says which sorts of cases it needs.
CASES = 3


class Tolerance(NamedTuple):
    """Right means |a - r| <= relative |r| + layer max|r|, entry by entry."""

    relative: float = 1e-6
    layer: float = 1e-8

    def of(self, reference: np.ndarray) -> np.ndarray:
        """Return the largest difference allowed for each entry of `reference`."""
        size = np.abs(reference)
        return self.relative * size + self.layer * size.max(initial=0.0)


@dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise.

    Parameters
    ----------
    id, lesson : str
        Its grade_id in the notebook, and the folder of the lesson it belongs to.
    points : float
        Written here and nowhere else; generation copies them into the notebook's cells.
    kind : str
        ``"function"`` (called on drawn inputs), ``"numbers"`` or ``"choice"`` (a dict, a part a key), ``"data"``
        (whatever `verify` understands, and those of its entries called that `functions` names), ``"diagram"``
        (symbols in slots, kept in answers.json), ``"person"`` (read and marked by a person).
    title, asks : str
        What it is about, and the signature or form of the answer, for the card.
    draw : callable
        ``draw(rng)`` gives one case: the tuple of arguments the answer is called with.
    reference : callable
        ``reference(*case)`` gives the true answer, from differences of E or a closed form. A tuple or list is
        compared piece by piece. None, or a reference that gives None, leaves the case to `verify`.
    hints : tuple of three str
        Where to look; which term; the derivation of a sibling.
    parts : int
        Points are max_points x right parts / parts; 1 means all or nothing.
    mistakes : mapping of str to callable
        Ids of the catalogue that fit; ``mistakes[id](*case)`` gives the answers which that mistake leads to.
    shown : callable, optional
        ``shown(*case)`` gives the reference as the card shows it (the central difference); None shows `reference`.
    closes : frozenset of str
        Modules of course_lib that may not be called from inside the answer.
    warning_free : bool
        Whether a warning makes the answer wrong.
    personal : bool
        The one case is made from the student's NAME, not drawn.
    name : str
        The variable that holds the answer, where it is not the id.
    verify : callable, optional
        ``verify(case, value)`` says in a sentence what is wrong with an answer that has to be run, or that has
        more than one right form; None lets it pass.
    sorts : tuple of callable
        Where an answer must tell kinds apart: one ``draw`` for each kind, and a check tries them all, so that
        no constant answer passes.
    pieces : tuple of str
        What to call the pieces of an answer that is a tuple or list.
    slots, tiles : tuple of str
        Of a diagram: the places to fill, and the names of the symbols offered for them. Of a choice or numbers:
        `tiles` are the words that may be chosen.
    functions : tuple of str
        Where the answer is a dict of functions: their names. Of kind ``"function"`` each is called on every case, and
        what they give counts as one list. Of kind ``"data"`` the dict has other entries too: each function is a part,
        and what `verify` says of the other entries decides on one part more.
    refuses : callable, optional
        ``refuses(*case)`` names the error that the answer has to raise on that case; "" lets it answer.
    """

    id: str
    lesson: str
    points: float
    kind: str
    title: str
    asks: str
    draw: Draw
    reference: Callable[..., Any] | None
    hints: tuple[str, str, str]
    parts: int = 1
    mistakes: Mapping[str, Callable[..., list[Any]]] = field(default_factory=dict)
    tolerance: Tolerance = field(default_factory=Tolerance)
    shown: Callable[..., Any] | None = None
    closes: frozenset[str] = field(default_factory=frozenset)
    warning_free: bool = False
    personal: bool = False
    name: str = ""
    verify: Callable[[Case, Any], str | None] | None = None
    sorts: tuple[Draw, ...] = ()
    pieces: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    tiles: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    refuses: Callable[..., str] | None = None

    def cases(self, rng: np.random.Generator) -> list[Case]:
        """Draw the cases of one check: one of each sort, or three."""
        return [draw(rng) for draw in self.sorts or (self.draw,) * CASES]

    @property
    def heading(self) -> str:
        """The title as it begins a sentence."""
        return self.title[:1].upper() + self.title[1:]

    @property
    def answer_name(self) -> str:
        """The variable of the notebook that holds the answer."""
        return self.name or self.id


def any_of(*sorts: Draw) -> Draw:
    """Draw a case of one of `sorts`, each as likely."""
    return lambda rng: sorts[rng.integers(len(sorts))](rng)


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
        """All points, those marked by a person included."""
        return sum(exercise.points for exercise in self.exercises)
