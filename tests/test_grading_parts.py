"""The parts of grading that need no sandbox: plain data, odd notebooks, mended cells, secrets, what is shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from nbformat import from_dict

from course_lib.checking import Outcome
from course_lib.exercises import EXERCISES, LESSONS
from grading import safe_output, score, scratch
from grading.intake.reading import UnreadableError, cells_of, read_bytes
from grading.sandbox import NoSandboxError, bubblewrap, filesystem
from grading.sandbox.inside import encoding
from tests import house
from tests.corpus.classroom import Classroom
from tests.corpus.making import FULL
from tests.corpus.sampling import WHOLE
from tests.life import LESSON

VALUES = [
    None,
    True,
    -3,
    0.1,
    float("inf"),
    2j,
    "ünï",
    [1, (2.0, "x")],
    {"a": np.arange(6.0).reshape(2, 3), 2: None},
    pytest.param({"x", "y"}, id="a set"),
    np.float32(0.5),
    np.zeros((0, 3)),
    np.array([True, False]),
    np.array(7),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_plain_data_comes_out_as_it_went_in(value: object) -> None:
    out = encoding.decode(json.loads(json.dumps(encoding.encode(value))))
    np.testing.assert_equal(out, value)
    assert type(out) is type(value)


def test_what_is_no_plain_data_comes_out_as_a_name() -> None:
    class Cheat:
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None

    for value in (Cheat(), lambda: 1, np.array([Cheat()]), encoding):
        out = encoding.decode(encoding.encode(value))
        assert isinstance(out, encoding.Opaque)
        assert out != 1
    assert type(encoding.decode(encoding.encode(Cheat()))).__name__ == "Cheat"


FORGED = [
    3,
    None,
    [],
    ["array", "O", [1], "AAAA"],
    ["array", "f8", [10**9], "AAAAAAAA8D8="],
    ["array", "f8", [-1], "AAAAAAAA8D8="],
    ["array", "f8", ["x"], "AAAAAAAA8D8="],
    ["array", "f8", [1] * 40, "AAAAAAAA8D8="],
    ["int", "0x"],
    ["float", []],
    ["dict", [[["list", []], ["none"]]]],
    ["pickle", "gASV"],
    ["str", 5],
]


@pytest.mark.parametrize("data", FORGED, ids=repr)
def test_forged_data_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="answer"):
        encoding.decode(data)


def test_too_much_data_is_refused_on_both_sides() -> None:
    deep: list = []
    for _ in range(50):
        deep = [deep]
    for value in (deep, np.zeros(10**6), [0] * 10**5, "x" * 10**7):
        with pytest.raises(encoding.TooMuchError):
            encoding.encode(value)
    with pytest.raises(encoding.TooMuchError):
        encoding.decode(["str", "x" * 10**7])


@pytest.mark.parametrize(
    ("content", "says"), [(b"", "empty"), (b"[" * 10**5, "deep"), (b'{"nbformat": 4}', "no list")]
)
def test_no_notebook_is_no_notebook(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableError, match=says):
        cells_of(content)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableError, match="not a regular file"):
        read_bytes(tmp_path / "pipe")


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "grading" / "secret"
    first = score.secret_of(path)
    assert len(first) >= 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert score.secret_of(path) == first
    assert score.secret_of(tmp_path / "other") != first
    assert [p.name for p in path.parent.iterdir()] == ["secret"]


def test_secret_cases_depend_on_secret_and_exercise_only() -> None:
    a, b = EXERCISES["dE_dw11_12"], EXERCISES["dE_dw21_12"]
    again = score.secret_cases.__wrapped__
    np.testing.assert_equal(again(a, b"s" * 32), again(a, b"s" * 32))
    for other in (again(b, b"s" * 32), again(a, b"t" * 32), score.public_cases(a)):
        assert not np.array_equal(again(a, b"s" * 32)[0][0], other[0][0])


def _outcomes(exercise: object, secret: bytes, answer: object) -> list[Outcome]:
    cases = [*score.public_cases(exercise), *score.secret_cases(exercise, secret)]
    return [Outcome(answer(number, *case)) for number, case in enumerate(cases)]


def test_right_on_the_public_inputs_only_is_wrong_and_its_card_keeps_the_secret() -> None:
    exercise, secret = EXERCISES["dE_dw11_12"], b"s" * 32
    true = exercise.reference
    right = score.verdict_on(exercise, secret, _outcomes(exercise, secret, lambda n, *c: true(*c)), "x")
    assert (right.right, right.points) == (True, exercise.points)
    tuned = _outcomes(exercise, secret, lambda n, *c: true(*c) if n < 3 else 77.123)
    verdict = score.verdict_on(exercise, secret, tuned, "x")
    assert (verdict.right, verdict.points) == (False, 0.0)
    assert "77.123" not in str(verdict)
    assert "other inputs" in str(verdict)


def test_an_answer_that_was_stopped_gets_no_points() -> None:
    exercise, secret = EXERCISES["dE_dw11_12"], b"s" * 32
    outcomes = _outcomes(exercise, secret, lambda n, *c: exercise.reference(*c))
    for count in range(6):
        cut = [*outcomes[:count], Outcome(error="KernelDied: gone")]
        assert score.verdict_on(exercise, secret, cut, "x").points == 0.0
    assert score.verdict_on(exercise, secret, [], "x").points == 0.0


def test_all_that_recording_imports_is_open_in_the_sandbox() -> None:
    collector = filesystem.INSIDE / "collector.py"
    waiting = [module for module in house.imports(collector) if ".calling" in module]
    assert "course_lib.checking.calling.recording" in waiting
    found: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += house.imports(house.modules()[module])
    files = {module: house.modules()[module].relative_to(filesystem.LIBRARY) for module in found}
    missing = {module for module, name in files.items() if not filesystem.is_open(name, filesystem.PLUMBING)}
    assert missing == set(), "name them in `CALLING` of grading/sandbox/filesystem.py"


@pytest.mark.sampled
@pytest.mark.parametrize("lesson", LESSONS if WHOLE else [LESSON, "05_vanishing_and_exploding_gradients"])
def test_only_what_the_lesson_opens_is_on_the_disk(tmp_path: Path, lesson: str) -> None:
    filesystem.lay_out(tmp_path, LESSONS[lesson])
    made = tmp_path / "course_lib"
    extra = {"__init__.py", "stub.py", "propagate.py", "answers/__init__.py"}
    for path in made.rglob("*.py"):
        name = path.relative_to(made)
        module = ".".join(name.with_suffix("").parts)
        if name.as_posix() not in extra:
            is_open = module.partition(".")[0] in LESSONS[lesson].open or module in filesystem.PLUMBING
            expected = (filesystem.LIBRARY / name).read_text() if is_open else filesystem.CLOSED
            assert path.read_text() == expected, name
    code = (
        "import course_lib, importlib\n"
        "for name in dir(course_lib): getattr(course_lib, name)\n"
        f"for name in {sorted(LESSONS[lesson].open)}: importlib.import_module('course_lib.' + name)\n"
        "assert repr(course_lib.check('x', 1)).startswith('(not there')\n"
        "import course_lib.checking.calling\n"
        "assert type(course_lib.EXERCISES).__name__ == 'Placeholder'"
    )
    env = {"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_without_bubblewrap_it_refuses_and_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    with pytest.raises(NoSandboxError, match="apt install bubblewrap") as raised:
        bubblewrap.require.__wrapped__()
    assert "unsafe_no_sandbox" in str(raised.value)
    monkeypatch.setattr(bubblewrap.sys, "platform", "darwin")
    with pytest.raises(NoSandboxError, match="Linux only"):
        bubblewrap.require.__wrapped__()


@pytest.mark.promise(6)
def test_the_command_refuses_without_bubblewrap_and_grades_unsafely_only_when_told(
    tmp_path: Path, released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Classroom(tmp_path, released)
    room.seat("alice")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "python").symlink_to(sys.executable)
    monkeypatch.setattr(room, "_environment", lambda: Classroom._environment(room) | {"PATH": str(tools)})
    said = room.autograde(fails=True)
    assert "sudo apt install bubblewrap" in said
    assert room.totals() == {}
    room.autograde("--Grading.unsafe_no_sandbox=True")
    assert room.totals() == {"alice": FULL}
    assert "WITHOUT a sandbox" in "".join(room.graded("alice")["cells"][0]["source"])
    assert room.graded("alice")["metadata"]["grading"]["sandbox"] is False


def test_outputs_keep_text_and_pictures_only() -> None:
    raw = [
        ("stream", {"name": "stderr", "text": "a\ud800"}),
        ("stream", {"name": "stderr", "text": "b"}),
        ("display_data", {"data": {"text/html": "<b>", "image/svg+xml": "<svg/>", "image/png": "AAAA"}}),
        ("display_data", {"data": {"image/png": '"><script>'}}),
        ("execute_result", {"data": {"text/plain": "2.0", "application/javascript": "x"}}),
        ("error", {"ename": 3, "evalue": None, "traceback": "no list"}),
        ("error", {}),
        ("display_data", {"data": "none"}),
    ]
    out = [from_dict(made) for made in safe_output.outputs(raw, "a note")]
    assert out[0].text.startswith("a")
    assert out[0].text.endswith("b")
    kinds = [set(o.data) for o in out if o.output_type == "display_data"]
    assert kinds == [{"image/png"}, {"text/plain"}, {"text/plain"}]
    assert not any(o.output_type == "execute_result" for o in out)
    assert out[-1].text == "[grading] a note\n"
    json.dumps(out, ensure_ascii=False).encode()


def test_a_folder_that_another_grader_sweeps_away_meanwhile_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone, left = tmp_path / f"{scratch.PREFIX}4194305-gone", tmp_path / f"{scratch.PREFIX}4194305-left"
    left.mkdir()  # of a process number that no Linux gives out
    monkeypatch.setattr(scratch, "WHERE", SimpleNamespace(glob=lambda pattern: [gone, left]))
    scratch.sweep()
    assert not left.exists()
