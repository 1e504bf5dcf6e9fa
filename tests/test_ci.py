"""What CI runs, and what the tests say of the tools that are missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import LONGEST, REMEDY, ROOT, SHARING, together
from tests.site import making

# A Python that cannot make environments where NO_VENV says so.
OLD_PYTHON = "#!/bin/sh\nexit ${NO_VENV:-0}\n"
APT = '#!/bin/sh\necho "apt-get $*" >>"$LOG"\n'
MAKE = '#!/bin/sh\necho "make $*" >>"$LOG"\necho "CI=$CI" >>"$LOG"\n'


@pytest.fixture
def ci(tmp_path, root):
    """Return what runs .ci/run on a machine that has the given programs and an apt-get that only takes notes."""
    programs, log = tmp_path / "bin", tmp_path / "log"
    programs.mkdir()
    for tool in ("bash", "dirname"):
        (programs / tool).symlink_to(shutil.which(tool))
    for name, text in {
        "apt-get": APT,
        "sudo": '#!/bin/sh\n"$@"\n',
        "python3": OLD_PYTHON,
        "make": MAKE,
    }.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)

    def run(*there, word="", **environment):
        for name in there:
            (programs / name).symlink_to("make")
        done = subprocess.run(
            ["bash", str(root / ".ci" / "run"), *filter(None, [word])],
            env={"PATH": str(programs), "LOG": str(log), **environment},
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert done.returncode == 0, done.stderr
        return [line for line in log.read_text().splitlines() if line.startswith(("apt", "make"))]

    return SimpleNamespace(run=run, programs=programs, log=log)


def test_ci_installs_what_is_missing_and_makes_the_tests(ci):
    update, install, make = ci.run(NO_VENV="1")
    assert update.startswith("apt-get update")
    assert install.endswith("python3 python3-venv chromium bubblewrap")
    assert make == "make test"


def test_ci_installs_nothing_where_nothing_is_missing(ci):
    assert ci.run("google-chrome", "bwrap") == ["make test"]


def test_ci_lets_no_test_be_skipped_unless_it_is_told_so(ci):
    ci.run("chromium", "bwrap")
    assert "CI=true" in ci.log.read_text().splitlines()
    ci.run(CI="false")
    assert ci.log.read_text().splitlines()[-1] == "CI=false"


def test_every_night_it_makes_the_long_tests(ci, root):
    assert ci.run("chromium", "bwrap", word="soak") == ["make soak"]
    assert "bash .ci/run soak" in (root / ".github" / "workflows" / "nightly.yml").read_text()


def test_ci_goes_on_where_there_is_no_apt(ci):
    (ci.programs / "apt-get").unlink()
    assert ci.run() == ["make test"]


def test_what_is_said_to_take_longest_is_there():
    apart = {name for name in LONGEST if (ROOT / "tests" / name).is_file() and together(name) == name}
    assert apart | set(SHARING) >= set(LONGEST)


def run_without_chromium(root, **environment):
    """Run the one test of the lab that needs Chromium where there is none."""
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "PATH")}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/browser/test_arriving.py",
            "-k",
            "screen",
        ],
        cwd=root,
        env={**kept, "PATH": "", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_what_the_registry_does_not_have_is_skipped_and_in_ci_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(
        making.subprocess, "run", lambda *words, **how: SimpleNamespace(returncode=1, stderr="no such thing")
    )
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=rf"{REMEDY['registry']} no such thing"):
        making.unpack_pyodide(tmp_path)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"nothing may be skipped\. no such thing"):
        making.install_lite(tmp_path)


def test_a_missing_chromium_is_said_at_the_end(root):
    done = run_without_chromium(root)
    assert done.returncode == 0
    assert "NOT TESTED HERE: 1 of the tests" in done.stdout
    assert "sudo apt install chromium" in done.stdout.splitlines()[-2]


def test_in_ci_a_missing_chromium_is_an_error(root):
    done = run_without_chromium(root, CI="true")
    assert done.returncode == 1
    assert "CI=true, so nothing may be skipped" in done.stdout
