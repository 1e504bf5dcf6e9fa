"""Which answers the saved notebook holds, beside those that this kernel has run."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from course_lib.checking.calling.by_kind import in_file
from course_lib.checking.cards.verdict import Verdict
from course_lib.exercises import EXERCISES


class Saved(NamedTuple):
    """The exercises whose answer is in the files, and those of which this kernel has run another answer."""

    answered: tuple[str, ...]
    unsaved: tuple[str, ...]


def compare(notebook: Path, verdicts: Sequence[Verdict], sources: Mapping[str, str]) -> Saved:
    """Compare the notebook as last saved with what was run.

    Parameters
    ----------
    notebook : Path
    verdicts : sequence of Verdict
        On the answers in this kernel, those left for manual grading not among them.
    sources : dict
        Answer -> the source of the cell that defined it.
    """
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
    """Tell whether a cell is more than its stub: no NotImplementedError, and other values than None and ``...``."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if "NotImplementedError" in names:
        return False
    given = [node for statement in tree.body for node in _given(statement)]
    return any(not (isinstance(node, ast.Constant) and node.value in (None, ...)) for node in given)


def _given(statement: ast.stmt) -> Sequence[ast.AST]:
    """Return what a statement gives: the values of an assignment, the entries of a dict, or the whole."""
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else statement
    return value.values if isinstance(value, ast.Dict) else [value]
