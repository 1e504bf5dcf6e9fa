"""A course that several accounts of one machine use: two who grade, two who learn, and what each may read."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading import rights, score
from tests.accounts import Account, as_account, open_home
from tests.commands import forked
from tests.conftest import REMEDY, ROOT
from tests.life import LESSON, Course

GRADERS = 61200  # a group, beside the one that each account has for itself


FIRST, SECOND = Account("first-grader", 61201, (GRADERS,)), Account("second-grader", 61202, (GRADERS,))
ANN, BEN = Account("ann", 61203), Account("ben", 61204)
GRADER_NAMES, ALL_NAMES = {FIRST.name, SECOND.name}, {a.name for a in (FIRST, SECOND, ANN, BEN)}
# What may be listed, if it is a folder, or read, and by whom.
MAY_READ = {
    "course/solutions": GRADER_NAMES,
    "course/notebooks": ALL_NAMES,
    "course/grading/submitted": GRADER_NAMES,
    f"course/grading/submitted/ann/{LESSON}/{LESSON}.ipynb": GRADER_NAMES,
    f"course/grading/autograded/ann/{LESSON}/{LESSON}.ipynb": GRADER_NAMES,
    f"course/grading/feedback/ann/{LESSON}/{LESSON}.html": GRADER_NAMES,
    "course/grading/logs": GRADER_NAMES,
    f"course/grading/logs/{LESSON}/ann.log": GRADER_NAMES,
    "course/grading/gradebook.db": GRADER_NAMES,
    "course/grading/secret": GRADER_NAMES,
    "course/grades.csv": GRADER_NAMES,
    "exchange": ALL_NAMES,
    f"exchange/backprop/outbound/{LESSON}/{LESSON}.ipynb": ALL_NAMES,
    "exchange/backprop/inbound": GRADER_NAMES,
    "exchange/backprop/feedback": GRADER_NAMES,
    f"homes/ann/{LESSON}/feedback": {ANN.name},
}
# Both graders write a log of the same student.
LOGGED = "--Grading.workers=1"
TRY = """
import json, os, sys
able = []
for path in json.loads(sys.argv[1]):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").read()
        able.append(path)
    except OSError:
        pass
try:
    os.rename("exchange/backprop", "exchange/away")
    os.rename("exchange/away", "exchange/backprop")
    able.append("away")
except OSError:
    pass
print(json.dumps(able))
"""


class Machine(Course):
    """A course on a machine with several accounts."""

    def __init__(self, base: Path, released: Path) -> None:
        self.base = base
        super().__init__(base / "course", released)
        config = self.folder / "nbgrader_config.py"
        text = config.read_text().replace("groupshared = False", "groupshared = True")
        text = text.replace('str(here / "grading" / "exchange")', repr(str(base / "exchange")))
        config.write_text(text)
        shutil.rmtree(self.folder / "grading" / "exchange")
        (base / "exchange").mkdir()
        self._give(FIRST, GRADERS, self.folder, base / "exchange")
        for name in ("homes", "empty"):
            (base / name).mkdir()
        for student in (ANN, BEN):
            home = base / "homes" / student.name
            home.mkdir(mode=0o700)
            (home / "nbgrader_config.py").write_text(
                "c = get_config()\nc.CourseDirectory.course_id = 'backprop'\n"
                f"c.Exchange.root = {str(base / 'exchange')!r}\n"
            )
            self._give(student, student.number, home)

    def _give(self, account: Account, group: int, *tops: Path) -> None:
        for top in tops:
            for path in (top, *top.rglob("*")):
                os.chown(path, account.number, group)

    @contextlib.contextmanager
    def _environment_of(self, account: Account, home_of_data: Path | None = None) -> Iterator[dict[str, str]]:
        """Give the environment of an account; what a student has submitted is remembered in `home_of_data`."""
        with tempfile.TemporaryDirectory(dir=self.base) as home:
            os.chown(home, account.number, account.number)
            places = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
            names = {"LOGNAME": account.name, "USER": account.name, "TMPDIR": home, "MPLCONFIGDIR": home}
            names |= dict.fromkeys(places, home)
            names |= {"JUPYTER_DATA_DIR": str(home_of_data / ".data")} if home_of_data else {}
            yield self._environment() | names

    def may_read(self, account: Account, paths: list[str]) -> set[str]:
        """Return which of `paths` an account can read or list."""
        with self._environment_of(account) as environment:
            done = subprocess.run(
                [*as_account(account, self.base / "empty"), sys.executable, "-c", TRY, json.dumps(paths)],
                cwd=self.base,
                env=environment,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
        assert done.returncode == 0, done.stderr
        return set(json.loads(done.stdout))

    def nbgrader_as(self, account: Account, *commands: list[str], cwd: Path | None = None) -> None:
        """Run nbgrader's commands as an account of the machine."""
        before = tuple(open_home(self.base / "empty"))
        with self._environment_of(account, cwd) as environment:
            status, said = forked(
                [(str(cwd or self.folder), words) for words in commands],
                environment,
                300,
                (account.number, account.groups),
                before,
            )
        assert status == 0, said
        assert "Traceback" not in said, said

    def at_home(self, student: Account, *commands: list[str]) -> None:
        """Run nbgrader's commands as a student, in the student's home."""
        self.nbgrader_as(student, *commands, cwd=self.base / "homes" / student.name)


