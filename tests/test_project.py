"""The plan of the house, kept: who may import whom, what is public, what is locked, what never enters git."""

from __future__ import annotations

import ast
import doctest
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import course_lib
from course_lib.exercises import LESSONS

ROOT = Path(__file__).resolve().parent.parent


def imported(path: Path) -> set[str]:
    """Return the dotted names that a file imports, anywhere in it; ``from a import b`` gives ``a.b``."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import hides which floor it reaches for"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


MODULES = {
    path.stem
    for path in (ROOT / "course_lib").iterdir()
    if path.suffix == ".py" or (path / "__init__.py").exists()
}


def test_public_names_are_sorted_and_all_there():
    assert list(course_lib._HOME) == sorted(course_lib._HOME)
    assert course_lib.__all__ == list(course_lib._HOME)
    assert dir(course_lib) == course_lib.__all__
    for name in course_lib.__all__:
        assert getattr(course_lib, name) is not None


def test_no_public_name_is_a_modules():
    assert MODULES & set(course_lib.__all__) == set()
    assert len(MODULES) > 10


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no public name 'sigmoidal'"):
        _ = course_lib.sigmoidal


def test_importing_course_lib_loads_nothing_heavy():
    code = "import sys, course_lib; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded & {"matplotlib", "ipywidgets", "anywidget", "traitlets", "numpy", "IPython"} == set()
    assert "course_lib" in loaded


def in_git() -> list[Path]:
    """Return the files under git; where this is no clone, all that are not made by a tool."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        found = [ROOT / name for name in done.stdout.split("\0") if name]
    else:
        hidden = re.compile(r"/(\.venv[^/]*|\.\w+_cache|__pycache__|work|build|dist)/")
        found = [path for path in ROOT.rglob("*") if not hidden.search(path.as_posix())]
    return [path for path in found if path.is_file()]


def test_no_notebook_in_git_carries_outputs():
    notebooks = [path for path in in_git() if path.suffix == ".ipynb"]
    assert notebooks
    for path in notebooks:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert not cell.get("outputs"), path
            assert cell.get("execution_count") is None, path


def test_no_file_in_git_names_an_index_or_a_download():
    address = re.compile(
        r"https?://[^ ]+(/simple/|/packages/|\.whl|\.tar\.gz|\.tgz)|--(extra-)?index-url\b[ =]\S*//"
    )
    for path in in_git():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        assert not address.search(text), path


def test_what_grading_makes_is_ignored_by_git():
    made = [
        "work/x",
        "grading/submitted/x",
        "grading/autograded/x",
        "grading/feedback/x",
        "grading/exchange/x",
    ]
    made += ["grading/gradebook.db", ".venv/x"]
    done = subprocess.run(["git", "check-ignore", *made], cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 128:
        pytest.skip("no clone")
    assert done.stdout.split() == made


LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = re.split(r"\n(?! )", LOCK.strip())


SITE_LOCK = (ROOT / "requirements-site.lock").read_text(encoding="utf-8")
SITE_PINS = re.split(r"\n(?! )", SITE_LOCK.strip())


def test_every_pin_in_the_locks_has_a_hash_and_none_an_address():
    assert len(PINS) > 50
    for pin in PINS + SITE_PINS:
        assert re.match(r"[a-z0-9._-]+==\S+ ", pin), pin
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", pin), pin
    assert "://" not in LOCK + SITE_LOCK


def test_what_builds_the_site_has_a_lock_of_its_own():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = {pin.split(" ")[0] for pin in SITE_PINS}
    assert set(project["project"]["optional-dependencies"]["site"]) <= pinned
    assert {pin.split("==")[0] for pin in pinned} & {pin.split("==")[0] for pin in PINS} == set()


def test_the_lock_has_every_dependency_and_the_build_backend():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = [*project["project"]["dependencies"], *extras["grading"], *extras["test"]]
    wanted += [*project["build-system"]["requires"], "editables"]
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in wanted}
    assert names <= {pin.split("==")[0] for pin in PINS}


def declared(*extras: str) -> set[str]:
    """Return the distributions that pyproject.toml asks for, by default and in the extras named."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + [
        line for name in extras for line in project["optional-dependencies"][name]
    ]
    return {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in lines}


@pytest.mark.parametrize(
    ("package", "extras"),
    [("course_lib", ()), ("grading", ("grading", "cluster")), ("tests", ("grading", "test", "bench"))],
)
def test_every_library_that_is_imported_is_declared(package, extras):
    homes = packages_distributions()
    known = {
        name for name in homes if {home.lower().replace("_", "-") for home in homes[name]} & declared(*extras)
    }
    ours = {
        "course_lib",
        "grading",
        "tests",
        *(path.stem for path in (ROOT / "grading").rglob("inside/*.py")),
    }
    for path in (ROOT / package).rglob("*.py"):
        used = {name.split(".")[0] for name in imported(path)} - sys.stdlib_module_names - ours
        missing = {name for name in used - known if name in homes or name not in declared(*extras)}
        assert not missing, f"{path.relative_to(ROOT)} imports {missing}: declare it in pyproject.toml"


def test_the_manuals_name_only_words_that_make_knows():
    known = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for manual in ("README.md", "CONTRIBUTING.md", "docs/term.md"):
        text = (ROOT / manual).read_text(encoding="utf-8")
        named = set(re.findall(r"`make (\w+)|^make (\w+)", text, re.MULTILINE))
        words = {first or second for first, second in named}
        assert words, manual
        assert words <= known, manual


def test_what_the_readme_shows_is_what_happens():
    (shown,) = re.findall(r"```pycon\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    test = doctest.DocTestParser().get_doctest(shown, {}, "README.md", None, None)
    tried = doctest.DocTestRunner().run(test)
    assert tried.attempted >= 3
    assert tried.failed == 0


def test_the_readme_states_the_lessons_and_points_there_are():
    rows = re.findall(
        r"^\| `(\d\d_\w+)` \|.*\| (\d+) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {lesson: int(points) for lesson, points in rows} == {
        key: value.points for key, value in LESSONS.items()
    }
