"""answers.json: what is placed is kept at once, whatever is in the way; what is damaged is never lost."""

from __future__ import annotations

import json
import os
import sys
import zipfile

import pytest

from course_lib import answers, check, pack, place
from course_lib.answers.file import MOST_BYTES, load, save
from course_lib.checking.student.cells import CellHistory
from course_lib.exercises import EXERCISES, LESSONS
from course_lib.exercises.lesson_02.exercises import FILL_SYMBOLS

FACTORS = "factors_w11_12"
RIGHT = ("2", "o_n1 - d_n1", "S'(net_n1_12)", "y_n1")


@pytest.fixture
def beside(tmp_path, monkeypatch):
    """The path of answers.json in the folder of a notebook."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(EXERCISES, "fill_symbols", FILL_SYMBOLS)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return tmp_path / "answers.json"


def place_all(*names: str) -> None:
    for number, name in enumerate(names, start=1):
        place(FACTORS, f"factor_{number}", name)


def test_what_is_placed_is_in_the_file_at_once(beside):
    place("fill_symbols", "hidden_1_output", "y_n1")
    content = json.loads(beside.read_text(encoding="utf-8"))
    assert content["schema"] == "backprop-course/answers"
    assert content["version"] == 1
    assert content["answers"] == {"fill_symbols": {"hidden_1_output": "y_n1"}}
    assert answers.read("fill_symbols") == {"hidden_1_output": "y_n1"}
    assert [path.name for path in beside.parent.iterdir()] == ["answers.json"]  # no half-written file is left


def test_one_diagram_does_not_disturb_another_and_none_empties(beside):
    place_all("2", "y_n1")
    place("factors_w21_12", "factor_1", "y_n2")
    place(FACTORS, "factor_1", None)
    assert answers.read(FACTORS) == {"factor_2": "y_n1"}
    assert answers.read("factors_w21_12") == {"factor_1": "y_n2"}


def test_check_alone_reads_the_file(beside):
    assert check(FACTORS).card.state == "unanswered"
    place_all(*RIGHT)
    verdict = check(FACTORS)
    assert (verdict.points, verdict.right) == (2.0, True)
    assert repr(verdict) == "2.0"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("fill_symbols", "hiden_1_output", "y_n1"), "did you mean 'hidden_1_output'"),
        (("fill_symbols", "hidden_1_output", "w11-01"), "did you mean 'w11_01'"),
        (("fill_symbol", "hidden_1_output", "y_n1"), "did you mean 'fill_symbols'"),
        (("dE_dw11_12", "factor_1", "2"), "is not answered in a diagram"),
    ],
)
def test_an_unknown_name_is_refused_and_the_nearest_one_named(beside, arguments, told):
    with pytest.raises(ValueError, match=told):
        place(*arguments)
    assert not beside.exists()


def test_a_value_that_is_no_text_is_a_type_error(beside):
    with pytest.raises(TypeError, match="value: expected a string"):
        place(FACTORS, "factor_1", 2)


def aside(beside):
    return [path for path in beside.parent.iterdir() if path.name.startswith("answers.damaged")]


GOOD = {"schema": "backprop-course/answers", "version": 1, "answers": {FACTORS: {"factor_1": "2"}}}
CUT_SHORT = json.dumps(GOOD, indent=1)[:-6]
DAMAGED = {
    "cut-short": (CUT_SHORT, "not complete JSON", {"factor_1": "2"}),
    "empty": ("", "not complete JSON", {}),
    "foreign": ('{"name": "something else"}', "not a file of this course", {}),
    "a-list": ("[1, 2]", "not a file of this course", {}),
    "another-version": (json.dumps(GOOD | {"version": 9}), "has version 9", {"factor_1": "2"}),
    "a-wrong-entry": (
        json.dumps(GOOD | {"answers": {FACTORS: {"factor_1": "2", "factor_2": 7}}}),
        "that no diagram writes",
        {"factor_1": "2"},
    ),
    "an-entry-of-another-kind": (
        json.dumps(GOOD | {"answers": GOOD["answers"] | {"dE_dw11_12": {"a": "b"}}}),
        "is not an answer",
        {"factor_1": "2"},
    ),
    "nested-without-end": ("[" * 100_000, "not complete JSON", {}),
    "another-encoding": ('{"schema": "ö"}'.encode("utf-16"), "not complete JSON", {}),
    "far-too-large": (" " * (MOST_BYTES + 1), "far more than answers need", {}),
}


@pytest.mark.parametrize("story", DAMAGED)
def test_a_damaged_file_is_said_kept_and_saved_aside(beside, story):
    content, told, good = DAMAGED[story]
    content = content if isinstance(content, bytes) else content.encode()
    beside.write_bytes(content)
    assert told in str(check(FACTORS)).replace("\n", " ")
    assert beside.read_bytes() == content  # reading alone changes nothing
    assert answers.read(FACTORS) == good
    place(FACTORS, "factor_2", "y_n1")
    assert answers.read(FACTORS) == good | {"factor_2": "y_n1"}
    (kept,) = aside(beside)
    assert kept.read_bytes() == content
    place(FACTORS, "factor_3", "x_n1")
    assert len(aside(beside)) == 1


def test_two_damaged_files_are_both_kept(beside):
    for content in ("first", "second"):
        beside.write_text(content)
        place(FACTORS, "factor_1", "2")
    assert {path.read_text() for path in aside(beside)} == {"first", "second"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_does_not_hang_and_a_link_is_not_followed(beside):
    os.mkfifo(beside)
    assert "not a regular file" in str(check(FACTORS))
    place(FACTORS, "factor_1", "2")
    elsewhere = beside.with_name("elsewhere.txt")
    elsewhere.write_text("precious")
    beside.unlink()
    beside.symlink_to(elsewhere)
    place(FACTORS, "factor_1", "2")
    assert elsewhere.read_text() == "precious"
    assert answers.read(FACTORS) == {"factor_1": "2"}


def test_answers_of_exercises_not_known_here_are_kept(beside):
    save(beside, {"of_a_later_lesson": {"a": "b"}}, load(beside, EXERCISES), "x")
    place(FACTORS, "factor_1", "2")
    kept = json.loads(beside.read_text(encoding="utf-8"))["answers"]
    assert kept == {"of_a_later_lesson": {"a": "b"}, FACTORS: {"factor_1": "2"}}
    assert not aside(beside)


def test_a_file_that_cannot_be_written_is_an_error_that_says_so(beside, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    place(FACTORS, "factor_1", "2")
    before = beside.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        place(FACTORS, "factor_1", "y_n1")
    assert beside.read_bytes() == before
    assert len(list(beside.parent.iterdir())) == 1


def test_nothing_is_written_in_a_lesson_under_solutions(beside, tmp_path, monkeypatch):
    lesson = tmp_path / "solutions" / "03_identify_gradients"
    lesson.mkdir(parents=True)
    monkeypatch.chdir(lesson)
    place_all(*RIGHT)
    assert check(FACTORS).right
    assert list(lesson.iterdir()) == []
    assert pack().path is None
    assert list(lesson.iterdir()) == []


def test_a_missing_file_is_said_and_is_no_silent_zero(beside, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert "answers.json missing: the answers given in diagrams did not come" in str(check(FACTORS))


def test_pack_makes_one_zip_with_a_receipt(beside, monkeypatch):
    monkeypatch.setattr("course_lib.checking.student.cells.CHECKED", {"03_identify_gradients": None})
    notebook = beside.with_name("mine.ipynb")
    notebook.write_text("{}")
    place_all(*RIGHT)
    receipt = pack()
    with zipfile.ZipFile(receipt.path) as made:
        assert sorted(made.namelist()) == ["answers.json", "mine.ipynb", "receipt.json"]
        facts = json.loads(made.read("receipt.json"))
        assert made.read("answers.json") == beside.read_bytes()
    lesson = LESSONS["03_identify_gradients"].exercises
    assert (facts["answered"], facts["of"]) == (1, sum(e.kind != "essay" for e in lesson))
    assert "1 of" in repr(receipt)
    assert "<section" in receipt._repr_html_()


ANSWER = "def dE_dw11_12(W01, W12, X, D):\n    return 1.0"
STUB = "def dE_dw11_12(W01, W12, X, D):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
BY_HAND = 'number_by_hand = {"w11_12": None, "w21_12": None}'
MEND = 'def mended_1(w):\n    return w\n\nclinic_1 = {"mistakes": ..., "shows": ..., "mended": mended_1}'
SLOPES = 'def f(z):\n    return 1\n\nslopes = {"tanh": f, "relu": f}'


def save_notebook(path, *cells):
    marked = [{"metadata": {"nbgrader": {"grade_id": name}}, "source": [source]} for name, source in cells]
    path.write_text(json.dumps({"cells": marked}))


@pytest.mark.parametrize(
    ("cells", "ran", "answered", "unsaved"),
    [
        ([("dE_dw11_12", STUB)], ANSWER, 0, ["dE_dw11_12"]),
        ([("dE_dw11_12", ANSWER)], ANSWER, 1, []),
        ([("dE_dw11_12", ANSWER + "\n")], ANSWER, 1, []),
        ([("dE_dw11_12", ANSWER)], ANSWER.replace("1.0", "2.0"), 1, ["dE_dw11_12"]),
        ([("dE_dw11_12", STUB), ("", ANSWER)], ANSWER, 1, []),  # answered in a cell of one's own
        ([("dE_dw11_12", ANSWER)], None, 1, []),  # the kernel is fresh
        ([("dE_dw11_12", STUB), ("number_by_hand", BY_HAND)], None, 0, []),
        ([("number_by_hand", BY_HAND.replace("None", "0.5", 1))], None, 1, []),
        ([("number_by_hand", "number_by_hand = ...")], None, 0, []),
        ([("dE_dw11_12", "def dE_dw11_12(")], None, 0, []),
        ([("clinic_1", MEND)], None, 0, []),  # as it was handed out
        ([("clinic_1", MEND.replace("...", '{"no_weight"}', 1))], None, 1, []),
        ([("slopes", SLOPES)], None, 1, []),
        ([(FACTORS, f'diagram("{FACTORS}")')], None, 0, []),
        ([], None, 0, []),
    ],
)
def test_a_receipt_counts_what_is_in_the_file_and_names_what_is_not(
    beside, monkeypatch, cells, ran, answered, unsaved
):
    history = CellHistory({})
    monkeypatch.setattr("course_lib.checking.student.packing.HISTORY", history)
    lesson = EXERCISES[cells[0][0]].lesson if cells else "03_identify_gradients"
    monkeypatch.setattr("course_lib.checking.student.cells.CHECKED", {lesson: None})
    if ran:
        history.sources["dE_dw11_12"] = ran
        monkeypatch.setattr(sys.modules["__main__"], "dE_dw11_12", lambda *_: 1.0, raising=False)
    save_notebook(beside.with_name("mine.ipynb"), *cells)
    receipt = pack()
    with zipfile.ZipFile(receipt.path) as made:
        facts = json.loads(made.read("receipt.json"))
    assert (facts["answered"], facts["unsaved"]) == (answered, unsaved)
    assert receipt.card.state == ("partly" if unsaved else "right")
    assert ("1 answer is not saved yet: dE_dw11_12. Press Ctrl+S" in receipt.card.lines[0]) is bool(unsaved)


@pytest.mark.parametrize(("lesson", "said"), [("00_start_here", False), ("02_forward_pass", True)])
def test_only_a_lesson_with_diagrams_misses_their_file(beside, monkeypatch, lesson, said):
    monkeypatch.setattr("course_lib.checking.student.cells.CHECKED", {lesson: None})
    beside.with_name("mine.ipynb").write_text("{}")
    assert ("answers.json" in repr(pack())) is said


def test_pack_says_when_there_is_nothing_to_pack(beside):
    assert "no saved notebook was found" in repr(pack())


def test_pack_writes_nothing_while_grading(beside, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    beside.with_name("mine.ipynb").write_text("{}")
    assert pack().path is None
    assert [path.name for path in beside.parent.iterdir()] == ["mine.ipynb"]
