"""Looking at the clock from inside running code, where nothing outside it can interrupt it: in a browser."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType

# Python leaves 3 and 4 to whoever needs one; a limit may stand inside another.
_TOOLS = (3, 4)


@contextmanager
def looking(look: Callable[[], None]) -> Iterator[None]:
    """Call ``look()`` at every turn of a loop and every start of a function inside the block; it may raise.

    A single call that computes without Python, such as one of numpy's, is not looked into.
    """
    monitoring = sys.monitoring
    tool = next((each for each in _TOOLS if monitoring.get_tool(each) is None), None)
    if tool is None:  # the outermost limit looks already
        yield
        return
    events = monitoring.events

    def at_event(code: CodeType, *where: object) -> None:
        if code.co_filename not in _OURS:
            look()

    monitoring.use_tool_id(tool, "course_lib")
    try:
        for event in (events.JUMP, events.PY_START, events.PY_RESUME):
            monitoring.register_callback(tool, event, at_event)
        monitoring.set_events(tool, events.JUMP | events.PY_START | events.PY_RESUME)
        yield
    finally:
        monitoring.set_events(tool, events.NO_EVENTS)
        monitoring.free_tool_id(tool)


# A limit that has been reached must not stop what ends it.
_OURS = {__file__, contextmanager.__code__.co_filename}


def leave_alone(file: str) -> None:
    """Never look while code of this file runs."""
    _OURS.add(file)
