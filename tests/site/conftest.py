"""The site, built once from this checkout; BACKPROP_SITE=FOLDER takes one that was built already."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.shared import made_once
from tests.site import making
from tests.site.visiting import serving

HERE = Path(__file__).parent
# What `make test` visits; a visit of all of it takes an hour.
QUICK = "test_one_lesson.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser, and nearly everything takes minutes."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.browser)
            if item.path.name != QUICK:
                item.add_marker(pytest.mark.soak)


@pytest.fixture(scope="session")
def pyodide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Pyodide."""
    return made_once(tmp_path_factory, "pyodide", making.unpack_pyodide) / making.INSIDE


@pytest.fixture(scope="session")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with JupyterLite."""
    return made_once(tmp_path_factory, "lite", making.install_lite)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The folder of the site."""
    built = os.environ.get("BACKPROP_SITE")
    if built:
        return Path(built)
    parts = [request.getfixturevalue(name) for name in ("lite", "pyodide")]
    return made_once(tmp_path_factory, "site", lambda folder: making.build(folder / "site", *parts)) / "site"


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
    page.on("console", lambda message: print(message.type, message.text))  # shown where a test fails
    yield page
    context.close()
    assert errors == []
