"""What the tests of the lessons share: answers tried on many inputs, notebooks run, formulas found."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from unittest import mock

import nbformat
import numpy as np
from matplotlib.figure import Figure
from nbclient import NotebookClient

from course_lib import EXERCISES, check, judge, landscape, plots
from course_lib.checking.calling.by_kind import outcomes_of
from tests.corpus import sampling

ROOT = Path(__file__).resolve().parent.parent
# The soak draws five sets of secret inputs; in `make test` what `check` refuses is tried on none, as a grader does.
SEEDS = range(5 if sampling.WHOLE else 1)
SEEDS_OF_WRONG = SEEDS if sampling.WHOLE else ()
# What no exercise takes for an answer: nothing, a function that returns nothing, one that is a stub, a number.
EMPTY = (None, ..., lambda *case: None, lambda *case: ..., 3)


def verdicts(exercise_id: str, answer: object, seeds: Iterable[int] = SEEDS) -> list:
    """Return what `check` says, and what `judge` says on inputs drawn as a grader draws its secret ones."""
    exercise = EXERCISES[exercise_id]
    given = [check(exercise_id, answer)]
    for seed in seeds:
        cases = exercise.cases(np.random.default_rng(seed))
        given.append(judge(exercise, cases, outcomes_of(exercise, answer, cases)))
    return given


def assert_right(exercise_id: str, answer: object) -> None:
    """Every verdict gives full points."""
    for verdict in verdicts(exercise_id, answer):
        assert verdict.right, str(verdict)
        assert verdict.points == EXERCISES[exercise_id].points


def assert_wrong(exercise_id: str, answer: object, points: float = 0.0) -> None:
    """No verdict gives more than `points`, and every card has something to say."""
    for verdict in verdicts(exercise_id, answer, SEEDS_OF_WRONG):
        assert not verdict.right
        assert verdict.points == points
        assert len(str(verdict)) > 60


def assert_empty(exercise_id: str, answer: object) -> None:
    """`check` gives nothing for nothing."""
    verdict = check(exercise_id, answer)
    assert (verdict.right, verdict.points) == (False, 0.0)
    assert verdict.card.headline


def notebook(lesson: str, folder: str = "solutions"):
    """Read a lesson's notebook."""
    return nbformat.read(ROOT / folder / lesson / f"{lesson}.ipynb", as_version=4)


def run(lesson: str, folder: str, where: Path):
    """Run a lesson from top to bottom as JupyterLab's Run All does; any traceback is an error."""
    return run_all(notebook(lesson, folder), where)


def run_all(book: nbformat.NotebookNode, where: Path):
    """Run a notebook from top to bottom in the folder `where`; any traceback is an error."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    client = NotebookClient(
        book, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(where)}}
    )
    client.execute(env={**os.environ, "PYTHONPATH": path})
    return book


def scores(book) -> dict[str, float]:
    """Return the points that the check cells of a run notebook show, as nbgrader reads them."""
    found = {}
    for cell in book.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade") and cell.cell_type == "code":
            (shown,) = [o for o in cell.outputs if o.output_type == "execute_result"]
            found[marks["grade_id"].removesuffix("_check")] = float(shown.data["text/plain"])
    return found


def stderr(book) -> list[str]:
    """Return everything that a run notebook wrote to stderr."""
    return [o.text for c in book.cells for o in c.get("outputs", []) if o.get("name") == "stderr"]


def figures(book) -> list[str]:
    """Return the HTML of every picture of a run notebook."""
    shown = [o.data.get("text/html", "") for c in book.cells for o in c.get("outputs", []) if "data" in o]
    return [text for text in shown if "<img" in text]


@cache
def names_of(lesson: str) -> dict[str, object]:
    """Run the solved lesson's code in one namespace and return it."""
    names: dict[str, object] = {}
    no_pictures = contextlib.ExitStack()  # to draw them takes longest
    for module in (plots, landscape):
        no_pictures.enter_context(mock.patch.object(module, "picture_of", _keep(_DRAWN[lesson])))
    # Elsewhere, because a lesson may keep answers in a file beside it.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), no_pictures:
        for cell in notebook(lesson).cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"<{cell.id}>", "exec"), names)
    return names


_DRAWN: dict[str, list[Figure]] = defaultdict(list)


def _keep(drawn: list[Figure]) -> Callable[..., None]:
    return lambda figure, *_: drawn.append(figure)


def drawn(lesson: str) -> list[Figure]:
    """Run the solved lesson's code and return its figures of plots."""
    names_of(lesson)
    return _DRAWN[lesson]


def prose(lesson: str) -> dict[str, str]:
    """Return the Markdown of every cell, by its id."""
    return {cell.id: cell.source for cell in notebook(lesson).cells if cell.cell_type == "markdown"}


def displayed(lesson: str) -> set[str]:
    """Return every formula that stands on a line of its own, spaces made one."""
    text = "\n".join(prose(lesson).values())
    return {squeezed(formula) for formula in re.findall(r"\$\$(.+?)\$\$", text, re.DOTALL)}


def squeezed(text: str) -> str:
    """Return `text` with every run of white space made one space."""
    return " ".join(text.split())
