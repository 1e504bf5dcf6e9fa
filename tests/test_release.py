"""Solutions to notebooks: what is generated, what is refused, and that the committed notebooks are in step."""

from __future__ import annotations

import dataclasses
import json
import re
from types import SimpleNamespace

import nbformat
import pytest

from course_lib.exercises import EXERCISES, LESSONS
from grading import __main__ as command
from grading import contents as contents_page
from grading import release, sources
from grading.intake import versions
from tests.tiny import TINY, contents


def test_solutions_are_cleared_points_written_and_files_copied(tiny):
    release.regenerate(*tiny.places)
    notebook = nbformat.read(tiny.released, 4)
    assert "2 * x" not in tiny.released.read_text()
    assert "Because" not in tiny.released.read_text()
    points = {m["grade_id"]: m.get("points") for _, m in sources.marked_cells(notebook) if m["grade"]}
    assert points == {"double_check": 2, "why": 3}
    assert [cell.id for cell in notebook.cells] == ["intro", "double", "double_check", "why", "close"]
    assert notebook.cells[2].metadata["editable"] is False
    assert (tiny.released.parent / "table.csv").read_text() == "1,2\n"


def test_the_text_says_the_points_of_the_exercises(tiny):
    text = "## Why? ({points:why}, by hand)\n\n{points:double}, {points each:double} a part; {points:warm}."
    tiny.notebook.cells[0].source += f"\n\n{text}"
    release.EXERCISES["double"] = dataclasses.replace(release.EXERCISES["double"], parts=4)
    release.EXERCISES["warm"] = SimpleNamespace(id="warm", lesson="00", points=0)
    tiny.save()
    release.regenerate(*tiny.places)
    assert (
        nbformat.read(tiny.released, 4)
        .cells[0]
        .source.endswith("## Why? (3 points, by hand)\n\n2 points, half a point a part; no points.")
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Earns {points:dubble}.", r"cell 0 \(intro\): {points:dubble} names no exercise; put the id of one"),
        (
            "Earns {points: double}.",
            r"cell 0 \(intro\): {points: double} would stay in the text .* write {points:ID}",
        ),
        ("Earns {Point:double}.", r"{Point:double} would stay"),
        (
            "## Your turn (2 points)",
            r"cell 0 \(intro\): the heading says '2 points' itself; write {points:ID}",
        ),
    ],
)
def test_a_text_with_points_that_cannot_be_written_is_refused(tiny, text, said):
    tiny.notebook.cells[0].source += f"\n\n{text}"
    tiny.save()
    with pytest.raises(release.ReleaseError, match=rf"{TINY}.ipynb: .*{said}"):
        release.regenerate(*tiny.places)


def test_braces_of_formulas_and_code_are_not_placeholders(tiny):
    text = "$x^{points_n}$ and `{pointsize}`"
    tiny.notebook.cells[0].source += text
    tiny.notebook.cells[1].source += '\nprint(f"{points:.2f}")'
    tiny.save()
    release.regenerate(*tiny.places)
    released = nbformat.read(tiny.released, 4)
    assert released.cells[0].source.endswith(text)
    assert released.cells[1].source.endswith('print(f"{points:.2f}")')


def test_the_points_in_the_table_of_the_readme_are_those_of_the_exercises(tiny):
    release.regenerate(*tiny.places)
    readme = tiny.notebooks.parent / "README.md"
    table = f"# Ours\n\n| lesson | what | points |\n|---|---|---|\n| `{TINY}` | double, in | words | %s |\n\nEnd.\n"
    readme.write_text(table % "4")
    assert release.differences(*tiny.places) == ["edited: README.md, the points in its table"]
    assert release.regenerate(*tiny.places) == ["../README.md"]
    assert readme.read_text() == table % "5"
    assert release.differences(*tiny.places) == []
    readme.write_text("# Ours\n")
    with pytest.raises(
        release.ReleaseError, match=rf"README.md: the table of lessons has no row .* `{TINY}`"
    ):
        release.differences(*tiny.places)


def test_the_page_of_contents_tells_what_each_lesson_asks_and_teaches(tiny):
    release.regenerate(*tiny.places)
    page = (tiny.notebooks / "README.md").read_text()
    assert f"| [01 · Tiny]({TINY}/{TINY}.ipynb) | 1 h 15 min | 2 | 5 |" in page
    assert "Can you double?\n\nAfterwards you can:\n\n- double a number\n- say why\n" in page
    assert "| `double` | twice x | 2 |\n| `why` | why (marked by hand) | 3 |" in page
    (tiny.notebooks / "README.md").unlink()
    assert release.differences(*tiny.places) == ["missing: notebooks/README.md"]


