# Makes plain `nbgrader ...` and the formgrader work from the root of a clone, the only place where they look for it.
from pathlib import Path

from grading import autograde, release, rights

here = Path(__file__).resolve().parent
c = get_config()
# True: every account of the group to which this folder belongs grades.
c.CourseDirectory.groupshared = False
# Any folder that every account of this machine may enter.
c.Exchange.root = str(here / "grading" / "exchange")
rights.close(here, Path(c.Exchange.root), shared=c.CourseDirectory.groupshared)
c.CourseDirectory.course_id = "backprop"
c.CourseDirectory.root = str(here)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{here / 'grading' / 'gradebook.db'}"
# A file that also lies in solutions/ would replace the student's; what a student answered in a diagram must not.
c.Autograde.exclude_overwriting = {lesson: ["answers.json"] for lesson in release.LESSONS}
release.configure(c)
autograde.configure(c)  # every way to autograde runs submissions in the sandbox and judges them outside
