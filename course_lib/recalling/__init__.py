"""Questions about the lessons before, and a challenge at the end of each: no points, explained at once."""

from course_lib.recalling.asking import challenge as challenge
from course_lib.recalling.asking import recall as recall
