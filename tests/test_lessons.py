"""Every lesson as a whole: its points, its runs solved and unanswered, its pictures, its outline, its spelling."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from spellchecker import SpellChecker

from course_lib import EXERCISES, LESSONS
from course_lib.checking.calling.by_kind import is_automatic
from course_lib.mistakes import MISTAKES
from tests import first_edition, lessons
from tests.corpus import sampling

# With diagrams, in a student's kernel; test_grading_lessons runs it in the sandbox, and the soak all of them here.
UNANSWERED = LESSONS if sampling.WHOLE else ("03_identify_gradients",)
# In a student's kernel; test_grading_lessons runs all of them in the sandbox, and the soak here, too.
SOLVED = LESSONS if sampling.WHOLE else ("03_identify_gradients",)
CLOSING = ["closing-summary", "closing-course", "closing-progress", "hand-in", "hand-in-run"]
WORDS = Path(__file__).with_name("words.txt")
# Code, formulas, HTML, the targets of links, headings' numbers and placeholders are not English.
NO_PROSE = re.compile(
    r"```.*?```|`[^`]*`|\{points[^}]*\}|\$\$.*?\$\$|\$[^$]*\$|<[^>]*>|\]\([^)]*\)|[^\s`]+\.\w+\b|\w*_\w*|\w*\d\w*",
    re.DOTALL,
)


@pytest.mark.sampled
@pytest.mark.parametrize("lesson", SOLVED)
def test_the_solved_lesson_earns_every_point(lesson: str, tmp_path: Path, figure: Callable) -> None:
    begun = time.perf_counter()
    book = lessons.run(lesson, "solutions", tmp_path)
    figure(f"{lesson}: solved and run in {time.perf_counter() - begun:.1f} s")
    points = {e.id: e.points for e in LESSONS[lesson].exercises if is_automatic(e)}
    assert lessons.scores(book) == points
    assert lessons.stderr(book) == []
    pictures = lessons.figures(book)
    assert all('alt="' in text and "<figcaption>" in text for text in pictures)
    assert not any(" nan" in text or " inf" in text for text in pictures)


@pytest.mark.soak
@pytest.mark.parametrize("lesson", LESSONS)
def test_work_on_the_first_edition_loses_nothing(lesson: str, tmp_path: Path) -> None:
    book = lessons.run_all(first_edition.solved(lesson), tmp_path)
    asked = (EXERCISES[name] for name in first_edition.marks(lesson))
    assert lessons.scores(book) == {e.id: e.points for e in asked if is_automatic(e)}
    assert lessons.stderr(book) == []


@pytest.mark.sampled
@pytest.mark.parametrize("lesson", UNANSWERED)
def test_the_released_lesson_runs_unanswered_to_its_last_cell(lesson: str, tmp_path: Path) -> None:
    book = lessons.run(lesson, "notebooks", tmp_path)
    assert set(lessons.scores(book).values()) == {0.0}
    assert lessons.stderr(book) == []
    assert book.cells[-1].execution_count


@pytest.mark.parametrize("lesson", LESSONS)
def test_summary_progress_and_pack_close_the_lesson(lesson: str) -> None:
    cells = lessons.notebook(lesson).cells[-len(CLOSING) :]
    assert [cell.id for cell in cells] == CLOSING
    assert [cell.source for cell in cells if cell.cell_type == "code"] == [
        "summary()",
        "progress()",
        "pack()",
    ]


@pytest.mark.parametrize("lesson", LESSONS)
def test_headings_form_an_outline(lesson: str) -> None:
    text = "\n".join(lessons.prose(lesson).values()).replace("### BEGIN", "").replace("### END", "")
    levels = [len(found[0]) for found in re.findall(r"^(#+) (.+)$", text, re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("lesson", LESSONS)
def test_paragraphs_are_short(lesson: str) -> None:
    """A thousand characters of prose fill about ten lines of a notebook at 900 pixels."""
    for name, text in lessons.prose(lesson).items():
        longest = max(map(len, re.split(r"\n\n|\n- |\n\d\. |\n\|", text)))
        assert longest <= 1000, f"{name}: a paragraph of {longest} characters"


def _texts() -> dict[str, str]:
    found = {lesson: "\n\n".join(lessons.prose(lesson).values()) for lesson in LESSONS}
    found |= {f"hints of {e.id}": "\n".join((*e.hints, e.title)) for e in EXERCISES.values()}
    found |= {f"mistake {m.id}": f"{m.done}\n{m.look}" for m in MISTAKES.values()}
    pages = [lessons.ROOT / page for page in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")]
    for page in (*pages, *sorted((lessons.ROOT / "docs").glob("*.md"))):
        found[page.name] = page.read_text(encoding="utf-8")
    return found


def test_the_spelling_is_right() -> None:
    checker = SpellChecker()
    checker.word_frequency.load_words(WORDS.read_text().split())
    wrong = {}
    for name, text in _texts().items():
        said = re.findall(r"[A-Za-z]+(?:['’][a-z]+)?", NO_PROSE.sub(" ", text))
        wrong[name] = checker.unknown(word for word in said if len(word) > 2 and not word.isupper())
    assert {name: words for name, words in wrong.items() if words} == {}


def test_the_words_of_our_own_are_all_used() -> None:
    known, own = SpellChecker(), WORDS.read_text().split()
    text = " ".join(_texts().values()).lower()
    assert own == sorted(set(own))
    assert [word for word in own if word not in text or word in known] == []


def test_a_refresher_takes_any_guess_and_tells_at_the_second(capsys):
    tell = lessons.names_of("00_start_here")["tell"]
    capsys.readouterr()
    for guess, said in ((np.array([1, 2, 3]), "Not"), ([3, 2, 1], "It is"), (np.array([11, 22, 33]), "Yes")):
        tell(guess, [11, 22, 33])
        assert said in capsys.readouterr().out
    assert not tell(7, (5, 4))
    assert "(5, 4)" not in capsys.readouterr().out
    tell("W01[1, 0]", 0.3)
    assert capsys.readouterr().out.startswith("Not W01[1, 0].")
