"""The page of a report: one file that needs nothing else. No script is in it, and its policy lets none run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from course_lib.checking.cards.card_html import STATES, inline
from course_lib.mistakes import MISTAKES, Mistake
from grading.pages.html import points
from grading.report import pictures
from grading.report.facts import Facts, Names
from grading.report.looks import Look, Reason
from grading.report.statistics import OfExercise, OfMistake, decided
from grading.report.submissions import State

_TEMPLATES = Path(__file__).resolve().parent / "templates"
# So many mistakes stand on the first screen, so many students beside each other, and so many exercises are named.
FIRST, MOST_NAMES, MOST_EXERCISES = 3, 12, 6
# Below it, who does well elsewhere does not do better here.
LOW_DISCRIMINATION = 0.2


class Advice(NamedTuple):
    """What a reason to look is called, and what it means."""

    title: str
    meaning: str


ADVICE = {
    Reason.ZERO_FOR_FORM: Advice(
        "No points, for reasons of form",
        "What was handed in could not be graded as it is, and nothing else earned points. Every exercise named waits "
        "for you.",
    ),
    Reason.WAITING: Advice(
        "Left to a person", "Grading could not decide here. The exercises named wait for your mark."
    ),
    Reason.OLDER_MARK: Advice(
        "Mark older than the answer",
        "The answer was changed after it was marked by hand. The old mark stands until you confirm or change it.",
    ),
    Reason.VERSION: Advice(
        "Another version of the lesson",
        "Made from a copy that was fetched before the lesson was corrected. What it did not have is not counted as "
        "wrong.",
    ),
    Reason.MENDED: Advice(
        "Mended",
        "Cells had been deleted, copied, split or edited, and were put back before grading. Usually a slip.",
    ),
    Reason.TIMED_OUT: Advice(
        "Stopped", "A cell or an answer ran too long, or ended its kernel: mostly a loop that never ends."
    ),
    Reason.MEASURED: Advice(
        "Measured, not derived",
        "The values are right, and have the digits of a difference quotient where a derivation is asked for.",
    ),
    Reason.NAME_SHARED: Advice(
        "The same NAME",
        "The personal numbers of an exercise come from NAME, and these have the same: a shared copy, or a namesake.",
    ),
    Reason.ALIKE: Advice(
        "Near-identical",
        "Their code has the same form in several exercises where few others have it. Look at them side by side: "
        "two who worked together look the same as two of whom one copied, so this proves nothing.",
    ),
}


class Meaning(NamedTuple):
    """A mistake of the class, with what the catalogue says of it."""

    found: OfMistake
    mistake: Mistake

    @property
    def done(self) -> Markup:
        """What was done, as a sentence begins."""
        done = self.mistake.done
        return Markup(inline(done[:1].upper() + done[1:]))

    @property
    def look(self) -> Markup:
        """What to look at."""
        return Markup(inline(self.mistake.look))

    @property
    def formula(self) -> Markup:
        """The formula of its card."""
        return Markup(inline(self.mistake.formula))


class Shown(NamedTuple):
    """One lesson, ready for the page."""

    facts: Facts
    mean: float
    median: float
    mistakes: list[Meaning]
    looks: list[tuple[Reason, list[Look]]]
    sticks: list[OfExercise]
    pictures: dict[str, pictures.Drawing]
    late: int
    undecided: int
    without_grounds: int


def page(facts: Sequence[Facts], names: Names, made: datetime) -> str:
    """Return the page of a report about one or more lessons, in HTML."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "points": points,
        "symbols": lambda text: Markup(inline(text)),
        "names": lambda students: sorted(map(names, students)),
    }
    template = environment.get_template("report.html")
    return template.render(
        lessons=[_shown(one) for one in facts],
        names=names,
        made=made,
        STATES=STATES,
        State=State,
        ADVICE=ADVICE,
        WORDS=pictures.WORDS,
        FIRST=FIRST,
        MOST_NAMES=MOST_NAMES,
        FEW=MOST_EXERCISES,
        LOW=LOW_DISCRIMINATION,
        everyone=lambda submissions: sorted(submissions, key=lambda one: names(one.student)),
    )


def _shown(facts: Facts) -> Shown:
    told = facts.told
    total = np.array([submission.points for submission in decided(told)] or [0.0])
    drawn = {"stuck": pictures.stuck(facts.exercises, told.lesson.id), "scores": pictures.scores(told)}
    if facts.mistakes:
        drawn["mistakes"] = pictures.mistakes(facts.mistakes, len(told.submissions), told.lesson.id)
    return Shown(
        facts,
        float(total.mean()),
        float(np.median(total)),
        [Meaning(one, MISTAKES[one.id]) for one in facts.mistakes],
        [(reason, list(some)) for reason, some in groupby(facts.looks, lambda look: look.reason)],
        sorted((one for one in facts.exercises if one.stuck), key=lambda one: -len(one.stuck))[:FIRST],
        drawn,
        sum(submission.seconds_late > 0 for submission in told.submissions),
        len(told.submissions) - len(decided(told)),
        sum(not submission.has_grounds for submission in told.submissions),
    )
