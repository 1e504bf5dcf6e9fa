"""Who runs this kernel: somebody at work in a notebook, or a step of nbgrader."""

import os


def nbgrader_step() -> str:
    """Return the step of nbgrader that runs this kernel, ``"autograde"`` or ``"validate"``; "" if it is none."""
    return os.environ.get("NBGRADER_EXECUTION", "")
