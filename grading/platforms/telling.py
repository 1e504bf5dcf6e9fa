"""What an import did, in lines for the terminal."""

import textwrap
from collections.abc import Iterator, Sequence

from grading.platforms.download import HandIn, legible
from grading.platforms.importing import Report
from grading.platforms.roster import Person, Platform
from grading.platforms.submitted import Became

WIDTH = 100
REMEDY = {
    Platform.MOODLE: "take Moodle's grading worksheet of this assignment as the roster: everyone has a number there",
    Platform.CANVAS: "take Canvas's gradebook as the roster, or give it a column lms_user_id",
}


def told(report: Report) -> Iterator[str]:
    """Yield the lines of a report: counts first, then everything that a person has to look at."""
    became = report.became
    yield (
        f"{report.platform.value}, {report.lesson}: {len(became[Became.IMPORTED])} imported, "
        f"{len(became[Became.REPLACED])} replaced, "
        f"{len(became[Became.UNCHANGED]) + len(became[Became.DATED])} unchanged, {len(report.missing)} missing."
    )
    yield from _names("Nothing was handed in by", report.missing)
    yield from _names("Only the time was added for", became[Became.DATED])
    yield from _names("Replaced (what was there is in .replaced beside it)", became[Became.REPLACED])
    kept = "Not imported, because another submission is there already; --replace moves that aside"
    yield from _names(kept, became[Became.KEPT])
    yield from _names("Not imported, because there was nothing to be taken", report.empty)
    for hand_in, people in report.unclear:
        yield _unclear(hand_in, people, report.platform)
    for hand_in in report.strangers:
        yield f"Not imported: {_called(hand_in)} is not on the roster."
    late = "Handed in late, says Canvas, which does not say when: no penalty is counted without a timestamp"
    yield from _names(late, report.late)
    untimed = "Without a timestamp, because the time on the roster is not clear (--timezone says in which zone it is)"
    yield from _names(untimed, report.untimed)
    yield from (f"{who}: {note}." for who, note in report.notes)
    for who, problem in report.problems:
        yield f"{f'{who}: ' if who else ''}{problem.label} {problem.why}; it was left out."


def _names(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        text = f"{what} ({len(names)}): {', '.join(names)}"
        yield textwrap.fill(
            text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )


def _called(hand_in: HandIn) -> str:
    number = f", number {hand_in.owner.number}" if hand_in.owner.number else ""
    return f"{legible(hand_in.owner.name)!r}{number}"


def _unclear(hand_in: HandIn, people: Sequence[Person], platform: Platform) -> str:
    who = ", ".join(person.id for person in people)
    whose = f"it may be of {who}" if len(people) > 1 else f"{who} is not the only one who may have made it"
    return f"Not imported: {_called(hand_in)}: {whose}. To tell them apart, {REMEDY[platform]}."
