"""Answers in, verdicts out: cases from the instructor's secret, the judge outside, cards that give nothing away."""

from __future__ import annotations

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

from course_lib.answers.file import Book, load, parse
from course_lib.checking import judge
from course_lib.checking.calling import Outcome
from course_lib.checking.kept import NOT_SUBMITTED, verdict_on_book
from course_lib.checking.kernel import public_cases
from course_lib.checking.verdict import Card, Verdict
from course_lib.exercises import EXERCISES, Exercise
from grading.globals_read import Reads, is_proven, with_names

SECRET_CASES = 3
NOTHING_READ = Reads()
# What a secret case may say on a card: the kind of thing that went wrong, in words of our own.
REASONS = {
    "type": "gives something other than what is asked for",
    "shape": "gives another shape than what is asked for",
    "error": "stops with an error",
    "mutates": "changes the arrays that it is given",
    "value": "gives another value",
}


def secret_of(path: Path) -> bytes:
    """Return the instructor's secret, made at the first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written elsewhere and linked: of two graders that start at once, both use the secret of the first.
        descriptor, half = tempfile.mkstemp(prefix=".secret-", suffix=".half", dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        try:
            os.link(half, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(half)
    secret = path.read_text().strip()
    if len(secret) < 32:
        raise ValueError(f"{path} holds no secret; delete it, and a new one is made")
    return secret.encode()


@lru_cache(maxsize=512)
def secret_cases(exercise: Exercise, secret: bytes) -> list[tuple]:
    """Draw the inputs that nobody but the grader knows: the same for everybody, and at every grading."""
    if exercise.kind not in ("function", "data"):
        return []
    seed = hmac.new(secret, exercise.id.encode(), hashlib.sha256).digest()
    rng = np.random.default_rng(int.from_bytes(seed, "big"))
    # Some exercises say which sorts of cases make up a check; the others are asked for three.
    draw_all = getattr(exercise, "cases", None) or (lambda r: [exercise.draw(r) for _ in range(SECRET_CASES)])
    return draw_all(rng)


def questions(
    exercises: Sequence[Exercise], secret: bytes
) -> list[tuple[Exercise, list[tuple], list[tuple]]]:
    """Return each exercise with its public and its secret cases."""
    return [(e, public_cases(e), secret_cases(e, secret)) for e in exercises if e.kind != "essay"]


def kept(text: str | None, submitted: Path) -> Book:
    """Return what was answered in diagrams: in the file that the run left, else in the one that was handed in."""
    return parse(text, EXERCISES) if text is not None else load(submitted, EXERCISES)


def verdict_on_diagram(exercise: Exercise, book: Book) -> Verdict:
    """Return the verdict on what a diagram kept; a missing file is called missing."""
    return verdict_on_book(exercise, public_cases(exercise), book, NOT_SUBMITTED)


def verdict_on(
    exercise: Exercise,
    secret: bytes,
    outcomes: Sequence[Outcome],
    name: str,
    numerical_only: str = "flag",
    reads: Reads = NOTHING_READ,
) -> Verdict:
    """Return the verdict on what an answer gave on the public and then the secret cases.

    An answer that is wrong on the public cases gets the card that `check` shows. One that is wrong only on the
    secret ones gets a card that says so, without a number, and without a word of the answer's own. `numerical_only`
    is what `judge` takes: what becomes of a derivative that was measured instead of derived. `reads` tells what the
    answer reads of the notebook: where it is wrong, its card names that.
    """
    if exercise.kind == "essay":
        return judge(exercise, [], [])
    if exercise.kind not in ("function", "data"):
        return judge(exercise, [(name,)] if exercise.personal else public_cases(exercise), outcomes)
    open_cases = public_cases(exercise)
    # A data answer has first its data, and then as many calls of each function as there are cases.
    data, calls = (1, len(exercise.functions)) if exercise.kind == "data" else (0, 1)
    count = data + calls * len(open_cases)
    shown = judge(exercise, open_cases, outcomes[:count], numerical_only)
    if not shown.right:
        if reads.names and not shown.diagnosis and is_proven(exercise, reads):
            known = [outcome._replace(reads=reads.names) for outcome in outcomes[:count]]
            shown = judge(exercise, open_cases, known, numerical_only)
        return with_names(shown, outcomes[:count], reads)
    outcomes_there = [*outcomes[:data], *outcomes[count:]]
    hidden = judge(exercise, secret_cases(exercise, secret), outcomes_there, numerical_only)
    if not hidden.right:
        silent = replace(hidden, diagnosis=(), card=_silent(exercise, outcomes[count:], hidden))
        return with_names(silent, (), reads)
    return shown


def _silent(exercise: Exercise, outcomes: Sequence[Outcome], verdict: Verdict) -> Card:
    last = outcomes[-1] if outcomes else Outcome(error="")
    kind = "error" if last.error is not None else "mutates" if last.mutated else _kind(verdict)
    lines = (
        f"On the inputs of its check it agrees. On other inputs it {REASONS[kind]}.",
        "Does it read a variable of the notebook where it should read an argument? Does it work for other numbers "
        "than those that you tried?",
        f"It is called as `{exercise.asks}`.",
    )
    return Card("wrong", f"{exercise.title}: right on some inputs only.", lines)


def _kind(verdict: Verdict) -> str:
    return next((kind for kind in ("shape", "type") if f"another {kind}" in verdict.card.headline), "value")
