"""What every exercise has, and the kinds of exercises: a class each, with the fields that only this kind needs."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

import numpy as np

from course_lib.mistakes import MISTAKES

Case = tuple[Any, ...]
Draw = Callable[[np.random.Generator], Case]
# ``verify(case, value)`` says in a sentence what is wrong with an answer; None lets it pass.
Verify = Callable[[Case, Any], str | None]
# What nbgrader takes for a grade_id.
ID = re.compile(r"[A-Za-z0-9_-]+")
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


class Loss(NamedTuple):
    """The error whose gradient by its first argument is asked for; `analytic` if it takes complex numbers."""

    E: Callable[..., Any]
    analytic: bool


def no_inputs(rng: np.random.Generator) -> Case:
    """Draw the case of an exercise that is the same for everybody."""
    return ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Exercise:
    """What every exercise has; each kind of exercise is a class of its own.

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
    together : callable
        ``together()`` gives some of these ids, and a function from the case to the answer that all of them lead to at
        once, one after the other.
    one_sided : callable, optional
        ``one_sided(*case)`` gives what a one-sided difference is off by, for each unit of its step.
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
    together: Callable[[], Iterable[tuple[tuple[str, ...], Callable[..., Any]]]] = tuple
    one_sided: Callable[..., Any] | None = None
    tolerance: Tolerance = field(default_factory=Tolerance)
    name: str = ""

    # What a card or a check asks of every exercise, and only some kinds have as a field.
    functions: ClassVar[Any] = ()
    personal: ClassVar[Any] = False
    pieces: ClassVar[Any] = ()
    probes: ClassVar[Any] = ()
    rubric: ClassVar[Any] = ()
    told_by: ClassVar[Any] = None
    loss: ClassVar[Any] = None
    shown: ClassVar[Any] = None
    slots: ClassVar[Any] = ()
    telling: ClassVar[Any] = MappingProxyType({})
    verify: ClassVar[Any] = None

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not ID.fullmatch(self.id):
            raise ValueError(
                f"{self.id!r} is no id of an exercise; use letters, digits and _, such as warm_up"
            )
        if not isinstance(self.points, int | float) or not 0 <= self.points < math.inf:
            raise ValueError(
                f"{self.id}: points are a number that is not negative, such as 3, not {self.points!r}"
            )
        if isinstance(self.hints, str):
            raise TypeError(
                f"{self.id}: hints is a tuple of texts, and one in brackets needs a comma: (text,)"
            )
        unknown = next((id_ for id_ in self.mistakes if id_ not in MISTAKES), None)
        if unknown is not None:
            raise ValueError(
                f"{self.id}: no mistake {unknown!r} in the catalogue; add it to a file of course_lib/mistakes first"
            )

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


