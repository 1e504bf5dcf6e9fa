"""Puts pictures that were handed in beside a notebook into the cells that show them, so that nothing is fetched."""

import base64
import re
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from grading.intake.files import File, shown
from grading.intake.reading import MOST_PICTURE, MOST_PICTURES, UnreadableError
from grading.intake.released import Released

# How a file of each kind begins; what else the bytes hold is for the browser's own decoder.
KINDS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
MARKDOWN = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,300})\]\(\s{0,9}<?(?P<address>[^()<>\n\"']{1,300}?)>?\s{0,9}(?:[\"'][^()\n]{0,300})?\)"
)
TAG = re.compile(
    r"<img\b[^<>]{0,300}?\bsrc\s{0,9}=\s{0,9}[\"']?(?P<address>[^\"'<>\s]{1,300})[^<>]{0,300}>", re.IGNORECASE
)
THERE_ALREADY = ("attachment:", "data:")


def inline(
    cells: list[dict[str, Any]], place: tuple[str, ...], files: list[File], lesson: Released
) -> list[str]:
    """Attach the pictures of every text cell that is not as released; return a sentence for each that is not shown.

    Parameters
    ----------
    cells
        The cells of the notebook; their ``source`` and ``attachments`` are changed.
    place
        The folder of the notebook, from which a picture is named.
    files
        The files of the submission: a picture is looked up among them and never opened by its name.
    """
    beside = {
        "/".join([*file.place[len(place) :], file.name]): file for file in files if _inside(file, place)
    }
    notes: list[str] = []
    for cell in cells:
        if cell["cell_type"] == "markdown" and cell["source"].strip() not in lesson.texts:
            for pattern in (MARKDOWN, TAG):
                cell["source"] = pattern.sub(partial(_attach, cell, beside, notes), cell["source"])
    return notes


def _inside(file: File, place: tuple[str, ...]) -> bool:
    return file.place[: len(place)] == place


def _attach(cell: dict, beside: dict[str, File], notes: list[str], found: re.Match) -> str:
    """Return the Markdown of an attached picture, or what was written where it cannot be attached."""
    written, address, alt = found[0], found["address"], found.groupdict().get("alt", "")
    if address.lower().startswith(THERE_ALREADY):
        return written
    try:
        kind, content = _picture(address, beside)
        data = base64.b64encode(content).decode()
        used = sum(len(text) for bundle in cell["attachments"].values() for text in bundle.values())
        if used + len(data) > MOST_PICTURE or len(cell["attachments"]) >= MOST_PICTURES:
            raise UnreadableError("is more than a cell may hold")
    except UnreadableError as error:
        notes.append(f"The picture {shown(address)!r} {error}; it is not shown.")
        return written
    name = f"picture-{len(cell['attachments']) + 1}"
    cell["attachments"][name] = {kind: data}
    return f"![{alt}](attachment:{name})"


def _picture(address: str, beside: dict[str, File]) -> tuple[str, bytes]:
    if "://" in address or address.startswith("//"):
        raise UnreadableError("lies on another computer, and nothing is fetched")
    file = beside.get(str(PurePosixPath(unquote(address)))) or beside.get(str(PurePosixPath(address)))
    if file is None:
        raise UnreadableError("was not handed in beside the notebook")
    content = file.read(MOST_PICTURE)
    for kind, beginning in KINDS.items():
        if content.startswith(beginning):
            return kind, content
    raise UnreadableError("is neither PNG nor JPEG")
