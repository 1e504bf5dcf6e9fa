"""One submission in the sandbox: what it sees, what its answers are handed, what becomes of one that dies."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from course_lib.checking.calling import Status
from course_lib.exercises import EXERCISES, LESSONS
from grading.collect import collect
from grading.sandbox import Limits, filesystem, transfer
from grading.sandbox.inside.encoding import Opaque
from grading.submission import Cell, Submission
from tests.life import LESSON

pytestmark = pytest.mark.sandbox
LIMITS = Limits(cell_seconds=5.0, seconds=60.0)


@dataclass(frozen=True)
class Line:
    """A function of plain numbers, as a lesson hands one over."""

    slope: tuple[float, ...]
    shift: float

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return slope x + shift."""
        return np.array(self.slope) * x + self.shift


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    box, files = tmp_path_factory.mktemp("box"), tmp_path_factory.mktemp("files")
    filesystem.lay_out(box, LESSONS[LESSON])
    (files / "data.csv").write_text("1,2\n")
    return str(box), str(files)


def _collected(
    folders: tuple[str, str], sources: list[str], cases: dict[str, list[tuple]], limits: Limits = LIMITS
):
    """Run cells and call the answers named in `cases`, first on the public cases given, then on one secret case."""
    questions = [
        (dataclasses.replace(EXERCISES["dE_dw11_12"], id=name, closes=frozenset()), c[:-1], c[-1:])
        for name, c in cases.items()
    ]
    cells = [Cell(source) for source in sources]
    with Submission(cells, *folders, limits) as submission:
        return collect(submission, questions), cells


def test_answers_are_called_and_come_out_as_data(folders: tuple[str, str]) -> None:
    sources = ["import numpy as np", "def f(x, n):\n    print('hi')\n    x += n\n    return [x, {'n': n}]"]
    found, _ = _collected(folders, sources, {"f": [(np.zeros(2), 3), (np.ones(2), 1)]})
    first, second = found.outcomes["f"]
    np.testing.assert_equal(first.value, [np.full(2, 3.0), {"n": 3}])
    np.testing.assert_equal(second.value[0], np.full(2, 2.0))
    assert first.mutated
    assert first.changed == ((0,),)
    assert first.error is None
    assert first.printed == "hi\n"


def test_a_function_of_plain_numbers_can_be_handed_over(folders: tuple[str, str]) -> None:
    source = "def f(g, x):\n    return g(x) + g.shift"
    found, _ = _collected(folders, [source], {"f": [(Line((1.0, 2.0), 0.5), np.ones(2))] * 2})
    np.testing.assert_allclose(found.outcomes["f"][0].value, [2.0, 3.0])
    assert not found.outcomes["f"][0].mutated


def test_a_function_of_another_kind_is_refused(folders: tuple[str, str]) -> None:
    def local(x: Callable) -> Callable:
        return x

    with pytest.raises(TypeError, match="cannot be sent"):
        _collected(folders, ["def f(g):\n    return 1"], {"f": [(local,), (local,)]})


def test_the_lessons_files_are_there_and_may_be_written(folders: tuple[str, str]) -> None:
    sources = ["print(open('data.csv').read()); open('data.csv', 'a').write('3')", "NAME = 'Ada'"]
    sources += ["open('answers.json', 'w').write('{}')"]
    found, cells = _collected(folders, sources, {})
    assert "1,2" in str(cells[0].outputs)
    assert not any(kind == "error" for cell in cells for kind, _ in cell.outputs)
    assert (found.name, found.answers_file) == ("Ada", "{}")
    assert Path(folders[1], "data.csv").read_text() == "1,2\n"


def test_a_cell_may_wait_at_its_top(folders: tuple[str, str]) -> None:
    sources = [
        "import asyncio",
        "await asyncio.sleep(0)\nprint('waited')",
        "async def f(): pass\nprint('not asked')",
    ]
    _, cells = _collected(folders, sources, {})
    assert [text["text"] for cell in cells for _, text in cell.outputs] == ["waited\n", "not asked\n"]


def test_a_dead_kernel_costs_the_cell_that_killed_it(folders: tuple[str, str]) -> None:
    sources = [
        "a = 1",
        "import os\nb = 2\nos._exit(1)",
        "c = 3",
        "def f():\n    return [a, c, 'b' in globals()]",
    ]
    found, cells = _collected(folders, sources, {"f": [(), ()]})
    assert found.outcomes["f"][0].value == [1, 3, False]
    assert [cell.deadly for cell in cells] == [False, True, False, False]
    assert "ended the kernel" in cells[1].note


def test_an_answer_that_kills_or_hangs_costs_itself(folders: tuple[str, str]) -> None:
    sources = [
        "import os, signal\ndef dies():\n    os.kill(os.getpid(), 9)",
        "def hangs():\n    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n    while True: pass",
        "def fine():\n    return 5",
    ]
    limits = dataclasses.replace(LIMITS, seconds=15.0)  # nothing takes more than a fifth of it
    found, _ = _collected(folders, sources, {name: [(), ()] for name in ("dies", "hangs", "fine")}, limits)
    assert found.outcomes["dies"][0].status is Status.DIED
    assert found.outcomes["hangs"][0].status is Status.TIMED_OUT
    assert [outcome.value for outcome in found.outcomes["fine"]] == [5, 5]


def test_an_answer_does_not_pay_for_what_another_cell_left_running(folders: tuple[str, str]) -> None:
    hoarder = (
        "import os, time\n"
        "while not os.path.exists('/tmp/begin'): time.sleep(0.01)\n"
        "hoard = []\n"
        "while True: hoard.append(b'x' * 20_000_000)"
    )
    sources = [
        f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {hoarder!r}])",
        "def f():\n    open('/tmp/begin', 'w').close()\n    time.sleep(2)\n    return 5",
    ]
    limits = dataclasses.replace(LIMITS, memory=500 * 2**20)
    found, cells = _collected(folders, sources, {"f": [(), ()]}, limits)
    assert [outcome.value for outcome in found.outcomes["f"]] == [5, 5]
    assert not any(cell.deadly for cell in cells)


HOSTILE = """
class Hostile:
    def __getattribute__(self, name):
        raise {error}("no")
answer = Hostile()
class Given(dict):
    def get(self, *about):
        raise {error}("no")
given = Given()
def f(x):
    print("\\ud800")
    raise ValueError("\\ud800")
"""


@pytest.mark.parametrize("error", ["ValueError", "SystemExit"])
def test_whatever_an_answer_is_the_kernel_replies_at_once(folders: tuple[str, str], error: str) -> None:
    with Submission([Cell(HOSTILE.format(error=error))], *folders, LIMITS) as submission:
        submission.run()
        for request in ({"do": "value", "name": "answer"}, {"do": "value", "name": "given", "member": "f"}):
            assert transfer.decoded(submission.ask(request, 3.0)["value"]).__class__.__mro__[1] is Opaque
        called = submission.ask({"do": "call", "name": "f", "closes": [], "case": [{"plain": ["none"]}]}, 3.0)
        assert called["outcomes"]["error"][1] == called["outcomes"]["printed"].strip() == "?"
        assert submission.deaths == 0