@dataclass(frozen=True, eq=False, kw_only=True)
class FunctionExercise(Exercise):
    """The answer is a function, called on every case.

    Parameters
    ----------
    shown : callable, optional
        ``shown(*case)`` gives the reference as the card shows it (the central difference); None shows `reference`.
    verify : callable, optional
        ``verify(case, value)`` says in a sentence what is wrong with an answer that has to be run, or that has
        more than one right form; None lets it pass. A case whose reference is None is left to it.
    closes : frozenset of str
        Modules of course_lib that may not be called from inside the answer.
    pieces : tuple of str
        What to call the pieces of an answer that is a tuple or list.
    functions : tuple of str
        Where the answer is a dict of functions: their names. Each is called on every case, and what they give
        counts as one list.
    refuses : callable, optional
        ``refuses(*case)`` names the error that the answer has to raise on that case; "" lets it answer.
    warning_free : bool
        Whether a warning makes the answer wrong.
    probes : tuple of callable
        Draws of more cases, on which a wrong answer is called to find out what it does.
    told_by : callable, optional
        ``told_by(cases, values, probed)`` gives the mistakes that what it gave on its cases and on its probes tells of.
    loss : Loss, optional
        The error whose gradient is asked for: its own values say what those of an answer mean.
    """

    kind: ClassVar[str] = "function"

    shown: Callable[..., Any] | None = None
    verify: Verify | None = None
    closes: frozenset[str] = frozenset()
    pieces: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    refuses: Callable[..., str] | None = None
    warning_free: bool = False
    probes: tuple[Draw, ...] = ()
    told_by: Callable[..., tuple[str, ...]] | None = None
    loss: Loss | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class NumbersExercise(Exercise):
    """The answer is a dict of numbers, each a part; `tiles` are the words to choose from, for an entry that is a word.

    `shown` is as in `FunctionExercise`. `personal`: the one case is made from the student's NAME, not drawn. `groups`
    are entries that belong together, by what to call them: a mistake may be in one group and not in the others.
    `telling` is what to say of some wrong values of an entry.
    """

    kind: ClassVar[str] = "numbers"

    shown: Callable[..., Any] | None = None
    tiles: tuple[str, ...] = ()
    personal: bool = False
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    telling: Mapping[str, tuple[tuple[Any, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class ChoiceExercise(Exercise):
    """The answer is a dict of choices among `tiles`, each a part that counts only with the earlier ones right.

    With `verify`, as in `FunctionExercise`, that decides alone, on the whole dict. `telling` is as in
    `NumbersExercise`.
    """

    kind: ClassVar[str] = "choice"

    tiles: tuple[str, ...] = ()
    telling: Mapping[str, tuple[tuple[Any, str], ...]] = field(default_factory=dict)
    verify: Verify | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class DataExercise(Exercise):
    """The answer is data: whatever `verify` understands. It may be a dict that has functions among its entries.

    What `verify` says of the data decides on one part. Each of `functions` is a part, called on every case and held
    against `reference`; `shown`, `closes` and `pieces` are as in `FunctionExercise`, for these functions.
    """

    kind: ClassVar[str] = "data"

    verify: Verify = field()
    functions: tuple[str, ...] = ()
    shown: Callable[..., Any] | None = None
    closes: frozenset[str] = frozenset()
    pieces: tuple[str, ...] = ()

    def function(self, name: str) -> FunctionExercise:
        """Return the exercise that one of its functions is."""
        own = {each.name: getattr(self, each.name) for each in fields(DataExercise)}
        return FunctionExercise(**own | {"title": name, "parts": 1, "functions": (), "verify": None})


@dataclass(frozen=True, eq=False, kw_only=True)
class MendExercise(DataExercise):
    """The answer is data, with a broken function mended among its entries.

    The function is read in the answer's own cell, and made of that text with what `tools` define and nothing else;
    in it at most `most` nodes of the syntax tree of `patient` are changed, and at least one. Both are Python source.
    """

    kind: ClassVar[str] = "mend"

    patient: str = field()
    tools: str = field()
    most: int = field()


@dataclass(frozen=True, eq=False, kw_only=True)
class DiagramExercise(Exercise):
    """The answer is symbols among `tiles` in the `slots` of a diagram, kept in answers.json.

    Where factors of the derivative of `weight` are chosen, `on_the_way` are those that are met from it to E.
    """

    kind: ClassVar[str] = "diagram"

    slots: tuple[str, ...] = field()
    tiles: tuple[str, ...]
    weight: str = ""
    on_the_way: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class EssayExercise(Exercise):
    """The answer is a text, which is read and marked by hand; `rubric` is what a good one has in it."""

    kind: ClassVar[str] = "essay"

    rubric: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class PlainExercise(Exercise):
    """An exercise of plain nbgrader, whose points are what a test cell of the notebook gives.

    This library knows of it what it is called and worth; only the grader runs the cell. `answers` are the solution
    cells that it tests, as far as a notebook tells: the last ones above it.
    """

    kind: ClassVar[str] = "plain"

    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """One lesson: its folder, its title, the minutes it takes, and the modules present while it is graded."""

    id: str
    title: str
    minutes: int
    open: frozenset[str]
    exercises: tuple[Exercise, ...]

    def __post_init__(self) -> None:
        for number, exercise in enumerate(self.exercises):
            if exercise.lesson != self.id:
                raise ValueError(
                    f"{exercise.id}: it stands in {self.id}, but says lesson={exercise.lesson!r}"
                )
            if any(exercise.id == other.id for other in self.exercises[:number]):
                raise ValueError(f"{exercise.id}: {self.id} has two exercises of this id; rename one")

    @property
    def points(self) -> float:
        """All points, those of essays included."""
        return sum(exercise.points for exercise in self.exercises)


def by_id(lessons: Iterable[Lesson]) -> dict[str, Exercise]:
    """Return the exercises of `lessons` by id; a ValueError where two lessons have one of the same id."""
    found: dict[str, Exercise] = {}
    for exercise in (exercise for lesson in lessons for exercise in lesson.exercises):
        if exercise.id in found:
            raise ValueError(
                f"{exercise.id}: {found[exercise.id].lesson} and {exercise.lesson} both have it; rename one"
            )
        found[exercise.id] = exercise
    return found
