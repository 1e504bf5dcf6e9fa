"""`recall` and `challenge`: what a notebook calls, and how it is shown."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from course_lib.checking.cards.card_html import inline
from course_lib.inputs import as_count
from course_lib.recalling import networks, tools
from course_lib.recalling.challenges import CHALLENGES
from course_lib.recalling.question import Choice, Maker, Question, made

QUESTIONS = 3
BANK: tuple[tuple[Maker, ...], ...] = (
    *(tools.TOOLS, tools.DOWNHILL, networks.FORWARD, networks.DERIVATIVES, networks.SWEEP, networks.DEEP),
)
LETTERS = "abcdefgh"
_BOX = (
    "background:rgba(127,127,127,.09);border-radius:3px;padding:.55em .9em;margin:.3em 0;"
    "max-width:46em;line-height:1.45"
)
# The sign says it, the colour only helps; both colours stand out from light and from dark.
_SIGNS = {True: ("✓", "Right.", "#2e9e5b"), False: ("✗", "No.", "#d0493b")}


@dataclass(frozen=True)
class Asked:
    """Questions with choices that unfold: each says at once whether it is right, and why."""

    title: str
    questions: tuple[Question, ...]

    def _repr_html_(self) -> str:
        numbered = len(self.questions) > 1
        parts = [
            f'<section aria-label="{html.escape(self.title)}" style="{_BOX}">',
            f'<div style="font-weight:600">{html.escape(self.title)}</div>',
            *(_question(q, f"{n}. " if numbered else "") for n, q in enumerate(self.questions, 1)),
            "</section>",
        ]
        return "".join(parts)

    def __repr__(self) -> str:
        lines = [self.title]
        for n, question in enumerate(self.questions, 1):
            lines += [f"{n}. {_plain(question.text)}"]
            lines += [f"   {a}) {_plain(c.text)}" for a, c in zip(LETTERS, question.choices, strict=False)]
        return "\n".join([*lines, "Answers:", *self._answers()])

    def _answers(self) -> Iterator[str]:
        for n, question in enumerate(self.questions, 1):
            for letter, choice in zip(LETTERS, question.choices, strict=False):
                if choice.right:
                    yield f"{n} {letter}) {_plain(choice.said)}"


def _plain(text: str) -> str:
    return text.replace("`", "").replace("**", "")


def _question(question: Question, number: str) -> str:
    text = inline(question.text.replace("**", ""))
    return f'<p style="margin:.6em 0 .2em">{number}{text}</p>' + "".join(map(_choice, question.choices))


def _choice(choice: Choice) -> str:
    sign, word, colour = _SIGNS[choice.right]
    mark = f'<span aria-hidden="true" style="color:{colour};font-weight:700;margin-right:.4em">{sign}</span>'
    return (
        '<details style="margin:.15em 0 .15em 1em"><summary style="cursor:pointer">'
        f'{inline(choice.text)}</summary><div style="margin:.1em 0 .3em 1.1em">{mark}<b>{word}</b> '
        f"{inline(choice.said)}</div></details>"
    )


def recall(before: int) -> Asked:
    """Ask three questions about the lessons before one, other ones at each call. They count for nothing.

    Parameters
    ----------
    before : int
        The number of the lesson that begins, from 1.

    Returns
    -------
    Asked
        Shows the questions; each choice, opened, says whether it is right and why.
    """
    before = as_count("before", before, least=1)
    return Asked(
        "Before you begin: three questions about the lessons before. Open the answer you think is right.",
        drawn(before, np.random.default_rng()),
    )


def challenge(lesson: int) -> Asked:
    """Ask for one number that takes this lesson and those before it; with other numbers at each call.

    Parameters
    ----------
    lesson : int
        The number of the lesson that ends, from 1.
    """
    lesson = as_count("lesson", lesson, least=1)
    makers = CHALLENGES.get(lesson) or tuple(make for one in CHALLENGES.values() for make in one)
    rng = np.random.default_rng()
    asked = made(makers[rng.integers(len(makers))], rng)
    return Asked("A challenge. Work it out, then open your answer.", (asked,))


def drawn(before: int, rng: np.random.Generator) -> tuple[Question, ...]:
    """Draw one question about the lesson just before, and the others about any lesson before."""
    lessons = BANK[:before]
    latest = lessons[-1]
    first = latest[rng.integers(len(latest))]
    others = [make for lesson in lessons for make in lesson if make is not first]
    chosen = [first, *(others[n] for n in rng.choice(len(others), size=QUESTIONS - 1, replace=False))]
    return tuple(made(chosen[n], rng) for n in rng.permutation(QUESTIONS))
