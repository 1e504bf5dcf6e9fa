# Makes plain `nbgrader ...` and the formgrader work from the root of a clone, the only place where they look for it.
from pathlib import Path

from grading import autograde, release

here = Path(__file__).resolve().parent
exchange = here / "grading" / "exchange"
if not exchange.exists():
    exchange.mkdir(parents=True)
    exchange.chmod(0o777)  # nbgrader's exchange belongs to everyone; what lies inside has rights of its own

c = get_config()
c.CourseDirectory.course_id = "backprop"
c.CourseDirectory.root = str(here)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{here / 'grading' / 'gradebook.db'}"
c.Exchange.root = str(exchange)
# A file that also lies in solutions/ would replace the student's; what a student answered in a diagram must not.
c.Autograde.exclude_overwriting = {lesson: ["answers.json"] for lesson in release.LESSONS}
release.configure(c)
autograde.configure(c)  # every way to autograde runs submissions in the sandbox and judges them outside
