"""Writing in one step: all of the old content or all of the new, and nothing left lying about."""

from __future__ import annotations

import pytest

from course_lib.files import replacing


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "answers.json"
    path.write_text("old")
    return path


def test_the_new_content_takes_the_place_of_the_old(path):
    with replacing(path) as partial:
        partial.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def _fail_half_way(path):
    with replacing(path) as partial:
        partial.write_text("half of the n")
        raise RuntimeError("disk is full")


def test_a_write_that_fails_leaves_the_old_content(path):
    with pytest.raises(RuntimeError, match="disk"):
        _fail_half_way(path)
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]
