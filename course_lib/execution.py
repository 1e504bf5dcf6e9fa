"""Who runs this kernel: somebody at work in a notebook, or a step of nbgrader; and on what: a machine, or a browser."""

import logging
import os
import sys
import time
from functools import cache
from pathlib import Path

# Pyodide: no signals, no threads, no processes, and about four times as long for everything.
IN_BROWSER = sys.platform == "emscripten"
SLOWER = 4 if IN_BROWSER else 1
# What this thread has computed, in seconds; in a browser there is one thread, and no clock of its own.
thread_time = getattr(time, "thread_time", time.process_time)
if IN_BROWSER:  # with every start it would say below the first picture that it is looking for fonts
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


@cache
def started_in() -> Path | None:
    """Return the folder of a notebook whose kernel runs in a browser; None on a machine, where the shell knows it.

    There a kernel gets into that folder only after its shell has noted where it stands, and after the site has imported
    the course. So it is where this is asked first: before the first cell runs.
    """
    return Path.cwd() if IN_BROWSER else None


def nbgrader_step() -> str:
    """Return the step of nbgrader that runs this kernel, ``"autograde"`` or ``"validate"``; "" if it is none."""
    return os.environ.get("NBGRADER_EXECUTION", "")
