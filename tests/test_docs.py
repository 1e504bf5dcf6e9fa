"""The README and the guide: links lead somewhere, commands exist, examples do what the pages say; the soak runs all."""

from __future__ import annotations

import csv
import doctest
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp
from traitlets.utils.importstring import import_item

from course_lib import EXERCISES, check
from grading import __main__, platforms
from tests import docs
from tests.life import LESSON, Course
from tests.notebook_cells import run_cell

TEXTS = (
    *(docs.ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "notebooks/README.md")),
    *docs.PAGES,
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
LANGUAGES = {"console", "powershell", "python", "pycon"}
HOW = {"", "not run", "run", "student", "mail", "download", "hub"}


def anchors(page: Path) -> set[str]:
    """Return where links can lead in a page: its headings, as GitHub and MyST call them, and labels."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE))


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.relative_to(docs.ROOT).as_posix())
def test_every_link_inside_the_repository_leads_somewhere(page):
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, place = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name}: {link}"
        if place and target.suffix == ".md":
            assert place in anchors(target), f"{page.name}: {link}"


def test_each_need_of_a_term_has_its_place():
    text = (docs.ROOT / "docs" / "term.md").read_text(encoding="utf-8")
    table = text.partition("## What a term needs")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|\[]+) \| (.+) \| (run|not|nothing)\b[^|]*\|$", table, re.MULTILINE)
    assert len(rows) == 25
    assert all(LINK.search(place) for _, place, _ in rows)


@pytest.mark.parametrize("page", docs.PAGES, ids=lambda page: page.stem)
def test_every_block_is_of_a_kind_that_is_run_or_says_why_not(page):
    for block in docs.blocks(page):
        assert block.language in LANGUAGES
        assert block.how in HOW
        assert block.how in ("", "run") or block.what
        if block.language == "python":
            assert block.how or block.text.startswith(docs.CONFIGURED)
            compile(block.text, page.name, "exec")


def commands() -> list[list[str]]:
    """Return every nbgrader command of the README and the guide, as words."""
    pages = (docs.ROOT / "README.md", *docs.PAGES)
    lines = [
        line for page in pages for block in docs.blocks(page, "console") for line in block.text.splitlines()
    ]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("nbgrader ")]


def test_nbgrader_knows_every_command_and_option_of_the_guide():
    found = commands()
    assert len(found) > 30
    for _, *words in found:
        names = [word for word in words if not word.startswith("-")]
        app, name = NbGraderApp(), ""
        while names and names[0] in app.subcommands:
            name = names.pop(0)
            app = app.subcommands[name][0]
            app = (import_item(app) if isinstance(app, str) else app)()
        assert name, words
        known = {each for names in (*app.aliases, *app.flags) for each in _each(names)}
        options = {word[2:].partition("=")[0] for word in words if word.startswith("--")}
        settings = {option for option in options if "." in option}
        assert options - settings <= known, words
        for setting in settings:
            plugin, _, trait = setting.partition(".")
            assert getattr(platforms, plugin).class_traits(config=True)[trait], words


def _each(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


def test_the_course_knows_its_own_commands(capsys):
    named = {
        word
        for page in (docs.ROOT / "README.md", *docs.PAGES)
        for block in docs.blocks(page, "console")
        for word in re.findall(r"^python -m grading ([\w-]+)", block.text, re.MULTILINE)
    }
    assert {"deadline", "doctor", "edition", "notebooks"} <= named
    for word in named:
        with pytest.raises(SystemExit) as left:
            __main__.main([word, "--help"])
        assert left.value.code == 0
    capsys.readouterr()


def test_the_card_of_the_guide_is_the_card_that_is_made():
    (shown,) = docs.blocks(docs.ROOT / "docs" / "how-a-mistake-is-named.md", "pycon")
    test = doctest.DocTestParser().get_doctest(shown.text, {}, "guide", None, None)
    tried = doctest.DocTestRunner().run(test)
    assert tried.attempted >= 3
    assert tried.failed == 0


def softmax(W, X, k):
    p = np.exp(X @ W)
    p /= p.sum(axis=1, keepdims=True)
    return X.T @ (p - np.eye(W.shape[1])[k]) / len(X)


def tanh(w, X, d):
    y = np.tanh(X @ w)
    return 2 / len(X) * X.T @ ((y - d) * (1 - y**2))


def huber(w, X, d):
    e = X @ w - d
    return 2 / len(X) * X.T @ np.clip(e, -1, 1)


def test_the_exercises_of_the_guide_are_graded(monkeypatch, no_hurry):
    space: dict = {}
    for block in docs.blocks(docs.ROOT / "docs" / "own-exercise.md", "python"):
        if "E_huber" in block.text:
            with pytest.warns(UserWarning, match="not analytic"):
                run_cell(block.text, space)
        else:
            run_cell(block.text, space)
    for name, right in (("TANH", tanh), ("HUBER", huber), ("SOFTMAX", softmax)):
        monkeypatch.setitem(EXERCISES, space[name].id, space[name])
        assert check(space[name].id, right).right, name
        wrong = check(space[name].id, lambda *case, right=right: -right(*case))
        assert wrong.diagnosis == ("wrong_sign",), name
    (shown,) = docs.blocks(docs.ROOT / "docs" / "own-exercise.md", "pycon")
    test = doctest.DocTestParser().get_doctest(shown.text, space | {"check": check}, "guide", None, None)
    assert doctest.DocTestRunner().run(test) == (0, 2)


def test_the_roster_of_the_guide_goes_in(released, tmp_path):
    page = docs.ROOT / "docs" / "term.md"
    block = next(block for block in docs.blocks(page, "console") if "students.csv" in block.text)
    course = Course(tmp_path / "course", released)
    (course.folder / "students.csv").write_text(block.text.partition("<<'END'\n")[2].partition("END\n")[0])
    lines = block.text.splitlines()
    said = course.commands(*(shlex.split(line)[1:] for line in lines if line.startswith("nbgrader ")))
    assert "There are 4 students" in said
    assert "Çelik, Mia" in said


@pytest.mark.soak
@pytest.mark.sandbox
def test_a_term_goes_as_the_guide_says(tmp_path, figure):
    term = docs.Term(tmp_path / "term")
    run = 0
    for name in ("term.md", "platforms.md", "whole-class.md", "own-exercise.md", "edition.md"):
        for block in docs.blocks(docs.ROOT / "docs" / name):
            is_setting = block.language == "python" and block.text.startswith(docs.CONFIGURED)
            if block.how != "not run" and (is_setting or block.language == "console"):
                said = term.run(block)
                run += 1
                if "tar -xzf" in block.text:
                    assert "Graded: 0." in said
                    assert "Failed: 0." in said
        if name == "term.md":
            check_grades(term.folder)
    assert (term.folder / "grading" / "submitted" / "lee" / LESSON).is_dir()
    handed = {path.name for path in (term.folder / "handout" / "lessons").iterdir()}
    assert "04_backpropagation" in handed
    assert "05_vanishing_and_exploding_gradients" not in handed
    figure(f"{run} blocks of the guide run in a course of their own")


def check_grades(folder: Path) -> None:
    """Compare what the term has led to with what its page says."""
    with Gradebook(f"sqlite:///{folder / 'grading' / 'gradebook.db'}", "backprop") as book:
        marks = {s.student.id: s for s in book.assignment_submissions(LESSON)}
        assert set(marks) == {"kim", "mia", "noa"}
        automatic = marks["noa"].score
        assert book.find_grade("number_by_hand_check", LESSON, LESSON, "noa").max_score == 6
        assert automatic == 35  # 32 without the essay, and 3 more for an exercise that has become worth more
        penalties = {name: s.notebooks[0].late_submission_penalty for name, s in marks.items()}
        assert penalties["mia"] == pytest.approx(0.2 * automatic)
        assert not penalties["noa"]
        assert not penalties["kim"]
        assert {student.id for student in book.students} == {"kim", "lee", "mia", "noa"}
        assert [each.name for each in book.assignments] == [LESSON]
    with (folder / "lesson-03.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["mia"]["score"]) == pytest.approx(0.8 * automatic)
    assert float(rows["mia"]["raw_score"]) == automatic
    assert list((folder / "homes" / "kim").rglob("feedback/**/*.html"))
