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


@pytest.fixture(scope="session")
def pages():
    """The one page of the tests, by how many of them had failed when it was opened: loading JupyterLab costs most."""
    pages = {}
    yield pages
    for page in pages.values():
        page.close()


@pytest.fixture
def page(browser, pages, request):
    """A page on which no error may be logged; a new one where a test failed, for what it may have left there."""
    failed = request.session.testsfailed
    if failed not in pages:
        pages[failed] = browser.new_page(reduced_motion="reduce")
    page, errors = pages[failed], []
    page.set_viewport_size({"width": 1600, "height": 1200})

    def note(error) -> None:
        errors.append(str(error))

    page.on("pageerror", note)
    yield page
    page.remove_listener("pageerror", note)
    assert errors == []


@pytest.fixture
def opened(lab, page, request):
    """Open a notebook of NOTEBOOKS in a folder of its own; gives the page and the path of answers.json."""

    def open_it(kind: str, *, again: bool = False):
        address, folder = lab
        name = f"{kind}_{abs(hash(request.node.name))}"
        if not again:
            write_notebook(folder / name / "it.ipynb", SETUP, *NOTEBOOKS[kind])
        open_notebook(page, address, f"{name}/it.ipynb", len(NOTEBOOKS[kind]), afresh=again)
        page.wait_for_selector(".bp button")
        return page, folder / name / "answers.json"

    return open_it
