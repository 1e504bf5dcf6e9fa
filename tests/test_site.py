"""The course as a static site: its lock, its wheel, its first page; built and opened in a browser by tests/site."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import marshal
import re
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from course_lib.exercises import LESSONS
from grading import __main__ as command
from grading.contents import time_needed
from grading.site import archives, building, compiling, landing, pyodide, wheels
from grading.site.weighing import weights
from tests.conftest import ROOT

NOTEBOOKS = ROOT / "notebooks"


@pytest.fixture(scope="module")
def course():
    return wheels.of_the_course()


@pytest.fixture(scope="module")
def page():
    return landing.page(NOTEBOOKS, 54_000_000, "https://example.org/course")


class Collected(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        """Note a tag."""
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        """Note a text."""
        self.text += data


def test_the_wheel_for_the_browser_has_the_library_and_nothing_else(course) -> None:
    names = zipfile.ZipFile(io.BytesIO(course.content)).namelist()
    assert {name.split("/")[0] for name in names} == {"course_lib", "backprop_course-0.1.0.dist-info"}
    assert "course_lib/data/penguins.csv" in names
    assert not [name for name in names if name.endswith((".pyc", ".ipynb"))]
    assert course.content == wheels.of_the_course().content


def test_the_wheels_beside_it_are_those_that_the_lock_pins() -> None:
    text = wheels.locked(wheels.FROM_REGISTRY)
    assert [line.split("==")[0] for line in text.splitlines() if "==" in line] == list(wheels.FROM_REGISTRY)
    assert text.count("--hash=sha256:") >= len(wheels.FROM_REGISTRY)
    with pytest.raises(ValueError, match="does not pin unheard-of: run make lock"):
        wheels.locked(("comm", "unheard-of"))


def wheel(name: str) -> bytes:
    """Return a wheel with one package, some tests, and a part that is the same for every wheel."""
    return archives.zipped(
        {f"{name}/__init__.py": b"x = 1", f"{name}/tests/t.py": b"", f"{name}-1.dist-info/METADATA": b""}
    )


def distribution(folder: Path, python: str = "3.0.7", replaced: bytes | None = None) -> Path:
    """Write something that looks like Pyodide, of a `python` that is nowhere; one package may be `replaced`."""
    folder.mkdir()
    for name in pyodide.CORE:
        (folder / name).write_bytes(b"core")
    (folder / pyodide.LIBRARY).write_bytes(archives.zipped({"os.py": b"y = 2", "odd.py": b"no Python"}))
    packages = {}
    for name, kind in {"numpy": "cp3-wasm32", "ipython": "py3-none-any", "ssl": "py3-none-any"}.items():
        file = f"{name}-1-{kind}.whl"
        depends = ["ssl"] if name == "ipython" else []
        digest = hashlib.sha256(wheel(name)).hexdigest()
        packages[name] = {"depends": depends, "file_name": file, "sha256": digest}
        (folder / file).write_bytes(replaced or wheel(name))
    packages["scipy"] = packages["numpy"] | {"file_name": "scipy-1-cp3-wasm32.whl"}
    (folder / pyodide.LOCK).write_text(json.dumps({"info": {"python": python}, "packages": packages}))
    return folder


def names_in(path: Path) -> set[str]:
    return set(zipfile.ZipFile(path).namelist())


def test_only_what_the_course_needs_is_copied_and_one_lock_names_it_all(course, tmp_path) -> None:
    to = tmp_path / "to"
    assert pyodide.copy(pyodide.Source(str(distribution(tmp_path / "from"))), [course], to) == "3.0"
    packages = json.loads((to / pyodide.LOCK).read_text())["packages"]
    assert sorted(packages) == ["backprop-course", "numpy"]
    ours = packages["backprop-course"]
    assert ours["imports"] == ["course_lib"]
    assert ours["depends"] == ["numpy"]
    assert (to / ours["file_name"]).read_bytes() == course.content
    assert sorted(path.name for path in to.glob("*.whl")) == [
        ours["file_name"],
        "numpy-1-cp3-wasm32.whl",
    ]


def test_pure_python_is_in_the_library_where_nothing_has_to_be_unpacked(course, tmp_path) -> None:
    pyodide.copy(pyodide.Source(str(distribution(tmp_path / "from"))), [course], tmp_path / "to")
    assert names_in(tmp_path / "to" / pyodide.LIBRARY) == {
        *("os.py", "odd.py", "ipython/__init__.py", "ipython-1.dist-info/METADATA"),
        *("ipython/", "ipython-1.dist-info/"),  # without them Python finds no namespace package in an archive
    }


def test_the_packages_are_compiled_by_a_python_that_fits(tmp_path) -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    name = f"{wheels.OWN_FILES}1-py3-none-any.whl"
    small = wheels.Wheel(name, wheel("course_lib"), "backprop-course", "1", (), frozenset({"course_lib"}))
    source = pyodide.Source(str(distribution(tmp_path / "from", f"{here}.99")))
    assert pyodide.copy(source, [small], tmp_path / "to") == ""
    to = tmp_path / "to"
    assert {"os.pyc", "odd.py", "ipython/__init__.pyc"} < names_in(to / pyodide.LIBRARY)
    assert "os.py" not in names_in(to / pyodide.LIBRARY)
    packages = json.loads((to / pyodide.LOCK).read_text())["packages"]
    for entry in packages.values():
        content = (to / entry["file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    of_course = names_in(to / packages["backprop-course"]["file_name"])
    tag = sys.implementation.cache_tag
    assert {"course_lib/__init__.py", f"course_lib/__pycache__/__init__.{tag}.pyc"} < of_course


def test_a_compiled_module_says_where_it_will_stand_and_is_never_compared_with_a_source() -> None:
    content = compiling.compiled({"a/b.py": b"def f(): pass"}, "/lib/there", sys.executable)["a/b.pyc"]
    assert content[4:8] == b"\x01\0\0\0"  # PEP 552: by hash, and unchecked
    assert marshal.loads(content[16:]).co_filename == "/lib/there/a/b.py"


def test_a_package_that_is_not_what_the_lock_says_is_refused(course, tmp_path) -> None:
    source = pyodide.Source(str(distribution(tmp_path / "from", replaced=b"something else")))
    with pytest.raises(
        pyodide.SiteError, match=r"\.whl .* is not the file that its pyodide-lock\.json names"
    ):
        pyodide.copy(source, [course], tmp_path / "to")


def test_a_pyodide_that_is_not_there_is_named_with_the_remedy(tmp_path) -> None:
    with pytest.raises(pyodide.SiteError, match=r"could not be read from .*nowhere.*--pyodide"):
        pyodide.copy(pyodide.Source(str(tmp_path / "nowhere")), [], tmp_path / "to")


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(pyodide.SiteError, match="holds something else than a site"):
        building.build(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_the_command_says_in_one_line_what_is_wrong(tmp_path, capsys) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    assert command.main(["site", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert str(tmp_path) in said.err


def test_the_first_page_has_a_button_for_every_lesson_and_its_minutes(page) -> None:
    tags = Collected(page).tags
    opened = [
        a["href"] for tag, a in tags if tag == "a" and a.get("aria-label", "").startswith("Open lesson")
    ]
    assert opened == [f"lab/index.html?path={lesson}/{lesson}.ipynb" for lesson in LESSONS]
    for lesson in LESSONS.values():
        assert f'<p class="facts">{time_needed(lesson.minutes)} · {len(lesson.exercises)} exercise' in page


def test_the_first_page_speaks_of_no_cell_where_there_is_none(page) -> None:
    text = Collected(page).text
    assert "To see them move again, load this page again." in text
    assert "run the cell" not in text.lower()


def test_the_first_page_shows_the_card_that_names_the_mistake(page) -> None:
    text = Collected(page).text
    assert landing.verdict(landing.EXAMPLES[0]).diagnosis == ("no_output_slope",)
    assert "the slope at the output" in text
    assert "e = 2 / len(X) * (y[-1] - D)" in text


@pytest.mark.parametrize("example", landing.EXAMPLES, ids=lambda example: example.exercise)
def test_whatever_answer_the_page_shows_has_a_mistake_with_a_name(example) -> None:
    assert len(landing.verdict(example).diagnosis) == 1


def lessons_without(*dropped: str) -> dict:
    """Return the lessons as an edition has them: without some exercises, and in the opposite order."""
    return {
        name: dataclasses.replace(
            lesson, exercises=tuple(each for each in lesson.exercises if each.id not in dropped)
        )
        for name, lesson in reversed(LESSONS.items())
    }


@pytest.mark.parametrize("left", range(1, len(landing.EXAMPLES) + 1))
def test_an_edition_may_drop_what_the_first_page_shows(left, monkeypatch) -> None:
    dropped = [each.exercise for each in landing.EXAMPLES[:left]]
    monkeypatch.setattr(landing, "LESSONS", lessons_without(*dropped))
    made = landing.page(NOTEBOOKS, 1)
    rows = re.findall(r'data-lesson="(\w+)"', made)
    assert rows == list(reversed(LESSONS))
    assert not [name for name in dropped if f"def {name}" in made]
    assert [each.exercise for each in landing.EXAMPLES if f"def {each.exercise}" in made] == [
        each.exercise for each in landing.EXAMPLES[left : left + 1]
    ]
    assert ('id="card"' in made) == (left < len(landing.EXAMPLES))


def test_the_first_page_asks_nobody_else_for_anything(page) -> None:
    assert set(re.findall(r"https?://[\w.]+", page)) <= {"https://example.org"}
    addresses = [
        a.get("src") or a.get("href")
        for tag, a in Collected(page).tags
        if tag in ("script", "link", "img", "iframe", "source")
    ]
    assert [each for each in addresses if each and re.match(r"(https?:)?//", each)] == []
    for path in landing.TEMPLATES.iterdir():
        assert not re.search(r"https?://", path.read_text(encoding="utf-8")), path.name


def test_a_copy_of_a_lesson_knows_of_which_edition_it_is() -> None:
    path = NOTEBOOKS / "03_identify_gradients" / "03_identify_gradients.ipynb"
    copy = nbformat.reads(landing.with_edition(path), as_version=4)
    assert copy.metadata.backprop_course.edition == landing.edition(path)
    assert copy.cells == nbformat.read(path, as_version=4).cells


def test_a_lessons_page_waits_for_its_worker_and_knows_its_version(tmp_path) -> None:
    for name, text in {
        "jupyter-lite.json": '{"jupyter-config-data": {"appVersion": "1.2"}}',
        "lab/index.html": "<html><head></head></html>",
        "service-worker.js": "theirs",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    landing.write(tmp_path, NOTEBOOKS, {"together": 1})
    (script,) = [
        a for tag, a in Collected((tmp_path / "lab" / "index.html").read_text()).tags if tag == "script"
    ]
    assert script == {"src": "../page/first_visit.js", "data-version": "1.2"}
    assert (tmp_path / "page" / "first_visit.js").is_file()
    assert (tmp_path / "jupyterlite-service-worker.js").read_text() == "theirs"


def test_the_page_and_the_application_keep_work_under_one_name() -> None:
    from grading.site.lite import DATABASE

    assert f'const DATABASE = "{DATABASE}";' in (landing.TEMPLATES / "kept_work.js").read_text()


def test_the_parts_of_a_site_are_weighed(tmp_path) -> None:
    for name, size in {"build/a.js": 5, "lab/index.html": 2, "files/x.ipynb": 3, "odd": 1}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"." * size)
    assert weights(tmp_path) == {"JupyterLab": 7, "the lessons": 3, "all else": 1, "together": 11}
