"""From an answer to a verdict: calling it, comparing it, saying what is wrong.

`judge` is pure: exercise, cases and outcomes in, verdict out. `check` calls the answer in the student's kernel and
judges; the grader calls it elsewhere and judges with the same function.
"""

from course_lib.checking.calling import Outcome
from course_lib.checking.judging import judge
from course_lib.checking.kernel import check, hint, summary
from course_lib.checking.packing import pack
from course_lib.checking.progressing import progress
from course_lib.checking.verdict import Verdict

__all__ = ["Outcome", "Verdict", "check", "hint", "judge", "pack", "progress", "summary"]
