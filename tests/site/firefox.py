"""A page of Firefox, driven by WebDriver BiDi: Playwright drives only a Firefox of its own.

The page has those methods of Playwright's that tests/site/visiting.py calls, so a visit is the same in both.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import websocket

PATIENCE = 300.0
# Whoever else than this machine is called does not answer.
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}


def find_firefox() -> str | None:
    """Return the path of a Firefox, if there is one."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class BidiError(AssertionError):
    """What Firefox answered instead of doing as it was told."""


class FirefoxPage:
    """The only tab of a Firefox."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(
            f"{address}/session", timeout=PATIENCE, suppress_origin=True
        )
        self._asked = 0
        self._tell("session.new", capabilities={})
        self.context = self._tell("browsingContext.getTree")["contexts"][0]["context"]

    def _tell(self, method: str, **params: object) -> dict:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv())).get("id") != self._asked:
            pass  # an event
        if answer["type"] == "error":
            raise BidiError(f"{method}: {answer['message']}")
        return answer["result"]

    def goto(self, url: str) -> None:
        """Go to an address, and wait until it is loaded."""
        self._tell("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def evaluate(self, code: str, argument: object = None) -> object:
        """Return what JavaScript comes to; a function is called with the argument."""
        wrapped = f"""(async () => {{
            const it = ({code});
            return JSON.stringify((typeof it === "function" ? await it({json.dumps(argument)}) : await it) ?? null);
        }})()"""
        found = self._tell(
            "script.evaluate", expression=wrapped, target={"context": self.context}, awaitPromise=True
        )
        if found["type"] == "exception":
            raise BidiError(found["exceptionDetails"]["text"])
        return json.loads(found["result"]["value"])

    def wait_for_function(self, code: str, timeout: float = PATIENCE * 1000) -> None:
        """Wait until an expression is true; a page that is about to be replaced has none."""
        until = time.monotonic() + timeout / 1000
        while time.monotonic() < until:
            with contextlib.suppress(BidiError):
                if self.evaluate(f"Boolean({code})"):
                    return
            time.sleep(0.1)
        raise AssertionError(f"never true: {code}")

    def wait_for_selector(self, selector: str, timeout: float = PATIENCE * 1000) -> None:
        """Wait until there is such an element."""
        self.wait_for_function(f"document.querySelector({json.dumps(selector)})", timeout)

    def wait_for_timeout(self, milliseconds: float) -> None:
        """Wait so long."""
        time.sleep(milliseconds / 1000)

    def set_default_timeout(self, milliseconds: float) -> None:
        """Do nothing: nobody is less patient here."""

    def set_viewport_size(self, size: dict[str, int]) -> None:
        """Give the page a size."""
        self._tell("browsingContext.setViewport", context=self.context, viewport=size)

    def screenshot(self, path: Path) -> None:
        """Write a picture of the page into a file."""
        picture = base64.b64decode(
            self._tell("browsingContext.captureScreenshot", context=self.context)["data"]
        )
        path.write_bytes(picture)

    def close(self) -> None:
        """End the session and the browser."""
        with contextlib.suppress(BidiError, websocket.WebSocketException):
            self._tell("browser.close")
        self._socket.close()


@contextlib.contextmanager
def running_firefox(program: str) -> Iterator[FirefoxPage]:
    """Start a Firefox that was never used before, and end it."""
    with tempfile.TemporaryDirectory() as profile:
        command = [program, "--headless", "--remote-debugging-port=0", "--profile", profile, "--no-remote"]
        settings = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()
        )
        Path(profile, "user.js").write_text("".join(settings))
        log = Path(profile, "log.txt")
        with log.open("w") as said:
            process = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            page = FirefoxPage(_address(log))
            yield page
            page.close()
        finally:
            process.terminate()
            process.wait(30)


def _address(log: Path) -> str:
    for _ in range(600):
        if found := re.search(r"WebDriver BiDi listening on (ws://127\.0\.0\.1:\d+)", log.read_text()):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"Firefox did not start: {log.read_text()[-500:]}")
