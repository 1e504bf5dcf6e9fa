"""The kernel: runs cells and carries out the grader's requests, one after the other, until the connection ends."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import frames
from collector import answer_to
from shell import Shell, Stream

# More than this of what was written past Python's streams is not sent.
MOST_WRITTEN = 2**20


class Kernel:
    """A shell at the end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._file = connection, connection.makefile("rb")
        self._owner, self._lock = os.getpid(), threading.RLock()
        self._id = 0
        self._written = _divert()
        self._streams = [Stream(name, number, self.emit) for number, name in ((1, "stdout"), (2, "stderr"))]
        sys.stdout, sys.stderr = self._streams
        self._shell = Shell.instance(emit=self._emit_in_order)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def emit(self, kind: str, content: dict) -> None:
        """Send a message that belongs to the request being carried out."""
        if os.getpid() != self._owner:
            return
        frame = frames.pack({"id": self._id, "kind": kind, "content": content})
        with self._lock, _later(signal.SIGINT):  # half a message would spoil every one behind it
            self._connection.sendall(frame)

    def serve(self) -> None:
        """Carry out requests."""
        self.emit("ready", {})
        while request := self._next():
            self._id, reply = request["id"], {}
            try:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                if request["do"] == "run":
                    self._shell.run_cell(request["code"], store_history=True)
                else:
                    reply = answer_to(request["content"], self._shell.user_ns)
            except KeyboardInterrupt:
                pass  # it came when the cell had ended
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
            if os.getpid() != self._owner:
                os._exit(0)  # a process that a cell has forked ends with the cell
            self._send_what_was_written()
            self.emit("done", reply)

    def _emit_in_order(self, kind: str, content: dict) -> None:
        for stream in self._streams:
            stream.flush()
        self.emit(kind, content)

    def _send_what_was_written(self) -> None:
        for stream in self._streams:
            stream.flush()
        with contextlib.suppress(OSError):  # a cell may have closed it
            if os.fstat(self._written).st_size:
                text = os.pread(self._written, MOST_WRITTEN, 0).decode("utf-8", "replace")
                os.ftruncate(self._written, 0)
                self.emit("stream", {"name": "stdout", "text": text})

    def _next(self) -> dict[str, Any] | None:
        header = self._file.read(frames.HEADER.size)
        return json.loads(self._file.read(*frames.HEADER.unpack(header))) if header else None


@contextlib.contextmanager
def _later(number: int) -> Iterator[None]:
    """Let a signal wait until the block has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = []
    before = signal.signal(number, lambda *about: came.append(about))
    try:
        yield
    finally:
        signal.signal(number, before)
        if came and callable(before):
            before(*came[0])


def _divert() -> int:
    """Let what is written past Python's streams go to a file without a name, and return its descriptor."""
    with tempfile.TemporaryFile() as file:
        written = os.dup(file.fileno())
    fcntl.fcntl(written, fcntl.F_SETFL, os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(written, descriptor)
    return written
