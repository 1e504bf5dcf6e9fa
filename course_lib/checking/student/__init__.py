"""What the notebook calls."""

from course_lib.checking.student.hinting import hint
from course_lib.checking.student.kernel import check
from course_lib.checking.student.packing import pack
from course_lib.checking.student.progressing import progress
from course_lib.checking.student.summarizing import summary

__all__ = ["check", "hint", "pack", "progress", "summary"]
