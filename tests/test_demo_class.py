"""A made-up class is the same each time, writes over nothing, and is found by grading to be what it was made with."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from course_lib import forward, loss, sigmoid
from course_lib.checking.calling import Outcome
from course_lib.checking.cards import judge
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES, LESSONS, EssayExercise
from grading.demo import derivatives
from grading.demo.plans import Plan, _fits, plans
from grading.demo.writing import MANIFEST, DemoError, _people, write
from grading.report import reading
from grading.report.alike import alike
from grading.report.facts import Facts, facts_of
from grading.report.forms import forms_of
from tests.corpus import sampling
from tests.life import LESSON, ROOT, Course, right_answers

LESSON_CODE = {e.id for e in LESSONS[LESSON].exercises if not isinstance(e, EssayExercise)}
MADE = [*derivatives.MISTAKES, ""]


def _judged(exercise: str, source: str) -> tuple[bool, tuple[str, ...], bool]:
    """Return whether an answer is right, its diagnosis, and whether that may be another one."""
    names = {"np": np, "sigmoid": sigmoid, "forward": forward, "loss": loss}
    exec(source, names)
    cases = public_cases(EXERCISES[exercise])
    outcomes = [Outcome(names[exercise](*map(np.copy, case))) for case in cases]
    verdict = judge(EXERCISES[exercise], cases, outcomes)
    return verdict.right, verdict.diagnosis, verdict.grounds.either


def _ways() -> list[tuple[str, str, str]]:
    singles = product((f"dE_d{name}" for name in derivatives.WEIGHTS), derivatives.STYLES, MADE)
    ways = [*singles, *product(("dE_dw", "one_chain"), ("columns",), MADE)]
    return [
        (exercise, style, mistake)
        for exercise, style, mistake in ways
        if not mistake or _fits(mistake, exercise)
    ]


@pytest.mark.sampled
@pytest.mark.parametrize("way", _ways() if sampling.WHOLE else _ways()[::37], ids=" ".join)
def test_what_is_made_is_what_is_found(way: tuple[str, str, str]) -> None:
    exercise, style, mistake = way
    rng = random.Random(f"{way}")
    if exercise == "dE_dw":
        source = derivatives.any_weight(mistake, rng)
    elif exercise == "one_chain":
        source = derivatives.one_chain(mistake, rng)
    else:
        source = derivatives.derivative(exercise.removeprefix("dE_d"), mistake, style, rng)
    assert _judged(exercise, source) == (not mistake, (mistake,) if mistake else (), False)


def test_what_is_measured_is_found_to_be() -> None:
    source = derivatives.measured("w12_01", random.Random(1))
    assert _judged("dE_dw12_01", source) == (True, ("numerical_only",), False)


def _plans(size: int, seed: int) -> list[Plan]:
    students = [(f"s{number:04}", f"Student {number}") for number in range(size)]
    return plans(students, right_answers(), random.Random(seed))


def _groups(made: list[Plan]) -> set[frozenset[str]]:
    return {frozenset({plan.student, *plan.looks["alike"]}) for plan in made if "alike" in plan.looks}


@pytest.mark.parametrize(
    ("size", "seed"),
    [
        (30, 1),
        *(pytest.param(size, seed, marks=pytest.mark.soak) for size, seed in ((20, 2), (60, 3), (300, 1))),
    ],
)
def test_copies_are_found_and_nobody_else(size: int, seed: int) -> None:
    made = _plans(size, seed)
    told = {
        plan.student: {name: forms_of(source) for name, source in plan.cells.items() if name in LESSON_CODE}
        for plan in made
    }
    given = {
        name: frozenset(forms_of(source)) for name, source in right_answers().items() if name in LESSON_CODE
    }
    assert _groups(made)
    assert {frozenset(pair[:2]) for pair in alike(told, given)} == _groups(made)


def test_a_class_has_something_of_everything_and_the_same_seed_makes_the_same() -> None:
    made = _plans(20, 1)
    kinds = Counter(reason for plan in made for reason in plan.looks)
    wanted = ("alike", "name_shared", "mended", "version", "measured", "timed_out", "zero_for_form")
    assert set(wanted) <= kinds.keys()
    assert [(plan.cells, plan.states) for plan in made] == [
        (plan.cells, plan.states) for plan in _plans(20, 1)
    ]
    assert [plan.cells for plan in made] != [plan.cells for plan in _plans(20, 2)]
    # Whoever has nothing to be looked at for is most of the class.
    assert sum(not plan.looks for plan in made) >= 10


def test_nobody_shares_a_name_by_chance() -> None:
    people = _people(1000, random.Random(1))
    assert len({*people}) == len(people) == 1000


def test_whoever_answers_no_diagram_is_looked_at() -> None:
    """Such a notebook shows nothing of its diagrams, so they wait for a person."""
    few = [plan for plan in _plans(1000, 4) if "waiting" in plan.looks]
    for plan in few:
        diagrams = [name for name in plan.states if name.startswith("factors_")]
        assert plan.looks["waiting"] == diagrams
        assert {plan.states[name] for name in diagrams} == {"manual"}
        assert not any(name in plan.cells for name in diagrams)
    assert few


@pytest.fixture
def written(tmp_path: Path) -> tuple:
    """What writes a class into a folder of its own."""
    released = ROOT / "notebooks" / LESSON / f"{LESSON}.ipynb"
    solved = ROOT / "solutions" / LESSON / f"{LESSON}.ipynb"

    def place(student: str, lesson: str) -> Path:
        return tmp_path / "submitted" / student / lesson

    def made(size: int, seed: int) -> dict:
        return write(size, seed, place, released, solved, tmp_path / "about")

    return made, place


def test_a_class_is_written_anew_and_over_nothing_else(written: tuple, tmp_path: Path) -> None:
    made, place = written
    first = made(3, 1)
    assert len(first["students"]) == 3
    assert made(2, 5) == json.loads((tmp_path / "about" / MANIFEST).read_text())
    assert sorted(path.name for path in (tmp_path / "submitted").iterdir()) == ["demo-0001", "demo-0002"]
    (place("demo-0002", LESSON) / "mine.txt").write_text("kept")
    with pytest.raises(DemoError, match="demo-0002"):
        made(3, 1)
    assert sorted(path.name for path in (tmp_path / "submitted").iterdir()) == ["demo-0001", "demo-0002"]
    assert (place("demo-0002", LESSON) / "mine.txt").read_text() == "kept"


def test_a_hand_in_of_somebody_elses_stays(written: tuple, tmp_path: Path) -> None:
    made, place = written
    place("demo-0001", LESSON).mkdir(parents=True)
    (place("demo-0001", LESSON) / "x").write_text("a real one")
    with pytest.raises(DemoError, match="demo-0001"):
        made(1, 1)
    (tmp_path / "about").mkdir()
    (tmp_path / "about" / MANIFEST).write_text('{"made_by": "somebody"}')
    with pytest.raises(DemoError, match=r"manifest\.json"):
        made(1, 1)
    assert (place("demo-0001", LESSON) / "x").read_text() == "a real one"


def told_apart(facts: Facts, manifest: dict) -> list[tuple]:
    """Return where what was found is not what a class was made with."""
    made, differing = manifest["students"], []
    for submission in facts.told.submissions:
        wanted = made[submission.student]
        for name, answer in submission.answers.items():
            found = (answer.state.value, list(answer.mistakes), answer.either)
            expected = (wanted["states"][name], wanted["mistakes"].get(name, []), False)
            differing += [(submission.student, name, found, expected)] if found != expected else []
    looks = {
        (look.student, look.reason.value, tuple(sorted(look.others or look.exercises)))
        for look in facts.looks
    }
    expected = {
        (student, reason, tuple(sorted(about)))
        for student, told in made.items()
        for reason, about in told["looks"].items()
    }
    return differing + sorted(looks ^ expected)


@pytest.mark.soak
@pytest.mark.sandbox
def test_a_graded_class_is_reported_as_it_was_made(tmp_path: Path, released: Path) -> None:
    course = Course(tmp_path, released)
    words = [sys.executable, "-m", "grading"]
    for command in (["demo-class", "--size", "24", "--seed", "3"], ["autograde", LESSON], ["report"]):
        subprocess.run(
            [*words, *command], cwd=course.folder, env=course._environment(), check=True, timeout=1800
        )
    manifest = json.loads((course.folder / "demo-class" / MANIFEST).read_text())
    told = reading.read(course.directory, LESSONS[LESSON])
    facts = facts_of(told, reading.known_forms(course.directory, LESSON))
    assert len(told.submissions) == told.handed_in == 24
    assert told_apart(facts, manifest) == []
    rows = csv.DictReader(io.StringIO((course.folder / "report" / "mistakes.csv").read_text()))
    assert {row["mistake"]: int(row["students"]) for row in rows} == manifest["students_by_mistake"]
