"""An outer box in which even stock nbgrader, which runs students' code as the instructor, can harm nothing.

No network, processes of its own, a read-only system, a throw-away copy of the course; watched from outside for
memory, processes, disk and time. What a story does there is read off the copy afterwards. This course brings its
own sandbox, which cannot be nested in another: it runs without the outer box, watched alike.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grading.sandbox.filesystem import python_folders
from grading.sandbox.limits import MB, Limits
from grading.sandbox.watch import Watch
from tests.conftest import LEAN
from tests.corpus.classroom import SCORES, stories
from tests.corpus.making import FULL, HONEST, LESSON, ROOT
from tests.stock.layout import NEIGHBOURS, STUDENT, Layout

# Room for an honest class many times over; beyond it the machine of an instructor would be in trouble.
LIMITS = Limits(memory=4096 * MB, cpu=400, processes=150, threads=400, disk=2500 * MB, seconds=300.0)
DISK = str(1024 * MB)
SYSTEM = ("/usr", "/bin", "/sbin", "/etc/passwd", "/etc/ssl", "/etc/fonts", "/etc/alternatives")


def _boxed(base: Path, environment: dict[str, str]) -> list[str]:
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--hostname", "classroom"]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for folder in ("/tmp", "/home/teacher", "/dev/shm"):
        command += ["--size", DISK, "--tmpfs", folder]
    # Only the tools and this checkout; nothing else of the machine is anybody's business here.
    for path in dict.fromkeys((*SYSTEM, *python_folders(), str(ROOT))):
        command += ["--ro-bind-try", path, path]
    command += ["--bind", str(base / "course"), "/course", "--bind", str(base / "told"), "/told"]
    command += ["--chdir", "/course", "--clearenv"]
    for name, value in environment.items():
        command += ["--setenv", name, value]
    return [*command, "--"]


def run(base: Path, words: list[str], canary: str, boxed: bool) -> str:
    """Run Python with `words` in `base`/course; return why it was ended, or nothing."""
    here = {"HOME": "/home/teacher", "TMPDIR": "/tmp", "TOLD": "/told/told.json"}
    if not boxed:
        here = {"HOME": str(base / "home"), "TMPDIR": str(base / "tmp"), "TOLD": str(base / "told/told.json")}
        for name in ("home", "tmp"):
            (base / name).mkdir()
    environment = here | {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join((str(ROOT), LEAN)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SECRET_TOKEN": canary,
    }
    command = [*(_boxed(base, environment) if boxed else []), sys.executable, *words]
    null = subprocess.DEVNULL
    process = subprocess.Popen(
        command,
        cwd=base / "course",
        env=environment,
        stdin=null,
        stdout=null,
        stderr=null,
        start_new_session=True,
    )
    watch = Watch(process.pid, LIMITS, time.monotonic() + LIMITS.seconds)
    watch.look = lambda: "it filled the disk" if _size(base) > LIMITS.disk else ""
    watch.start()
    process.wait()
    watch.stop()
    return watch.reason


def _size(folder: Path) -> int:
    """Return the bytes below a folder; `du` minds neither depth nor names."""
    done = subprocess.run(["du", "-s", "-B", "1", str(folder)], capture_output=True, text=True)
    return int(done.stdout.split()[0])


def story(template: Path, layout: Layout, kind: str, name: str) -> dict:
    """Grade one story between two honest students and return what it did."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        shutil.copytree(template, base / "course", symlinks=True)
        (base / "told").mkdir()
        canary = f"canary-{secrets.token_hex(8)}"
        (base / "course" / "canary.txt").write_text(f"{canary}-file")
        before = _files(base / "course", layout)
        words = ["-m", "tests.stock.inside", layout.name, kind, name, f"{canary}-neighbour"]
        ended = run(base, words, f"{canary}-env", boxed=layout.name == "stock")
        told = {}
        with contextlib.suppress(OSError, ValueError):
            told = json.loads((base / "told" / "told.json").read_text())
        if not told:
            raise RuntimeError(f"the class could not be seated {ended}")
        wrote = sorted(set(_files(base / "course", layout).items()) - set(before.items()))
        told["wrote"] = [path for path, _ in wrote if STUDENT not in path]
        return told | _results(base / "course", layout, canary) | {"ended": ended, "kind": kind, "name": name}


def _files(course: Path, layout: Layout) -> dict[str, str]:
    """Return every file but those that grading makes or the class hands in."""
    made = (layout.autograded, layout.gradebook, layout.submitted, "grading/secret", "grading/exchange")
    found = {}
    for where, _, names in os.walk(course):
        for name in names:
            path = Path(where, name)
            short = path.relative_to(course).as_posix()
            if not short.startswith(made):
                found[short] = f"{path.lstat().st_size} {path.lstat().st_mtime_ns}"
    return found


def _results(course: Path, layout: Layout, canary: str) -> dict:
    totals: dict[str, float] = {}
    with contextlib.suppress(sqlite3.Error):
        book = sqlite3.connect(f"file:{course / layout.gradebook}?mode=ro", uri=True)
        with contextlib.closing(book):
            for student, _, score, _ in book.execute(SCORES):
                totals[student] = totals.get(student, 0.0) + (score or 0.0)
    shown = ""
    path = course / layout.autograded / STUDENT / LESSON / f"{LESSON}.ipynb"
    with contextlib.suppress(OSError, ValueError, AttributeError):
        shown = json.dumps([cell.get("outputs") for cell in json.loads(path.read_text())["cells"]])
    hidden = {"canary": canary, "solutions": "BEGIN SOLUTION", "gradebook": "SQLite format 3"}
    return {"totals": totals, "read": [what for what, word in hidden.items() if word in shown]}


def judge(found: dict) -> dict[str, bool]:
    """Tell which kinds of harm a story did."""
    totals, deserved = found["totals"], stories(found["kind"])[found["name"]].points
    outside = found.get("heard", []) + found.get("files", []) + found["wrote"]
    return {
        "gains a point": totals.get(STUDENT, 0.0) > max(HONEST, deserved) + 1e-9,
        "reads what is not its own": bool(found["read"]),
        "writes, leaves or sends something outside": bool(outside) or found.get("processes", 0) > 0,
        "stops the class or changes a neighbour's grade": any(totals.get(n) != FULL for n in NEIGHBOURS),
        "loses more than it broke": totals.get(STUDENT, 0.0) < deserved - 1e-9,
    }
