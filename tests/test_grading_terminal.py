"""What a person reads in the terminal: the summary, one line at Ctrl-C, whose feedback was not released."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import notebook_hash
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from grading import terminal
from grading.feedback import ReleaseFeedback
from grading.submission import Cell
from grading.terminal import STOPPED, Submitted, summary

LESSON = "03_identify_gradients"


def test_the_summary_counts_and_names_whom_to_look_at() -> None:
    lines = summary(
        [
            Submitted("anna", True, True, [], ["explain_w11_01"]),
            Submitted(
                "ben", True, True, ["The cell of dE_dw11_01 was stopped."], ["dE_dw11_12", "explain_w11_01"]
            ),
            Submitted("cleo", False, True, [], []),
            Submitted("dora", False, False, [], []),
        ]
    )
    assert lines == [
        "Graded: 2. Graded before and not changed: 1. Failed: 1.",
        "Failed: dora",
        "To be marked by a person: explain_w11_01, 2 times.",
        "To be looked at by a person:",
        "  ben: dE_dw11_12",
        "Out of the ordinary:",
        "  ben: The cell of dE_dw11_01 was stopped.",
    ]


def test_a_long_list_is_cut_and_says_so() -> None:
    lines = summary([Submitted(f"s{n}", True, True, ["odd"], []) for n in range(50)])
    assert len(lines) == 1 + 1 + terminal.MOST_LINES + 1
    assert lines[-1] == "  and 30 more"


def test_ctrl_c_gives_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from grading.terminal import tidy; tidy(); tidy(); raise KeyboardInterrupt"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr.split("\n") == ["", STOPPED, ""]
    assert done.returncode != 0


def test_three_warnings_of_sqlalchemy_are_silent_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(Autograde, "convert_notebooks", Autograde.convert_notebooks)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        terminal.tidy()
        for kind, place in (
            ("Assignment", "Student"),
            ("Assignment", "Assignment"),
            ("Notebook", "Notebook"),
        ):
            warnings.warn(
                f"Object of type <Submitted{kind}> not in session, add operation along '{place}.submissions' "
                "will not proceed (This warning originated from the Session 'autoflush' process)",
                SAWarning,
                stacklevel=1,
            )
        with pytest.raises(SAWarning):
            warnings.warn("Object of type <Grade> not in session", SAWarning, stacklevel=1)


def test_a_cell_is_called_by_its_exercise_or_by_how_it_begins() -> None:
    assert Cell("def f(): ...", name="dE_dw11_12").called(3) == "the cell of dE_dw11_12"
    assert Cell("\nwhile True:\n    pass").called(3) == "code cell 4 ('while True:')"


# nbgrader 0.9.6 leaves each timestamp.txt that it reads to the garbage collector to close.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <_io.FileIO name=.*timestamp.txt:pytest.PytestUnraisableExceptionWarning"
)
def test_feedback_is_released_past_a_folder_that_cannot_be_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = {"anna": "a" * 64, "by-mail": None, "by-post": None, "carl": "c" * 64}
    for student, secret in secrets.items():
        folder = tmp_path / "feedback" / student / LESSON
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.html").write_text(student)
        if secret:
            (folder / "timestamp.txt").write_text("2026-11-26 12:00:00 UTC")
            (folder / "submission_secret.txt").write_text(secret)
    config = Config()
    config.Exchange.root = str(tmp_path / "exchange")
    (tmp_path / "exchange" / "it").mkdir(parents=True)
    course = CourseDirectory(
        root=str(tmp_path), feedback_directory="feedback", course_id="it", assignment_id=LESSON
    )
    log = logging.getLogger("released")
    ReleaseFeedback(coursedir=course, config=config, log=log).start()
    released = {path.name: path.read_text() for path in (tmp_path / "exchange" / "it" / "feedback").iterdir()}
    assert released == {
        f"{notebook_hash(secret=secret, notebook_id=LESSON)}.html": student
        for student, secret in secrets.items()
        if secret
    }
    said = [record.getMessage() for record in caplog.records if "Not released" in record.getMessage()]
    assert len(said) == 1
    assert said[0].startswith("Not released, 2: by-mail, by-post. Beside the feedback timestamp.txt or")
    assert course.student_id_exclude == ""
