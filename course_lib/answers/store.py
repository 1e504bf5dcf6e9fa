"""Placing and reading answers: in which folder and file, and which open diagrams to tell."""

import os
import sys
import weakref
from pathlib import Path
from typing import Any

from course_lib.answers import file
from course_lib.answers.file import NAME, SavedAnswers
from course_lib.execution import started_in
from course_lib.exercises import EXERCISES, LESSONS, DiagramExercise, find
from course_lib.inputs import remedy

# folder -> the answers given in this kernel, where no file may be written
_memory: dict[Path, dict[str, dict[str, str]]] = {}
_watchers: weakref.WeakSet = weakref.WeakSet()


def folder() -> Path:
    """Return the notebook's folder: where its kernel was started, even if the student changed directory since."""
    if there := started_in():
        return there
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return Path(getattr(shell, "starting_dir", None) or os.getcwd())


def writes_file(where: Path) -> bool:
    """Return whether answers given in `where` are saved in a file.

    Not in a lesson under solutions/: nbgrader would release the file, and put it over the students' at autograde.
    """
    return not (where.parent.name == "solutions" and where.name in LESSONS)


def load() -> SavedAnswers:
    """Return everything answered in this notebook's diagrams, and what is wrong with the file, if anything."""
    where = folder()
    if not writes_file(where):
        return SavedAnswers(dict(_memory.get(where, {})), present=True)
    return file.load(where / NAME, EXERCISES)


def read(exercise_id: str) -> dict[str, str]:
    """Return what the slots of one diagram hold: slot -> symbol."""
    return dict(load().answers.get(find(exercise_id).id, {}))


def write(exercise_id: str, placed: dict[str, str], by: Any = None) -> None:
    """Save the whole answer of one diagram, and tell every watcher but `by`, which made the change.

    An OSError says where and why it could not be saved.
    """
    exercise, where = find(exercise_id), folder()
    placed = {slot: placed[slot] for slot in exercise.slots if placed.get(slot)}
    before = load()
    answers = {**before.answers, exercise.id: placed}
    if not placed:
        del answers[exercise.id]
    if writes_file(where):
        file.save(where / NAME, answers, before, exercise.lesson)
    else:
        _memory[where] = answers
    for watcher in list(_watchers):
        if watcher is not by:
            watcher.answer_placed(exercise.id)


def place(exercise_id: str, slot: str, value: str | None) -> None:
    """Put a symbol into a slot of a diagram, in code; just as by hand.

    Parameters
    ----------
    exercise_id : str
        Such as ``"fill_symbols"``.
    slot : str
        Such as ``"hidden_1_output"``.
    value : str or None
        The name of a symbol, such as ``"y_n1"``; None empties the slot.

    Raises
    ------
    TypeError, ValueError
        If there is no such diagram, slot or symbol; the message names the nearest one.
    OSError
        If the answer could not be saved.
    """
    exercise = find(exercise_id)
    if not isinstance(exercise, DiagramExercise):
        raise ValueError(
            f"exercise_id: {exercise_id!r} is not answered in a diagram, but as {exercise.asks!r}"
        )
    _one_of("slot", slot, exercise.slots)
    if value is not None:
        _one_of("value", value, exercise.tiles)
    placed = read(exercise_id) | {slot: value}
    write(exercise_id, placed)


def watch(watcher: Any) -> None:
    """Call ``watcher.answer_placed(exercise_id)`` after every `write` by another, as long as `watcher` lives."""
    _watchers.add(watcher)


def valid(exercise: DiagramExercise, placed: dict) -> dict[str, str]:
    """Return the part of `placed` that this exercise knows."""
    return {slot: name for slot, name in placed.items() if slot in exercise.slots and name in exercise.tiles}


def _one_of(argument: str, value: object, known: tuple[str, ...]) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{argument}: expected a string such as {known[0]!r}, got {type(value).__name__}")
    if value not in known:
        raise ValueError(f"{argument}: there is no {value!r} in this diagram; {remedy(value, known)}")
