"""What cells did to the answers: a failed run, a check before its answer, a name of the course taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import course_lib
from course_lib.checking.student import cells, kernel, summarizing

ANSWER = "def dE_dw11_12(W01, W12, X, D):\n    return 1.0"
CHECK = 'check("dE_dw11_12", dE_dw11_12)'


class Notebook:
    """Cells run one after the other in a shell of their own; `notes` is what was said below the last one."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.notes: list[str] = []
        quiet = Config({"HistoryManager": {"enabled": False}})
        self._shell = InteractiveShell(config=quiet, ipython_dir=str(folder))
        self.history = cells.watch(self._shell)
        for module in (kernel, summarizing):
            monkeypatch.setattr(module, "HISTORY", self.history)
        monkeypatch.setattr(cells, "CHECKED", {"03_identify_gradients": None})
        monkeypatch.setattr("IPython.display.display", lambda note: self.notes.append(repr(note)))
        self.run("from course_lib import check, forward, hint, loss, summary")

    def run(self, source: str) -> object:
        """Run a cell and return its value."""
        self.notes.clear()
        return self._shell.run_cell(source).result


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return Notebook(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("def dE_dw11_12(W01, W12, X, D):\n    return (1.0", "a SyntaxError"),
        ("import nothing_of_this_name\n" + ANSWER, "a ModuleNotFoundError"),
        ("1 / 0\n" + ANSWER, "a ZeroDivisionError"),
        ("async def dE_dw11_12(W01): return 1 +", "a SyntaxError"),
    ],
)
def test_a_check_says_that_the_last_run_of_the_answers_cell_failed(notebook, cell, error):
    notebook.run(ANSWER)
    assert "stopped with" not in str(notebook.run(CHECK))
    notebook.run(cell)
    said = " ".join(str(notebook.run(CHECK)).split())
    assert f"The cell that defines `dE_dw11_12` stopped with {error} when it was last run." in said
    assert "from before" in said
    assert "`dE_dw11_12` stopped" in " ".join(repr(notebook.run("summary()")).split())
    notebook.run(ANSWER)
    assert "stopped with" not in str(notebook.run(CHECK))


def test_a_cell_that_fails_below_its_answer_has_defined_it(notebook):
    notebook.run(ANSWER)
    notebook.run(ANSWER.replace("1.0", "2.0") + "\n1 / 0")
    assert "stopped with" not in str(notebook.run(CHECK))


def test_a_cell_of_something_else_may_fail(notebook):
    notebook.run(ANSWER)
    notebook.run("scratch = (1")
    notebook.run("def other():\n    dE_dw11_12 = 3\n1 / 0")
    assert "stopped with" not in str(notebook.run(CHECK))


def test_a_check_before_its_answer_names_the_cell_to_run(notebook):
    notebook.run(CHECK)
    assert "Run the cell above that defines it" in notebook.notes[0]
    notebook.run("def dE_dw11_12(W01:")
    notebook.run(CHECK)
    assert "stopped with a SyntaxError" in notebook.notes[0]
    notebook.run("dE_dw11_12")  # not a check: Python's own words do
    assert notebook.notes == []


def test_a_function_of_the_course_that_is_not_imported_is_named(notebook):
    notebook.run("mse(1, 2)")
    assert "Run the first cell of the notebook" in notebook.notes[0]


@pytest.mark.parametrize(("name", "value"), [("check", "5"), ("forward", "0.25"), ("hint", "'none'")])
def test_a_name_of_the_course_that_is_taken_is_named_at_once_and_until_it_is_given_back(
    notebook, name, value
):
    notebook.run(f"{name} = {value}")
    assert f"`{name}` is no longer the function of the course" in notebook.notes[0]
    notebook.run("1 + 1")
    assert notebook.notes == []
    notebook.run(f"{name}('dE_dw11_12')")
    assert f"`{name}` is no longer" in notebook.notes[0]
    assert f"`{name}` is no longer" in " ".join(repr(notebook.run("summary()")).split())
    notebook.run(f"from course_lib import {name}")
    assert "is no longer" not in repr(notebook.run("summary()"))


def test_an_exercise_may_have_the_name_of_a_function_of_the_course(notebook, monkeypatch):
    monkeypatch.setattr(cells, "CHECKED", {"02_forward_pass": None})
    notebook.run("from course_lib import mse")
    notebook.run("def mse(o, d):\n    return 1.0")
    assert notebook.notes == []
    assert "mse" not in " ".join(notebook.history.shadowed())


@pytest.mark.parametrize("step", ["autograde", "validate"])
def test_where_nbgrader_runs_the_notebook_nothing_is_said(tmp_path, monkeypatch, step):
    monkeypatch.setenv("NBGRADER_EXECUTION", step)
    notebook = Notebook(tmp_path, monkeypatch)
    for cell in (CHECK, "check = 5", "check(1)", "def dE_dw11_12("):
        notebook.run(cell)
        assert notebook.notes == []
    assert notebook.history.failures == {}


def test_hints_in_one_cell_are_all_shown(notebook, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.get_ipython", lambda: notebook)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data["text/plain"]))
    course_lib.hint("dE_dw11_12")
    course_lib.hint("dE_dw11_12", 2)
    assert [text[:6] for text in shown] == ["Hint 1", "Hint 2"]
