"""What this notebook did: its lessons, the answers its cells defined, the runs that failed, the names of ours taken."""

from __future__ import annotations

import ast
import contextlib
import re
import sys
from collections.abc import Iterator
from typing import Any

from course_lib.checking.cards.content import Card
from course_lib.checking.cards.verdict import Shown
from course_lib.execution import nbgrader_step, started_in
from course_lib.exercises import EXERCISES, LESSONS

_COURSE = sys.modules["course_lib"]
_MISSING = object()
# What a cell that Python cannot read would have defined.
_DEFINED = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
# A notebook may call these at any time, whatever it has imported.
_ALWAYS_OURS = frozenset({"check", "hint", "pack", "progress", "summary"})


# The lessons whose exercises were checked in this kernel; `summary` is about these.
CHECKED: dict[str, None] = {}


def lessons_seen() -> tuple[str, ...]:
    """Return the lessons that this kernel works on."""
    namespace = vars(sys.modules["__main__"])
    return tuple(CHECKED) or tuple(lesson for lesson in LESSONS if _started(lesson, namespace))


def _started(lesson: str, namespace: dict) -> bool:
    return any(exercise.answer_name in namespace for exercise in LESSONS[lesson].exercises)


class CellHistory:
    """What was run in this kernel, as far as it concerns answers.

    `sources` is answer -> the source of the cell that defined it; `failures` is answer -> the error with which the
    last run of its cell stopped, where that left the answer as it was before.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.sources: dict[str, str] = {}
        self.failures: dict[str, str] = {}
        self._namespace = namespace
        self._before: dict[str, Any] = {}
        self._imported: set[str] = set()
        self._named: set[str] = set()

    def pre_run_cell(self, info: Any) -> None:
        """Remember what the answers are before a cell runs, and before the first where the notebook stands."""
        started_in()
        with contextlib.suppress(Exception):
            answers = answers_defined(info.raw_cell)
            self._before = {name: self._namespace.get(name, _MISSING) for name in answers}

    def post_run_cell(self, result: Any) -> None:
        """Record what a cell did, and say below it what a bare error would not."""
        with contextlib.suppress(Exception):
            source, error = result.info.raw_cell, result.error_before_exec or result.error_in_exec
            for name in answers_defined(source):
                self._record(name, source, error)
            note = self._note(source, error)
            if note:
                sys.modules["IPython"].display.display(note)

    def _record(self, name: str, source: str, error: BaseException | None) -> None:
        unchanged = self._namespace.get(name, _MISSING) is self._before.get(name, _MISSING)
        if error is not None and unchanged:
            self.failures[name] = _public_name(type(error))
            return
        self.failures.pop(name, None)
        self.sources[name] = source

    def _note(self, source: str, error: BaseException | None) -> Note | None:
        ours = {name for name in _COURSE.__all__ if self._is_ours(name)}
        self._imported |= ours
        self._named -= ours
        if isinstance(error, NameError):
            return self._about_missing(source, error.name or "")
        called = _called(source) if isinstance(error, TypeError) else set()
        names = [name for name in self.shadowed() if name not in self._named or name in called]
        self._named |= set(names)
        return Note("A name of the course is taken", *map(self.about_shadowed, names)) if names else None

    def _is_ours(self, name: str) -> bool:
        return name in self._namespace and self._namespace[name] is vars(_COURSE).get(name, _MISSING)

    def _about_missing(self, source: str, name: str) -> Note | None:
        title = f"`{name}` is not defined yet"
        if name in _checked(source):
            run = "Run the cell above that defines it, then this one."
            return Note(title, self.about_failure(name) or run)
        if name in _COURSE.__all__:
            return Note(title, "Run the first cell of the notebook, which imports it, and then this one.")
        return None

    def shadowed(self) -> list[str]:
        """Return the names of the course that stand for something else in the notebook now."""
        answers = {e.answer_name for e in EXERCISES.values() if e.lesson in lessons_seen()}
        known = (self._imported | _ALWAYS_OURS) - answers
        return sorted(name for name in known if name in self._namespace and not self._is_ours(name))

    def about_shadowed(self, name: str) -> str:
        """Say that a name of the course stands for something else."""
        return (
            f"`{name}` is no longer the function of the course: a cell gave the name to something else "
            f"({type(self._namespace[name]).__name__}). Give yours another name, then run the first cell again."
        )

    def about_failure(self, name: str) -> str:
        """Say that the last run of an answer's cell failed, or nothing."""
        error = self.failures.get(name)
        if not error:
            return ""
        before = f" What is checked here is the `{name}` from before." if name in self._namespace else ""
        return f"The cell that defines `{name}` stopped with {_article(error)} when it was last run.{before}"


class Note(Shown):
    """A few sentences below a cell, shown as a card."""

    label = "A note on this cell"

    def __init__(self, title: str, *lines: str) -> None:
        self.card = Card("unanswered", f"{title}.", lines)


def _article(error: str) -> str:
    return f"{'an' if error[:1] in 'AEIOU' else 'a'} {error}"


def answers_defined(source: str) -> set[str]:
    """Return the answers that a cell defines, or would define if Python could read it."""
    try:
        names = set(_bound(ast.parse(source).body))
    except (SyntaxError, ValueError):
        names = {function or variable for function, variable in _DEFINED.findall(source)}
    return names & {exercise.answer_name for exercise in EXERCISES.values()}


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _calls(source: str) -> list[ast.Call]:
    with contextlib.suppress(SyntaxError, ValueError):
        return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return []


def _called(source: str) -> set[str]:
    return {call.func.id for call in _calls(source) if isinstance(call.func, ast.Name)}


def _checked(source: str) -> set[str]:
    """Return the names of the answers that a cell hands to `check`."""
    checks = [call for call in _calls(source) if isinstance(call.func, ast.Name) and call.func.id == "check"]
    return {argument.id for call in checks for argument in call.args if isinstance(argument, ast.Name)}


def _public_name(kind: type[BaseException]) -> str:
    """Return what an error is called; Python 3.13 has a kind of SyntaxError that is its own affair."""
    return next(each.__name__ for each in kind.__mro__ if not each.__name__.startswith("_"))


def watch(shell: Any) -> CellHistory:
    """Return the history of a kernel's cells from now on; where nbgrader runs them it stays empty."""
    history = CellHistory(shell.user_ns if shell else vars(sys.modules["__main__"]))
    if shell and not nbgrader_step():
        shell.events.register("pre_run_cell", history.pre_run_cell)
        shell.events.register("post_run_cell", history.post_run_cell)
    return history


_ipython = sys.modules.get("IPython")
HISTORY = watch(_ipython.get_ipython() if _ipython else None)
