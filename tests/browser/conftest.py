"""A lab, a browser, a page on which no error may be logged, and notebooks opened on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.interaction import NOTEBOOKS, SETUP
from tests.browser.jupyter import open_notebook, running_lab, write_notebook

HERE = Path(__file__).parent
# One notebook serves most of them; to load another, and JupyterLab with it, costs more than most tests.
ORDER = ("arriving", "choosing", "filling", "looks", "touching", "reopening", "exploring", "handing_in")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests that use one notebook follow each other."""
    places = [n for n, item in enumerate(items) if item.path.parent == HERE]
    names = {f"test_{name}.py": n for n, name in enumerate(ORDER)}
    ordered = sorted((items[n] for n in places), key=lambda item: names[item.path.name])
    for n, item in zip(places, ordered, strict=True):
        items[n] = item


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
def loaded(browser, pages, request):
    """The page of the tests; a new one where a test failed, for what it may have left there."""
    failed = request.session.testsfailed
    if failed not in pages:
        pages[failed] = browser.new_page(reduced_motion="reduce")
    pages[failed].set_viewport_size({"width": 1600, "height": 1200})
    return pages[failed]


# JupyterLab 4.6 raises this where a kernel ends that it has just asked for a subshell; the tests end kernels quickly.
OF_JUPYTERLAB = "Canceled future for create_subshell_request"


@pytest.fixture
def page(loaded):
    """The page of the tests, on which no error may be logged."""
    errors = []

    def note(error) -> None:
        if OF_JUPYTERLAB not in str(error):
            errors.append(str(error))

    loaded.on("pageerror", note)
    yield loaded
    loaded.remove_listener("pageerror", note)
    assert errors == []


@pytest.fixture
def opened(lab, page):
    """Open cells of code, or those of NOTEBOOKS, in the one notebook of the tests, without the answers of the last one.

    Gives the page and the path of answers.json.
    """
    address, folder = lab
    answers = folder / "it" / "answers.json"

    def open_it(kind: str, *, again: bool = False):
        cells = (SETUP, *NOTEBOOKS[kind])
        if not again:
            for path in filter(Path.is_file, answers.parent.glob("*")):
                # JupyterLab looks now and then for the notebook that it has open.
                if path.suffix != ".ipynb":
                    path.unlink()
            write_notebook(answers.with_name("it.ipynb"), *cells)
        open_notebook(page, address, "it/it.ipynb", len(cells) - 1, restart=again)
        page.wait_for_selector(".bp button")
        return page, answers

    return open_it