def test_every_picture_is_there_is_small_and_is_shown(root):
    files = {path.stem: path.stat().st_size for path in (root / ".github" / "pictures").glob("*.png")}
    assert max(files.values()) < 60_000
    assert set(contents_page.PICTURES) <= set(LESSONS)
    shown = {
        page: re.findall(
            r"!\[[^\]]{40,}\]\((?:\.\./)?\.github/pictures/(\w+)\.png\)",
            (root / page).read_text(encoding="utf-8"),
        )
        for page in ("README.md", "notebooks/README.md")
    }
    assert shown["README.md"] == ["card"]
    assert sorted(shown["notebooks/README.md"]) == sorted(
        name for pictures in contents_page.PICTURES.values() for name in pictures
    )
    assert sorted(files) == sorted(name for names in shown.values() for name in names)


@pytest.mark.parametrize(("cell", "source"), [(0, "# Tiny"), (-1, "## What you can now do"), (-1, "Bye.")])
def test_a_lesson_without_a_question_or_an_end_is_refused(tiny, cell, source):
    tiny.notebook.cells[cell].source = source
    tiny.save()
    with pytest.raises(release.ReleaseError, match=f"{TINY}.ipynb: the page of contents needs"):
        release.regenerate(*tiny.places)


def test_a_stub_outside_a_function_does_not_raise(tiny):
    tiny.notebook.cells[1].source = "double = None\n### BEGIN SOLUTION\ndouble = 4\n### END SOLUTION"
    tiny.save()
    release.regenerate(*tiny.places)
    assert nbformat.read(tiny.released, 4).cells[1].source == "double = None\n# YOUR CODE HERE"


def test_a_solution_of_two_parts_has_one_place_to_begin(tiny):
    region = "### BEGIN SOLUTION\n{}\n### END SOLUTION"
    parts = [region.format("def double(x):\n    return 2 * x"), "form = ...", region.format("form = double")]
    tiny.notebook.cells[1].source = "\n".join(parts)
    tiny.save()
    release.regenerate(*tiny.places)
    assert nbformat.read(tiny.released, 4).cells[1].source == "# YOUR CODE HERE\nform = ..."


def test_a_stub_inside_a_function_raises_when_called(tiny):
    release.regenerate(*tiny.places)
    stub = nbformat.read(tiny.released, 4).cells[1].source
    assert stub == "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


def test_generating_again_changes_nothing(tiny):
    assert release.regenerate(*tiny.places) == [f"{TINY}/{TINY}.ipynb", f"{TINY}/table.csv", "README.md"]
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
    assert sorted(contents(tiny.notebooks)) == [f"{TINY}/{TINY}.ipynb", f"{TINY}/numbers.csv", "README.md"]


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


@pytest.mark.soak  # test_life generates and releases with it
def test_nbgrader_itself_with_its_gradebook_generates_the_same(released, root):
    assert (released / "grading" / "gradebook.db").is_file()
    beside = {"README.md": (root / "notebooks" / "README.md").read_bytes()}
    assert contents(released / "notebooks") | beside == contents(root / "notebooks")


def test_the_version_of_a_lesson_is_known_by_points_and_form_and_no_nonsense_is_believed():
    lesson = LESSONS["03_identify_gradients"]
    notebook = nbformat.read(release.NOTEBOOKS / lesson.id / f"{lesson.id}.ipynb", 4)
    had = versions.stamped(notebook.metadata)
    assert set(had) == {exercise.id for exercise in lesson.exercises}
    assert versions.compared(had, lesson.exercises) == versions.Mismatch()
    changed = [dataclasses.replace(e, points=9, asks="f()") for e in lesson.exercises[:2]]
    dearer = dataclasses.replace(lesson.exercises[2], points=9)
    found = versions.compared(had, [*changed, dearer, *lesson.exercises[3:-1]])
    assert found.open == {exercise.id for exercise in changed}
    assert f"Worth different points since then: {dearer.id}" in found.notes[0]
    assert f"No longer in the lesson, and not graded: {lesson.exercises[-1].id}" in found.notes[0]
    for nonsense in (None, [], {}, {"exercises": 3}, {"exercises": {"x": []}}, {"exercises": {"y": "2 1"}}):
        marks = versions.stamped({versions.KEY: nonsense})
        assert versions.compared(marks, lesson.exercises) == versions.Mismatch()
