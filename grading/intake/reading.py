"""Reads a notebook whatever it is: broken, oversized, in another encoding, of another version."""

import json
import os
import stat
from pathlib import Path
from typing import Any, NamedTuple

MOST_BYTES = 128 * 2**20
MOST_CELLS, MOST_SOURCE = 2000, 4 * 2**20
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
PICTURES = ("image/png", "image/jpeg", "image/gif")
MOST_PICTURE, MOST_PICTURES, MOST_OUTPUTS = 6 * 2**20, 20, 20
# How the card of an exercise, and the picture of a diagram, say that nothing was answered.
EMPTY = ('data-state="unanswered"', 'data-answered="no"')


class UnreadableError(ValueError):
    """Raised for a file from which nothing can be read; the message completes a sentence that begins with its name."""


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the content of a plain file; neither links nor pipes nor devices are followed or waited for."""
    try:
        kind = os.lstat(path).st_mode
        if not stat.S_ISREG(kind) and not stat.S_ISLNK(kind):
            raise UnreadableError("is not a regular file")  # to open a device may already set something off
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableError(f"cannot be opened ({error.strerror})") from error
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        raise UnreadableError("is not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        if facts.st_size > most:
            raise UnreadableError(f"has {facts.st_size // 2**20} MB; at most {most // 2**20} are read")
        try:
            return file.read(most)
        except OSError as error:
            raise UnreadableError(f"cannot be read ({error.strerror})") from error


class Read(NamedTuple):
    """What is used of a notebook, in plain types, and what is to be said about it; `dropped` counts lost cells."""

    cells: list[dict[str, Any]]
    metadata: Any
    notes: list[str]
    dropped: int = 0


def cells_of(content: bytes) -> Read:
    """Return a notebook's cells: ``cell_type``, ``source``, nbgrader's ``mark``, ``attachments``, whether it ``ran``.

    ``empty`` tells whether an output says of an exercise that it is not answered.

    Raises
    ------
    UnreadableError
        If it is not a notebook.
    """
    text, notes = _text(content)
    if not text.strip("\0 \r\n\t"):
        raise UnreadableError("is empty")
    try:
        notebook = json.loads(text)
    except RecursionError as error:
        raise UnreadableError("is nested too deeply to be read") from error
    except MemoryError as error:
        raise UnreadableError("takes too much memory to be read") from error
    except ValueError as error:
        raise UnreadableError(f"is not JSON, or was cut short ({error})"[:200]) from error
    if not isinstance(notebook, dict):
        raise UnreadableError("is JSON, but not a notebook")
    version = notebook.get("nbformat")
    if version != 4:
        notes.append(f"The notebook is of format {version!r:.20}, not 4; it was read as well as possible.")
    if version in (2, 3):
        notebook = _upgraded(notebook)
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise UnreadableError("has no list of cells")
    found = [cell for cell in map(_cell, cells[:MOST_CELLS]) if cell]
    dropped = len(cells) - len(found)
    if dropped:
        notes.append(f"{dropped} of its cells could not be read and were left out.")
    return Read(found, notebook.get("metadata"), notes, dropped)


def _text(content: bytes) -> tuple[str, list[str]]:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace"), [
                f"The notebook was stored as {encoding}; it was read as such."
            ]
    try:
        return content.decode(), []
    except UnicodeDecodeError:
        if content[1:2] == b"\0":
            return content.decode("utf-16-le", "replace"), [
                "The notebook was stored as utf-16; it was read as such."
            ]
        return content.decode("latin-1"), [
            "The notebook is not in UTF-8; accented letters and symbols may be wrong."
        ]


def _upgraded(notebook: dict) -> dict:
    import nbformat  # here: it takes long to load, and hardly any notebook needs it

    try:
        return nbformat.convert(nbformat.from_dict(notebook), 4)
    except Exception as error:  # whatever the old converter meets in a damaged file
        raise UnreadableError(f"is of format {notebook.get('nbformat')} and cannot be converted") from error


def _cell(cell: Any) -> dict[str, Any] | None:
    """Return what is used of a cell, in plain types; nothing else of it reaches nbgrader."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str) or len(source) > MOST_SOURCE:
        return None
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "�")
    metadata, html = cell.get("metadata"), _html(cell.get("outputs"))
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    return {
        "cell_type": cell["cell_type"],
        "source": source.encode("utf-8", "replace").decode(),
        "mark": name if isinstance(name, str) else None,
        "attachments": _pictures(cell.get("attachments")),
        "ran": bool(cell.get("execution_count") or cell.get("outputs")),
        "empty": any(sign in html for sign in EMPTY),
    }


def _html(outputs: Any) -> str:
    """Return what the first outputs of a cell show as HTML."""
    found = []
    for output in outputs[:MOST_OUTPUTS] if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        text = data.get("text/html") if isinstance(data, dict) else None
        found += text if isinstance(text, list) else [text]
    return "".join(text for text in found if isinstance(text, str))


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Keep the pictures that a student pasted into Markdown, up to a size, and nothing that could hold a script."""
    found, left = {}, MOST_PICTURE
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for kind, data in bundle.items() if isinstance(bundle, dict) else ():
            if len(found) == MOST_PICTURES:
                return found
            if kind in PICTURES and isinstance(data, str) and len(data) <= left and data.isascii():
                left -= len(data)
                found[str(name)[:200]] = {kind: data}
    return found
