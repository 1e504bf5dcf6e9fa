"""Tell what a `NotImplementedError` is: the stub as it was, one left in an answer, or that of a function it calls."""

import ast
import inspect
import linecache
import textwrap
from pathlib import Path
from types import CodeType

from course_lib.checking.calling.outcome import Status

MARK = "# YOUR CODE HERE"
# Some stubs begin with lines that are given; no more than these.
MOST_GIVEN = 2
# The frames between a check and the answer are those of these files.
_OURS = frozenset({"call.py", "by_kind.py", "collector.py"})


def stub_that_raised(raised: NotImplementedError) -> tuple[Status, str]:
    """Tell whether the answer is a stub as it was, has one left in it, or calls one; and the name of the last."""
    codes = _codes(raised)
    if not codes or (codes[0] is codes[-1] and _untouched(codes[0])):
        return Status.UNANSWERED, ""
    if str(raised):  # no stub's: theirs has no message
        return Status.RAISED, ""
    if codes[0] is codes[-1] or codes[-1].co_name.startswith("<"):
        return Status.STUB_LEFT, ""
    return Status.STUB_CALLED, codes[-1].co_name


def _codes(raised: BaseException) -> list[CodeType]:
    """Return the code of every frame from the answer down to where it was raised."""
    found, entry = [], raised.__traceback__
    while entry is not None:
        code = entry.tb_frame.f_code
        if found or Path(code.co_filename).name not in _OURS:
            found.append(code)
        entry = entry.tb_next
    return found


def _untouched(code: CodeType) -> bool:
    """Tell a stub as it was given from one with work in it; where there is no source, take it for untouched."""
    try:
        # Not `inspect.getsource`: it looks through every module that there is for one with this file.
        found = inspect.getblock(linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :])
        lines = textwrap.dedent("".join(found)).splitlines()
        body = ast.parse("\n".join(lines)).body[0].body
    except (OSError, SyntaxError, AttributeError, IndexError):
        return True
    last, before = body[-1], [line for line in body[:-1] if not _is_text(line)]
    if not isinstance(last, ast.Raise):
        return False
    marked = lines[last.lineno - 2].strip() == MARK
    return not before or (marked and len(before) <= MOST_GIVEN)


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
