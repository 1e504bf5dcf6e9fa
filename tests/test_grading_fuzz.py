"""Whatever is handed in is taken in: mutated submissions, 2,000 in the soak, give a notebook with every marked cell."""

from __future__ import annotations

import copy
import io
import json
import random
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from grading.intake.released import Released
from grading.intake.released import released as released_lesson
from grading.worker.admitting import admit
from tests.corpus.making import LESSON, Draft
from tests.corpus.sampling import WHOLE

pytestmark = pytest.mark.sampled
COUNT, MOST_MEMORY, MOST_SECONDS = 2000 if WHOLE else 24, 600 * 2**20, 60.0
ODD = (None, True, -1, 10**30, 1.5, "", "\ud800", "x" * 10**5, [], {}, [[]] * 50, {"": 0}, [None] * 1000)
NAMES = (
    "answers.json",
    "answers (1).json",
    "a\nb",
    "timestamp.txt",
    "x" * 200,
    f"{LESSON} (1).ipynb",
    "a.zip",
)


def _bytes(rng: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 10, 1000))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed[: rng.choice((len(changed), rng.randrange(len(changed))))])


def _json(rng: random.Random, content: bytes) -> bytes:
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


def _cells(rng: random.Random, content: bytes) -> bytes:
    whole = json.loads(content)
    cells = whole["cells"]
    for _ in range(rng.randrange(1, 6)):
        number = rng.randrange(len(cells))
        rng.choice(
            (
                lambda n=number: cells.insert(rng.randrange(len(cells)), copy.deepcopy(cells[n])),
                lambda n=number: cells.insert(rng.randrange(len(cells)), cells.pop(n)),
                lambda n=number: cells[n].update(cell_type=rng.choice(("raw", "code", "markdown", "x"))),
                lambda n=number: cells[n].update(source="import " + "a." * 40_000 + "a"),
                lambda n=number: cells[n].update(metadata=copy.deepcopy(rng.choice(ODD))),
                lambda n=number: cells[n].update(attachments={"p": {"image/png": rng.choice(ODD)}}),
            )
        )()
    return json.dumps(whole).encode()


def _zipped(rng: random.Random, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            rng.choice((f"{LESSON}.ipynb", "../x.ipynb", "a/b/c.ipynb", "/etc/x.ipynb")), content
        )
    return _bytes(rng, packed.getvalue()) if rng.random() < 0.5 else packed.getvalue()


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (_bytes, _json, _cells, _zipped)


@pytest.fixture(scope="module")
def honest(released: Path) -> tuple[Released, bytes]:
    notebook = released / "notebooks" / LESSON / f"{LESSON}.ipynb"
    with Gradebook(f"sqlite:///{released / 'grading' / 'gradebook.db'}") as book:
        lesson = released_lesson(book, LESSON, [notebook])
    return lesson, json.dumps(Draft(notebook, released / "unused").notebook).encode()


def test_mutated_submissions_are_taken_in(tmp_path: Path, honest: tuple[Released, bytes]) -> None:
    lesson, content = honest
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in range(COUNT):
        rng, source, target = random.Random(seed), tmp_path / f"{seed}", tmp_path / f"{seed}-copy"
        source.mkdir()
        mutation = rng.choice(MUTATIONS)
        name = f"{LESSON}.zip" if mutation is _zipped else f"{LESSON}.ipynb"
        (source / name).write_bytes(mutation(rng, content))
        if rng.random() < 0.3:
            (source / rng.choice(NAMES)).write_bytes(_bytes(rng, content[:5000]))
        begun = time.monotonic()
        admit(source, target, lesson)
        assert time.monotonic() - begun < MOST_SECONDS, seed
        taken = json.loads((target / f"{LESSON}.ipynb").read_text())
        marks = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in taken["cells"]]
        assert sorted(filter(None, marks)) == sorted(cell.name for cell in lesson.cells), seed
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < MOST_MEMORY
