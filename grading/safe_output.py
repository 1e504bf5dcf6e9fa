"""What a submission put out, made fit to be read in a browser: text and pictures, nothing that runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

PICTURES = ("image/png", "image/jpeg")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
MOST_TEXT, MOST_LINES = 100_000, 60
# What MathJax understands beyond mathematics: links, styles, identities, extensions.
ACTIVE_MATH = re.compile(r"\\(href|style|class|cssId|require|unicode|data|toggle|mathtip|texttip|html\w*)\b")


def outputs(raw: Iterable[tuple[str, dict]], note: str = "") -> list[NotebookNode]:
    """Return the outputs of a cell as a notebook keeps them: streams, errors, plain text, PNG and JPEG."""
    found: list[NotebookNode] = []
    for kind, content in raw:
        made = _output(kind, content)
        if made and made.output_type == "stream" and found and found[-1].get("name") == made.name:
            found[-1].text = (found[-1].text + made.text)[:MOST_TEXT]
        elif made:
            found.append(made)
    if note:
        found.append(new_output("stream", name="stdout", text=f"[grading] {note}\n"))
    return found


def _output(kind: str, content: dict) -> NotebookNode | None:
    if kind == "stream":
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(content.get("text")))
    if kind == "error":
        lines = content.get("traceback")
        traceback = [_text(line) for line in lines[:MOST_LINES]] if isinstance(lines, list) else []
        names = {"ename": _text(content.get("ename")), "evalue": _text(content.get("evalue"))}
        return new_output("error", traceback=traceback, **names)
    data = content.get("data")
    safe = _data(data) if isinstance(data, dict) else {}
    return new_output("display_data", data=safe) if safe else None


def _data(data: dict[str, Any]) -> dict[str, str]:
    safe = {k: data[k] for k in PICTURES if isinstance(data.get(k), str) and BASE64.fullmatch(data[k])}
    if "text/plain" in data:
        safe["text/plain"] = _text(data["text/plain"])
    elif not safe and data:
        safe["text/plain"] = "(something to show that is not shown here)"
    return safe


def _text(value: Any) -> str:
    # A lone surrogate could not be written into the notebook.
    return value[:MOST_TEXT].encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def calm(text: str) -> str:
    """Take out of formulas what is no mathematics: MathJax would make links and styles of it."""
    return ACTIVE_MATH.sub(r"\\text{\1}", text)


def report(notes: list[str], unsafe: bool) -> NotebookNode | None:
    """Return the cell that tells whoever reads the graded notebook what was special about it."""
    if unsafe:
        notes = ["This was graded WITHOUT a sandbox (unsafe_no_sandbox).", *notes]
    if not notes:
        return None
    lines = "".join(f"\n- {_quiet(note)}" for note in notes)
    return new_markdown_cell(f"**What grading found out of the ordinary**\n{lines}", id="grading-report")


def _quiet(text: str) -> str:
    """Write a text so that Markdown sees nothing but letters in it."""
    return re.sub(r"[^\w .,:;/'-]|_", lambda m: f"&#{ord(m[0])};", text[:400])
