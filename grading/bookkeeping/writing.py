"""A notebook as nbformat writes it into a file, several times as fast."""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient


def text_of(nb: NotebookNode) -> str:
    """Return the text of a notebook, of which the texts are split into lines from then on."""
    pieces: list[str] = []
    _write(strip_transient(split_lines(nb)), "\n", pieces)
    return "".join([*pieces, "\n"])


def _write(value: Any, line: str, pieces: list[str]) -> None:
    """Add what `json.dumps` with an indent of 1 and sorted keys makes of a value; `line` begins a line around it."""
    if isinstance(value, str):
        pieces.append(encode_basestring(value))
    elif isinstance(value, dict) and value:
        between = "{"
        for key in sorted(value):
            pieces.append(f"{between}{line} {encode_basestring(key)}: ")
            _write(value[key], f"{line} ", pieces)
            between = ","
        pieces.append(f"{line}}}")
    elif isinstance(value, list) and value:
        between = "["
        for entry in value:
            pieces.append(f"{between}{line} ")
            _write(entry, f"{line} ", pieces)
            between = ","
        pieces.append(f"{line}]")
    else:
        pieces.append(json.dumps(value))
