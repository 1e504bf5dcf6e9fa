"""The course of the current folder: a command that needs one says so where there is none, or a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.__main__ import main
from grading.here import CONFIGURATION

COMMANDS = ("report", "demo-class")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_configuration_that_is_missing_or_broken_is_named_with_the_remedy(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([name]) == 2
    assert f"There is no {CONFIGURATION} here" in capsys.readouterr().err
    Path(CONFIGURATION).write_text("1 / 0\n")
    assert main([name]) == 2
    assert "ZeroDivisionError" in (said := capsys.readouterr().err)
    assert f"git checkout {CONFIGURATION}" in said
