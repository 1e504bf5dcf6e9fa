"""From outcomes to a judgement. Pure data: no kernel, no clock, no words, so the grader can use it outside."""

from course_lib.checking.judging.by_kind import judgement
from course_lib.checking.judging.grounds import Grounds, grounds
from course_lib.checking.judging.judgement import (
    Diagnosis,
    Finding,
    Judgement,
    Place,
    Reason,
    SlotState,
    Trial,
)

__all__ = [
    "Diagnosis",
    "Finding",
    "Grounds",
    "Judgement",
    "Place",
    "Reason",
    "SlotState",
    "Trial",
    "grounds",
    "judgement",
]
