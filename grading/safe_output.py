"""What a submission put out, made fit to be read in a browser: text and pictures, nothing that runs."""

import re
from collections.abc import Iterable
from typing import Any

PICTURES = ("image/png", "image/jpeg")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
MOST_TEXT, MOST_LINES = 100_000, 60
# What MathJax understands beyond mathematics: links, styles, identities, extensions.
ACTIVE_MATH = re.compile(r"\\(href|style|class|cssId|require|unicode|data|toggle|mathtip|texttip|html\w*)\b")


def outputs(raw: Iterable[tuple[str, dict]], note: str = "") -> list[dict[str, Any]]:
    """Return the outputs of a cell as a notebook keeps them: streams, errors, plain text, PNG and JPEG."""
    found: list[dict[str, Any]] = []
    for kind, content in raw:
        made = _output(kind, content)
        before = found[-1] if found else {}
        if made and made["output_type"] == "stream" and before.get("name") == made["name"]:
            before["text"] = (before["text"] + made["text"])[:MOST_TEXT]
        elif made:
            found.append(made)
    if note:
        found.append({"output_type": "stream", "name": "stdout", "text": f"[grading] {note}\n"})
    return found


def _output(kind: str, content: dict) -> dict[str, Any] | None:
    if kind == "stream":
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(content.get("text"))}
    if kind == "error":
        lines = content.get("traceback")
        traceback = [_text(line) for line in lines[:MOST_LINES]] if isinstance(lines, list) else []
        names = {"ename": _text(content.get("ename")), "evalue": _text(content.get("evalue"))}
        return {"output_type": "error", "traceback": traceback, **names}
    data = content.get("data")
    safe = _data(data) if isinstance(data, dict) else {}
    return {"output_type": "display_data", "data": safe, "metadata": {}} if safe else None


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


def report(notes: list[str], unsafe: bool) -> str:
    """Return the Markdown that tells whoever reads the graded notebook what was special about it."""
    if unsafe:
        notes = ["This was graded WITHOUT a sandbox (unsafe_no_sandbox).", *notes]
    if not notes:
        return ""
    lines = "".join(f"\n- {_quiet(note)}" for note in notes)
    return f"**What grading found out of the ordinary**\n{lines}"


def _quiet(text: str) -> str:
    """Write a text so that Markdown sees nothing but letters in it."""
    return re.sub(r"[^\w .,:;/'-]|_", lambda m: f"&#{ord(m[0])};", text[:400])
