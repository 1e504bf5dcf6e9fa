"""The notebooks of the lessons' first edition, solved: what a class may hand in that fetched them before the second."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

# By lesson: the metadata with the marks of its exercises, and kind, id, marks and source of every cell.
KEPT = Path(__file__).parent / "corpus" / "first_edition.json"


@cache
def _kept() -> dict:
    return json.loads(KEPT.read_text(encoding="utf-8"))


def solved(lesson: str) -> NotebookNode:
    """Return the notebook that solved a lesson as it was released before its second edition."""
    kept = _kept()[lesson]
    cells = [
        {"cell_type": kind, "id": name, "metadata": {"nbgrader": marks} if marks else {}, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for kind, name, marks, source in kept["cells"]
    ]
    whole = {"nbformat": 4, "nbformat_minor": kept["nbformat_minor"], "metadata": kept["metadata"]}
    return nbformat.from_dict(whole | {"cells": cells})


def marks(lesson: str) -> dict[str, str]:
    """Return the marks of the exercises as that edition asked them."""
    return _kept()[lesson]["metadata"]["backprop_course"]["exercises"]
