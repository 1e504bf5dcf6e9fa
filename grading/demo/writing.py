"""Writes a synthetic class where hand-ins are collected, over nothing that it did not write itself."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from course_lib.exercises import LESSONS
from grading.demo.plans import LESSON, Plan, plans

MANIFEST, ROSTER = "manifest.json", "roster.csv"
MADE_BY = "python -m grading demo-class"
SOLUTION = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", re.MULTILINE)
FIRST_NAMES = (
    *("Ada", "Aisha", "Björn", "Chen", "Chloé", "Diego", "Elif", "Emeka", "Fatima", "Grace", "Hana", "Ivan"),
    *("Jürgen", "Kofi", "Lea", "Luca", "Maja", "Mehmet", "Nia", "Noor", "Olga", "Priya", "Quentin", "Rosa"),
    *("Sami", "Søren", "Tariq", "Uma", "Vera", "Wei", "Yuki", "Zoë"),
)
LAST_NAMES = (
    *("Adeyemi", "Bauer", "Castro", "Dubois", "Eriksen", "Fischer", "García", "Haddad", "Ito", "Jansen"),
    *("Kowalski", "Lindqvist", "Müller", "Nguyen", "Okafor", "Park", "Quispe", "Rossi", "Sato", "Tanaka"),
    *("Ueda", "Varga", "Weiss", "Xu", "Yildiz", "Žukauskas"),
)
# The folder of a student's hand-in for a lesson.
Place = Callable[[str, str], Path]


class DemoError(Exception):
    """Raised where a class cannot be written; says why, and what to do."""


def write(size: int, seed: int, place: Place, released: Path, solved: Path, about: Path) -> dict[str, Any]:
    """Write a class of `size` students and return its manifest, which is kept in the folder `about`.

    Parameters
    ----------
    size, seed
        How many students, and what decides about them: the same seed gives the same files.
    place
        Tells the folder of a student's hand-in.
    released, solved
        The notebook as students get it, and the one with the solutions.
    about
        The folder of the manifest and of the roster.
    """
    notebook, solution = _notebook(released), _notebook(solved)
    rng = random.Random(f"{seed} {LESSON}")
    width = max(4, len(str(size)))
    people = [(f"demo-{number:0{width}}", *person) for number, person in enumerate(_people(size, rng), 1)]
    made = plans([(student, f"{first} {last}") for student, first, last in people], _solved(solution), rng)
    _take_away_what_is_ours(about, place, [student for student, *_ in people])
    files = dict(_written(made, notebook, place))
    manifest = _manifest(made, files, size=size, seed=seed)
    about.mkdir(parents=True, exist_ok=True)
    (about / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with (about / ROSTER).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "first_name", "last_name", "email"])
        writer.writerows([student, first, last, f"{student}@example.org"] for student, first, last in people)
    return manifest


def _people(size: int, rng: random.Random) -> list[tuple[str, str]]:
    """Return a first and a last name for each, no two alike while there are names: who shares one is looked at."""
    people: dict[tuple[str, str], None] = {}
    names = len(FIRST_NAMES) * len(LAST_NAMES) ** 2
    while len(people) < min(size, names):
        people[_person(rng)] = None
    return [*people, *(_person(rng) for _ in range(size - names))]


def _person(rng: random.Random) -> tuple[str, str]:
    return rng.choice(FIRST_NAMES), f"{rng.choice(LAST_NAMES)}-{rng.choice(LAST_NAMES)}"


def _notebook(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DemoError(
            f"{path} cannot be read ({error}). Run `nbgrader generate_assignment {LESSON}` first."
        ) from error


def _solved(notebook: dict[str, Any]) -> dict[str, str]:
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: SOLUTION.sub("", "".join(cell["source"]))
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def _take_away_what_is_ours(about: Path, place: Place, students: list[str]) -> None:
    """Remove the class that was written before, if nobody has changed it; stop where anything else is in the way."""
    known = _known(about)
    folders = {student: place(student, LESSON) for student in {*students, *known}}
    for student, folder in folders.items():
        if not folder.exists():
            continue
        there = {path.name: _digest(path.read_bytes()) for path in folder.rglob("*") if path.is_file()}
        if there != known.get(student):
            raise DemoError(
                f"{folder} is not as this command wrote it, so nothing was changed. Move it away, and try again."
            )
    for student in folders.keys() & known.keys():
        shutil.rmtree(folders[student], ignore_errors=True)
        if folders[student].parent.is_dir() and not any(folders[student].parent.iterdir()):
            folders[student].parent.rmdir()


def _known(about: Path) -> dict[str, dict[str, str]]:
    path = about / MANIFEST
    if not path.exists():
        if (about / ROSTER).exists():
            raise DemoError(f"{about / ROSTER} was not written by this command. Move it away, and try again.")
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["made_by"] != MADE_BY:
            raise ValueError("another made it")
        return {student: dict(told["files"]) for student, told in manifest["students"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DemoError(f"{path} was not written by this command. Move it away, and try again.") from error


def _written(
    made: list[Plan], notebook: dict[str, Any], place: Place
) -> Iterator[tuple[str, dict[str, str]]]:
    for plan in made:
        folder = place(plan.student, LESSON)
        folder.mkdir(parents=True)
        content = _content(plan, notebook)
        (folder / f"{LESSON}.ipynb").write_bytes(content)
        yield plan.student, {f"{LESSON}.ipynb": _digest(content)}


def _content(plan: Plan, notebook: dict[str, Any]) -> bytes:
    own = deepcopy(notebook)
    for cell in own["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        source = "".join(cell["source"])
        cell["source"] = plan.cells.get(name, source).replace('NAME = "self-study"', f'NAME = "{plan.name}"')
    plan.damage(own)
    content = json.dumps(own, ensure_ascii=False).encode()
    return content[: len(content) * 3 // 5] if plan.cut_short else content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _manifest(made: list[Plan], files: dict[str, dict[str, str]], **about: int) -> dict[str, Any]:
    students = {
        plan.student: {
            "states": plan.states,
            "mistakes": plan.mistakes,
            "looks": plan.looks,
            "files": files[plan.student],
        }
        for plan in made
    }
    mistakes = Counter(m for plan in made for m in {m for ids in plan.mistakes.values() for m in ids})
    looks = Counter(reason for plan in made for reason in plan.looks)
    states = {
        exercise.id: dict(sorted(Counter(plan.states[exercise.id] for plan in made).items()))
        for exercise in LESSONS[LESSON].exercises
    }
    return {
        "made_by": MADE_BY,
        "lesson": LESSON,
        **about,
        "students_by_mistake": dict(mistakes.most_common()),
        "students_by_look": dict(looks.most_common()),
        "students_by_state": states,
        "students": students,
    }
