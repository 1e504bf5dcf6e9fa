"""Whether an essay is written: a kernel does not see the text of a notebook, so the saved file is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from course_lib import answers
from course_lib.exercises import Exercise

# What nbgrader puts into the cell of a release.
STUB = "YOUR ANSWER HERE"


def is_written(exercise: Exercise) -> bool:
    """Tell whether something of the student's own stands in the essay's cell of the saved notebook."""
    path = answers.folder() / f"{exercise.lesson}.ipynb"
    # A notebook that was given another name is read as well; the lesson's own comes first.
    others = (other for other in sorted(path.parent.glob("*.ipynb")) if other != path)
    return any(_text(each, exercise.id) not in ("", STUB) for each in (path, *others))


def _text(path: Path, name: str) -> str:
    try:
        for cell in json.loads(path.read_bytes())["cells"]:
            if _mark(cell) == name:
                return "".join(cell["source"]).strip()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return ""


def _mark(cell: Any) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")
