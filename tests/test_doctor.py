"""The doctor: each thing that grading needs, broken once, is found and has its remedy beside it."""

from __future__ import annotations

import io
import json
import shutil
from importlib import metadata

import pytest
from rich.console import Console

from grading import __main__
from grading.doctor import State, course, examination, examine, machine
from grading.doctor.finding import fail, ok, warn
from grading.doctor.showing import show
from grading.sandbox import bubblewrap


def is_found(finding, state, *words):
    """Look whether a finding is of this state, and says each of the words, in what it found or in its remedy."""
    assert finding.state is state, finding
    assert bool(finding.remedy) == (state is not State.OK)
    for word in words:
        assert str(word) in f"{finding.said} -> {finding.remedy}", finding


def test_a_python_that_is_too_old(monkeypatch):
    monkeypatch.setattr(machine.metadata, "metadata", lambda name: {"Requires-Python": ">=99.1"})
    is_found(machine.python(), State.FAIL, "needs >=99.1")


def test_a_course_that_is_not_installed(monkeypatch):
    monkeypatch.setattr(machine, "DISTRIBUTION", "no-such-course")
    is_found(machine.python(), State.FAIL, "not installed", machine.INSTALL_COURSE)


def test_packages_that_lack_or_are_too_old(monkeypatch):
    lines = [
        "rich>=99; extra == 'grading'",
        "no-such-package",
        "absent; extra == 'bench'",
        "absent; python_version < '3'",
    ]
    monkeypatch.setattr(machine.metadata, "requires", lambda name: lines)
    found = machine.packages()
    is_found(
        found, State.FAIL, f"{metadata.version('rich')} is there", "no-such-package", "requirements.lock"
    )
    assert "absent" not in found.said


def test_alembic_that_is_not_on_the_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("python", "alembic"):
        (tmp_path / "bin" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "bin" / name).touch(0o755)
    monkeypatch.setattr(machine.sys, "executable", str(tmp_path / "bin" / "python"))
    is_found(machine.alembic(), State.WARN, "not on PATH", f"source {tmp_path}/bin/activate")
    (tmp_path / "bin" / "alembic").unlink()
    is_found(machine.alembic(), State.FAIL, "not installed", "requirements.lock")


def test_no_bubblewrap(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "require", bubblewrap.require.__wrapped__)
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    is_found(machine.sandbox(), State.FAIL, "not installed", "sudo apt install bubblewrap")


def test_bubblewrap_that_may_not_start(monkeypatch, tmp_path):
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho no permissions >&2\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(machine, "require", bubblewrap.require.__wrapped__)
    is_found(machine.sandbox(), State.FAIL, "may not make namespaces (no permissions)", "AppArmor")


@pytest.mark.sandbox
def test_bubblewrap_is_started():
    is_found(machine.sandbox(), State.OK, "started")


def test_an_extension_that_is_switched_off(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    is_found(machine.extensions(), State.OK, "3 of JupyterLab")
    off = {"ServerApp": {"jpserver_extensions": {"nbgrader.server_extensions.formgrader": False}}}
    (tmp_path / "jupyter_server_config.json").write_text(json.dumps(off))
    is_found(machine.extensions(), State.FAIL, "formgrader", "jupyter server extension enable")
    (tmp_path / "labconfig").mkdir()
    page = {"disabledExtensions": {"@jupyter/nbgrader:formgrader": True, "other": True}}
    (tmp_path / "labconfig" / "page_config.json").write_text(json.dumps(page))
    is_found(machine.extensions(), State.FAIL, "jupyter labextension enable @jupyter/nbgrader:formgrader")
    monkeypatch.setattr(machine, "jupyter_path", lambda name: [str(tmp_path)])
    is_found(machine.extensions(), State.FAIL, "lacks anywidget")


@pytest.mark.parametrize(("free", "state"), [(1e8, State.FAIL), (1e9, State.WARN), (1e11, State.OK)])
def test_little_room(monkeypatch, tmp_path, free, state):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1e12, 1e12, free))
    is_found(machine.room(tmp_path), state, f"{free / 1e9:.1f} GB free")


