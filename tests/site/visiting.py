"""A plain server of files, and what a visitor does in a lesson that it serves."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from playwright.sync_api import Page

# The first start of Python, on a busy machine.
PATIENCE = 300_000
KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
# What is below /drive is in the browser's own storage; a folder elsewhere is gone with the kernel.
WHERE = "import os; print(os.getcwd(), sorted(os.listdir()))"
EXECUTE = f"""async code => {{
    const future = {KERNEL}.requestExecute({{code, store_history: false}}), said = [];
    future.onIOPub = ({{header, content}}) => {{
        if (header.msg_type === 'stream') said.push(content.text);
        if (header.msg_type === 'error') said.push(content.ename + ': ' + content.evalue);
    }};
    await future.done;
    return said.join('').trim();
}}"""
OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code')
    .map(cell => ({source: cell.sharedModel.source, count: cell.executionCount, outputs: cell.outputs.toJSON()}))"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing; a file in `late` comes that many seconds late."""

    def __init__(self, *request: object, late: Mapping[str, float], **settings: object) -> None:
        self.late = late
        super().__init__(*request, **settings)

    def do_GET(self) -> None:
        """Answer a request."""
        time.sleep(self.late.get(self.path, 0))
        super().do_GET()

    def log_message(self, *said: object) -> None:
        """Say nothing."""


class PlainServer(http.server.ThreadingHTTPServer):
    """Says nothing of a visitor who has left before the end of an answer."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(folder: Path, late: Mapping[str, float] = MappingProxyType({})) -> Iterator[str]:
    """Serve a folder on a free port of this machine, and give its address."""
    handler = functools.partial(Quiet, late=late, directory=str(folder))
    with PlainServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def open_lesson(page: Page, address: str, lesson: str) -> None:
    """Open a lesson, and wait until its kernel is there."""
    page.goto(f"{address}/lab/index.html?path={lesson}/{lesson}.ipynb")
    wait_for_kernel(page)


def wait_for_kernel(page: Page) -> None:
    """Wait for a notebook on the screen and its kernel."""
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=PATIENCE)
    page.wait_for_function(f"{KERNEL}?.status === 'idle'", timeout=PATIENCE)


def wait_until(page: Page, expression: str) -> None:
    """Wait for what is true sooner or later, also where the page allows no code but its own."""
    for _ in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


def said_by(page: Page, code: str) -> str:
    """Run code in the kernel of the open notebook, and return what it prints."""
    page.set_default_timeout(PATIENCE)
    return page.evaluate(EXECUTE, code)


def replace_notebook(page: Page, path: str, content: dict) -> None:
    """Put a notebook in the place of the open one, and open it; its kernel goes on."""
    page.evaluate(
        """async ([path, content]) => {
            const {commands, serviceManager, shell} = window.jupyterapp;
            shell.currentWidget.context.model.dirty = false;
            shell.currentWidget.dispose();
            await serviceManager.contents.save(path, {type: 'notebook', format: 'json', content});
            await commands.execute('docmanager:open', {path});
        }""",
        [path, content],
    )
    wait_for_kernel(page)


def run_all(page: Page) -> list[dict]:
    """Run every cell, and return the code cells: source, count, outputs."""
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    return page.evaluate(OUTPUTS)


def save(page: Page) -> None:
    """Save the open notebook."""
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
