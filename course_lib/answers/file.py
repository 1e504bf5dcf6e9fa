"""The file answers.json: read whatever can be read; write all of it or nothing."""

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
# A lesson's answers take 3 KB; a much larger file is something else.
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class SavedAnswers:
    """What answers.json holds.

    `answers` is exercise id -> slot -> symbol; `problems` says in words what could not be read; `present` is
    whether there is a file at all; `saved` is when it was written, according to the file itself.
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
        used = (
            f"What could be read is used ({len(self.answers)} exercises)"
            if self.answers
            else "None of it is used"
        )
        return (
            f"{NAME} {'; '.join(self.problems[:3])}. {used}; "
            "a copy of the file as it was is kept before anything is written."
        )


def load(path: Path, exercises: Mapping[str, Any]) -> SavedAnswers:
    """Read the file at `path`; never raises."""
    try:
        facts = path.lstat()
    except OSError:
        return SavedAnswers()
    # A pipe would wait for ever, and a link may lead anywhere.
    if not stat.S_ISREG(facts.st_mode):
        return SavedAnswers({}, ("is not a regular file",), True)
    if facts.st_size > MOST_BYTES:
        return SavedAnswers({}, (f"has {facts.st_size} bytes, far more than answers need",), True)
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        return SavedAnswers({}, (f"could not be read ({error.strerror})",), True)
    return parse(text, exercises)


def parse(text: str, exercises: Mapping[str, Any]) -> SavedAnswers:
    """Return what `text` holds, without the damaged parts, which are named."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        answers, _ = _good(_salvage(text, exercises), exercises)
        return SavedAnswers(answers, ("is damaged (it is not complete JSON)",), True)
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        return SavedAnswers({}, (f"is not a file of this course (its schema is not {SCHEMA!r})",), True)
    entries = content.get("answers")
    if not isinstance(entries, dict):
        return SavedAnswers({}, ("has no answers in it",), True)
    answers, problems = _good(entries, exercises)
    if content.get("version") != VERSION:
        problems.insert(
            0, f"has version {str(content.get('version'))[:20]}, but this course writes {VERSION}"
        )
    return SavedAnswers(answers, tuple(problems), True, str(content.get("saved", ""))[:40])


def _good(entries: dict, exercises: Mapping[str, Any]) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return the entries that can be answers; those of exercises not known here are kept as they are."""
    answers, problems = {}, []
    for name, placed in entries.items():
        exercise = exercises.get(name)
        if not isinstance(placed, dict) or (exercise and not exercise.slots):
            problems.append(f"has an entry {str(name)[:30]!r} that is not an answer")
            continue
        good = {slot: symbol for slot, symbol in placed.items() if _fits(exercise, slot, symbol)}
        if len(good) < len(placed):
            bad = next(slot for slot in placed if slot not in good)
            problems.append(f"has an entry in {str(name)[:30]}, {bad[:30]!r}, that no diagram writes")
        if good:
            answers[name] = good
    return answers, problems


def _fits(exercise: Any, slot: str, symbol: Any) -> bool:
    if not isinstance(symbol, str) or len(symbol) > 60 or len(slot) > 60:
        return False
    return exercise is None or (slot in exercise.slots and symbol in exercise.tiles)


def _salvage(text: str, exercises: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Find the exercises and slots in a file that was truncated or mangled."""
    if f'"{SCHEMA}"' not in text:
        return {}
    found = {}
    for block in re.finditer(r'"(\w{1,60})"\s*:\s*\{(?=([^{}]*))', text):
        if getattr(exercises.get(block[1]), "slots", ()):
            found[block[1]] = dict(re.findall(r'"(\w{1,60})"\s*:\s*"([^"\\]{1,60})"', block[2]))
    return found


def save(
    path: Path,
    answers: Mapping[str, Mapping[str, str]],
    before: SavedAnswers,
    lesson: str,
    indent: int | None = 1,
) -> None:
    """Write `answers` in one step, after making a copy of a file with problems; OSError where that is not possible.

    With `indent` the file has lines, for whoever reads it; without, it is written faster.
    """
    if before.problems:
        _back_up(path)
    content = {"schema": SCHEMA, "version": VERSION, "lesson": lesson, "saved": _now(), "answers": answers}
    with replacing(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(content, indent=indent, ensure_ascii=False) + "\n")


def _back_up(path: Path) -> Path:
    """Copy the file to a name that is free; anything but a regular file is renamed."""
    stamp, count = datetime.now().strftime("%Y-%m-%dT%H%M%S"), 1
    backup = path.with_name(f"answers.damaged-{stamp}.json")
    while os.path.lexists(backup):
        count += 1
        backup = path.with_name(f"answers.damaged-{stamp}-{count}.json")
    if stat.S_ISREG(path.lstat().st_mode):
        shutil.copyfile(path, backup)
    else:
        os.rename(path, backup)
    return backup


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
