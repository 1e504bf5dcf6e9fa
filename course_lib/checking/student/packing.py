"""`pack`: notebook and answers.json in one zip with a receipt, for whoever hands in by a form or by mail."""

import ast
import json
import os
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from course_lib import answers
from course_lib.checking.calling.by_kind import in_file
from course_lib.checking.cards.content import Card
from course_lib.checking.cards.verdict import Shown, Verdict
from course_lib.checking.student.cells import HISTORY
from course_lib.checking.student.summarizing import summary
from course_lib.execution import IN_BROWSER, nbgrader_step
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
    where, found = answers.folder(), summary()
    if nbgrader_step() or not answers.writes_file(where):
        return Receipt(Card("unanswered", "Nothing is packed here: this is not where a student works."))
    notebook = _notebook(where)
    if notebook is None:
        return Receipt(Card("wrong", "Nothing was packed: no saved notebook was found.", (_remedy(where),)))
    saved = _compared(notebook, found.automatic, HISTORY.sources)
    facts = _facts(notebook, where / answers.NAME, saved) | {"of": len(found.automatic)}
    path = notebook.with_suffix(".zip")
    try:
        _zip(path, notebook, where / answers.NAME, facts)
    except OSError as error:
        return Receipt(Card("wrong", f"Nothing was packed: {error.strerror} ({path.name}).", ()))
    if IN_BROWSER:
        _offer(path)
    diagrams = any(in_file(EXERCISES[verdict.exercise]) for verdict in found.verdicts)
    return Receipt(_card(path, facts, diagrams), path)


class Saved(NamedTuple):
    """The exercises whose answer is in the files, and those of which this kernel has run another answer."""

    answered: tuple[str, ...]
    unsaved: tuple[str, ...]


def _compared(notebook: Path, verdicts: Sequence[Verdict], sources: Mapping[str, str]) -> Saved:
    """Compare the notebook as last saved with what was run; `sources` has the cell that defined each answer."""
    cells = _cells(notebook)
    everything = {source.strip() for _, source in cells}
    answered, unsaved = [], []
    for verdict in verdicts:
        exercise, is_run = EXERCISES[verdict.exercise], verdict.card.state != "unanswered"
        if in_file(exercise):  # its verdict is on the very file that is packed
            answered += [exercise.id] if is_run else []
            continue
        source = sources.get(exercise.answer_name, "").strip()
        is_saved = bool(source) and source in everything
        is_marked = any(name == exercise.id and _is_answer(text) for name, text in cells)
        if is_marked or (is_run and is_saved):
            answered.append(exercise.id)
        if is_run and not is_saved and (source or not is_marked):
            unsaved.append(exercise.id)
    return Saved(tuple(answered), tuple(unsaved))


def _cells(notebook: Path) -> list[tuple[str, str]]:
    """Return the mark and the source of every cell; nothing of a file that cannot be read."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        return [
            (cell["metadata"].get("nbgrader", {}).get("grade_id", ""), "".join(cell["source"]))
            for cell in cells
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _is_answer(source: str) -> bool:
    """Tell whether a cell is more than its stub.

    It has no NotImplementedError, and gives other values than None, ``...`` and a copy of a function to be mended.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    if any(isinstance(node, ast.Name) and node.id == "NotImplementedError" for node in ast.walk(tree)):
        return False
    given = [value for statement in tree.body for value in _given(statement)]
    if not given:
        return bool(tree.body)
    functions = {statement.name for statement in tree.body if isinstance(statement, ast.FunctionDef)}
    own = [value for value in given if not (isinstance(value, ast.Name) and value.id in functions)]
    return not own or any(not (isinstance(v, ast.Constant) and v.value in (None, ...)) for v in own)


def _given(statement: ast.stmt) -> Sequence[ast.expr]:
    """Return what a statement assigns: its value, or the entries of a dict."""
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.Dict):
        return value.values
    return [value] if value else []


def _notebook(where: Path) -> Path | None:
    """Return the notebook this kernel belongs to, as far as can be told."""
    named = Path(os.environ.get("JPY_SESSION_NAME", ""))
    if named.suffix == ".ipynb" and (where / named.name).is_file():
        return where / named.name
    there = sorted(where.glob("*.ipynb"))
    return there[0] if len(there) == 1 else next((p for p in there if p.stem == where.name), None)


def _remedy(where: Path) -> str:
    if IN_BROWSER:
        return (
            "The kernel sees no files here; a private window may be why. Open the lesson in an ordinary window, or "
            "download the notebook by the menu File."
        )
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


def _offer(path: Path) -> None:
    """Show a button that saves the zip: the files of a browser are in no folder that could be opened."""
    from IPython.display import display

    from course_lib.downloading import Download

    display(Download(path))


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
