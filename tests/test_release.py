"""Solutions to notebooks: what is generated, what is refused, and that the committed notebooks are in step."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_lib.exercises import EXERCISES, LESSONS
from grading import __main__ as command
from grading import release, sources

TINY = "01_tiny"
CODE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"


def marks(grade_id, *, grade=False, solution=False, **more):
    facts = {"grade_id": grade_id, "grade": grade, "solution": solution, "locked": not solution, **more}
    return {"nbgrader": {"schema_version": 3, "task": False, **facts}}


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A course of one small lesson: one function, one essay."""
    exercises = [SimpleNamespace(id="double", lesson=TINY, points=2, kind="function")]
    exercises.append(SimpleNamespace(id="why", lesson=TINY, points=3, kind="person"))
    monkeypatch.setattr(release, "LESSONS", {TINY: None})
    monkeypatch.setattr(release, "EXERCISES", {exercise.id: exercise for exercise in exercises})
    cells = [
        new_markdown_cell("Double it.", id="intro"),
        new_code_cell(CODE, id="double", metadata=marks("double", solution=True)),
        new_code_cell(
            'check("double", double)', id="double_check", metadata=marks("double_check", grade=True)
        ),
        new_markdown_cell("Because.", id="why", metadata=marks("why", grade=True, solution=True)),
    ]
    course = SimpleNamespace(
        notebook=new_notebook(cells=cells),
        solutions=tmp_path / "solutions",
        notebooks=tmp_path / "notebooks",
        manifest=tmp_path / "notebooks.sha256",
    )
    course.places = (course.solutions, course.notebooks, course.manifest)
    course.source = course.solutions / TINY / f"{TINY}.ipynb"
    course.released = course.notebooks / TINY / f"{TINY}.ipynb"
    course.source.parent.mkdir(parents=True)
    course.notebooks.mkdir()
    course.save = lambda: nbformat.write(course.notebook, course.source)
    course.save()
    (course.source.parent / "table.csv").write_text("1,2\n")
    return course


def contents(directory: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in sources.files_below(directory).items()}


def test_solutions_are_cleared_points_written_and_files_copied(tiny):
    release.regenerate(*tiny.places)
    notebook = nbformat.read(tiny.released, 4)
    assert "2 * x" not in tiny.released.read_text()
    assert "Because" not in tiny.released.read_text()
    points = {m["grade_id"]: m.get("points") for _, m in sources.marked_cells(notebook) if m["grade"]}
    assert points == {"double_check": 2, "why": 3}
    assert [cell.id for cell in notebook.cells] == ["intro", "double", "double_check", "why"]
    assert notebook.cells[2].metadata["editable"] is False
    assert (tiny.released.parent / "table.csv").read_text() == "1,2\n"


def test_a_stub_outside_a_function_does_not_raise(tiny):
    tiny.notebook.cells[1].source = "double = None\n### BEGIN SOLUTION\ndouble = 4\n### END SOLUTION"
    tiny.save()
    release.regenerate(*tiny.places)
    assert nbformat.read(tiny.released, 4).cells[1].source == "double = None\n# YOUR CODE HERE"


def test_a_stub_inside_a_function_raises_when_called(tiny):
    release.regenerate(*tiny.places)
    stub = nbformat.read(tiny.released, 4).cells[1].source
    assert stub == "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


def test_generating_again_changes_nothing(tiny):
    assert release.regenerate(*tiny.places) == [f"{TINY}/{TINY}.ipynb", f"{TINY}/table.csv"]
    before = contents(tiny.notebooks)
    assert release.regenerate(*tiny.places) == []
    assert contents(tiny.notebooks) == before
    assert release.differences(*tiny.places) == []


def test_editing_the_source_twice_needs_no_commit_between(tiny):
    for text in ("Once.", "Twice."):
        tiny.notebook.cells[0].source = text
        tiny.save()
        release.regenerate(*tiny.places)
        assert text in tiny.released.read_text()


def test_check_names_edited_missing_and_orphan_files(tiny):
    release.regenerate(*tiny.places)
    tiny.released.write_text(tiny.released.read_text() + "\n")
    (tiny.released.parent / "table.csv").unlink()
    (tiny.notebooks / "09_gone").mkdir()
    (tiny.notebooks / "09_gone" / "09_gone.ipynb").write_text("{}")
    assert release.differences(*tiny.places) == [
        f"missing: notebooks/{TINY}/table.csv",
        "orphan: notebooks/09_gone/09_gone.ipynb",
        f"edited: notebooks/{TINY}/{TINY}.ipynb",
    ]


