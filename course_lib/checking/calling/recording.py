"""One call of an answer with every value in it recorded: which expression made it, from what, and what it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any

from course_lib.checking.calling.event_log import EnoughError
from course_lib.checking.calling.events import Recording
from course_lib.checking.calling.instrumenting import instrumented
from course_lib.checking.calling.notebook_functions import reached, source_of
from course_lib.checking.calling.outcome import Outcome
from course_lib.checking.calling.recorder import Recorder
from course_lib.checking.calling.sites import Sites
from course_lib.checking.calling.traces import as_before, leaves_traces


def record(answer: Any, run: Callable[[], Outcome]) -> Recording | None:
    """Call ``run()``, which calls `answer` under the usual guards, and return what happened in it.

    None where nothing can be recorded: no source, or code that leaves traces that cannot be put back.
    """
    functions = reached(answer)
    if not functions or any(leaves_traces(function) for function in functions):
        return None
    recorder = Recorder(Sites())
    codes = rewritten(functions, recorder)
    if not codes:
        return None
    with as_before(functions) as can_be_put_back:
        if not can_be_put_back:
            return None
        with in_place(codes):
            recorder.log.start()
            outcome = run()
    return _recording(recorder, outcome, functions[0].__code__)


def rewritten(functions: list[FunctionType], recorder: Recorder) -> dict[FunctionType, CodeType]:
    """Return the code that reports to the recorder, of every function for which there can be one."""
    found = {}
    for function in functions:
        with contextlib.suppress(SyntaxError, ValueError, TypeError, RecursionError):
            source = source_of(function)
            code = source and instrumented(function, source, recorder.sites, recorder.calls_in_code())
            if code:
                found[function] = code
    return found


@contextlib.contextmanager
def in_place(codes: Mapping[FunctionType, CodeType]) -> Iterator[None]:
    """Give functions another code for a while."""
    old = [(function, function.__code__) for function in codes]
    try:
        for function, code in codes.items():
            function.__code__ = code
        yield
    finally:
        for function, code in old:
            function.__code__ = code


# ---- what comes out


def _recording(recorder: Recorder, outcome: Outcome, own: CodeType) -> Recording:
    """Return what was recorded of a call that ended like this."""
    complete = recorder.log.stop()
    raising, at_it = -1, ()
    result, returned = (), ()
    with contextlib.suppress(EnoughError):
        if not outcome.failed:
            result, returned = _result(recorder, outcome.value)
        elif complete and recorder.open:
            raising, height = recorder.open[-1]
            at_it = recorder.operands(recorder.operands_on_stack(raising, height))
    return Recording(
        tuple(recorder.table),
        tuple(recorder.events),
        tuple(recorder.calls),
        result,
        returned,
        raising,
        at_it,
        complete,
        tuple(sorted(recorder.sites.numbers)),
        own.co_filename,
        own.co_firstlineno,
    )


def _result(recorder: Recorder, value: Any) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """Return the events and the site of each piece of what was returned."""
    site, whole, entries = recorder.returns
    pieces = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(pieces, list | tuple) or all(isinstance(each, float) for each in pieces):
        return (recorder.log.sources(site, value),), (site,)
    if whole is not value:  # put together by whoever called
        sites = (-1,) * len(pieces)
    elif len(entries) == len(pieces):
        sites = tuple(entry.site for entry in entries)
    else:
        sites = (site,) * len(pieces)
    return tuple(map(recorder.log.sources, sites, pieces)), sites
