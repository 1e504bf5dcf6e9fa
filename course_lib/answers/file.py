"""The file answers.json: read whatever can be read, write all of it or nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course_lib.files import replacing

NAME = "answers.json"
SCHEMA, VERSION = "backprop-course/answers", 1
# A lesson's answers are 3 KB; whatever is larger is something else.
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Book:
    """What answers.json holds.

    `answers` is exercise id -> slot -> symbol; `problems` says in words what could not be read; `present` is
    whether there is a file at all; `saved` is when it was written, as it says itself.
    """

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    present: bool = False
    saved: str = ""

    @property
    def message(self) -> str:
        """One paragraph for the student, or nothing."""
        if not self.problems:
            return ""
        kept = (
            f"What could be read is kept ({len(self.answers)} exercises)"
            if self.answers
            else "Nothing of it is used"
        )
        return (
            f"{NAME} {'; '.join(self.problems[:3])}. {kept}; "
            "the file as it was is saved aside before anything is written."
        )


def load(path: Path, exercises: Mapping[str, Any]) -> Book:
    """Read the file at `path`; never raises."""
    try:
        facts = path.lstat()
    except OSError:
        return Book()
    # A pipe would wait for ever, a link may lead anywhere.
    if not stat.S_ISREG(facts.st_mode):
        return Book({}, ("is not a plain file",), True)
    if facts.st_size > MOST_BYTES:
        return Book({}, (f"has {facts.st_size} bytes, far more than answers can take",), True)
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        return Book({}, (f"could not be read ({error.strerror})",), True)
    return parse(text, exercises)


def parse(text: str, exercises: Mapping[str, Any]) -> Book:
    """Return what `text` holds, the damaged parts left out and named."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        answers, _ = _good(_salvaged(text, exercises), exercises)
        return Book(answers, ("is damaged (it is no complete JSON)",), True)
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        return Book({}, (f"is not a file of this course (its schema is not {SCHEMA!r})",), True)
    entries = content.get("answers")
    if not isinstance(entries, dict):
        return Book({}, ("has no answers in it",), True)
    answers, problems = _good(entries, exercises)
    if content.get("version") != VERSION:
        problems.insert(
            0, f"is of version {str(content.get('version'))[:20]}, and this course writes {VERSION}"
        )
    return Book(answers, tuple(problems), True, str(content.get("saved", ""))[:40])


def _good(entries: dict, exercises: Mapping[str, Any]) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return the entries that can be answers; those of exercises unknown here are kept unread."""
    answers, problems = {}, []
    for name, placed in entries.items():
        exercise = exercises.get(name)
        if not isinstance(placed, dict) or (exercise and exercise.kind != "diagram"):
            problems.append(f"has an entry {str(name)[:30]!r} that is no answer")
            continue
        good = {slot: symbol for slot, symbol in placed.items() if _fits(exercise, slot, symbol)}
        if len(good) < len(placed):
            bad = next(slot for slot in placed if slot not in good)
            problems.append(f"has something in {str(name)[:30]}, {bad[:30]!r}, that no diagram writes")
        if good:
            answers[name] = good
    return answers, problems


def _fits(exercise: Any, slot: str, symbol: Any) -> bool:
    if not isinstance(symbol, str) or len(symbol) > 60 or len(slot) > 60:
        return False
    return exercise is None or (slot in exercise.slots and symbol in exercise.tiles)


def _salvaged(text: str, exercises: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Find the exercises and slots in a file that was cut short or mangled."""
    if f'"{SCHEMA}"' not in text:
        return {}
    found = {}
    for block in re.finditer(r'"(\w{1,60})"\s*:\s*\{(?=([^{}]*))', text):
        if getattr(exercises.get(block[1]), "kind", "") == "diagram":
            found[block[1]] = dict(re.findall(r'"(\w{1,60})"\s*:\s*"([^"\\]{1,60})"', block[2]))
    return found


def save(path: Path, answers: Mapping[str, Mapping[str, str]], before: Book, lesson: str) -> None:
    """Write `answers` in one step, after putting a file with problems aside.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    if before.problems:
        _put_aside(path)
    content = {"schema": SCHEMA, "version": VERSION, "lesson": lesson, "saved": _now(), "answers": answers}
    with replacing(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
        file.write("\n")


def _put_aside(path: Path) -> Path:
    """Copy the file to a name nobody has; what is no file is renamed."""
    stamp, count = datetime.now().strftime("%Y-%m-%dT%H%M%S"), 1
    aside = path.with_name(f"answers.damaged-{stamp}.json")
    while os.path.lexists(aside):
        count += 1
        aside = path.with_name(f"answers.damaged-{stamp}-{count}.json")
    if stat.S_ISREG(path.lstat().st_mode):
        shutil.copyfile(path, aside)
    else:
        os.rename(path, aside)
    return aside


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
