"""For ``nbgrader zip_collect``: whose a file of a download is, by the roster."""

from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import List, Unicode

from course_lib.answers import NAME
from grading.platforms.names import READ, Named, without_number
from grading.platforms.roster import Roster, read_roster


class RosterCollector(FileNameCollectorPlugin):
    """``nbgrader zip_collect --collector=grading.platforms.RosterCollector --RosterCollector.roster=students.csv``.

    It says whose a file is, as ``python -m grading import`` does; nbgrader takes the archive apart, without its limits.
    """

    roster = Unicode(help="the list of the class").tag(config=True)
    valid_ext = List(default_value=[".ipynb", ".json"], help="the files that are collected").tag(config=True)
    _people: Roster | None = None

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return the student and the name of a file that was taken out of a download; None where it is left out."""
        if Path(submitted_file).suffix not in self.valid_ext:
            return None
        if self._people is None:
            self._people = read_roster(Path(self.roster))
        named = _named(Path(submitted_file).parts)
        people = self._people.find(named.owner) if named and named.owner and not named.why else ()
        if not named or len(people) != 1:
            whose = ", ".join(person.id for person in people) or "nobody on the roster"
            self.log.warning("%s was left out: it may be of %s.", submitted_file, whose)
            return None
        lesson = self.parent.coursedir.assignment_id
        first = without_number(named.file)
        return {
            "student_id": people[0].id,
            "file_id": first if first in (f"{lesson}.ipynb", NAME) else named.file,
        }


def _named(parts: tuple[str, ...]) -> Named | None:
    """Read whose a file is; a zip has become a folder that is named as the zip was."""
    for read in READ.values():
        for end in range(1, len(parts) + 1):
            named = read(parts[:end])
            if named:
                return named if end == len(parts) else named._replace(file=parts[-1])
    return None
