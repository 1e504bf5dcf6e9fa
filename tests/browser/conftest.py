"""A lab, a browser, a page on which no error may be logged, and notebooks opened on it."""

from __future__ import annotations

import pytest

from tests.browser.interaction import NOTEBOOKS, SETUP
from tests.browser.jupyter import open_notebook, running_lab, write_notebook


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab, and the folder it serves."""
    folder = tmp_path_factory.mktemp("lab")
    with running_lab(folder) as address:
        yield address, folder


@pytest.fixture
def page(browser):
    """A page on which no error may be logged."""
    page = browser.new_page(viewport={"width": 1600, "height": 1200}, reduced_motion="reduce")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


@pytest.fixture
def opened(lab, page, request):
    """Open a notebook of NOTEBOOKS in a folder of its own; gives the page and the path of answers.json."""

    def open_it(kind: str, *, again: bool = False):
        address, folder = lab
        name = f"{kind}_{abs(hash(request.node.name))}"
        if not again:
            write_notebook(folder / name / "it.ipynb", SETUP, *NOTEBOOKS[kind])
        open_notebook(page, address, f"{name}/it.ipynb", len(NOTEBOOKS[kind]))
        page.wait_for_selector(".bp button")
        return page, folder / name / "answers.json"

    return open_it
