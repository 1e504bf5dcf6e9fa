"""`pack`: notebook and answers.json in one zip with a receipt, for whoever hands in by a form or by mail."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course_lib import answers
from course_lib.checking.calling.by_kind import in_file
from course_lib.checking.cards.content import Card
from course_lib.checking.cards.verdict import Shown
from course_lib.checking.student.cells import HISTORY
from course_lib.checking.student.saved import Saved, compare
from course_lib.checking.student.summarizing import summary
from course_lib.execution import nbgrader_step
from course_lib.exercises import EXERCISES
from course_lib.files import replacing

RECEIPT = "receipt.json"


@dataclass(frozen=True, repr=False)
class Receipt(Shown):
    """What was packed, shown as a card; `path` is the zip, or None where none was made."""

    card: Card
    path: Path | None = None
    label = "What was packed"


def pack() -> Receipt:
    """Put the notebook as last saved and its answers.json into one zip beside it.

    Returns
    -------
    Receipt
        The zip's name, how many exercises are answered in it, what was run and is not saved yet, when both files
        were saved, and the course's version.
    """
    where, verdicts = answers.folder(), summary().verdicts
    if nbgrader_step() or not answers.writes_file(where):
        return Receipt(Card("unanswered", "Nothing is packed here: this is not where a student works."))
    notebook = _notebook(where)
    if notebook is None:
        return Receipt(Card("wrong", "Nothing was packed: no saved notebook was found.", (_remedy(where),)))
    automatic = [verdict for verdict in verdicts if verdict.card.state != "manual"]
    saved = compare(notebook, automatic, HISTORY.sources)
    facts = _facts(notebook, where / answers.NAME, saved) | {"of": len(automatic)}
    path = notebook.with_suffix(".zip")
    try:
        _zip(path, notebook, where / answers.NAME, facts)
    except OSError as error:
        return Receipt(Card("wrong", f"Nothing was packed: {error.strerror} ({path.name}).", ()))
    diagrams = any(in_file(EXERCISES[verdict.exercise]) for verdict in verdicts)
    return Receipt(_card(path, facts, diagrams), path)


def _notebook(where: Path) -> Path | None:
    """Return the notebook this kernel belongs to, as far as can be told."""
    named = Path(os.environ.get("JPY_SESSION_NAME", ""))
    if named.suffix == ".ipynb" and (where / named.name).is_file():
        return where / named.name
    there = sorted(where.glob("*.ipynb"))
    return there[0] if len(there) == 1 else next((p for p in there if p.stem == where.name), None)


def _remedy(where: Path) -> str:
    return f"Save the notebook into {where.name}, where its kernel was started, and run this again."


def _facts(notebook: Path, answered: Path, saved: Saved) -> dict:
    return {
        "notebook": notebook.name,
        "saved": _when(notebook),
        "answers": _when(answered) if answered.is_file() else None,
        "answered": len(saved.answered),
        "unsaved": saved.unsaved,
        "course": sys.modules["course_lib"].__version__,
    }


def _when(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone().isoformat(timespec="seconds")


def _zip(path: Path, notebook: Path, answered: Path, facts: dict) -> None:
    with replacing(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as made:
        made.write(notebook, notebook.name)
        if facts["answers"]:
            made.write(answered, answers.NAME)
        made.writestr(RECEIPT, json.dumps(facts, indent=1) + "\n")


def _card(path: Path, facts: dict, diagrams: bool) -> Card:
    """Return the receipt; `diagrams` tells whether the lesson has diagrams to be answered."""
    saved = facts["answers"] or "missing: nothing is answered in a diagram yet"
    rows = (
        ("what", ""),
        ("answered", f"{facts['answered']} of {facts['of']} exercises"),
        ("notebook saved", facts["saved"]),
        *([(answers.NAME, saved)] if facts["answers"] or diagrams else []),
        ("course version", facts["course"]),
    )
    unsaved = facts["unsaved"]
    if not unsaved:
        later = (
            "It holds the notebook as last saved. If you have changed it since, save and run this cell again."
        )
        return Card("right", f"Packed into {path.name}.", (later,), rows)
    which = "1 answer is" if len(unsaved) == 1 else f"{len(unsaved)} answers are"
    save = f"{which} not saved yet: {', '.join(unsaved)}. Press Ctrl+S and run this cell again."
    return Card("partly", f"Packed into {path.name}, but not with everything you ran.", (save,), rows)
