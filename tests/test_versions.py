"""The oldest numpy and matplotlib that the course says it needs are enough, and the newest are not too new."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, lacking

# What computes and what draws; the solved lessons too.
CORE = (
    *("activations", "backprop", "descent", "film", "inputs", "judgement", "network", "numdiff"),
    *("cards", "diagrams", "explorers", "formulas", "lesson_01", "lesson_02", "lesson_04", "lesson_05"),
    *("lesson_06", "lesson_pictures", "pictures", "right_answers", "scales", "slopes"),
)
FLOORS = ("numpy", "matplotlib", "pillow")
# matplotlib 3.8 calls pyparsing by names that warn from 3.2 on, and whoever installs it now gets a newer one.
OLD = ("pyparsing<3.2",)
SHOWN = "import numpy, matplotlib; print(numpy.__version__, matplotlib.__version__, numpy.__file__)"

pytestmark = pytest.mark.soak


def floors() -> list[str]:
    """Return the oldest version that the course takes of each, as pip is asked for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = dict(re.fullmatch(r"([\w-]+)>=([\d.]+)", line).groups() for line in project["dependencies"])
    return [f"{name}=={found[name]}" for name in FLOORS]


@pytest.mark.parametrize(
    "wanted", [lambda: [*floors(), *OLD], lambda: list(FLOORS)], ids=["oldest", "newest"]
)
def test_the_core_runs_with(wanted: Callable[[], list[str]], tmp_path: Path, figure) -> None:
    install = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    fetched = subprocess.run(
        [*install, "--only-binary=:all:", "--target", str(tmp_path), *wanted()],
        capture_output=True,
        text=True,
        timeout=600,
    )
    if fetched.returncode:
        lacking("registry", fetched.stderr[-500:])
    paths = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": paths}
    shown = subprocess.run([sys.executable, "-c", SHOWN], env=environment, capture_output=True, text=True)
    assert str(tmp_path) in shown.stdout, shown.stderr
    figure(f"the core tests, with numpy and matplotlib {' and '.join(shown.stdout.split()[:2])}")
    files = [f"tests/test_{name}.py" for name in CORE]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *files],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert ran.returncode == 0, ran.stdout[-5000:]
