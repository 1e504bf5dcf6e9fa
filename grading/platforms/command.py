"""``python -m grading import ZIP LESSON --roster students.csv``."""

import sys
from pathlib import Path

from grading.here import NoCourseError, configured
from grading.lessons import LESSONS
from grading.platforms import importing
from grading.platforms.download import DownloadError
from grading.platforms.roster import read_roster
from grading.platforms.tables import TableError
from grading.platforms.telling import told
from grading.platforms.times import zone_named


def run(archive: Path, lesson: str, roster: Path, timezone: str = "", *, replace: bool = False) -> int:
    """Take in a download, say what became of it, and return the exit status.

    It is 0 where everything found its place, 1 where something waits for a person, 2 where nothing could be done.
    """
    try:
        if lesson not in LESSONS:
            raise TableError(f"There is no lesson {lesson!r}. There are: {', '.join(LESSONS)}.")
        zone, people = zone_named(timezone) if timezone else None, read_roster(roster)
        report = importing.run(archive, lesson, people, _folders(lesson), replace=replace, zone=zone)
    except (TableError, DownloadError, NoCourseError) as error:
        print(error, file=sys.stderr)
        return 2
    print(*told(report), sep="\n")
    return 0 if report.is_whole else 1


def _folders(lesson: str) -> importing.Folders:
    """Return what says where a submission belongs: nbgrader, as this course has set it up."""
    course = configured().coursedir

    def folder(student: str) -> Path:
        return Path(course.format_path(course.submitted_directory, student, lesson))

    return folder
