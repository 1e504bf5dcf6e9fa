"""Lesson 05 in the sandbox: activations go in by name, and an error that is asked for stops nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from course_lib import judge
from course_lib.exercises import LESSONS
from grading.collect import collect
from grading.sandbox import Limits
from grading.sandbox.filesystem import lay_out
from grading.submission import Cell, Submission
from tests import lessons

pytestmark = pytest.mark.sandbox
LESSON = LESSONS["05_vanishing_and_exploding_gradients"]
IDS = ("saturated_beyond", "slopes", "layer_norms", "clip_by_global_norm", "decayed_gradients")


def test_right_answers_come_out_right(tmp_path: Path) -> None:
    box, files = tmp_path / "box", tmp_path / "files"
    box.mkdir()
    files.mkdir()
    lay_out(box, LESSON)
    asked = [e for e in LESSON.exercises if e.id in IDS]
    questions = [(e, e.cases(np.random.default_rng(1)), e.cases(np.random.default_rng(2))) for e in asked]
    solved = {c.id: c.source for c in lessons.notebook(LESSON.id).cells if c.cell_type == "code"}
    wanted = ("setup", *(exercise.id.replace("_", "-") for exercise in asked))
    cells = [Cell(solved[cell_id]) for cell_id in wanted]
    with Submission(cells, str(box), str(files), Limits(cell_seconds=5.0, seconds=60.0)) as submission:
        found = collect(submission, questions)
    for exercise, public, secret in questions:
        verdict = judge(exercise, public + secret, found.outcomes[exercise.id])
        assert verdict.right, str(verdict)
