"""The gradebook may be a PostgreSQL database: the same grades, marks and feedback as with SQLite."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from tests.corpus.classroom import SCORES, Classroom, stories
from tests.life import LESSON

pytestmark = [pytest.mark.soak, pytest.mark.sandbox]
WHERE = ":".join([*glob.glob("/usr/lib/postgresql/*/bin"), os.environ.get("PATH", os.defpath)])
ESSAY = "explain_w11_01"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of its own, in a new folder and on a Unix socket there; its address."""
    programs = {name: shutil.which(name, path=WHERE) for name in ("initdb", "postgres", "pg_isready")}
    if not all(programs.values()):
        pytest.skip("PostgreSQL is not installed: sudo apt install postgresql")
    # The server does not run as root.
    other = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        os.chmod(folder, 0o755)
        data = Path(folder, "data")
        data.mkdir()
        if other:
            shutil.chown(folder, other["user"], other["group"])
            shutil.chown(data, other["user"], other["group"])
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        make = [programs["initdb"], "-D", str(data), "-U", "grader", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(make, check=True, timeout=120, **quiet, **other)
        begin = [programs["postgres"], "-D", str(data), "-k", folder, "-c", "listen_addresses=", "-F"]
        running = subprocess.Popen(begin, **quiet, **other)
        try:
            for _ in range(120):
                asked = [programs["pg_isready"], "-h", folder, "-q", "-t", "1"]
                if subprocess.run(asked, check=False, timeout=30).returncode == 0:
                    break
                running.poll()
            yield f"postgresql+psycopg://grader@/postgres?host={quote(folder)}"
        finally:
            running.terminate()
            running.wait(60)


def _class_in(folder: Path, released: Path) -> Classroom:
    room = Classroom(folder, released)
    room.canaries["neighbour"] = "the same in both classes"
    for student in ("anna", "ben"):
        room.seat(student)
    room.seat("cleo", stories("hostile")["dies_in_an_answer"])
    return room


def _mark(url: str) -> None:
    with Gradebook(url) as book:
        grade = book.find_grade(ESSAY, LESSON, LESSON, "ben")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        book.db.commit()


def test_the_life_of_a_class_is_the_same_as_with_sqlite(tmp_path: Path, released: Path, server: str) -> None:
    ours, theirs = _class_in(tmp_path / "sqlite", released), _class_in(tmp_path / "postgresql", released)
    with (theirs.folder / "nbgrader_config.py").open("a") as file:
        file.write(f"c.CourseDirectory.db_url = {server!r}\n")
    theirs.commands(["generate_assignment", LESSON, "--force"])
    for room, url in ((ours, f"sqlite:///{ours.folder / 'grading' / 'gradebook.db'}"), (theirs, server)):
        room.autograde("--Grading.workers=2")
        _mark(url)
        # The mark of an essay that has not changed stands.
        room.autograde("--force", "--Grading.workers=2")
        room.commands(["generate_feedback", LESSON, "--Grading.workers=2"])
        assert "Graded before and not changed: 3." in room.autograde()
    engine = create_engine(server)
    with engine.connect() as database:
        rows = [tuple(row) for row in database.execute(text(SCORES))]
    engine.dispose()
    assert sorted(rows) == sorted((s, c, points, bool(waits)) for s, c, points, waits in ours.grades())
    with Gradebook(server) as book:
        assert book.find_grade(ESSAY, LESSON, LESSON, "ben").manual_score == 2.0
    pages = [
        room.folder / "grading" / "feedback" / "ben" / LESSON / f"{LESSON}.html" for room in (ours, theirs)
    ]
    # The end of a page says from which records it was made.
    first, second = (page.read_text().rsplit("<!--", 1)[0] for page in pages)
    assert first == second
