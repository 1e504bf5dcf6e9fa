"""The connection to one sandboxed kernel: what arrives is bounded, every wait has a limit, and nothing is trusted."""

import json
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator

from grading.sandbox.inside import frames
from grading.sandbox.limits import MB

# The largest message that is kept; a figure or an answer is far below.
MOST_MESSAGE = 8 * MB
# More than this for one request is a flood: it is not read to its end.
MOST_RECEIVED = 64 * MB
SEND_SECONDS, LOOK_SECONDS = 10.0, 0.1
# What the system says of a sender: its process, user and group.
CREDENTIALS = struct.Struct("3i")


class ConnectionClosedError(Exception):
    """Raised when nobody reads or writes at the other end."""


class FloodedError(Exception):
    """Raised when a request brings more than `MOST_RECEIVED`."""


class Connection:
    """The grader's end of a stream socket; `is_alive` tells whether the kernel's process is still there.

    `dropped` becomes true when a message of the last request was too large to be read. `process` is the number of the
    one that was the first to say something, as it is outside, where the system was asked to name it.
    """

    def __init__(self, ours: socket.socket, is_alive: Callable[[], bool]) -> None:
        ours.settimeout(SEND_SECONDS)
        self.process = 0
        self._socket, self._is_alive = ours, is_alive
        self._buffer, self._skip, self._last = bytearray(), 0, 0
        self._bytes_left, self.dropped = MOST_RECEIVED, False

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def send(self, request: dict) -> int:
        """Send a request and return the number by which its messages are known."""
        self._last += 1
        self._bytes_left, self.dropped = MOST_RECEIVED, False
        try:
            self._socket.sendall(frames.pack({"id": self._last} | request))
        except OSError as error:
            raise ConnectionClosedError from error
        return self._last

    def messages(self, deadline: float) -> Iterator[tuple[int, str, dict, int]]:
        """Yield number, kind, content and size of messages as they arrive, until `deadline` on the monotonic clock.

        Raises
        ------
        ConnectionClosedError
            Where the kernel is gone.
        FloodedError
            Where one request brings too much.
        """
        while True:
            while (frame := self._frame()) is not None:
                if message := _message(frame):
                    yield *message, len(frame)
            left = deadline - time.monotonic()
            if left <= 0:
                return
            ready, _, _ = select.select([self._socket], [], [], min(left, LOOK_SECONDS))
            if ready:
                self._fill()
            elif not self._is_alive():
                raise ConnectionClosedError

    def _fill(self) -> None:
        try:
            self.process = self.process or sender(self._socket)
            data = self._socket.recv(MB)
        except OSError as error:
            raise ConnectionClosedError from error
        if not data:
            raise ConnectionClosedError
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise FloodedError
        self._buffer += data

    def _frame(self) -> bytes | None:
        """Return the next frame that has arrived completely; one that is too large is left out."""
        start = frames.HEADER.size
        while True:
            skipped = min(self._skip, len(self._buffer))
            del self._buffer[:skipped]
            self._skip -= skipped
            if self._skip or len(self._buffer) < start:
                return None
            (size,) = frames.HEADER.unpack_from(self._buffer)
            if size <= MOST_MESSAGE:
                break
            self.dropped, self._skip = True, start + size
        if len(self._buffer) < start + size:
            return None
        frame = bytes(self._buffer[start : start + size])
        del self._buffer[: start + size]
        return frame


def name_senders(end: socket.socket) -> None:
    """Have the system say who sends what arrives; of what was sent before this call, it does not know."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)


def sender(end: socket.socket) -> int:
    """Return the number of the process that sent what is to be read next, 0 if nobody did; nothing is read yet."""
    space = socket.CMSG_SPACE(CREDENTIALS.size)
    for level, kind, told in end.recvmsg(1, space, socket.MSG_PEEK)[1]:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return CREDENTIALS.unpack(told)[0]
    return 0


def _message(frame: bytes) -> tuple[int, str, dict] | None:
    """Return what a frame says, or None where no kernel of ours says that."""
    try:
        told = json.loads(frame)
        number, kind, content = told["id"], told["kind"], told["content"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    fits = type(number) is int and isinstance(kind, str) and isinstance(content, dict)
    return (number, kind, content) if fits else None
