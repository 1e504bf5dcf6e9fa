"""Nothing an answer prints may reach the cell: one word on stderr makes nbgrader give the cell 0 points."""

from __future__ import annotations

import contextlib
import io
import os
import sys

MOST_CHARACTERS = 2000


class _Sink(io.TextIOBase):
    """A stream that keeps its beginning and forgets the rest, so that no flood fills the memory."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if len(self.text) < MOST_CHARACTERS:
            self.text += str(text)[: MOST_CHARACTERS - len(self.text)]
        return len(text)


class CapturedOutput:
    """A context in which prints, logging and writes of C code are captured; `text` is what was printed."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._stack = contextlib.ExitStack()

    @property
    def text(self) -> str:
        """The beginning of what went to stdout and stderr."""
        return self._sink.text

    def __enter__(self) -> CapturedOutput:
        streams = {
            id(s): s for s in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__) if s is not None
        }
        for stream in streams.values():
            self._flush(stream)
            self._mute(stream)
        for descriptor in (1, 2):
            self._divert(descriptor)
        for redirect in (contextlib.redirect_stdout, contextlib.redirect_stderr):
            self._stack.enter_context(redirect(self._sink))
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def _mute(self, stream: io.TextIOBase) -> None:
        """Also for whoever took the stream earlier, as a logging handler does; only Python streams allow it."""
        with contextlib.suppress(AttributeError, TypeError):
            stream.write = self._sink.write
            self._stack.callback(delattr, stream, "write")

    def _divert(self, descriptor: int) -> None:
        """Point a file descriptor, which C code writes to, at nothing."""
        try:
            saved = os.dup(descriptor)
        except OSError:
            return
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, descriptor)
        os.close(null)
        self._stack.callback(self._restore, saved, descriptor)

    def _restore(self, saved: int, descriptor: int) -> None:
        for stream in (sys.__stdout__, sys.__stderr__):
            self._flush(stream)  # what is buffered goes to nothing, not to the cell
        os.dup2(saved, descriptor)
        os.close(saved)

    @staticmethod
    def _flush(stream: io.TextIOBase | None) -> None:
        with contextlib.suppress(Exception):
            stream.flush()
