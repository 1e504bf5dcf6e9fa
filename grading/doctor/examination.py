"""Every check, in the order in which one thing needs the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from nbgrader.exchange.default.exchange import Exchange

from grading.batch import Grading
from grading.doctor import course, machine
from grading.doctor.finding import Finding, fail, ok
from grading.here import CONFIGURATION, NoCourseError, configured

Check = Callable[[], Finding]


def examine() -> Iterator[tuple[str, Finding]]:
    """Yield what is looked at in the current folder, and how it stands; nothing stops the examination."""
    for name, check in _checks():
        yield name, _tried(check)


def _checks() -> Iterator[tuple[str, Check]]:
    yield "Python", machine.python
    yield "packages", machine.packages
    yield "alembic", machine.alembic  # as it is before the configuration is read, which finds it anyway
    yield "bubblewrap", machine.sandbox
    yield "extensions", machine.extensions
    yield "room", lambda: machine.room(Path.cwd())
    try:
        app = configured()
    except NoCourseError as error:
        found = fail(str(error), "cd to the clone, and see that its configuration loads")
        yield "course", lambda: found
        return
    here = app.coursedir
    root, shared = Path(here.root), here.groupshared
    yield "course", lambda: ok(f"{here.course_id}, by {root / CONFIGURATION}")
    yield "exchange", lambda: course.exchange(Path(Exchange(coursedir=here, parent=app).root))
    yield "rights", lambda: course.privacy(root, shared=shared)
    yield "secret", lambda: course.secret(root / Grading(parent=app).secret_file, shared=shared)
    yield "gradebook", lambda: course.gradebook(here.db_url, here.course_id)
    yield "notebooks", lambda: course.notebooks(root)


def _tried(check: Check) -> Finding:
    try:
        return check()
    except Exception as error:  # a doctor says what is wrong, whatever it is
        return fail(
            f"this could not be looked at: {type(error).__name__}: {error}", "mend that, and look again"
        )
