"""A course of one small lesson, to generate and to spoil."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_lib.exercises import EssayExercise, FunctionExercise
from grading import release, sources

TINY = "01_tiny"
CODE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"


def marks(grade_id, *, grade=False, solution=False, **more):
    facts = {"grade_id": grade_id, "grade": grade, "solution": solution, "locked": not solution, **more}
    return {"nbgrader": {"schema_version": 3, "task": False, **facts}}


def tiny_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Write a course of one small lesson: one function, one essay."""
    common = {"lesson": TINY, "hints": ("", "", "")}
    exercises = [
        FunctionExercise(id="double", points=2, title="twice x", asks="double(x) → float", **common),
        EssayExercise(id="why", points=3, title="why", asks="one sentence", **common),
    ]
    lesson = SimpleNamespace(id=TINY, title="Tiny", minutes=75, points=5, exercises=exercises)
    monkeypatch.setattr(release, "LESSONS", {TINY: lesson})
    monkeypatch.setattr(release, "EXERCISES", {exercise.id: exercise for exercise in exercises})
    cells = [
        new_markdown_cell("# Tiny\n\nCan you double?\n\nTry.", id="intro"),
        new_code_cell(CODE, id="double", metadata=marks("double", solution=True)),
        new_code_cell(
            'check("double", double)', id="double_check", metadata=marks("double_check", grade=True)
        ),
        new_markdown_cell("Because.", id="why", metadata=marks("why", grade=True, solution=True)),
        new_markdown_cell("## What you can now do\n\n- Double a number.\n- Say why.", id="close"),
    ]
    course = SimpleNamespace(
        notebook=new_notebook(cells=cells),
        solutions=tmp_path / "solutions",
        notebooks=tmp_path / "notebooks",
        manifest=tmp_path / "notebooks.sha256",
    )
    course.places = (course.solutions, course.notebooks, course.manifest)
    course.source = course.solutions / TINY / f"{TINY}.ipynb"
    course.released = course.notebooks / TINY / f"{TINY}.ipynb"
    course.source.parent.mkdir(parents=True)
    course.notebooks.mkdir()
    course.save = lambda: nbformat.write(course.notebook, course.source)
    course.save()
    (course.source.parent / "table.csv").write_text("1,2\n")
    return course


def contents(directory: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in sources.files_below(directory).items()}
