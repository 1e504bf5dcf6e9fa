"""The channels to one sandboxed kernel: what arrives is bounded, every wait has a limit, and nothing is trusted."""

import json
import select
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from jupyter_client import KernelManager
from jupyter_client.session import DELIM

from grading.sandbox.limits import MB
from grading.sandbox.zmtp import Connection, ConnectionClosedError

# More than this for one request is a flood: it is not read to its end.
MOST_RECEIVED = 64 * MB
KINDS = {"iopub": "SUB", "shell": "DEALER", "control": "DEALER"}


class FloodedError(Exception):
    """Raised when a request brings more than `MOST_RECEIVED`."""


class Channels:
    """The connections to the kernel of `manager`, which takes at most `seconds` to start.

    `is_alive` tells whether its process is still there. `dropped` becomes true when a message of the last request was
    too large to be read.
    """

    def __init__(self, manager: KernelManager, is_alive: Callable[[], bool], seconds: float) -> None:
        self._session, self._is_alive = manager.session, is_alive
        self._bytes_left, self.dropped = MOST_RECEIVED, False
        info = manager.get_connection_info()
        with ExitStack() as stack:
            self._connections: dict[str, Connection] = {}
            for name, kind in KINDS.items():
                connection = Connection(f"{info['ip']}-{info[f'{name}_port']}", kind, seconds)
                stack.callback(connection.close)
                self._connections[name] = connection
            self.close = stack.pop_all().close

    def wait_until_ready(self, seconds: float) -> bool:
        """Ask until both channels answer."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._answers(min(deadline, time.monotonic() + 1.0)):
                return True
        return False

    def _answers(self, deadline: float) -> bool:
        asked, waiting = self.send("shell", "kernel_info_request", {}), {"shell", "iopub"}
        for channel, message in self.messages(deadline):
            if message["parent_header"].get("msg_id") == asked and is_last(channel, message):
                waiting.discard(channel)
            if not waiting:
                return True
        return False

    def send(self, channel: str, kind: str, content: dict) -> str:
        """Send a request and return the id by which its answers are known."""
        message = self._session.msg(kind, content)
        self._connections[channel].send(self._session.serialize(message))
        if channel == "shell":
            self._bytes_left, self.dropped = MOST_RECEIVED, False
        return message["header"]["msg_id"]

    def messages(self, deadline: float) -> Iterator[tuple[str, dict]]:
        """Yield messages as they arrive, until `deadline`; raise if the kernel is gone, or floods."""
        watched = {name: self._connections[name] for name in ("iopub", "shell")}
        while (left := deadline - time.monotonic()) > 0:
            for name, connection in watched.items():
                for frames in connection.messages():
                    self.dropped |= not frames
                    if message := self._deserialized(frames):
                        yield name, message
            ready, _, _ = select.select(list(watched.values()), [], [], min(left, 0.1))
            if not ready and not self._is_alive():
                raise ConnectionClosedError
            for connection in ready:
                self._bytes_left -= connection.fill()
            if self._bytes_left < 0:
                raise FloodedError

    @staticmethod
    def _deserialized(frames: list[bytes]) -> dict | None:
        """Return one message as plain JSON with its size, or None for anything else."""
        try:
            # Behind the delimiter stands a signature. Whoever is in the sandbox can sign, so it proves nothing.
            header, parent, _, content = map(json.loads, frames[frames.index(DELIM) + 2 :][:4])
            if isinstance(content, dict) and isinstance(parent, dict):
                kind, size = str(header["msg_type"]), sum(map(len, frames))
                return {"msg_type": kind, "content": content, "parent_header": parent, "size": size}
        except (ValueError, TypeError, KeyError, RecursionError):
            pass
        return None


def is_last(channel: str, message: dict) -> bool:
    """Return whether this is the last message that a request brings on this channel."""
    return channel == "shell" or message["content"].get("execution_state") == "idle"
