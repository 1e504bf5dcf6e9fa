"""What a lesson must be like before it is released: every refusal, and that nothing is written when it comes."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest

from grading import release
from tests.tiny import TINY, contents


def refusal(course) -> str:
    course.save()
    with pytest.raises(release.ReleaseError) as caught:
        release.regenerate(*course.places)
    assert contents(course.notebooks) == {}
    return str(caught.value)


def test_another_number_of_points_in_the_cell_stops_it(tiny):
    tiny.notebook.cells[2].metadata["nbgrader"]["points"] = 5
    said = refusal(tiny)
    assert "'double_check' states 5 points" in said
    assert "states 2" in said


def test_the_same_number_of_points_in_the_cell_is_fine(tiny):
    tiny.notebook.cells[2].metadata["nbgrader"]["points"] = 2
    tiny.save()
    assert release.regenerate(*tiny.places)


def test_an_unknown_exercise_stops_it(tiny):
    tiny.notebook.cells[2].metadata["nbgrader"]["grade_id"] = "triple_check"
    assert "marked as exercise 'triple' of 01_tiny, but course_lib.exercises does not know it" in refusal(
        tiny
    )


def test_an_exercise_of_another_lesson_stops_it(tiny):
    release.EXERCISES["double"] = replace(release.EXERCISES["double"], lesson="02_other")
    assert "it belongs to 02_other" in refusal(tiny)


@pytest.mark.parametrize(("position", "kind"), [(1, "solution"), (2, "grade")])
def test_an_exercise_without_its_cell_stops_it(tiny, position, kind):
    del tiny.notebook.cells[position]
    assert f"exercise 'double' has no {kind} cell" in refusal(tiny)


def test_a_check_of_another_exercise_stops_it(tiny):
    tiny.notebook.cells[2].source = 'check("why", double)'
    assert 'does not call check("double"' in refusal(tiny)


def test_an_automatic_exercise_marked_by_hand_stops_it(tiny):
    release.EXERCISES["why"] = replace(release.EXERCISES["double"], id="why", points=3)
    assert "the class FunctionExercise cannot be graded" in refusal(tiny)


def test_answers_json_in_the_source_is_refused(tiny):
    (tiny.source.parent / "data").mkdir()
    (tiny.source.parent / "data" / "answers.json").write_text("{}")
    said = refusal(tiny)
    assert f"solutions/{TINY}/data/answers.json" in said
    assert "student's own answers.json" in said


def test_outputs_and_counts_in_the_source_are_refused(tiny):
    tiny.notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="2")]
    tiny.notebook.cells[2].execution_count = 7
    said = refusal(tiny)
    assert "cell 1 (double): it carries outputs" in said
    assert "cell 2 (double_check): it carries the execution count 7" in said


def test_a_notebook_without_cell_ids_is_refused(tiny):
    tiny.notebook.nbformat_minor = 4
    for cell in tiny.notebook.cells:
        del cell["id"]
    assert "no cell ids" in refusal(tiny)


def test_a_lesson_without_its_notebook_or_without_exercises_is_refused(tiny):
    (tiny.solutions / "02_new").mkdir()
    said = refusal(tiny)
    assert "02_new.ipynb is missing" in said
    assert "knows no lesson '02_new'" in said


def test_a_lesson_of_the_exercises_that_is_not_in_solutions_is_named(tiny):
    release.LESSONS["03_lost"] = None
    assert "solutions/03_lost: course_lib.exercises has this lesson" in refusal(tiny)


def test_other_folders_are_no_lessons(tiny):
    (tiny.solutions / "drafts").mkdir()
    release.regenerate(*tiny.places)
    assert {name.split("/")[0] for name in contents(tiny.notebooks)} == {TINY, "README.md"}


def test_what_nbgrader_refuses_is_said_with_its_reason(tiny):
    tiny.notebook.cells[0].source = "### BEGIN SOLUTION\nno end, and no solution cell"
    assert "no end solution statement found" in refusal(tiny)


def test_plain_nbgrader_refuses_too_and_leaves_nothing_behind(tiny):
    (tiny.source.parent / "answers.json").write_text("{}")
    with pytest.raises(release.ReleaseError, match=r"student's own answers\.json"):
        release._generate_lesson(tiny.source.parent, tiny.notebooks)
    assert contents(tiny.notebooks) == {}


def test_two_cells_of_one_id_are_refused(tiny):
    tiny.save()
    tiny.source.write_text(tiny.source.read_text().replace('"id": "double"', '"id": "intro"'))
    tiny.save = lambda: None
    assert "cell 1 (intro): every cell needs an id of its own" in refusal(tiny)
