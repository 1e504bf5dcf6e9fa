"""The wheel: the library, the grader and the lessons that students get, and nothing that is not theirs."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from course_lib.exercises import LESSONS
from tests.conftest import ROOT

# What stands about in a clone in which a class was graded.
STANDING_ABOUT = (
    "grading/submitted/alice/03_identify_gradients/03_identify_gradients.ipynb",
    "grading/autograded/alice/receipt.json",
    "grading/feedback/alice/card.html",
    "grading/gradebook.db",
    "grading/secret_seed",
    "work/03_identify_gradients/answers.json",
    "course_lib/__pycache__/inputs.cpython-311.pyc",
    "notebooks/03_identify_gradients/.ipynb_checkpoints/03_identify_gradients-checkpoint.ipynb",
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """Return a copy of what a clone holds, with what a class leaves in it."""
    clone = tmp_path_factory.mktemp("clone")
    for name in ("pyproject.toml", ".gitignore", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, clone / name)
    for name in (".ci", "course_lib", "grading", "notebooks", "solutions"):
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in STANDING_ABOUT:
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_bytes(b"not theirs")
    return clone


def built(clone: Path, version: str) -> zipfile.ZipFile:
    (wheel,) = WheelBuilder(str(clone)).build(directory=str(clone / version), versions=[version])
    return zipfile.ZipFile(wheel)


def test_the_lessons_that_students_get_are_in_the_wheel_and_no_solutions_and_no_class(clone) -> None:
    wheel = built(clone, "standard")
    lessons = {name for name in wheel.namelist() if name.startswith("course_lib/notebooks/")}
    assert lessons == {f"course_lib/notebooks/{lesson}/{lesson}.ipynb" for lesson in LESSONS}
    for name in lessons:
        released = ROOT / "notebooks" / Path(name).relative_to("course_lib/notebooks")
        assert wheel.read(name) == released.read_bytes()
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"course_lib", "grading", "backprop_course-0.1.0.dist-info"}
    for name in wheel.namelist():
        content = wheel.read(name)
        assert content != b"not theirs", name
        assert not (name.endswith(".ipynb") and b"BEGIN SOLUTION" in content), name


def test_the_wheel_has_its_command_and_what_the_library_reads(clone) -> None:
    wheel = built(clone, "standard")
    said = wheel.read("backprop_course-0.1.0.dist-info/entry_points.txt").decode()
    assert "backprop-course = course_lib.__main__:main" in said
    assert {"course_lib/data/penguins.csv", "course_lib/widgets/front/network.css"} <= set(wheel.namelist())


def test_an_editable_install_copies_no_lessons(clone) -> None:
    assert not [name for name in built(clone, "editable").namelist() if name.endswith(".ipynb")]
