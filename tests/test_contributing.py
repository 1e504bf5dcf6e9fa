"""The recipes of CONTRIBUTING.md, followed word for word in a copy of the course."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_lib.checking.judging.meanings import LAYERS, MEANINGS, of_layer
from course_lib.exercises import EXERCISES
from course_lib.mistakes import MISTAKES
from tests.tiny import marks

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = {
    found[1]: found[2]
    for found in re.finditer(
        r"```python\n# (\S+)\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL
    )
}
LESSON = "04_backpropagation"
EXERCISE, CATALOGUE = (
    "course_lib/exercises/lesson_04/bias_gradient.py",
    "course_lib/mistakes/inputs_and_samples.py",
)
TRIED = """
import numpy as np
from course_lib import EXERCISES, LESSONS, check

assert EXERCISES["bias_gradient"] in LESSONS["04_backpropagation"].exercises
right = check("bias_gradient", lambda delta: delta.sum(axis=0))
assert right.right and right.points == 2, str(right)
first = check("bias_gradient", lambda delta: delta[0])
assert first.diagnosis == ("first_sample_only",), str(first)
assert "only the first sample counts" in str(first)
mean = check("bias_gradient", lambda delta: delta.mean(axis=0))
assert mean.diagnosis == ("averaged_twice",), str(mean)
"""


def test_the_ids_of_all_mistakes_are_listed() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = re.search(r"## The ids of the mistakes\n(.*?)\n## ", text, re.DOTALL)[1].partition("- ")[2]
    assert re.findall(r"`(\w+)`", listed) == list(MISTAKES)


def test_the_ids_of_all_meanings_are_listed() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.search(r"## The ids of the meanings\n(.*?)\n## ", text, re.DOTALL)[1]
    listed = re.findall(r"`(\w+)`", section.partition("- ")[2])
    later = {id_ for layer in range(1, LAYERS) for id_ in of_layer(layer)}
    assert sorted(listed) == sorted(set(MEANINGS) - later)


def test_the_exercise_of_the_recipe_passes_the_linter() -> None:
    linter = [sys.executable, "-m", "ruff", "check", "-q", f"--stdin-filename={EXERCISE}", "-"]
    told = subprocess.run(linter, input=BLOCKS[EXERCISE], cwd=ROOT, text=True, capture_output=True)
    assert told.returncode == 0, told.stdout


def test_a_mistake_that_the_catalogue_does_not_have_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match="mse: no mistake 'made_up' in the catalogue; add it to a file of"):
        replace(EXERCISES["mse"], mistakes={"made_up": lambda O, D: [0.0]})


def _edit(path: Path, old: str, new: str) -> int:
    """Put `new` in the place of the last `old`, and return how many lines that adds."""
    before, found, after = path.read_text(encoding="utf-8").rpartition(old)
    assert found, f"{path.name} has no {old!r}"
    path.write_text(before + new + after, encoding="utf-8")
    return new.count("\n") - old.count("\n")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """Return a copy of the course in which the recipes were followed, and the lines they added to each file."""
    course = tmp_path_factory.mktemp("contributed")
    for name in ("course_lib", "grading", "notebooks", "solutions", "tests"):
        ignored = shutil.ignore_patterns(
            "__pycache__", "submitted", "autograded", "feedback", "exchange", "*.db", "secret"
        )
        shutil.copytree(ROOT / name, course / name, ignore=ignored)
    for name in (
        "pyproject.toml",
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "requirements.lock",
        "Makefile",
    ):
        shutil.copy(ROOT / name, course / name)
    shutil.copytree(ROOT / ".github", course / ".github")
    (course / EXERCISE).write_text(BLOCKS[EXERCISE], encoding="utf-8")
    listing = course / "course_lib/exercises/lesson_04/exercises.py"
    lines = {EXERCISE: BLOCKS[EXERCISE].count("\n")}
    lines["exercises.py"] = _edit(
        listing,
        "from course_lib.exercises.lesson_04.planted_errors",
        "from course_lib.exercises.lesson_04.bias_gradient import BIAS_GRADIENT\n"
        "from course_lib.exercises.lesson_04.planted_errors",
    )
    lines["exercises.py"] += _edit(
        listing, "        TRAINING,\n", "        TRAINING,\n        BIAS_GRADIENT,\n"
    )
    entry = "".join(f"    {line}\n" for line in BLOCKS[CATALOGUE].rstrip().splitlines()).rstrip() + ",\n)\n"
    lines[CATALOGUE] = _edit(course / CATALOGUE, "\n)\n", f"\n{entry}")
    _add_cells(course / "solutions" / LESSON / f"{LESSON}.ipynb")
    return course, lines


def _add_cells(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    at = next(n for n, cell in enumerate(book.cells) if cell.id == "output-delta-check") + 1
    answer = "def bias_gradient(delta):\n    ### BEGIN SOLUTION\n    return delta.sum(axis=0)\n    ### END SOLUTION"
    book.cells[at:at] = [
        new_markdown_cell(
            "### A bias\n\nWhat is its derivative? ({points:bias_gradient})", id="bias-gradient-text"
        ),
        new_code_cell(answer, id="bias-gradient", metadata=marks("bias_gradient", solution=True)),
        new_code_cell(
            'check("bias_gradient", bias_gradient)',
            id="bias-gradient-check",
            metadata=marks("bias_gradient_check", grade=True),
        ),
    ]
    nbformat.write(book, path)


def _run(course: Path, *words: str) -> subprocess.CompletedProcess:
    env = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": os.pathsep.join([str(course), str(course / "tests" / "lean")]),
        "HOME": str(course),
    }
    return subprocess.run(
        [sys.executable, *words], cwd=course, env=env, capture_output=True, text=True, timeout=240
    )


def test_a_new_exercise_with_a_new_mistake_takes_three_files_and_sixty_lines(copy):
    _, lines = copy
    assert len(lines) == 3
    assert sum(lines.values()) <= 60


def test_its_answers_are_judged_and_its_mistake_is_named(copy):
    done = _run(copy[0], "-c", TRIED)
    assert done.returncode == 0, done.stderr


def test_the_lesson_is_generated_with_its_points_in_cell_and_text(copy):
    course = copy[0]
    made = _run(course, "-m", "grading", "notebooks")
    assert made.returncode == 0, made.stdout + made.stderr
    book = nbformat.read(course / "notebooks" / LESSON / f"{LESSON}.ipynb", as_version=4)
    cells = {cell.id: cell for cell in book.cells}
    assert cells["bias-gradient-check"].metadata.nbgrader.points == 2
    assert "(2 points)" in cells["bias-gradient-text"].source
    assert "raise NotImplementedError" in cells["bias-gradient"].source
    assert "sum(axis=0)" not in cells["bias-gradient"].source


@pytest.mark.soak
def test_no_existing_test_has_to_be_edited(copy):
    files = [f"tests/test_{name}.py" for name in ("house", "deck", "formulas", "lessons")]
    cheap = "house or deck or (formulas and 04 and line) or outline or paragraphs or spelling"
    options = ("-q", "-x", "-p", "no:cacheprovider", "--assert=plain")
    done = _run(copy[0], "-m", "pytest", *options, *files, "-k", cheap)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
