"""From a platform's download to submissions that can be graded: whose each is, what becomes of it, who is missing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from grading.intake.files import Problem
from grading.platforms.download import Download, HandIn, opened
from grading.platforms.roster import Person, Platform, Roster
from grading.platforms.submitted import TIMESTAMP, Became, put
from grading.platforms.taking import Taken, taken
from grading.platforms.times import moment, stamp

Folders = Callable[[str], Path]


@dataclass
class Report:
    """What an import did, for a person to read; students stand in it by their ids."""

    platform: Platform
    lesson: str
    became: dict[Became, list[str]] = field(default_factory=lambda: {kind: [] for kind in Became})
    unclear: list[tuple[HandIn, tuple[Person, ...]]] = field(default_factory=list)
    strangers: list[HandIn] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    untimed: list[str] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether everything that was handed in has found its place."""
        return not (self.unclear or self.strangers or self.empty or self.became[Became.KEPT])


def run(
    archive: Path,
    lesson: str,
    roster: Roster,
    folder: Folders,
    *,
    replace: bool = False,
    zone: tzinfo | None = None,
) -> Report:
    """Take in the hand-ins of a download.

    Parameters
    ----------
    archive
        The zip, as Moodle or Canvas made it.
    lesson
        The lesson's id.
    roster
        The class; the name of a student's folder comes from here.
    folder
        Where the submission of a student belongs, by the student's id.
    replace
        Whether what is there already is moved aside; otherwise it stays.
    zone
        The time zone of times that say none.
    """
    with opened(archive) as download:
        report = Report(download.platform, lesson)
        report.problems = [("", problem) for problem in download.problems]
        for hand_in, person in _owned(download, roster, report):
            _take_in(hand_in, person, folder(person.id), report, replace=replace, zone=zone)
        handed_in = {p.id for h in download.hand_ins for p in roster.find(h.owner)}
        report.missing = [p.id for p in roster.people if p.id not in handed_in and not folder(p.id).exists()]
    return report


def _owned(download: Download, roster: Roster, report: Report) -> list[tuple[HandIn, Person]]:
    """Return every hand-in with the one student who can have made it; note the others in the report."""
    found = [(hand_in, roster.find(hand_in.owner)) for hand_in in download.hand_ins]
    claims = Counter(people[0].id for _, people in found if len(people) == 1)
    owned = []
    for hand_in, people in found:
        if not people:
            report.strangers.append(hand_in)
        elif len(people) > 1 or claims[people[0].id] > 1:
            report.unclear.append((hand_in, people))
        else:
            owned.append((hand_in, people[0]))
    return owned


def _take_in(
    hand_in: HandIn, person: Person, folder: Path, report: Report, *, replace: bool, zone: tzinfo | None
) -> None:
    found: Taken = taken(hand_in, report.lesson)
    report.problems += [(person.id, problem) for problem in found.problems]
    report.notes += [(person.id, note) for note in found.notes]
    if hand_in.late:
        report.late.append(person.id)
    if not found.files:
        report.empty.append(person.id)
        return
    when = moment(person.submitted, zone)
    if when:
        found.files[TIMESTAMP] = stamp(when)
    elif any(c.isdigit() for c in person.submitted):
        report.untimed.append(person.id)
    try:
        became = put(folder, found.files, replace=replace)
    except OSError as error:
        report.problems.append((person.id, Problem(str(folder), f"cannot be written ({error.strerror})")))
        report.empty.append(person.id)
        return
    report.became[became].append(person.id)
