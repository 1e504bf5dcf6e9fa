"""Takes a submission in, by a worker: a clean notebook and clean files for nbgrader, whatever was handed in.

nbgrader follows links, waits for pipes and stops a whole class at one odd cell. It gets to see the copies only.
"""

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc

from grading import scratch
from grading.bounded import MB, Budget, run
from grading.intake.admit import PLAIN_NAME, SIGNS
from grading.intake.mending import mend
from grading.intake.released import Released
from grading.worker import believing, inside

# What was handed in may have 128 MB, which are held as bytes, as text and as objects.
BUDGET = Budget(memory=448 * MB, seconds=120.0, cpu=40, answer=32 * MB)
MOST_TIME = 1000
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def admit(source: Path, target: Path, lesson: Released, budget: Budget = BUDGET) -> list[str]:
    """Copy the submission in `source` into the new folder `target` and return what is to be said about it.

    What grading has to know stands in the notebook's metadata: see `grading.intake.admit`. A submission that cannot
    be read becomes an empty notebook of which everything waits for a person.
    """
    target.mkdir(parents=True)
    places = json.dumps({"source": str(source.absolute()), "target": str(target.absolute())}).encode()
    order = places[:-1] + b", " + _told(lesson)[1:]
    try:
        told = _believed(run(inside.admit, order, budget), lesson)
    except Exception as error:  # whatever a worker says that none says costs its own submission
        scratch.remove(target)
        target.mkdir(parents=True)
        told = _unread(lesson, believing.reason(error))
    told["notes"] += _checked_time(target)
    cells = told.pop("cells")
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": KERNEL, "grading": told}}
    marks = {cell.name: cell.marks for cell in lesson.cells}
    notebook["cells"] = [_cell(number, cell, marks) for number, cell in enumerate(cells)]
    (target / f"{lesson.lesson}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return told["notes"]


@lru_cache(maxsize=4)
def _told(lesson: Released) -> bytes:
    """Return a lesson as it is told to the worker: the same for a whole class."""
    cells = [asdict(cell) for cell in lesson.cells]
    return json.dumps({"lesson": lesson.lesson, "cells": cells, "texts": sorted(lesson.texts)}).encode()


def _believed(told: Any, lesson: Released) -> dict[str, Any]:
    told = believing.mapping(
        told, ("cells", "open", "look", "notes", "diagrams_seen", "signs", "submitted_as")
    )
    about = {
        "cells": believing.cells(told["cells"]),
        "open": believing.some_of(told["open"], lesson.exercises),
        "look": believing.some_of(told["look"], lesson.exercises),
        "notes": believing.texts(told["notes"]),
        "diagrams_seen": believing.some_of(told["diagrams_seen"], lesson.exercises),
        "signs": believing.some_of(told["signs"], SIGNS),
    }
    marks = [cell["mark"] for cell in about["cells"] if cell["mark"] is not None]
    if sorted(marks) != sorted(cell.name for cell in lesson.cells):
        raise believing.UnbelievableError("the worker's answer does not have every marked cell once")
    if "submitted_as" in told and PLAIN_NAME.fullmatch(believing.text(told["submitted_as"])):
        about["submitted_as"] = told["submitted_as"]
    return about


def _unread(lesson: Released, why: str) -> dict[str, Any]:
    return {
        "cells": mend([], lesson.cells).cells,
        "open": sorted(lesson.exercises),
        "look": [],
        "notes": [f"The submission could not be read: {why}. Every exercise waits for manual grading."],
        "diagrams_seen": [],
        "signs": [],
    }


def _checked_time(target: Path) -> list[str]:
    """Take away a time that nbgrader cannot read, and say so."""
    path = target / "timestamp.txt"
    try:
        parse_utc(path.read_text()[:MOST_TIME].strip())
    except FileNotFoundError:
        return []
    except (ValueError, OverflowError, ArithmeticError):
        path.unlink()
        return ["timestamp.txt does not hold a time, so the submission counts as on time; it was left out."]
    return []


def _cell(number: int, told: dict[str, Any], marks: dict[str, dict[str, Any]]) -> dict[str, Any]:
    # As submitted, ids may be missing, doubled or no ids.
    cell = {"cell_type": told["cell_type"], "id": f"cell-{number}", "source": told["source"]}
    cell["metadata"] = {"nbgrader": marks[told["mark"]]} if told["mark"] else {}
    if told["cell_type"] == "code":
        return cell | {"outputs": [], "execution_count": None}
    return cell | ({"attachments": told["attachments"]} if told["attachments"] else {})
