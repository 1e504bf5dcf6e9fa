"""Answers in, verdicts out: cases from the instructor's secret, the judge outside, cards that give nothing away."""

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from course_lib.answers.file import SavedAnswers, load, parse
from course_lib.checking.calling import Outcome
from course_lib.checking.calling.by_kind import calls_of, has_data, is_automatic
from course_lib.checking.cards import Card, Verdict, judge, verdict
from course_lib.checking.cards.verdict import NOT_SUBMITTED, verdict_on_file, with_policy
from course_lib.checking.judging import Judgement, Reason, judgement
from course_lib.checking.judging.functions import is_to_be_probed, judge_probed
from course_lib.checking.judging.places import Found
from course_lib.checking.judging.worth_reading import with_found
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES, Exercise
from grading.globals_read import Reads, is_proven, with_names
from grading.judged import judged

NOTHING_READ, NOTHING_FOUND = Reads(), Found()
# What a card may say of secret cases: the kind of thing that went wrong, in words of our own.
ON_OTHERS = {
    Reason.UNANSWERED: "is not answered yet",
    Reason.FAILED: "stops with an error",
    Reason.NOT_REFUSED: "gives a value where it should raise an error",
    Reason.TYPE: "gives something other than what is asked for",
    Reason.SHAPE: "gives another shape than what is asked for",
    Reason.NOT_FINITE: "gives a number that is not finite",
    Reason.MUTATION: "changes the arrays that it is given",
    Reason.WARNING: "gives a warning",
    Reason.MEASURED: "gives what a finite difference gives",
}
NOTHING, OTHER_VALUE = "gives None (is a `return` missing?)", "gives another value"


def secret_of(path: Path, *, shared: bool = False) -> bytes:
    """Return the instructor's secret, made at the first use; its owner may read it, and with `shared` its group."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written elsewhere and linked: of two graders that start at once, both use the secret of the first.
        descriptor, half = tempfile.mkstemp(prefix=".secret-", suffix=".half", dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            os.fchmod(descriptor, 0o640 if shared else 0o600)
            file.write(secrets.token_hex(32) + "\n")
        try:
            os.link(half, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(half)
    try:
        secret = path.read_text().strip()
    except PermissionError as error:
        raise ValueError(
            f"{path} cannot be read by this account. Its owner lets the group that grades read it with "
            "c.CourseDirectory.groupshared = True in nbgrader_config.py"
        ) from error
    if len(secret) < 32:
        raise ValueError(f"{path} holds no secret; delete it, and a new one is made")
    return secret.encode()


@lru_cache(maxsize=512)
def secret_cases(exercise: Exercise, secret: bytes) -> list[tuple]:
    """Draw the inputs that nobody but the grader knows: the same for everybody, and at every grading."""
    if not calls_of(exercise):
        return []
    seed = hmac.new(secret, exercise.id.encode(), hashlib.sha256).digest()
    rng = np.random.default_rng(int.from_bytes(seed, "big"))
    return exercise.cases(rng)


def questions(
    exercises: Sequence[Exercise], secret: bytes
) -> list[tuple[Exercise, list[tuple], list[tuple]]]:
    """Return each exercise with its public and its secret cases."""
    return [(e, public_cases(e), secret_cases(e, secret)) for e in exercises if is_automatic(e)]


def diagram_answers(text: str | None, submitted: Path) -> SavedAnswers:
    """Return what was answered in diagrams: in the file that the run left, else in the one that was handed in."""
    return parse(text, EXERCISES) if text is not None else load(submitted, EXERCISES)


def verdict_on_diagram(exercise: Exercise, saved: SavedAnswers) -> Verdict:
    """Return the verdict on what was answered in a diagram; a missing file is called missing."""
    return verdict_on_file(exercise, public_cases(exercise), saved, NOT_SUBMITTED)


def verdict_on(
    exercise: Exercise,
    secret: bytes,
    outcomes: Sequence[Outcome],
    name: str,
    numerical_only: str = "flag",
    reads: Reads = NOTHING_READ,
    placed: Found = NOTHING_FOUND,
    probed: Sequence[Outcome] = (),
) -> Verdict:
    """Return the verdict on what an answer gave on the public and then the secret cases.

    An answer that is wrong on the public cases gets the card that `check` shows. One that is wrong only on the
    secret ones gets a card that says so, without a number, and without a word of the answer's own. `numerical_only`
    is what `judge` takes: what becomes of a derivative that was measured instead of derived. `reads` tells what the
    answer reads of the notebook: where it is wrong, its card names that. `placed` is what was found in the code of one
    that is wrong on a public case, `probed` what it gave on probes.
    """
    if not calls_of(exercise):
        return judge(exercise, [(name,)] if exercise.personal else public_cases(exercise), outcomes)
    open_cases, count = public_cases(exercise), _public_count(exercise)
    data = 1 if has_data(exercise) else 0
    found = judged(exercise, outcomes[:count])
    if probed and is_to_be_probed(exercise, found):
        found = judge_probed(exercise, found, outcomes[:count], probed)
    public = with_policy(found, numerical_only)
    shown = verdict(exercise, public)
    if not shown.right:
        shown = verdict(exercise, with_found(public, placed))
        if reads.names and not shown.diagnosis and is_proven(exercise, reads):
            known = [replace(outcome, reads=reads.names) for outcome in outcomes[:count]]
            shown = judge(exercise, open_cases, known, numerical_only)
        return with_names(shown, outcomes[:count], reads)
    cases, others = secret_cases(exercise, secret), [*outcomes[:data], *outcomes[count:]]
    hidden = with_policy(judgement(exercise, cases, others), numerical_only)
    if hidden.right == exercise.parts:
        return shown
    silent = replace(verdict(exercise, hidden), diagnosis=(), card=_silent(exercise, hidden))
    return with_names(silent, (), reads)


def is_right_on_public_cases(exercise: Exercise, outcomes: Sequence[Outcome]) -> bool:
    """Tell whether an answer that is called is right on the cases of its check."""
    shown = judged(exercise, outcomes[: _public_count(exercise)])
    return bool(calls_of(exercise)) and shown.right == exercise.parts


def _public_count(exercise: Exercise) -> int:
    """Return how many outcomes the public cases have: the data, if any, and every function on each case."""
    return (1 if has_data(exercise) else 0) + len(calls_of(exercise)) * len(public_cases(exercise))


def _silent(exercise: Exercise, hidden: Judgement) -> Card:
    """Return a card that says what kind of thing went wrong on secret cases, and nothing of them."""
    lines = (
        f"On the inputs of its check it agrees. On other inputs it {_on_others(hidden)}.",
        "Does it read a variable of the notebook where it should read an argument? Does it work for other numbers "
        "than those that you tried?",
        f"It is called as `{exercise.asks}`.",
    )
    return Card("wrong", "right on some inputs only.", lines, title=exercise.heading)


def _on_others(hidden: Judgement) -> str:
    found = next((f for f in hidden.functions.values() if f.reason is not Reason.RIGHT), hidden)
    if found.reason is Reason.TYPE and found.decisive.outcome.value is None:
        return NOTHING
    return ON_OTHERS.get(found.reason, OTHER_VALUE)