@pytest.fixture(scope="module")
def machine(released: Path) -> Iterator[Machine]:
    """A machine on which an assignment was released, handed in, graded by two accounts, and given back."""
    if os.geteuid() != 0:
        pytest.skip(REMEDY["accounts"])
    with tempfile.TemporaryDirectory(prefix="course-of-several-", dir="/tmp") as base:
        Path(base).chmod(0o755)
        machine = Machine(Path(base), released)
        machine.nbgrader_as(FIRST, ["release_assignment", LESSON])
        machine.at_home(ANN, ["fetch_assignment", LESSON], ["submit", LESSON, f"--student={ANN.name}"])
        machine.nbgrader_as(FIRST, ["collect", LESSON], ["autograde", LESSON, "--student=ann", LOGGED])
        again = ["autograde", LESSON, "--force", "--student=ann", LOGGED]
        machine.nbgrader_as(
            SECOND, again, ["generate_feedback", LESSON], ["release_feedback", LESSON], ["export"]
        )
        machine.nbgrader_as(FIRST, ["generate_feedback", LESSON, "--force"], ["release_feedback", LESSON])
        machine.at_home(ANN, ["fetch_feedback", LESSON, "--student=ann"])
        yield machine


@pytest.mark.sandbox
def test_each_account_reads_what_the_table_says(machine: Machine) -> None:
    paths = list(MAY_READ)
    able = {account.name: machine.may_read(account, paths) for account in (FIRST, SECOND, ANN, BEN)}
    found = {path: {name for name in ALL_NAMES if path in able[name]} for path in paths}
    assert found == MAY_READ
    assert [name for name in ALL_NAMES if "away" in able[name]] == [FIRST.name]


@pytest.mark.sandbox
def test_the_page_that_a_student_fetched_is_the_one_that_was_made(machine: Machine) -> None:
    (fetched,) = (machine.base / "homes" / "ann" / LESSON / "feedback").rglob("*.html")
    made = machine.folder / "grading" / "feedback" / "ann" / LESSON / f"{LESSON}.html"
    assert fetched.read_bytes() == made.read_bytes()


BOUNDED = """
import json
from grading.bounded import Budget, BoundedError, run
from tests import test_grading_bounded as told

def said(function, budget=told.SMALL):
    try:
        return run(function, b"9", budget)
    except BoundedError as error:
        return error.reason.name

print(json.dumps([said(told.reads), said(told.dials), said(told.hoards), said(told.spins, Budget(seconds=0.5))]))
"""


@pytest.mark.sandbox
def test_what_is_bounded_is_bounded_for_whoever_is_not_root(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip(REMEDY["accounts"])
    with tempfile.TemporaryDirectory(dir="/tmp") as empty:
        words = [*as_account(ANN, Path(empty)), sys.executable, "-c", BOUNDED]
        done = subprocess.run(words, cwd="/", env=_modules(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    read, dialled, hoarded, spun = json.loads(done.stdout)
    assert read == {"size": 1, "first": "9"}
    assert dialled == ["refused", errno.ENETUNREACH]
    assert (hoarded, spun) == ("MEMORY", "TIME")


def _modules() -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    }


@pytest.fixture
def umask() -> Iterator[None]:
    """Keep what files of this process are made with."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)


@pytest.mark.parametrize(("shared", "folder", "file"), [(False, 0o700, 0o600), (True, 0o2770, 0o660)])
def test_one_account_or_its_group(tmp_path: Path, umask: None, shared: bool, folder: int, file: int) -> None:
    for name in ("solutions", "notebooks", "grading", "edition/lessons"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "grades.csv").write_text("")
    (tmp_path / "grading" / "gradebook.db").write_text("")
    for _ in range(2):
        rights.close(tmp_path, tmp_path / "exchange", shared=shared)
    modes = {path.relative_to(tmp_path).as_posix(): _mode(path) for path in tmp_path.rglob("*")}
    assert {modes[name] for name in rights.CLOSED} == {folder}
    assert {modes[name] for name in ("grades.csv", "grading/gradebook.db")} == {file}
    assert modes["exchange"] & 0o1777 == 0o1777
    score.secret_of(tmp_path / "grading" / "secret", shared=shared)
    assert _mode(tmp_path / "grading" / "secret") == (0o640 if shared else 0o600)
    (tmp_path / "later").write_text("")
    assert _mode(tmp_path / "later") & 0o007 == 0


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
