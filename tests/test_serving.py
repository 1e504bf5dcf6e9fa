"""The instructor's server, from the root of a clone."""

from __future__ import annotations

import json
import shutil

import pytest

from course_lib.exercises import LESSONS
from tests.browser.jupyter import ask, serving


@pytest.mark.soak
def test_the_formgrader_works_from_the_root_of_a_clone(tmp_path, root):
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    shutil.copytree(root / "solutions", tmp_path / "solutions")
    with serving(tmp_path, "jupyterlab", "--allow-root") as address:
        rows = json.loads(ask(address, "/formgrader/api/assignments"))
    assert {row["name"]: row["source_path"] for row in rows} == {
        lesson: f"solutions/{lesson}" for lesson in LESSONS
    }
