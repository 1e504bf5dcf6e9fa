"""IPython without a terminal: what cells put out is sent to the grader, in the messages of Jupyter's protocol."""

from __future__ import annotations

import ast
import builtins
import contextlib
import getpass
import io
import os
from collections.abc import Callable
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from missing_modules import SkipMissing
from traitlets import Any as AnyTrait
from traitlets.config import Config

# Called with the kind of a message and its content.
Emit = Callable[[str, dict], None]
# So much text is gathered before it is sent.
MOST_GATHERED = 2**16


class Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of the cells; in a process that a cell has forked, the real one."""

    encoding, errors = "UTF-8", "replace"

    def __init__(self, name: str, descriptor: int, emit: Emit) -> None:
        super().__init__()
        self.name, self._descriptor, self._emit = f"<{name}>", descriptor, emit
        self._kind, self._texts, self._size, self._owner = name, [], 0, os.getpid()

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep a text until there is enough to be sent."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if os.getpid() != self._owner:
            os.write(self._descriptor, text.encode(self.encoding, self.errors))
            return len(text)
        self._texts.append(text)
        self._size += len(text)
        if self._size > MOST_GATHERED:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was written."""
        if self._texts and os.getpid() == self._owner:
            text, self._texts, self._size = "".join(self._texts), [], 0
            self._emit("stream", {"name": self._kind, "text": text})


class _Results(DisplayHook):
    """Sends the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        """Write none: it is for a terminal."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        """Send the value in every form that it has."""
        self.shell.emit(
            "execute_result", _bundle(format_dict, md_dict) | {"execution_count": self.prompt_count}
        )

    def finish_displayhook(self) -> None:
        """Write no line break: it is for a terminal."""
        self._is_active = False


class _Displays(DisplayPublisher):
    """Sends what is displayed."""

    def publish(self, data: dict, metadata: dict | None = None, **about: Any) -> None:
        """Send data in the forms that it has; what was displayed before is never changed."""
        if not about.get("update"):
            self.shell.emit("display_data", _bundle(data, metadata))

    def clear_output(self, wait: bool = False) -> None:
        """Clear nothing."""


def _bundle(data: dict, metadata: dict | None) -> dict:
    return {"data": dict(data), "metadata": dict(metadata or {})}


class Shell(InteractiveShell):
    """The shell that the cells run in."""

    emit = AnyTrait()

    def __init__(self, emit: Emit) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        super().__init__(emit=emit, config=config, displayhook_class=_Results, display_pub_class=_Displays)
        self.ask_exit = lambda: None  # `exit` in a cell ends nothing but the cell
        self._skip_missing = SkipMissing()
        self.set_hook("show_in_pager", lambda *texts: None, 99)
        builtins.input = getpass.getpass = _no_input

    def transform_ast(self, node: ast.AST) -> ast.AST:
        """Let missing modules cost no more than they must, then do what a cell wants done.

        Were this among IPython's transformers, it would look at every node of every cell for a missing location.
        """
        with contextlib.suppress(Exception):
            node = self._skip_missing.visit(node)
        return super().transform_ast(node)

    def should_run_async(self, raw_cell: str, *, transformed_cell: str | None = None, **about: Any) -> bool:
        """Tell whether a cell waits for something; one without the words for it is not compiled to find out."""
        text = raw_cell if transformed_cell is None else transformed_cell
        waits = "await" in text or "async" in text
        return waits and super().should_run_async(raw_cell, transformed_cell=transformed_cell, **about)

    def enable_gui(self, gui: str | None = None) -> None:
        """Enable none."""

    def init_display_pub(self) -> None:
        """Make what displays, which knows this shell."""
        self.display_pub = self.display_pub_class(parent=self, shell=self)

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.emit(
            "error", {"ename": etype.__name__, "evalue": _text(evalue), "traceback": list(map(str, stb))}
        )


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a student's own class may fail at it
        return ""


def _no_input(*_: Any, **__: Any) -> None:
    raise StdinNotImplementedError("There is nobody here to answer `input`: this notebook is being graded.")
