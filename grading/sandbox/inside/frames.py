"""What grader and kernel say to each other: a frame is the length of a JSON text, in four bytes, and the text."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

HEADER = struct.Struct("!I")


def pack(message: dict) -> bytes:
    """Return a message as a frame; bytes in it become base64, as Jupyter sends a picture."""
    text = json.dumps(message, default=_plain).encode("utf-8", "replace")
    return HEADER.pack(len(text)) + text


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else repr(value)
