"""Looks at what a worker said before anything is made of it: types, sizes, and points between nothing and all."""

import math
from collections.abc import Iterable
from typing import Any

from course_lib.checking.calling import Status
from course_lib.checking.cards.card_html import STATES
from course_lib.checking.judging import Reason
from course_lib.exercises import Exercise
from course_lib.mistakes import MISTAKES
from grading.bounded import BoundedError

MOST_NOTES, MOST_NOTE, MOST_NAME, MOST_CARD, MOST_DATA = 200, 2000, 200, 2 * 2**20, 16 * 2**20
MOST_CELLS, MOST_OUTPUTS = 4000, 2000
CELL_TYPES = frozenset({"code", "markdown", "raw"})
GROUNDS = ("right_parts", "reason", "status", "either")
VERDICT = ("points", "max_points", "right", "diagnosis", "state", "card", *GROUNDS)
SHOWN = frozenset({"image/png", "image/jpeg", "text/plain"})
ATTACHED = frozenset({"image/png", "image/jpeg", "image/gif"})


class UnbelievableError(ValueError):
    """Raised for an answer that no worker gives."""


def reason(error: Exception) -> str:
    """Return why an answer was not believed, or there was none; an error that nobody expects is named."""
    if isinstance(error, BoundedError | UnbelievableError):
        return str(error)
    return f"the worker's answer is not as agreed ({type(error).__name__})"


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise UnbelievableError(f"the worker's answer is not as agreed: {what}")


def text(value: Any, most: int = MOST_NOTE) -> str:
    """Return a text of at most so many signs."""
    _require(isinstance(value, str) and len(value) <= most, "a text")
    return value


def texts(value: Any, most: int = MOST_NOTES) -> list[str]:
    """Return a list of short texts."""
    _require(isinstance(value, list) and len(value) <= most, "a list")
    return [text(entry) for entry in value]


def some_of(value: Any, names: Iterable[str]) -> list[str]:
    """Return a list of names, every one of them known."""
    found = texts(value)
    _require(set(found) <= set(names), "a list of known names")
    return found


def one_of(value: Any, names: Iterable[str]) -> str:
    """Return a known name."""
    return some_of([value], names)[0]


def number(value: Any, most: int) -> int:
    """Return a whole number from 0 to `most`."""
    _require(type(value) is int and 0 <= value <= most, f"a number from 0 to {most}")
    return value


def flag(value: Any) -> bool:
    """Return true or false."""
    _require(isinstance(value, bool), "true or false")
    return value


def mapping(value: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return a dict of which every key is known."""
    _require(isinstance(value, dict) and value.keys() <= set(names), "a table of known names")
    return value


def cells(value: Any) -> list[dict[str, Any]]:
    """Return cells: their type, source, mark and attached pictures."""
    _require(isinstance(value, list) and len(value) <= MOST_CELLS, "a list of cells")
    return [_cell(entry) for entry in value]


def _cell(value: Any) -> dict[str, Any]:
    told = mapping(value, ("cell_type", "source", "mark", "attachments"))
    _require(told["cell_type"] in CELL_TYPES, "a type of cell")
    mark = told["mark"] if told["mark"] is None else text(told["mark"], MOST_NAME)
    pictures = told["attachments"]
    _require(isinstance(pictures, dict) and len(pictures) <= MOST_NOTES, "pictures of a cell")
    attachments = {text(name, MOST_NAME): _bundle(bundle, ATTACHED) for name, bundle in pictures.items()}
    source = text(told["source"], MOST_DATA)
    return {"cell_type": told["cell_type"], "source": source, "mark": mark, "attachments": attachments}


def _bundle(value: Any, kinds: Iterable[str]) -> dict[str, str]:
    return {kind: text(data, MOST_DATA) for kind, data in mapping(value, kinds).items()}


def outputs(value: Any, count: int) -> list[list[dict[str, Any]]]:
    """Return the outputs of so many cells."""
    _require(isinstance(value, list) and len(value) == count, "the outputs of every cell")
    for entry in value:
        _require(isinstance(entry, list) and len(entry) <= MOST_OUTPUTS, "a list of outputs")
    return [[_output(output) for output in entry] for entry in value]


def _output(value: Any) -> dict[str, Any]:
    _require(isinstance(value, dict), "an output")
    kind = value.get("output_type")
    if kind == "stream":
        _require(value.get("name") in ("stdout", "stderr"), "the name of a stream")
        return {"output_type": kind, "name": value["name"], "text": text(value.get("text"), MOST_DATA)}
    if kind == "error":
        told = {name: text(value.get(name), MOST_DATA) for name in ("ename", "evalue")}
        traceback = value.get("traceback")
        _require(isinstance(traceback, list) and len(traceback) <= MOST_NOTES, "a traceback")
        return {"output_type": kind, "traceback": [text(line, MOST_DATA) for line in traceback]} | told
    _require(kind == "display_data", "an output of a known type")
    return {"output_type": kind, "data": _bundle(value.get("data"), SHOWN), "metadata": {}}


def verdict(value: Any, exercise: Exercise) -> dict[str, Any]:
    """Return the verdict on an exercise, with points that can be had there."""
    # What was believed in another process is looked at once more here, and then has all of its fields.
    told = mapping(value, VERDICT)
    points = told["points"]
    _require(isinstance(points, float) and math.isfinite(points), "points")
    _require(0.0 <= points <= exercise.points, f"points between 0 and {exercise.points:g}")
    _require(text(told["state"]) in STATES, "the state of a card")
    right = flag(told["right"])
    _require(points == exercise.points or not right, "all points for what is right")
    return {
        "points": points,
        "max_points": float(exercise.points),
        "right": right,
        "diagnosis": some_of(told["diagnosis"], MISTAKES),
        "right_parts": number(told["right_parts"], exercise.parts),
        "reason": one_of(told["reason"], Reason.__members__),
        "status": one_of(told["status"], Status.__members__),
        "either": flag(told["either"]),
        "state": told["state"],
        "card": text(told["card"], MOST_CARD),
    }
