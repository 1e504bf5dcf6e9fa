"""What a widget says once its kernel is gone: an ES module is put before the widget's own."""

from __future__ import annotations

from pathlib import Path

_NOTICE = Path(__file__).with_name("connection.js").read_text(encoding="utf-8")


def with_connection_notice(module: str) -> str:
    """Return the source of an ES module that may call ``noticeConnection(model, el)``, which returns its undoing."""
    return f"{_NOTICE}\n{module}"
