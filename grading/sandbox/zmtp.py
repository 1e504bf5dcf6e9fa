"""A small client of ZeroMQ's protocol (ZMTP 3.0, https://rfc.zeromq.org/spec/23) that bounds what it reads.

libzmq gathers all frames of a message before anybody can ask for its size, and a message of endless frames would
take all of the grader's memory. It also connects again by itself, and waits without a limit. This client reads one
Unix socket, keeps no message above `MOST_MESSAGE`, and gives up when nobody reads what it sends.
"""

import socket
from collections.abc import Iterator, Sequence

from grading.sandbox.limits import MB

# The largest message that is kept, and the most frames; a figure or an answer is far below.
MOST_MESSAGE, MOST_FRAMES = 8 * MB, 64
SEND_SECONDS = 10.0
GREETING = b"\xff" + bytes(8) + b"\x7f" + bytes((3, 0)) + b"NULL".ljust(20, b"\0") + bytes(32)
MORE, LONG, COMMAND = 1, 2, 4
SUBSCRIBE_TO_ALL = b"\x01"


class ConnectionClosedError(Exception):
    """Raised when nobody reads or writes at the other end."""


class Connection:
    """A ``DEALER`` or ``SUB`` socket, connected to the listening Unix socket at `path` within `seconds`."""

    def __init__(self, path: str, kind: str, seconds: float) -> None:
        self._buffer = bytearray()
        self._skip = self._size = 0
        self._frames: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.settimeout(seconds)
            self._socket.connect(path)
            self._shake_hands(kind)
            self._socket.settimeout(SEND_SECONDS)
            if kind == "SUB":
                self.send([SUBSCRIBE_TO_ALL])
        except (OSError, ConnectionClosedError) as error:
            self.close()
            raise ConnectionClosedError from error

    def _shake_hands(self, kind: str) -> None:
        ready = b"\x05READY" + _property(b"Socket-Type", kind.encode()) + _property(b"Identity", b"")
        self._socket.sendall(GREETING + bytes((COMMAND, len(ready))) + ready)
        # No message may be sent before the other end is ready, too.
        while len(self._buffer) < len(GREETING):
            self.fill()
        del self._buffer[: len(GREETING)]
        while not (frame := self._frame()):
            self.fill()
        if not frame[0] & COMMAND:
            raise ConnectionClosedError

    def fileno(self) -> int:
        """Return the file descriptor, to wait for."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def send(self, frames: Sequence[bytes]) -> None:
        """Send one message."""
        try:
            self._socket.sendall(_framed(frames))
        except OSError as error:
            raise ConnectionClosedError from error

    def fill(self) -> int:
        """Read what has arrived, and return its size."""
        try:
            data = self._socket.recv(MB)
        except OSError as error:
            raise ConnectionClosedError from error
        if not data:
            raise ConnectionClosedError
        self._buffer += data
        return len(data)

    def messages(self) -> Iterator[list[bytes]]:
        """Yield the messages that have arrived completely; one above the bounds comes as no frames."""
        while frame := self._frame():
            flags, content = frame
            if flags & COMMAND:
                continue
            self._frames.append(content)
            if not flags & MORE:
                # Frames that were skipped count in the size, too.
                complete, kept = self._frames, self._size <= MOST_MESSAGE and len(self._frames) <= MOST_FRAMES
                self._frames, self._size = [], 0
                yield complete if kept else []

    def _frame(self) -> tuple[int, bytes] | None:
        """Return flags and content of the next frame, or None where it has not arrived yet."""
        dropped = min(self._skip, len(self._buffer))
        del self._buffer[:dropped]
        self._skip -= dropped
        if self._skip or len(self._buffer) < 2:
            return None
        flags = self._buffer[0]
        start = 9 if flags & LONG else 2
        size = int.from_bytes(self._buffer[1:start], "big")
        if len(self._buffer) < start:
            return None
        if self._size + size > MOST_MESSAGE or len(self._frames) >= MOST_FRAMES:
            self._size, self._skip = MOST_MESSAGE + 1, start + size
            self._frames = []
            return flags, b""
        if len(self._buffer) < start + size:
            return None
        content = bytes(self._buffer[start : start + size])
        del self._buffer[: start + size]
        self._size += 0 if flags & COMMAND else size
        return flags, content


def _property(name: bytes, value: bytes) -> bytes:
    return bytes((len(name),)) + name + len(value).to_bytes(4, "big") + value


def _framed(frames: Sequence[bytes]) -> bytes:
    out = bytearray()
    for number, content in enumerate(frames, 1):
        out += (
            bytes((LONG | (MORE if number < len(frames) else 0),)) + len(content).to_bytes(8, "big") + content
        )
    return bytes(out)
