"""What every broken submission is taken for, without a kernel: where the same cells run, the same grades come out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from nbgrader.api import Gradebook

from grading.intake.released import released as released_lesson
from grading.worker.admitting import admit
from tests.corpus import sampling
from tests.corpus.classroom import stories
from tests.corpus.making import HONEST, Draft, Story
from tests.life import LESSON

STORIES = stories("broken")
NOTHING = "notebook_is_missing"  # it is graded as an untouched one, and gets nothing
# Other cells run than a twin's, and what becomes of them only the soak shows.
LEFT_TO_THE_SOAK = {
    "all_metadata_was_lost",
    "whole_notebook_was_pasted_into_itself",
    "notebook_is_of_another_lesson",
    "scratch_cell_never_ends",
    "solution_was_merged_into_the_cell_above",
    "syntax_error_in_an_answer",
}


# What the report says of these comes of running them.
SAID_LATER = {"scratch_cell_never_ends"}


class TakenIn(NamedTuple):
    """What is left of a submission: the code cells that will run, what is left to a person, what was said."""

    cells: list[tuple[str, str | None]]
    open: list[str]
    notes: list[str]
    untold: str


@pytest.fixture(scope="module")
def take_in(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Callable[[Story | None], TakenIn]:
    """Make a submission and take it in as the grader does."""
    notebook = released / "notebooks" / LESSON / f"{LESSON}.ipynb"
    with Gradebook(f"sqlite:///{released / 'grading' / 'gradebook.db'}") as book:
        lesson = released_lesson(book, LESSON, [notebook])

    def one(story: Story | None) -> TakenIn:
        folder = tmp_path_factory.mktemp("taken-in")
        draft = Draft(notebook, folder / "submitted")
        if story:
            story.tell(draft)
        draft.write()
        draft.folder.mkdir(parents=True, exist_ok=True)
        notes = admit(draft.folder, folder / "copy", lesson)
        taken = json.loads((folder / "copy" / f"{LESSON}.ipynb").read_text())
        code = [cell for cell in taken["cells"] if cell["cell_type"] == "code"]
        cells = [(c["source"], c["metadata"].get("nbgrader", {}).get("grade_id")) for c in code]
        return TakenIn(cells, taken["metadata"]["grading"]["open"], notes, draft.untold)

    return one


@pytest.fixture(scope="module")
def twins(take_in: Callable) -> dict[float, TakenIn]:
    """The honest submission that every story begins with, and one of which nothing is left, by their points."""
    return {HONEST: take_in(None), 0.0: take_in(STORIES[NOTHING])}


@pytest.mark.parametrize("name", STORIES)
def test_the_report_says_what_happened_and_what_will_run_is_known(
    take_in: Callable, twins: dict[float, TakenIn], name: str
) -> None:
    story = STORIES[name]
    taken = take_in(story)
    if taken.untold:
        pytest.skip(taken.untold)
    assert story.says in " ".join(taken.notes) or name in SAID_LATER
    twin = twins.get(story.points)
    if not twin or twin.cells != taken.cells:
        graded = {name for told in sampling.SAMPLE["broken"].values() for name in told}
        assert name in graded | LEFT_TO_THE_SOAK