def test_check_notices_a_forgotten_record(tiny):
    release.regenerate(*tiny.places)
    tiny.manifest.write_text("")
    assert release.differences(*tiny.places) == ["edited: notebooks.sha256, the record of what was generated"]


def test_what_jupyter_leaves_behind_is_no_orphan(tiny):
    release.regenerate(*tiny.places)
    (tiny.notebooks / TINY / ".ipynb_checkpoints").mkdir()
    (tiny.notebooks / TINY / ".ipynb_checkpoints" / "x.ipynb").write_text("{}")
    assert release.differences(*tiny.places) == []


@pytest.mark.parametrize("name", [f"{TINY}/{TINY}.ipynb", f"{TINY}/mine.txt", "notes.md"])
def test_somebodys_work_is_never_deleted(tiny, name):
    release.regenerate(*tiny.places)
    (tiny.notebooks / name).write_text("my work")
    tiny.notebook.cells[0].source = "A new text."
    tiny.save()
    before = contents(tiny.notebooks)
    with pytest.raises(release.ReleaseError, match=rf"notebooks/{name}: not as it was generated"):
        release.regenerate(*tiny.places)
    assert contents(tiny.notebooks) == before


def test_what_was_generated_and_is_no_longer_is_deleted(tiny):
    release.regenerate(*tiny.places)
    (tiny.source.parent / "table.csv").rename(tiny.source.parent / "numbers.csv")
    release.regenerate(*tiny.places)
    assert sorted(contents(tiny.notebooks)) == [f"{TINY}/{TINY}.ipynb", f"{TINY}/numbers.csv"]


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
    release.EXERCISES["double"].lesson = "02_other"
    assert "it belongs to 02_other" in refusal(tiny)


@pytest.mark.parametrize(("position", "kind"), [(1, "solution"), (2, "grade")])
def test_an_exercise_without_its_cell_stops_it(tiny, position, kind):
    del tiny.notebook.cells[position]
    assert f"exercise 'double' has no {kind} cell" in refusal(tiny)


def test_a_check_of_another_exercise_stops_it(tiny):
    tiny.notebook.cells[2].source = 'check("why", double)'
    assert 'does not call check("double"' in refusal(tiny)


def test_an_automatic_exercise_marked_by_hand_stops_it(tiny):
    release.EXERCISES["why"].kind = "function"
    assert "kind 'function' cannot be graded" in refusal(tiny)


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
    assert {name.split("/")[0] for name in contents(tiny.notebooks)} == {TINY}


def test_what_nbgrader_refuses_is_said_with_its_reason(tiny):
    tiny.notebook.cells[0].source = "### BEGIN SOLUTION\nno end, and no solution cell"
    assert "no end solution statement found" in refusal(tiny)


def test_the_command_fails_when_something_differs(monkeypatch, capsys):
    monkeypatch.setattr(release, "differences", lambda: ["edited: notebooks/x"])
    assert command.main(["notebooks", "--check"]) == 1
    assert "edited: notebooks/x" in capsys.readouterr().err


def test_the_command_says_why_it_refuses(monkeypatch, capsys):
    def refuse():
        raise release.ReleaseError("because")

    monkeypatch.setattr(release, "regenerate", refuse)
    assert command.main(["notebooks"]) == 1
    assert "because" in capsys.readouterr().err


def test_the_committed_notebooks_are_what_solutions_generate():
    assert release.differences() == []


def test_the_committed_points_are_those_of_the_exercises():
    stated = {}
    for lesson in LESSONS:
        notebook = json.loads((release.NOTEBOOKS / lesson / f"{lesson}.ipynb").read_text())
        for cell in notebook["cells"]:
            mark = cell["metadata"].get("nbgrader", {})
            if mark.get("grade"):
                stated[mark["grade_id"].removesuffix("_check")] = mark["points"]
    assert stated == {exercise.id: exercise.points for exercise in EXERCISES.values()}


def test_nbgrader_itself_with_its_gradebook_generates_the_same(tmp_path, root):
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    shutil.copytree(root / "solutions", tmp_path / "solutions")
    for lesson in LESSONS:
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", "generate_assignment", lesson],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "grading" / "gradebook.db").is_file()
    assert contents(tmp_path / "notebooks") == contents(root / "notebooks")
