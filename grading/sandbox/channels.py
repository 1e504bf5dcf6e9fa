"""The channels to one sandboxed kernel: every message is bounded while it streams, and none is believed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import zmq
from jupyter_client import KernelManager

from grading.sandbox.limits import MB

# The largest single message; a figure or an answer is far below.
MOST_MESSAGE = 16 * MB
QUEUED = 32
KINDS = {"shell": zmq.DEALER, "control": zmq.DEALER, "iopub": zmq.SUB}


class ChannelClosedError(Exception):
    """Raised when nobody is at the other end any more."""


class Channels:
    """The sockets to the kernel of `manager`; `alive` tells whether its process is still there."""

    def __init__(self, manager: KernelManager, alive: Callable[[], bool]) -> None:
        self._session, self._alive = manager.session, alive
        info, context = manager.get_connection_info(), manager.context
        self._sockets = {}
        for name, kind in KINDS.items():
            socket = context.socket(kind)
            socket.setsockopt(zmq.MAXMSGSIZE, MOST_MESSAGE)
            socket.setsockopt(zmq.RCVHWM, QUEUED)
            if kind == zmq.SUB:
                socket.setsockopt(zmq.SUBSCRIBE, b"")
            socket.connect(f"ipc://{info['ip']}-{info[f'{name}_port']}")
            self._sockets[name] = socket

    def wait_until_ready(self, seconds: float) -> bool:
        """Ask until both channels answer; then forbid reconnecting: the socket's name is the sandbox's to change."""
        deadline = time.monotonic() + seconds
        while not self._answers(min(deadline, time.monotonic() + 1.0)):
            if time.monotonic() > deadline:
                return False
        for socket in self._sockets.values():
            socket.setsockopt(zmq.RECONNECT_IVL, -1)
        return True

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
        try:
            self._session.send(self._sockets[channel], message)
        except zmq.ZMQError as error:
            raise ChannelClosedError from error
        return message["header"]["msg_id"]

    def messages(self, deadline: float) -> Iterator[tuple[str, dict]]:
        """Yield messages that can be read, until `deadline`; raise if the kernel is gone."""
        poller = zmq.Poller()
        for channel in ("iopub", "shell"):
            poller.register(self._sockets[channel], zmq.POLLIN)
        while (left := deadline - time.monotonic()) > 0:
            ready = dict(poller.poll(min(left, 0.1) * 1000))
            if not ready and not self._alive():
                raise ChannelClosedError
            for channel in ("iopub", "shell"):
                if self._sockets[channel] in ready and (message := self._receive(self._sockets[channel])):
                    yield channel, message

    def _receive(self, socket: zmq.Socket) -> dict | None:
        """Return one message as plain JSON with its size, or None for anything else."""
        frames = socket.recv_multipart()
        size = sum(map(len, frames))
        try:
            message = self._session.deserialize(self._session.feed_identities(frames)[1])
            content, parent = message["content"], message["parent_header"]
            if isinstance(content, dict) and isinstance(parent, dict):
                kind = str(message["header"]["msg_type"])
                return {"msg_type": kind, "content": content, "parent_header": parent, "size": size}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
            pass
        return None


def is_last(channel: str, message: dict) -> bool:
    """Tell whether nothing of the same request follows on this channel."""
    return channel == "shell" or message["content"].get("execution_state") == "idle"
