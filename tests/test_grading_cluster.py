"""A Dask cluster grades as this machine does, and only where nobody else reaches it and each worker has its sandbox."""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.__main__ import main
from grading.addresses import RefusedError, refuse_unless_closed
from grading.classroom.cluster import Cluster
from tests import dask_cluster
from tests.corpus.classroom import Classroom
from tests.dask_cluster import LOOPBACK, Dask
from tests.life import LESSON
from tests.side_by_side import CLASS, begin, finish, seated, wait_for


@pytest.mark.parametrize(
    "address",
    [
        "tcp://192.0.2.1:8786",
        "192.0.2.1:8786",
        "tcp://0.0.0.0:1",
        "tcp://[::]:1",
        "ucx://127.0.0.1:1",
        "tcp://[",
    ],
)
def test_an_address_that_others_reach_is_refused(address: str) -> None:
    with pytest.raises(RefusedError, match="is open to others"):
        refuse_unless_closed(address)


@pytest.mark.parametrize("address", ["tls://192.0.2.1:8786", "127.0.0.1:1", "tcp://[::1]:1", "localhost:1"])
def test_an_address_is_closed_by_tls_or_by_being_on_this_machine(address: str) -> None:
    refuse_unless_closed(address)


def test_an_open_address_is_refused_at_once(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        main(["autograde", LESSON, "--scheduler", "tcp://192.0.2.1:8786"])
    assert "tcp://192.0.2.1:8786 is open to others" in capsys.readouterr().err


# From here on with a scheduler and workers.


@contextlib.contextmanager
def _dask(room: Classroom, *words: str, **further: str) -> Iterator[Dask]:
    with dask_cluster.dask(room.folder.parent, room._environment() | further, *words) as started:
        yield started


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory: pytest.TempPathFactory, released: Path) -> list[tuple]:
    """The grades of the class as plain `nbgrader autograde` gives them, one submission after the other."""
    room = seated(tmp_path_factory.mktemp("one"), released)
    room.autograde()
    return room.grades()


@pytest.fixture
def room(tmp_path: Path, released: Path) -> Classroom:
    return seated(tmp_path / "room", released)


@pytest.mark.soak
@pytest.mark.sandbox
def test_a_cluster_gives_the_same_grades_also_when_a_worker_is_killed(
    room: Classroom, one_by_one: list[tuple]
) -> None:
    with _dask(room) as dask:
        for _ in range(2):
            dask.add_worker(*LOOPBACK)
        grader = begin(room, "--scheduler", dask.address)
        wait_for(room, 2, grader)
        dask.workers[0].kill()
        said = finish(grader)
    assert f"Graded: {CLASS}. Graded before and not changed: 0. Failed: 0." in said
    assert room.grades() == one_by_one


@pytest.mark.soak
@pytest.mark.sandbox
def test_when_the_scheduler_is_lost_what_was_graded_is_kept(room: Classroom, one_by_one: list[tuple]) -> None:
    with _dask(room) as dask:
        dask.add_worker(*LOOPBACK)
        grader = begin(room, "--scheduler", dask.address)
        wait_for(room, 1, grader)
        dask.scheduler.kill()
        assert "The connection to the scheduler was lost." in finish(grader, 120, status=1)
    kept = int(re.search(r"not changed: (\d+)", finish(begin(room)))[1])
    assert 1 <= kept < CLASS
    assert room.grades() == one_by_one


@pytest.mark.soak
@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("words", "further", "why"),
    [
        ((), {}, "tcp://0.0.0.0:[0-9]+ is open to others"),
        (LOOPBACK, {"PATH": ""}, "bwrap, is not installed"),
    ],
    ids=["listens to others", "has no bubblewrap"],
)
def test_a_worker_that_may_not_grade_is_found_before_anything_is_sent(
    room: Classroom, words: tuple[str, ...], further: dict[str, str], why: str
) -> None:
    with _dask(room) as dask:
        dask.add_worker(*LOOPBACK)
        dask.add_worker(*words, **further)
        said = finish(begin(room, "--scheduler", dask.address), 120, status=1)
    assert re.search(why, said), said
    assert "Failed" not in said
    assert room.grades() == []


@pytest.mark.soak
def test_a_scheduler_that_has_no_workers_or_is_not_there(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grading.classroom.cluster.CONNECT_SECONDS", 1)
    with _dask(room) as dask, pytest.raises(RefusedError, match="has no workers"):
        Cluster(dask.address)
    with pytest.raises(RefusedError, match="No scheduler of Dask answers"):
        Cluster(dask.address)


def _certificate(folder: Path) -> dict[str, str]:
    """Make a certificate that is its own authority, and return how Dask is told of it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=127.0.0.1",
    ]
    made += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True, timeout=60)
    whose = {
        f"DASK_DISTRIBUTED__COMM__TLS__{who}__{what}": str(path)
        for who in ("SCHEDULER", "WORKER", "CLIENT")
        for what, path in (("KEY", key), ("CERT", certificate))
    }
    return whose | {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(certificate)}


@pytest.mark.soak
@pytest.mark.sandbox
def test_over_tls_a_worker_may_be_anywhere(room: Classroom, tmp_path: Path) -> None:
    tls = _certificate(tmp_path)
    with _dask(room, "--protocol", "tls", **tls) as dask:
        assert dask.address.startswith("tls://")
        dask.add_worker()  # listens on every address
        words = ("--students", "student-001", "--scheduler", dask.address)
        assert "asks for a certificate" in finish(begin(room, *words), 120, status=1)
        assert "Graded: 1." in finish(begin(room, *words, **tls))
