"""Whether everything is there that grading needs: one finding a check, with the remedy beside what fails."""

from grading.doctor.examination import examine
from grading.doctor.finding import Finding, State

__all__ = ["Finding", "State", "examine"]
