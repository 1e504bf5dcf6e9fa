"""The kinds of exercises: a class each, with the fields that only this kind needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from course_lib.exercises.base import Case, Exercise

# ``verify(case, value)`` says in a sentence what is wrong with an answer; None lets it pass.
Verify = Callable[[Case, Any], str | None]


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
    """

    kind: ClassVar[str] = "function"

    shown: Callable[..., Any] | None = None
    verify: Verify | None = None
    closes: frozenset[str] = frozenset()
    pieces: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    refuses: Callable[..., str] | None = None
    warning_free: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class NumbersExercise(Exercise):
    """The answer is a dict of numbers, each a part.

    Parameters
    ----------
    shown : callable, optional
        As in `FunctionExercise`.
    tiles : tuple of str
        The words to choose from, for an entry that is a word.
    personal : bool
        The one case is made from the student's NAME, not drawn.
    """

    kind: ClassVar[str] = "numbers"

    shown: Callable[..., Any] | None = None
    tiles: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class ChoiceExercise(Exercise):
    """The answer is a dict of choices, each a part, in which a later part counts only with the earlier ones right.

    Parameters
    ----------
    tiles : tuple of str
        The words to choose from.
    verify : callable, optional
        As in `FunctionExercise`; it decides alone, on the whole dict.
    """

    kind: ClassVar[str] = "choice"

    tiles: tuple[str, ...] = ()
    verify: Verify | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class DataExercise(Exercise):
    """The answer is data: whatever `verify` understands. It may be a dict that has functions among its entries.

    Parameters
    ----------
    verify : callable
        As in `FunctionExercise`; what it says of the data decides on one part.
    functions : tuple of str
        The entries that are functions, each a part, called on every case and held against `reference`.
    shown, closes, pieces
        As in `FunctionExercise`, for these functions.
    """

    kind: ClassVar[str] = "data"

    verify: Verify = field()
    functions: tuple[str, ...] = ()
    shown: Callable[..., Any] | None = None
    closes: frozenset[str] = frozenset()
    pieces: tuple[str, ...] = ()

    def function(self, name: str) -> FunctionExercise:
        """Return the exercise that one of its functions is."""
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        return FunctionExercise(**own | {"title": name, "parts": 1, "functions": (), "verify": None})


@dataclass(frozen=True, eq=False, kw_only=True)
class DiagramExercise(Exercise):
    """The answer is symbols in the slots of a diagram, kept in answers.json.

    Parameters
    ----------
    slots, tiles : tuple of str
        The places to fill, and the names of the symbols offered for them.
    """

    kind: ClassVar[str] = "diagram"

    slots: tuple[str, ...] = field()
    tiles: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class EssayExercise(Exercise):
    """The answer is a text, which is read and marked by hand."""

    kind: ClassVar[str] = "essay"
