"""Calling an answer on a case, whatever it prints, warns, raises, changes or never finishes."""

from course_lib.checking.calling.outcome import Error, Outcome, Status

__all__ = ["Error", "Outcome", "Status"]
