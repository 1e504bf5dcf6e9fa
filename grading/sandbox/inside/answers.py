"""Replaces course_lib.answers in the sandbox: `place` saves what it is given, and the grader reads it outside."""

from __future__ import annotations

import os
from pathlib import Path

from course_lib.stub import __getattr__  # noqa: F401 (every other name exists and does nothing)

from course_lib.answers import file
from course_lib.answers.file import NAME

# Where the kernel starts is where the notebook lies, wherever a cell wanders later.
WHERE = Path(os.environ["HOME"]) / NAME


def place(exercise_id: str, slot: str, value: str | None) -> None:
    """Put a symbol into a slot; whether there is such a slot is judged outside."""
    before = file.load(WHERE, {})
    placed = {**before.answers.get(exercise_id, {}), slot: value}
    kept = {name: symbol for name, symbol in placed.items() if symbol}
    file.save(WHERE, {**before.answers, exercise_id: kept}, before, "", indent=None)
