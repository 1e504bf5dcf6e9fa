"""From an answer to a verdict, in four rooms: it is called, judged, its card is written, the student asks for it.

`judge` is pure: exercise, cases and outcomes in, verdict out. `check` calls the answer in the student's kernel and
judges; the grader calls it elsewhere and judges with the same function.
"""

from course_lib.checking.calling import Outcome
from course_lib.checking.cards import Verdict, judge
from course_lib.checking.student import check, hint, pack, progress, summary

__all__ = ["Outcome", "Verdict", "check", "hint", "judge", "pack", "progress", "summary"]
