"""What touches a student's bytes runs in a worker: what it may use, what is believed of it, what breaks what."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from course_lib.checking import check
from course_lib.checking.calling import Outcome
from course_lib.checking.calling.by_kind import calls_of, has_data
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES, LESSONS
from grading import score
from grading.bounded import MB, Budget, run
from grading.intake.released import Marked, Released
from grading.pages.marks import Marks
from grading.pages.rendering import Order as PageOrder
from grading.pages.rendering import rendered
from grading.sandbox import Limits
from grading.sandbox.inside.encoding import Opaque
from grading.worker import believing, inside
from grading.worker.admitting import admit
from grading.worker.assessment import Order
from grading.worker.grading import grade
from tests.corpus import sampling
from tests.fuzz.mutants import changed_json

LESSON, SECRET = "03_identify_gradients", b"s" * 64
CELL = Marked(
    "dE_dw11_12", "code", "def dE_dw11_12(weights, X, D):\n    ...", False, False, True, False, None, "x"
)
RELEASED = Released(LESSON, (CELL,), frozenset({CELL.source}))
SMALL = Budget(memory=100 * MB, seconds=60.0)


def starts_another(data: bytes) -> int:
    return subprocess.run(["true"], check=False).returncode


def test_what_runs_bounded_may_start_processes_of_its_own() -> None:
    assert run(starts_another, b"") == 0


def test_the_worker_loads_neither_nbgrader_nor_nbformat() -> None:
    code = "import sys, grading.worker.inside\nassert not {'nbgrader', 'nbformat', 'sqlalchemy'} & {*sys.modules}"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


@pytest.mark.parametrize(
    "content", [b'{"cells":[' + b'{"":0},' * 10**6 + b"0]}", b"[" * 10**6, b"\xff" * 10**6], ids=len
)
def test_a_notebook_that_takes_too_much_waits_for_a_person(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "handed-in").mkdir()
    (tmp_path / "handed-in" / f"{LESSON}.ipynb").write_bytes(content)
    notes = admit(tmp_path / "handed-in", tmp_path / "copy", RELEASED, SMALL)
    taken = json.loads((tmp_path / "copy" / f"{LESSON}.ipynb").read_text())
    assert taken["metadata"]["grading"]["open"] == ["dE_dw11_12"]
    assert taken["metadata"]["grading"]["notes"] == notes != []
    assert [cell["source"] for cell in taken["cells"]] == [CELL.source]


def test_a_submission_that_the_worker_cannot_finish_waits_for_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grading.worker.grading.ANSWER", 10)
    order = Order(LESSON, [("1", "")], {}, str(tmp_path), str(tmp_path), SECRET, asdict(Limits()))
    graded = grade(order)
    assert graded.broken == [exercise.id for exercise in LESSONS[LESSON].exercises]
    assert graded.verdicts == {}
    assert graded.outputs == [[]]
    assert len(graded.notes) == 1


@pytest.mark.parametrize("folder", ["timestamp.txt", f"{LESSON}.ipynb", "answers.json"])
def test_a_folder_with_the_name_of_a_file_is_left_out(tmp_path: Path, folder: str) -> None:
    (tmp_path / "handed-in" / folder).mkdir(parents=True)
    (tmp_path / "handed-in" / folder / "x.csv").write_text("1")
    notes = admit(tmp_path / "handed-in", tmp_path / "copy", RELEASED)
    assert any(f"{folder}/x.csv" in note for note in notes)
    assert {path.name for path in (tmp_path / "copy").iterdir()} == {f"{LESSON}.ipynb"}


ADMITTED = {
    "cells": [
        {"cell_type": "code", "source": "1", "mark": "dE_dw11_12", "attachments": {"p": {"image/png": ""}}}
    ],
    "open": ["dE_dw11_12"],
    "look": [],
    "notes": ["a note"],
    "diagrams_seen": [],
    "signs": [],
    "submitted_as": "mine",
}
GROUNDS = {"right_parts": 0, "reason": "VALUE", "status": "ANSWERED", "either": False}
OUTPUT = [{"output_type": "stream", "name": "stdout", "text": "hi"}]
ERROR = [{"output_type": "error", "ename": "a", "evalue": "b", "traceback": ["c"]}]
PICTURE = [{"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}]


def _graded() -> dict:
    names = [exercise.id for exercise in LESSONS[LESSON].exercises]
    verdict = {"points": 0.0, "right": False, "diagnosis": [], "state": "wrong", "card": "<p>"} | GROUNDS
    return {
        "outputs": [OUTPUT, ERROR, PICTURE],
        "verdicts": dict.fromkeys(names[1:], verdict),
        "figures": {names[0]: "<p>"},
        "broken": names[:1],
        "drawn": [],
        "answers_file": True,
        "notes": [],
        "name": "Ann",
        "stopped": False,
    }


def test_whatever_a_worker_says_costs_only_its_own_submission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, rng = {exercise.id for exercise in LESSONS[LESSON].exercises}, random.Random(0)
    order = Order(LESSON, [("1", "")] * 3, {}, "", "", SECRET, asdict(Limits()))
    for number in range(300):
        said = json.loads(changed_json(rng, json.dumps([ADMITTED, _graded()]).encode()))
        admitted, graded = said if isinstance(said, list) and len(said) == 2 else (said, said)
        monkeypatch.setattr("grading.worker.admitting.run", lambda *about, told=admitted: told)
        monkeypatch.setattr("grading.worker.grading.run", lambda *about, told=graded: told)
        admit(tmp_path, tmp_path / "copies" / str(number), RELEASED)
        found = grade(order)
        assert found.verdicts.keys() | {*found.broken} == names
        assert len(found.outputs) == 3


VERDICT = {"points": 2.0, "right": True, "diagnosis": [], "state": "right", "card": "<p>"} | GROUNDS
FORGED = [
    {"points": 2.5},
    {"points": -1.0},
    {"points": float("nan")},
    {"points": float("inf")},
    {"points": "2"},
    {"points": 1.0},
    {"right": 1},
    {"state": "perfect"},
    {"diagnosis": "none"},
    {"diagnosis": ["no_such_mistake"]},
    {"right_parts": 2},
    {"reason": "BECAUSE"},
    {"status": ["TIMED_OUT"]},
    {"either": 1},
    {"card": "x" * 10**7},
    {"more": 1},
]


def test_a_verdict_as_agreed_is_believed() -> None:
    assert believing.verdict(VERDICT, EXERCISES["dE_dw11_12"]) == VERDICT | {"max_points": 2.0}


@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: str(forged)[:30])
def test_a_verdict_that_no_worker_gives_is_not_believed(forged: dict) -> None:
    with pytest.raises(believing.UnbelievableError, match="not as agreed"):
        believing.verdict(VERDICT | forged, EXERCISES["dE_dw11_12"])


OUTPUTS = [
    [{"output_type": "execute_result", "data": {"text/plain": "2.0"}}],
    [{"output_type": "display_data", "data": {"text/html": "<script>"}}],
    [{"output_type": "stream", "name": "other", "text": ""}],
    [{"output_type": "error", "ename": "", "evalue": "", "traceback": [1]}],
    "none",
]


@pytest.mark.parametrize("forged", OUTPUTS, ids=str)
def test_outputs_that_no_worker_gives_are_not_believed(forged: object) -> None:
    with pytest.raises(believing.UnbelievableError, match="not as agreed"):
        believing.outputs([forged], 1)


def _page(text: str) -> PageOrder:
    notebook = new_notebook(cells=[new_markdown_cell(text)], metadata={"grading": {"notes": []}})
    return PageOrder("feedback.html", "A lesson", notebook, Marks())


def test_a_page_that_cannot_be_rendered_says_so() -> None:
    assert "A word" in rendered(_page("A word"))
    plain = rendered(_page("A word"), Budget(answer=10))
    assert "A word" not in plain
    assert "cannot be shown here" in plain


RETURNED = [
    *(None, ..., True, 7, 10**20, 10**399, -(10**399), 0.5, float("nan"), float("inf"), 2j, "a", "x" * 10**4),
    *(
        [],
        [None],
        [1, "a"],
        [..., None],
        (),
        {},
        {"a": 1},
        {None: None},
        {1, 2},
        [[1, 2], [3]],
        [10**399, 0.5],
    ),
    *(
        np.array(0.5),
        np.array(True),
        np.zeros((0, 3)),
        np.full((3, 3), np.nan),
        np.array([1j]),
        np.zeros((2, 1, 3)),
    ),
    *(
        Opaque("function"),
        [Opaque("x"), None],
        [np.zeros((2, 3)), np.zeros((3, 1)), None],
        [np.array(0.5)] * 3,
    ),
]


@pytest.mark.sampled
@pytest.mark.parametrize("name", EXERCISES)
def test_whatever_an_answer_returns_is_judged(name: str) -> None:
    exercise = EXERCISES[name]
    # In the sample every exercise meets a third of the values, and every value some twenty exercises of all kinds.
    values = RETURNED if sampling.WHOLE else RETURNED[list(EXERCISES).index(name) % 3 :: 3]
    calls = calls_of(exercise)
    count = len(calls) * (len(public_cases(exercise)) + len(score.secret_cases(exercise, SECRET)))
    for value in values:
        outcomes = [Outcome(value)] * (count + (1 if has_data(exercise) or not calls else 0))
        verdict = score.verdict_on(exercise, SECRET, outcomes, "x")
        assert 0.0 <= float(repr(verdict)) <= exercise.points
        assert verdict._repr_html_()


@pytest.mark.parametrize(
    ("name", "value"),
    [("backprop", [1.0, ..., None]), ("two_basins", np.array(0.5)), ("count_weights", 10**399)],
    ids=["backprop", "two_basins", "count_weights"],
)
def test_the_check_in_the_notebook_judges_it_too(name: str, value: object) -> None:
    assert "could not be read" not in str(check(name, lambda *arguments: value))


def test_an_exercise_that_cannot_be_judged_costs_itself_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(exercise: object, *about: object) -> None:
        if exercise.id == "dE_dw11_12":
            raise OverflowError("too large")
        return verdict_on(exercise, *about)

    verdict_on = score.verdict_on
    monkeypatch.setattr(score, "verdict_on", fails)
    monkeypatch.setattr("grading.worker.assessment.collect", lambda *about: _nothing())
    order = asdict(Order(LESSON, [], {}, str(tmp_path), str(tmp_path), SECRET, asdict(Limits())))
    told = inside.grade(json.dumps(order | {"secret": SECRET.decode()}).encode())
    assert told["broken"] == ["dE_dw11_12"]
    assert told["verdicts"].keys() == {e.id for e in LESSONS[LESSON].exercises} - {"dE_dw11_12"}
    assert [note for note in told["notes"] if "dE_dw11_12" in note]


def _nothing():
    from grading.collect import Collected

    return Collected()
