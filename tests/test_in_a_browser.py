"""What the course does otherwise where its kernel runs in a browser; the whole of it there is in tests/site."""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_lib import answers, execution
from course_lib.checking.calling import time_limit
from course_lib.checking.calling.time_limit import TimeLimit
from course_lib.checking.student.cells import CellHistory
from course_lib.downloading import Download


def turning():
    while True:
        pass


def catching_everything():
    while True:
        try:
            sum(range(10))
        except BaseException:
            continue


def generating():
    return any(number < 0 for number in itertools.count())


def nothing(number):
    return 0


def called_from_c():
    return sum(map(nothing, itertools.count()))


needs_monitoring = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="Python looks at its own steps from 3.12 on; Pyodide has that"
)


@needs_monitoring
@pytest.mark.parametrize("forever", [turning, catching_everything, generating, called_from_c])
def test_a_loop_that_never_ends_is_stopped_without_signals_and_threads(forever, monkeypatch) -> None:
    monkeypatch.setattr(time_limit, "IN_BROWSER", True)
    monkeypatch.setattr(time_limit.threading, "Thread", None)
    began = time.monotonic()
    with TimeLimit(0.05, 0.05) as limit:
        forever()
    assert limit.reached
    assert time.monotonic() - began < 2
    with TimeLimit(5.0, 5.0) as limit:  # nothing is left of the first one
        assert sum(number for number in range(100)) == 4950
    assert not limit.reached


@needs_monitoring
def test_a_limit_inside_another_leaves_it_in_force(monkeypatch) -> None:
    monkeypatch.setattr(time_limit, "IN_BROWSER", True)
    with TimeLimit(0.05, 0.05) as outer, TimeLimit(5.0, 5.0) as inner:
        turning()
    assert outer.reached
    assert not inner.reached


def test_the_folder_is_where_the_first_cell_ran(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(execution, "IN_BROWSER", True)
    (lesson := tmp_path / "lesson").mkdir()
    execution.started_in.cache_clear()
    try:
        for folder in (lesson, tmp_path):
            monkeypatch.chdir(folder)
            CellHistory({}).pre_run_cell(SimpleNamespace(raw_cell="x = 1"))
        assert answers.folder() == lesson
    finally:
        execution.started_in.cache_clear()


def test_a_file_is_handed_over_as_it_is_when_it_is_asked_for(monkeypatch, tmp_path: Path) -> None:
    packed = tmp_path / "03_identify_gradients.zip"
    button = Download(packed)
    packed.write_bytes(b"all of it")
    sent = []
    monkeypatch.setattr(button, "send", lambda content, buffers: sent.append((content, buffers)))
    button._handle_custom_msg({"wanted": packed.name}, [])
    assert sent == [({"name": "03_identify_gradients.zip"}, [b"all of it"])]
    assert "all of it" not in str(button.get_state())
