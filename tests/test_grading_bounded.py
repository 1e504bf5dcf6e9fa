"""A function on untrusted bytes, in a child with limits: what comes back, and what becomes of it if it wants much."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from grading import bounded
from grading.bounded import MB, BoundedError, Budget, Reason, run

SMALL = Budget(memory=200 * MB, seconds=20.0, cpu=20, answer=1000)


imported_in = os.getpid()


def tells_where(data: bytes) -> list:
    return [imported_in, os.getppid()]


def reads(data: bytes) -> dict:
    return {"size": len(data), "first": data[:3].decode()}


def hoards(data: bytes) -> None:
    json.loads(b"[" + b'{"":0},' * 10**7 + b"0]")


def spins(data: bytes) -> None:
    while True:
        pass


def sleeps(data: bytes) -> None:
    time.sleep(60)


def chatters(data: bytes) -> str:
    return "x" * 2000


def returns_no_json(data: bytes) -> object:
    return object()


def raises(data: bytes) -> None:
    raise ValueError("no " + "notebook " * 1000)


def recurses(data: bytes) -> None:
    recurses(data)


def dies(data: bytes) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leaves_early(data: bytes) -> None:
    os._exit(0)


def dials(data: bytes) -> list:
    try:
        socket.create_connection(("127.0.0.1", int(data)), 2).close()
    except OSError as error:
        return ["refused", error.errno]
    return ["connected"]


def lists_what_it_holds(data: bytes) -> list:
    return [os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")[:-1]]


def test_bytes_go_in_and_plain_data_comes_out() -> None:
    assert run(reads, b"abc" * MB) == {"size": 3 * MB, "first": "abc"}
    assert run(reads, b"") == {"size": 0, "first": ""}


def test_what_every_child_needs_is_imported_once_before_they_are_forked() -> None:
    for _ in range(2):
        where, parent = run(tells_where, b"")
        assert where == parent
    assert imported_in == os.getpid()


FAILING = [
    (hoards, Reason.MEMORY, ""),
    (chatters, Reason.SIZE, ""),
    (returns_no_json, Reason.RAISED, "TypeError: Object of type object is not JSON serializable"),
    (recurses, Reason.RAISED, "RecursionError"),
    (dies, Reason.DIED, ""),
    (leaves_early, Reason.DIED, ""),
]


@pytest.mark.parametrize(
    ("function", "reason", "detail"), FAILING, ids=lambda value: getattr(value, "__name__", "")
)
def test_what_takes_too_much_or_fails_says_so_and_harms_no_later_call(function, reason, detail) -> None:
    with pytest.raises(BoundedError) as raised:
        run(function, b"x" * MB, SMALL)
    assert raised.value.reason is reason
    assert raised.value.detail.startswith(detail)
    assert run(reads, b"fine", SMALL)["size"] == 4


@pytest.mark.parametrize(
    ("function", "budget"),
    [(spins, Budget(cpu=1)), (spins, Budget(seconds=0.5)), (sleeps, Budget(seconds=0.5))],
)
def test_what_does_not_end_is_ended(function, budget: Budget) -> None:
    begun = time.monotonic()
    with pytest.raises(BoundedError) as raised:
        run(function, b"", budget)
    assert raised.value.reason is Reason.TIME
    assert time.monotonic() - begun < 15


def test_a_long_message_is_cut() -> None:
    with pytest.raises(BoundedError, match="ValueError: no notebook") as raised:
        run(raises, b"", SMALL)
    assert len(raised.value.detail) == 500


def test_it_holds_nothing_of_the_callers_and_reaches_no_network(tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, (tmp_path / "gradebook.db").open("w"):
        port = str(server.getsockname()[1]).encode()
        assert run(dials, port)[0] == "refused"
        held = run(lists_what_it_holds, b"")
        assert dials(port) == ["connected"]
    assert {name.partition(":")[0] for name in held} == {"/dev/null", "socket"}
    assert len([name for name in held if name != "/dev/null"]) == 1


def test_it_ends_with_its_caller(tmp_path) -> None:
    os.mkfifo(tmp_path / "never-written")
    code = "import sys; from grading.bounded import run; run(open, sys.argv[1].encode())"
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "never-written")]) as caller:
        family, deadline = [], time.monotonic() + 60
        while len(family) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
            family = psutil.Process(caller.pid).children(recursive=True)
        caller.kill()
    assert len(family) == 2  # the helper and its child, which waits for ever
    assert psutil.wait_procs(family, timeout=20)[1] == []


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> socket.socket:
    """The other end of the next call, in the place of a child."""
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(bounded, "_connection_to_child", lambda helper: ours)
    monkeypatch.setattr(bounded, "SLACK_SECONDS", 0.1)
    with theirs:
        yield theirs


@pytest.mark.parametrize("said", [b'{"value": [1, 2', b"[]", b"3", b"{}", b'{"reason": "NONE"}', b"\xff"])
def test_an_answer_that_was_cut_off_or_is_none_of_ours_is_no_answer(
    child: socket.socket, said: bytes
) -> None:
    child.sendall(said)
    child.shutdown(socket.SHUT_WR)
    with pytest.raises(BoundedError) as told:
        run(reads, b"abc")
    assert told.value.reason is Reason.DIED


@pytest.mark.parametrize("size", [3, 64 * MB])
def test_a_child_that_neither_reads_nor_answers_is_late(child: socket.socket, size: int) -> None:
    with pytest.raises(BoundedError) as told:
        run(reads, bytes(size), Budget(seconds=0.1))
    assert told.value.reason is Reason.TIME


def _ends_its_helper(data: bytes) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(20)


def _ends_its_helper_once(data: bytes) -> str:
    path = Path(data.decode())
    if path.exists():
        return "again"
    path.touch()
    return _ends_its_helper(data)


def test_a_call_whose_helper_is_ended_is_begun_again(tmp_path: Path) -> None:
    assert run(_ends_its_helper_once, str(tmp_path / "begun").encode()) == "again"
