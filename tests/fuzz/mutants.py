"""Submissions changed at random: their bytes, JSON, cells, metadata, names, zips and answers.json."""

from __future__ import annotations

import copy
import io
import json
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course_lib.exercises import EXERCISES, LESSONS, DiagramExercise

ODD = (
    None,
    True,
    -1,
    10**30,
    1.5,
    float("nan"),
    "",
    "\ud800",
    "x" * 10**5,
    [],
    {},
    [[]] * 50,
    {"": 0},
    [None] * 1000,
)
Mutation = Callable[[random.Random, bytes], bytes]


def changed_bytes(rng: random.Random, content: bytes) -> bytes:
    """Change some bytes, and cut something off."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 10, 1000))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed[: rng.choice((len(changed), rng.randrange(len(changed))))])


def changed_json(rng: random.Random, content: bytes) -> bytes:
    """Put odd values in some places of a JSON file, whatever they mean."""
    whole = json.loads(content)
    for _ in range(rng.randrange(1, 10)):
        place: Any = whole
        while isinstance(place, dict | list) and place:
            key = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
            if rng.random() < 0.4 or not isinstance(place[key], dict | list):
                place[key] = copy.deepcopy(rng.choice(ODD))
                break
            place = place[key]
    return json.dumps(whole).encode()


def changed_cells(rng: random.Random, content: bytes) -> bytes:
    """Copy, move, retype, fill and attach to cells."""
    whole = json.loads(content)
    cells = whole["cells"]
    for _ in range(rng.randrange(1, 6)):
        number = rng.randrange(len(cells))
        rng.choice(
            (
                lambda n=number: cells.insert(rng.randrange(len(cells)), copy.deepcopy(cells[n])),
                lambda n=number: cells.insert(rng.randrange(len(cells)), cells.pop(n)),
                lambda n=number: cells[n].update(cell_type=rng.choice(("raw", "code", "markdown", "x"))),
                lambda n=number: cells[n].update(source=rng.choice(SOURCES)),
                lambda n=number: cells[n].update(attachments={"p": {"image/png": rng.choice(ODD)}}),
            )
        )()
    return json.dumps(whole).encode()


SOURCES = (
    "import " + "a." * 40_000 + "a",
    "(" * 5000,
    "> " * 3000 + "x",
    "<div>" * 20_000,
    "[" * 9000,
    "\ud800\0",
)


def changed_metadata(rng: random.Random, content: bytes) -> bytes:
    """Put odd values into the metadata of the notebook and its cells, and change what nbgrader has written there."""
    whole = json.loads(content)
    for cell in rng.sample(whole["cells"], 5):
        about = cell.setdefault("metadata", {}).get("nbgrader")
        if about and rng.random() < 0.8:
            about[rng.choice(list(about))] = copy.deepcopy(rng.choice(ODD))
        else:
            cell["metadata"] = {rng.choice(("nbgrader", "tags", "deletable")): copy.deepcopy(rng.choice(ODD))}
    whole["metadata"][rng.choice(list(whole["metadata"]))] = copy.deepcopy(rng.choice(ODD))
    return json.dumps(whole).encode()


def unchanged(rng: random.Random, content: bytes) -> bytes:
    """Change nothing: what is odd is something else."""
    return content


MUTATIONS: tuple[Mutation, ...] = (changed_bytes, changed_json, changed_cells, changed_metadata, unchanged)


def write_mutant(rng: random.Random, folder: Path, lesson: str, notebook: bytes) -> None:
    """Write into a new folder what became of a submission on its way."""
    folder.mkdir(parents=True)
    content, name = rng.choice(MUTATIONS)(rng, notebook), f"{lesson}.ipynb"
    if rng.random() < 0.15:
        _write(folder, f"{lesson}.zip", _zipped(rng, name, content))
    else:
        _write(folder, name if rng.random() < 0.8 else rng.choice(_names(lesson)), content)
    if rng.random() < 0.8:
        book = json.dumps(answers(rng, lesson)).encode()
        book = rng.choice((changed_bytes, changed_json, unchanged, unchanged))(rng, book)
        _write(folder, "answers.json" if rng.random() < 0.9 else "answers (1).json", book)
    if rng.random() < 0.3:
        _write(folder, rng.choice(_names(lesson)), changed_bytes(rng, content[:5000] or b"x"))
    if rng.random() < 0.1:
        _odd_file(rng, folder)


def _names(lesson: str) -> tuple[str, ...]:
    odd = (
        "a\nb",
        "timestamp.txt",
        "x" * 200,
        "a.zip",
        "-rf",
        "[a]*.py",
        os.fsdecode(b"\xff.txt"),
        "..ipynb",
        "~",
    )
    return (
        *odd,
        f"{lesson} (1).ipynb",
        f"{lesson}-Copy1.ipynb",
        f"{lesson}.ipynb.txt",
        "deep/er/x.ipynb",
        "a/answers.json",
    )


def _write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _odd_file(rng: random.Random, folder: Path) -> None:
    """Put there what is not a plain file."""
    path = folder / rng.choice(("data.csv", "answers (2).json", "b.ipynb", "sub"))
    if not path.exists():
        rng.choice(
            (
                lambda: os.mkfifo(path),
                lambda: path.symlink_to("/etc/passwd"),
                lambda: path.symlink_to(path),
                lambda: path.mkdir(mode=0),
            )
        )()


def _zipped(rng: random.Random, name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(rng.choice((name, "../x.ipynb", "a/b/c.ipynb", "/etc/x.ipynb")), content)
    return changed_bytes(rng, packed.getvalue()) if rng.random() < 0.5 else packed.getvalue()


def answers(rng: random.Random, lesson: str) -> dict[str, Any]:
    """Return answers given in the diagrams of a lesson, some of them odd: values of every type in each place."""
    drawn = [exercise for exercise in LESSONS[lesson].exercises if isinstance(exercise, DiagramExercise)]
    given: dict[str, Any] = {e.id: {slot: rng.choice(e.tiles) for slot in e.slots} for e in drawn}
    for exercise in drawn:
        if rng.random() < 0.5:
            given[exercise.id][rng.choice(exercise.slots)] = copy.deepcopy(rng.choice(ODD))
        elif rng.random() < 0.3:
            given[exercise.id] = copy.deepcopy(rng.choice(ODD))
    if rng.random() < 0.3:
        given[rng.choice(list(EXERCISES))] = copy.deepcopy(rng.choice(ODD))
    return {
        "schema": "backprop-course/answers",
        "version": rng.choice((1, 1, 1, 2, None)),
        "lesson": lesson,
        "answers": given,
    }
