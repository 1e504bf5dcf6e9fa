"""A class of one whose folder has no notebook, and a class of none: nbgrader itself would only say "not matched"."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.classroom import Classroom, stories
from tests.life import LESSON

pytestmark = pytest.mark.sandbox


def test_a_lone_student_without_the_notebook_is_reported_and_a_class_of_none_is_told_what_to_do(
    tmp_path: Path, released: Path
) -> None:
    room = Classroom(tmp_path, released)
    (room.submitted / "bob" / "another_lesson").mkdir(parents=True)
    said = " ".join(room.autograde(fails=True).split())
    assert (
        f"nothing was found at grading/submitted/*/{LESSON}; grading/submitted contains only: 'bob'" in said
    )
    assert f"nbgrader collect {LESSON}" in said
    assert "No notebooks were matched" not in said
    room.seat("ada", stories("broken")["notebook_is_missing"])
    said = room.autograde()
    assert f"ada: The notebook {LESSON}.ipynb is missing." in said
    assert room.totals() == {"ada": 0.0}
