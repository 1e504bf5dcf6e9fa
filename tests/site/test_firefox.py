"""A visit in Firefox: the page that is seen first, an answer wrong and right, and the answer found again."""

from __future__ import annotations

import pytest

from course_lib import check
from tests.site.firefox import FirefoxPage, find_firefox, running_firefox
from tests.site.test_lessons import complaints
from tests.site.visiting import run_all, said_by, save, wait_for_kernel

LESSON = "00_start_here"
STUB = "def slope(x):"
WRONG = f"{STUB}\n    return x"
RIGHT = f"{STUB}\n    return 2 * x"
# Writes an answer, runs it and the check below it, and returns what is shown below that.
ANSWER = """async answer => {
    const {commands, shell} = window.jupyterapp, notebook = shell.currentWidget.content;
    const at = [...notebook.model.cells].findIndex(cell => cell.sharedModel.source.startsWith('def slope(x):'));
    notebook.model.cells.get(at).sharedModel.setSource(answer);
    for (const index of [at, at + 1]) {
        notebook.activeCellIndex = index;
        await commands.execute('notebook:run-cell');
    }
    notebook.widgets[at + 1].node.scrollIntoView();
    return notebook.widgets[at + 1].outputArea.node.innerText;
}"""
ANSWERED = """[...window.jupyterapp.shell.currentWidget.content.model.cells]
    .map(cell => cell.sharedModel.source).find(source => source.startsWith('def slope(x):'))"""


@pytest.fixture(scope="module")
def firefox():
    program = find_firefox()
    if program is None:
        pytest.skip("Firefox is not installed here (on Debian: sudo apt install firefox-esr)")
    with running_firefox(program) as page:
        page.set_viewport_size({"width": 1300, "height": 900})
        yield page


def open_focused(page: FirefoxPage, address: str) -> None:
    """Open the lesson; without a window nothing has the focus, so JupyterLab is told that it has."""
    page.goto(f"{address}/lab/index.html?path={LESSON}/{LESSON}.ipynb")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.evaluate("void document.querySelector('.jp-NotebookPanel').dispatchEvent(new FocusEvent('focus'))")
    wait_for_kernel(page)


def test_a_visit_in_firefox(address, firefox, tmp_path) -> None:
    firefox.goto(f"{address}/index.html")
    firefox.wait_for_function(
        "document.getElementById('kept').innerText.startsWith('Nothing is kept here yet')"
    )
    assert firefox.evaluate("document.querySelector('.hero img').naturalWidth") > 0
    assert firefox.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    firefox.screenshot(tmp_path / "first.png")

    open_focused(firefox, address)
    said_by(firefox, "from course_lib import check")
    wrong = firefox.evaluate(ANSWER, WRONG)
    firefox.screenshot(tmp_path / "wrong.png")
    assert check("warm_up", lambda x: x).card.headline in wrong
    right = firefox.evaluate(ANSWER, RIGHT)
    firefox.screenshot(tmp_path / "right.png")
    assert check("warm_up", lambda x: 2 * x).card.headline in right
    save(firefox)

    open_focused(firefox, address)
    assert firefox.evaluate(ANSWERED) == RIGHT
    assert complaints(run_all(firefox)) == []
    firefox.screenshot(tmp_path / "again.png")

    firefox.goto(f"{address}/index.html")
    firefox.wait_for_function("document.getElementById('kept').innerText.includes('1 lesson begun')")
    firefox.screenshot(tmp_path / "kept.png")
