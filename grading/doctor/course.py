"""What a course has: an exchange that everyone reaches, files that only graders read, its secret, its gradebook."""

import os
import stat
from pathlib import Path

from nbgrader.api import Gradebook
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from grading import release, rights, score
from grading.doctor.finding import Finding, fail, ok, warn
from grading.lessons import notebooks_of_own

ANYBODY = stat.S_IRWXO
MOST_NAMES = 3


def exchange(root: Path) -> Finding:
    """Look whether every account can hand in, and none can move what is another's."""
    if not root.is_dir():
        return fail(f"{root} is not there", f"mkdir -p {root} && chmod 1777 {root}")
    if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        return fail(f"{root} cannot be written by this account", f"sudo chmod 1777 {root}")
    mode = stat.S_IMODE(root.stat().st_mode)
    if mode & rights.EXCHANGE != rights.EXCHANGE:
        return warn(
            f"{root} has the rights {mode:o}: not every account hands in safely", f"chmod 1777 {root}"
        )
    closed = [path for path in root.resolve().parents if not path.stat().st_mode & stat.S_IXOTH]
    if closed:
        return warn(
            f"{root}: other accounts cannot enter {closed[-1]}, so only this one hands in",
            "c.Exchange.root in nbgrader_config.py: a folder that all can enter, such as /srv/exchange",
        )
    return ok(f"{root}, open to every account")


def privacy(course: Path, *, shared: bool) -> Finding:
    """Look whether what is the graders' alone is closed to everybody else."""
    kept = [course / name for name in (*rights.CLOSED, *rights.CLOSED_FILES)]
    others = ANYBODY if shared else ANYBODY | stat.S_IRWXG
    found = [path for path in kept if path.exists() and path.stat().st_mode & others]
    names = [str(path.relative_to(course)) for path in found]
    if found:
        closing = f"chmod {'o-rwx' if shared else 'go-rwx'} {' '.join(names)}"
        ours = all(path.stat().st_uid == os.geteuid() for path in found)
        return fail(f"other accounts can enter {_some(names)}", closing if ours else f"sudo {closing}")
    return ok(f"{sum(path.exists() for path in kept)} folders and files closed to other accounts")


def secret(path: Path, *, shared: bool) -> Finding:
    """Look whether there is a secret to draw inputs from; none is made here."""
    if not path.exists():
        return ok(f"{path} is not there yet: the first autograde makes it")
    try:
        score.secret_of(path, shared=shared)
    except (ValueError, OSError) as error:
        return fail(str(error), f"restore {path} from the backup: without it grades come out otherwise")
    return ok(f"{path}: keep a copy of it with the gradebook")


def gradebook(address: str, course_id: str) -> Finding:
    """Look whether the gradebook opens, and what it holds; none is made here."""
    file = make_url(address).database if address.startswith("sqlite") else None
    if file and not (Path(file).is_file() and Path(file).stat().st_size):
        return ok(f"{file} is empty: `nbgrader generate_assignment LESSON` begins it")
    try:
        _try_to_read(address)
        with Gradebook(address, course_id) as book:
            lessons, students = len(book.assignments), len(book.students)
    except (SQLAlchemyError, OSError, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return fail(f"it cannot be opened: {reason}", "nbgrader db upgrade; else restore it from the backup")
    return ok(f"{_several(lessons, 'lesson')} and {_several(students, 'student')}")


def _try_to_read(address: str) -> None:
    """Raise where there is no database; nbgrader would leave its connection open."""
    engine = create_engine(address)
    try:
        inspect(engine).get_table_names()
    finally:
        engine.dispose()


def notebooks(course: Path) -> Finding:
    """Look whether what students are given is what the solutions generate."""
    source = release.SOLUTIONS if release.OWN else course / "solutions"
    if release.EDITION:
        made = release.NOTEBOOKS, release.MANIFEST
    else:
        made = course / "notebooks", course / "grading" / release.MANIFEST.name
    own = [path.stem for path in notebooks_of_own()]
    where = "edition/lessons/ or solutions/" if own else "solutions/"
    try:
        found = release.differences(source, *made)
    except release.ReleaseError as error:
        return fail(str(error).splitlines()[0], f"mend {where}, then python -m grading notebooks")
    if found:
        return fail(_some(found), "python -m grading notebooks")
    edition = ", by the class edition" if release.EDITION else ""
    beside = f"; your own: {', '.join(own)}" if own else ""
    return ok(f"{made[0]} is what {source.name}/ generates{edition}{beside}")


def _some(names: list[str]) -> str:
    left = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {left} more" if left > 0 else "")


def _several(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