def test_an_exchange_that_others_cannot_use(monkeypatch, tmp_path):
    tmp_path.chmod(0o755)
    place = tmp_path / "exchange"
    is_found(course.exchange(place), State.FAIL, f"mkdir -p {place}")
    place.mkdir(0o755)
    is_found(course.exchange(place), State.WARN, "755", f"chmod 1777 {place}")
    place.chmod(0o1777)
    tmp_path.chmod(0o700)
    is_found(course.exchange(place), State.WARN, "cannot enter", "c.Exchange.root")
    monkeypatch.setattr(course.os, "access", lambda path, mode: False)
    is_found(course.exchange(place), State.FAIL, f"sudo chmod 1777 {place}")


def test_what_others_can_read(monkeypatch, tmp_path):
    (tmp_path / "grading" / "submitted").mkdir(parents=True)
    (tmp_path / "grading" / "submitted").chmod(0o750)
    (tmp_path / "grading" / "secret").touch(0o604)
    (tmp_path / "grading" / "secret").chmod(0o604)
    is_found(
        course.privacy(tmp_path, shared=False), State.FAIL, "chmod go-rwx grading/submitted grading/secret"
    )
    is_found(course.privacy(tmp_path, shared=True), State.FAIL, "chmod o-rwx grading/secret")
    (tmp_path / "grading" / "secret").chmod(0o640)
    is_found(course.privacy(tmp_path, shared=True), State.OK, "2 folders and files")
    monkeypatch.setattr(course.os, "geteuid", lambda: -1)
    is_found(course.privacy(tmp_path, shared=False), State.FAIL, "sudo chmod go-rwx")


def test_a_secret_that_is_none(tmp_path):
    path = tmp_path / "secret"
    is_found(course.secret(path, shared=False), State.OK, "not there yet")
    assert not path.exists()
    path.write_text("short")
    is_found(course.secret(path, shared=False), State.FAIL, "holds no secret", "backup")
    path.write_text("0" * 64)
    is_found(course.secret(path, shared=False), State.OK, "keep a copy")


def test_a_gradebook_that_does_not_open(tmp_path, released):
    path = tmp_path / "gradebook.db"
    is_found(course.gradebook(f"sqlite:///{path}", "backprop"), State.OK, "is empty")
    assert not path.exists()
    path.write_text("no database, but long enough to be taken for one " * 20)
    is_found(course.gradebook(f"sqlite:///{path}", "backprop"), State.FAIL, "not a database", "backup")
    whole = released / "grading" / "gradebook.db"
    is_found(course.gradebook(f"sqlite:///{whole}", "backprop"), State.OK, "7 lessons and 0 students")


def test_notebooks_that_are_not_what_is_generated(monkeypatch, tmp_path):
    is_found(course.notebooks(tmp_path), State.FAIL, "solutions/00_start_here", "mend solutions/")
    monkeypatch.setattr(course.release, "differences", lambda *places: [f"edited: {n}" for n in "abcde"])
    is_found(course.notebooks(tmp_path), State.FAIL, "edited: c and 2 more", "python -m grading notebooks")
    monkeypatch.setattr(course.release, "differences", lambda *places: [])
    is_found(course.notebooks(tmp_path), State.OK)


def test_elsewhere_than_in_a_course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    checks = dict(examination._checks())
    assert list(checks)[-1] == "course"
    is_found(checks["course"](), State.FAIL, "go to the folder of the course")
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nraise PermissionError('ask the owner')\n")
    is_found(dict(examination._checks())["course"](), State.FAIL, "PermissionError: ask the owner")


def test_nothing_stops_the_examination(monkeypatch):
    def breaks():
        raise RecursionError("too deep")

    monkeypatch.setattr(examination, "_checks", lambda: [("first", breaks), ("second", lambda: ok("fine"))])
    (_, first), (_, second) = examine()
    is_found(first, State.FAIL, "RecursionError: too deep")
    is_found(second, State.OK)


def test_each_has_its_line_and_what_fails_is_the_exit_status(monkeypatch, capsys):
    found = [("one", ok("[fine]")), ("two", warn("odd", "look")), ("three", fail("broken", "mend it"))]
    page = io.StringIO()
    assert not show(found, Console(file=page, width=60))
    lines = [line.rstrip() for line in page.getvalue().splitlines()]
    assert lines[:2] == ["ok    one         [fine]", "warn  two         odd"]
    assert lines[-2:] == ["                  -> mend it", "1 to mend, 1 to know"]
    for findings, status in ((found, 1), (found[:2], 0)):
        monkeypatch.setattr("grading.doctor.examine", lambda findings=findings: findings)
        assert __main__.main(["doctor"]) == status
    assert "mend it" in capsys.readouterr().out
