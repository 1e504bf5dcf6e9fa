"""The set-up that every word of the Makefile begins with, run with a Python that only pretends to install."""

from __future__ import annotations

import os
import shutil
import subprocess
from types import SimpleNamespace

import pytest

# A stand-in for Python: knows its age, whether it can make environments, and what it was asked to do.
PYTHON = """#!/bin/sh
echo "$@" >>"$LOG"
case "$1 $2" in
  "-c "*version_info*) exit ${TOO_OLD:-0} ;;
  "-c "*ensurepip*) exit ${NO_VENV:-0} ;;
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip") [ "${FAIL:-}" = "" ] || case "$*" in *"$FAIL"*) echo "pip: no" >&2; exit 1 ;; esac ;;
esac
"""


@pytest.fixture
def checkout(tmp_path, root):
    """Return a checkout with a space in its path, and what runs its set-up."""
    folder, programs, log = tmp_path / "my course", tmp_path / "bin", tmp_path / "log"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(root / ".ci" / "venv", folder / ".ci")
    (folder / "requirements.lock").write_text("numpy==1\n")
    (folder / "pyproject.toml").write_text("")
    programs.mkdir()
    for tool in ("sh", "cat", "cksum", "sed", "rm", "cp", "mkdir"):
        (programs / tool).symlink_to(shutil.which(tool))
    (programs / "python3").write_text(PYTHON)
    (programs / "python3").chmod(0o755)

    def run(python="", where=folder, extra="", **environment):
        log.write_text("")
        done = subprocess.run(
            ["sh", ".ci/venv", ".venv", python, extra],
            cwd=where,
            env={"PATH": str(programs), "LOG": str(log), **environment},
            capture_output=True,
            text=True,
            timeout=30,
        )
        return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr, calls=log.read_text())

    return SimpleNamespace(folder=folder, programs=programs, run=run, stamp=folder / ".venv" / ".installed")


def test_a_fresh_checkout_is_set_up_once(checkout):
    first = checkout.run()
    assert first.code == 0
    assert "-m venv .venv" in first.calls
    assert "install --require-hashes -r requirements.lock" in first.calls
    assert "install --no-deps --no-build-isolation -e ." in first.calls
    again = checkout.run()
    assert (again.code, again.out) == (0, "")
    assert "venv" not in again.calls
    assert "install" not in again.calls


def test_an_extra_is_installed_from_its_own_lock_where_there_is_one(checkout):
    assert "-e .[site]" in checkout.run(extra="site").calls
    (checkout.folder / "requirements-site.lock").write_text("jupyterlite-core==1\n")
    again = checkout.run(extra="site")
    assert "install --no-deps --require-hashes -r requirements-site.lock" in again.calls
    assert "[site]" not in again.calls
    assert checkout.run(extra="site").calls.count("install") == 0


@pytest.mark.parametrize("step", ["requirements.lock", "-e ."])
def test_an_install_that_failed_does_not_count(checkout, step):
    failed = checkout.run(FAIL=step)
    assert failed.code != 0
    assert "pip: no" in failed.err
    assert not checkout.stamp.exists()
    again = checkout.run()
    assert again.code == 0
    assert "-m venv .venv" in again.calls


def test_an_update_that_failed_does_not_count(checkout):
    checkout.run()
    (checkout.folder / "requirements.lock").write_text("numpy==2\n")
    assert checkout.run(FAIL="requirements.lock").code != 0
    assert not checkout.stamp.exists()


def test_a_changed_lock_keeps_the_environment(checkout):
    checkout.run()
    (checkout.folder / "requirements.lock").write_text("numpy==2\n")
    again = checkout.run()
    assert "-m venv" not in again.calls
    assert "install --require-hashes" in again.calls
    assert checkout.stamp.exists()


def test_a_moved_checkout_gets_a_new_environment(checkout):
    checkout.run()
    moved = checkout.folder.rename(checkout.folder.with_name("elsewhere"))
    again = checkout.run(where=moved)
    assert again.code == 0
    assert "-m venv .venv" in again.calls


def test_a_vanished_python_gets_a_new_environment(checkout):
    checkout.run()
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    again = checkout.run()
    assert again.code == 0
    assert "-m venv .venv" in again.calls


def test_no_python_new_enough_names_the_remedy(checkout):
    done = checkout.run(TOO_OLD="1")
    assert done.code != 0
    assert "needs Python 3.11 or newer" in done.err
    assert "PYTHON=" in done.err


def test_a_python_without_venv_names_the_remedy(checkout):
    done = checkout.run(NO_VENV="1")
    assert done.code != 0
    assert "sudo apt install python3-venv" in done.err
    assert not (checkout.folder / ".venv").exists()


def test_the_python_asked_for_is_taken(checkout):
    (checkout.programs / "python3").rename(checkout.programs / "mine")
    assert checkout.run("mine").code == 0


def test_a_python_asked_for_that_will_not_do_is_said(checkout):
    done = checkout.run("nothing-of-this-name")
    assert done.code == 0
    assert "PYTHON=nothing-of-this-name" in done.err


def test_make_lists_its_words(root):
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=root,
        capture_output=True,
        text=True,
        env=dict(os.environ),
        timeout=30,
    )
    assert {line.split()[1] for line in done.stdout.splitlines()} == {
        "lab",
        "test",
        "soak",
        "docs",
        "site",
        "notebooks",
        "lint",
        "bench",
        "stock",
        "lock",
    }
