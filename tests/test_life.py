"""The whole life of an assignment by nbgrader's own commands: each story loses the points of what it spoils."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import NamedTuple

import pytest

from course_lib.exercises import EXERCISES, LESSONS
from tests.corpus.sampling import WHOLE
from tests.life import LESSON, Course, right_answers, write_answers

pytestmark = [pytest.mark.sandbox, pytest.mark.sampled]  # nothing is graded outside of the sandbox
GRADED = {e.id: e.points for e in LESSONS[LESSON].exercises if e.kind != "essay"}
FACTORS = [name for name in GRADED if name.startswith("factors_")]
RIGHT = right_answers()
# The diagrams left to answers.json.
BY_HAND = {name: source for name, source in RIGHT.items() if name not in FACTORS}
O_SIDE = ("2", "o_n1 - d_n1", "S'(net_n1_12)")


def _spoil(name: str, old: str, new: str) -> dict[str, str]:
    assert old in RIGHT[name]
    return {name: RIGHT[name].replace(old, new)}


def _before(name: str, *lines: str) -> dict[str, str]:
    """Put `lines` where the function `name` begins to work."""
    return _spoil(
        name, "    net, y = forward", "".join(f"    {line}\n" for line in lines) + "    net, y = forward"
    )


def _factors(weight: str) -> dict[str, str]:
    i, j = weight[1], weight[2]
    behind = (f"y_n{i}",) if weight.endswith("12") else (f"w{j}1_12", f"S'(net_n{j}_01)", f"x_n{i}")
    return {f"factor_{n}": name for n, name in enumerate((*O_SIDE, *behind), 1)}


PLACED = {name: _factors(name.removeprefix("factors_")) for name in FACTORS}
HALF = {**dict(list(PLACED.items())[:3]), "factors_w22_01": {"factor_1": "2"}}


def _file(answers: dict) -> str:
    return json.dumps({"schema": "backprop-course/answers", "version": 1, "answers": answers}, indent=1)


class HandIn(NamedTuple):
    """The cells that are answered, the answers.json beside them (None: none), and the exercises without points."""

    answers: dict[str, str]
    file: str | None = None
    spoiled: frozenset[str] | set[str] = frozenset()


# One exercise after the other, each in a way of its own; what only looks bad keeps its points.
SPOILED = {
    **_before("dE_dw21_12", "raise ZeroDivisionError('oh')"),
    **_spoil("dE_dw21_01", "    return", "    W01 -= 1.0\n    return"),
    **_spoil("dE_dw22_01", "return np.mean(", "return np.nan * np.mean("),
    "dE_dw11_01": "def dE_dw11_01(W01, W12, X, D):\n    from course_lib import gradients\n"
    "    return gradients([W01, W12], X, D)[0][0, 0]",
    "printed_formula": "printed_formula = {",
}
if WHOLE:  # it takes all the time that an answer may take
    SPOILED |= _before("dE_dw12_01", "while True: pass")
NOISE = _before(
    "dE_dw11_12",
    "import warnings; warnings.warn('look out')",
    "import sys, os; print('noise'); print('!', file=sys.stderr); os.write(2, b'?')",
)
STORIES = {
    "everything-right": HandIn(RIGHT),
    "untouched": HandIn({}, spoiled=set(GRADED)),
    "factor-two-missing": HandIn(
        BY_HAND | _spoil("dE_dw11_01", "delta = 2 * (o", "delta = (o"), _file(PLACED), {"dE_dw11_01"}
    ),
    "half-of-the-diagrams": HandIn(BY_HAND | SPOILED | NOISE, _file(HALF), {*SPOILED} | {*FACTORS[3:]}),
    "cut-short": HandIn({}, _file(PLACED)[:-9], {*GRADED} - {*FACTORS}),
}
if WHOLE:
    STORIES["another-file"] = HandIn({}, "[]", {*GRADED})
# Fetched and submitted by nbgrader's commands; the others lie where `collect` would have put them.
FETCHED = ("everything-right", "untouched", "factor-two-missing")
READ = ("everything-right", "factor-two-missing")
VALIDATED = (*READ, "untouched") if WHOLE else READ


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Course:
    """A course in which every story was released, handed in, collected and graded."""
    course = Course(tmp_path_factory.mktemp("course"), released)
    course.release_to(*FETCHED)
    for story, (answers, file, _) in STORIES.items():
        folder = course.home(story) / LESSON if story in FETCHED else course.seat(story, {})
        write_answers(folder / f"{LESSON}.ipynb", answers)
        if file is not None:
            (folder / "answers.json").write_text(file, encoding="utf-8")
    course.grade(*FETCHED)
    return course


@pytest.mark.parametrize("story", STORIES)
def test_a_story_loses_exactly_the_points_of_what_it_spoils(course: Course, story: str) -> None:
    spoiled = STORIES[story].spoiled
    expected = {name: 0.0 if name in spoiled else points for name, points in GRADED.items()}
    scores = course.scores(story)
    assert {name: scores[name] for name in GRADED} == expected


@pytest.fixture(scope="module")
def said(course: Course) -> list[str]:
    """What validating what was fetched says."""
    notebook = f"{LESSON}/{LESSON}.ipynb"
    return [course.commands([course.home(story), "validate", notebook]) for story in VALIDATED]


def test_validate_says_what_is_wrong_and_nothing_of_what_is_right(said: list[str]) -> None:
    right, wrong, *untouched = said
    assert all("VALIDATION FAILED" in one and "not answered yet" in one for one in untouched)
    assert "VALIDATION FAILED ON 1 CELL" in wrong
    assert "finite difference" in wrong
    assert "..." not in wrong.split("The error was:")[1]  # no line of the card is cut
    assert "Success" in right


@pytest.fixture(scope="module")
def pages(course: Course) -> dict[str, str]:
    """The pages of feedback that two students fetched, one of whom a person has marked; and one not released."""
    with course.gradebook() as book:
        grade = book.find_grade("explain_w11_01", LESSON, LESSON, "everything-right")
        assert grade.needs_manual_grade
        grade.manual_score, grade.needs_manual_grade = EXERCISES["explain_w11_01"].points, False
        comment = book.find_comment("explain_w11_01", LESSON, LESSON, "everything-right")
        comment.manual_comment = "Clear and short."
        book.db.commit()
        submission = book.find_submission(LESSON, "everything-right")
        assert submission.score == submission.max_score == LESSONS[LESSON].points
    course.commands(
        *(["generate_feedback", LESSON, f"--student={name}"] for name in (*READ, "untouched", "cut-short")),
        ["release_feedback", LESSON],
        *([course.home(name), "fetch_feedback", LESSON, f"--student={name}"] for name in READ),
        ["export"],
    )
    made = course.folder / "grading" / "feedback"
    found = {name: made / name / LESSON / f"{LESSON}.html" for name in ("untouched", "cut-short")}
    for name in READ:
        (found[name],) = (course.home(name) / LESSON / "feedback").rglob("*.html")
    return {name: path.read_text(encoding="utf-8") for name, path in found.items()}


def test_a_person_marks_and_comments_and_it_comes_back(pages: dict[str, str]) -> None:
    assert "Clear and short." in pages["everything-right"]
    assert f"{LESSONS[LESSON].points:g}" in pages["everything-right"]


def test_feedback_shows_the_card_of_what_is_wrong(pages: dict[str, str]) -> None:
    page = pages["factor-two-missing"]
    assert "finite difference" in page
    assert "1 of 1" not in page
    assert 'aria-label="dE_dw11_01: Not yet right"' in page
    assert 'aria-label="dE_dw21_01: Right"' in page


def test_the_feedback_shows_the_figure_and_says_what_is_missing(pages: dict[str, str]) -> None:
    assert "data:image/svg+xml" in pages["factor-two-missing"]
    assert "answers.json missing" not in pages["factor-two-missing"]
    assert "answers.json missing: the answers given in diagrams did not come" in pages["untouched"]
    assert "answers.json is damaged" in pages["cut-short"]


def test_who_gave_no_response_is_told_so_once(course: Course, pages: dict[str, str]) -> None:
    with course.gradebook() as book:
        assert book.find_comment("explain_w11_01", LESSON, LESSON, "untouched").comment == "No response."
    assert "Not answered yet" in pages["untouched"]
    assert "No response." not in pages["untouched"]


def test_the_export_has_a_line_for_everyone(course: Course, pages: dict[str, str]) -> None:
    with (course.folder / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == LESSON}
    assert set(rows) == set(STORIES)
    assert float(rows["untouched"]["raw_score"]) == 0.0
    lost = EXERCISES["dE_dw11_01"].points + EXERCISES["explain_w11_01"].points
    assert float(rows["factor-two-missing"]["raw_score"]) == LESSONS[LESSON].points - lost
