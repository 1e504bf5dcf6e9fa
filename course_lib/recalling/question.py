"""A question with its choices, made of numbers drawn anew each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Choice(NamedTuple):
    """One of the answers offered, and what is said of it once it is chosen."""

    text: str
    said: str
    right: bool = False


class Question(NamedTuple):
    """What is asked, and its choices in the order in which they are shown."""

    text: str
    choices: tuple[Choice, ...]


# ``make(rng)`` gives the question, then its choices: the right one first, each with what is said of it.
Maker = Callable[[np.random.Generator], tuple[str, list[tuple[str, str]]]]


def made(make: Maker, rng: np.random.Generator) -> Question:
    """Draw a question until no two of its choices read the same, and shuffle them."""
    while True:
        text, choices = make(rng)
        if len({answer for answer, _ in choices}) == len(choices):
            break
    found = [Choice(answer, said, n == 0) for n, (answer, said) in enumerate(choices)]
    return Question(text, tuple(found[n] for n in rng.permutation(len(found))))


def number(value: float) -> str:
    """Return a number as a question shows it: up to four digits, a real minus sign, no minus zero."""
    return f"{float(value) + 0.0:.4g}".replace("-", "−")


def numbers(values: np.ndarray) -> str:
    """Return several numbers in brackets."""
    return f"({', '.join(map(number, values))})"
