"""Hand-ins in the shapes that really arrive: found, graded fairly, and a person is asked wherever form costs points."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash

from grading.intake.reading import cells_of
from grading.intake.released import Released
from grading.intake.released import released as released_lesson
from grading.worker.admitting import admit
from tests.corpus.arriving import BOOK, ESSAY, IN_DIAGRAMS, NAME, PNG
from tests.corpus.classroom import Classroom, stories
from tests.corpus.making import FULL, LESSON, ROOT, Draft
from tests.corpus.sampling import WHOLE

pytestmark = pytest.mark.sampled
STORIES = stories("arriving")
RELEASED = ROOT / "notebooks" / LESSON / NAME
# What only a kernel decides, and some of what intake decides, graded in one class.
IN_CLASS = (
    "answer_uses_a_missing_package",
    "name_is_used_again_and_another_answer_is_wrong",
    "notebook_was_cut_short_on_the_way",
    "only_a_download_with_a_number",
    "pictures_beside_the_notebook",
    "platform_dropped_the_answers_file",
)
# What intake says of it is nothing.
ONLY_IN_CLASS = {"name_is_used_again_in_a_scratch_cell", "missing_package_above_the_imports"}
MORE = ("both_of_a_pair_were_worked_on",)
IN_CLASS += (
    ("essay_in_the_cell_below", "nothing_was_worked_on", *MORE, *sorted(ONLY_IN_CLASS)) if WHOLE else ()
)


@pytest.fixture(scope="module")
def lesson(released: Path) -> Released:
    with Gradebook(f"sqlite:///{released / 'grading' / 'gradebook.db'}") as book:
        return released_lesson(book, LESSON, [RELEASED])


# The last one is found out by grading alone; intake shows it in a test of its own.
ALONE = STORIES.keys() - {*IN_CLASS, *ONLY_IN_CLASS}
ALONE -= {"platform_dropped_the_answers_file_and_the_outputs_were_cleared"}


@pytest.mark.parametrize("name", sorted(ALONE))
def test_the_hand_in_is_found_and_what_was_done_is_said(tmp_path: Path, lesson: Released, name: str) -> None:
    draft, target, story = Draft(RELEASED, tmp_path / "submitted"), tmp_path / "copy", STORIES[name]
    story.tell(draft)
    notes = admit(draft.folder, target, lesson)
    assert {path.name for path in tmp_path.iterdir()} == {"submitted", "copy"}
    assert story.says in " ".join(notes)
    assert {path.suffix for path in target.rglob("*.*")} <= {".ipynb", ".json", ".csv", ".txt"}
    content = (target / NAME).read_bytes()
    about = json.loads(content)["metadata"]["grading"]
    assert {*about["open"], *about["look"]} >= story.waits
    if story.points == FULL:
        taken = {cell["mark"]: cell["source"] for cell in cells_of(content).cells}
        solved = {
            cell["mark"]: cell["source"] for cell in cells_of(json.dumps(draft.notebook).encode()).cells
        }
        assert all(taken[mark] == solved[mark] for mark in solved if mark)
        assert json.loads((target / "answers.json").read_text()) == BOOK


def test_without_outputs_every_diagram_may_have_been_answered_and_untouched_none(
    tmp_path: Path, lesson: Released
) -> None:
    cleared = "platform_dropped_the_answers_file_and_the_outputs_were_cleared"
    for name, seen in ((cleared, IN_DIAGRAMS), ("nothing_was_worked_on", set())):
        draft, target = Draft(RELEASED, tmp_path / name), tmp_path / f"{name}-copy"
        STORIES[name].tell(draft)
        admit(draft.folder, target, lesson)
        about = json.loads((target / NAME).read_bytes())["metadata"]["grading"]
        assert set(about["diagrams_seen"]) == seen


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Classroom:
    room = Classroom(tmp_path_factory.mktemp("arriving"), released)
    for name in IN_CLASS:
        room.seat(name, STORIES[name])
    room.said = room.autograde()
    pages = (
        "only_a_download_with_a_number",
        "pictures_beside_the_notebook",
        "notebook_was_cut_short_on_the_way",
    )
    room.commands(
        *(["generate_feedback", LESSON, f"--student={name}"] for name in pages),
        ["release_feedback", LESSON, f"--student={pages[0]}"],
    )
    return room


@pytest.mark.sandbox
@pytest.mark.parametrize("name", IN_CLASS)
def test_the_class_is_graded_fairly_and_says_so(room: Classroom, name: str) -> None:
    story = STORIES[name]
    assert room.totals()[name] == story.points
    grades = {
        cell.removesuffix("_check"): (score, waits)
        for who, cell, score, waits in room.grades()
        if who == name
    }
    assert {cell for cell, (_, waits) in grades.items() if waits} - {ESSAY} == story.waits - {ESSAY}
    assert grades[ESSAY][1] or ESSAY not in story.waits
    notes = room.graded(name)["metadata"]["grading"]["notes"]
    assert story.says in " ".join(notes)
    assert all(f"{name}: {note}" in room.said for note in notes)
    for exercise in story.waits:
        assert exercise in room.said


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "name", [name for name in IN_CLASS if name.startswith(("essay", "nothing", "notebook"))]
)
def test_nobody_is_told_that_he_gave_no_response_where_he_may_have(room: Classroom, name: str) -> None:
    with room.gradebook() as book:
        comment = book.find_comment(ESSAY, LESSON, LESSON, name).comment
    assert comment == ("No response." if name == "nothing_was_worked_on" else None)


@pytest.mark.sandbox
def test_feedback_lies_under_the_name_that_its_reader_handed_in(room: Classroom) -> None:
    """`fetch_feedback` looks for the hash of the submission's secret and the name of the file that was submitted."""
    student, own = "only_a_download_with_a_number", f"{LESSON} (1)"
    page = room.folder / "grading" / "feedback" / student / LESSON / f"{own}.html"
    assert page.read_bytes() == page.with_name(f"{LESSON}.html").read_bytes()
    released = room.folder / "grading" / "exchange" / "backprop" / "feedback"
    assert (
        released / f"{notebook_hash(secret='s' * 64, notebook_id=own)}.html"
    ).read_bytes() == page.read_bytes()


@pytest.mark.sandbox
def test_pictures_are_shown_and_nothing_else_of_the_folder_is_a_page(room: Classroom) -> None:
    feedback = room.folder / "grading" / "feedback"
    name = "pictures_beside_the_notebook"
    page = (feedback / name / LESSON / f"{LESSON}.html").read_text()
    assert base64.b64encode(PNG).decode() in page
    assert "data:image/jpeg;base64,/9j/4" in page
    assert "<svg" not in page.partition('id="notebook-container"')[2]
    served = {path.name for path in (room.folder / "grading" / "autograded" / name).rglob("*.*")}
    assert served == {NAME, "answers.json", "my sketch.png", "photo.jpg"}


@pytest.mark.sandbox
def test_the_report_is_written_for_people(room: Classroom) -> None:
    page = (
        room.folder / "grading" / "feedback" / "notebook_was_cut_short_on_the_way" / LESSON / f"{LESSON}.html"
    )
    assert "&amp;#" not in page.read_text()


@pytest.mark.sandbox
def test_a_missing_module_is_named_on_the_card_of_an_answer_that_uses_it(room: Classroom) -> None:
    cells = room.graded("answer_uses_a_missing_package")["cells"]
    check = next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == "dE_dw11_12_check")
    assert "seaborn_of_mine" in "".join(check["outputs"][0]["data"]["text/html"])
