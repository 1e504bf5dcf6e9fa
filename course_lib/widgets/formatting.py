"""Runs in words: from where to where, and in how many steps."""

from collections.abc import Sequence

from course_lib.scales import format_number


def from_to(values: Sequence[float]) -> str:
    """Return the first and the last of `values` in words."""
    return f"from {format_number(values[0])} to {format_number(values[-1])}"


def format_steps(steps: int) -> str:
    """Return a number of steps in words."""
    return "1 step" if steps == 1 else f"{steps} steps"
