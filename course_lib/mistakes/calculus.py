"""Mistakes in a derivative of a plain function, without a network around it."""

from __future__ import annotations

from course_lib.mistakes.base import Mistake, catalogue

MISTAKES = catalogue(
    Mistake(
        "value_for_slope",
        "the function itself is handed in, and not its derivative",
        "the question: how fast does the function grow at x, not how large it is there.",
        lesson="00_start_here",
        formula="d(x²)/dx = 2x",
    ),
    Mistake(
        "exponent_dropped",
        "the exponent went down by one, but did not come down as a factor: every number is exactly half",
        "the power rule. It does two things with the exponent, and one of them is missing.",
        lesson="00_start_here",
        formula="d(xⁿ)/dx = n xⁿ⁻¹",
    ),
    Mistake(
        "exponent_kept",
        "the exponent came down as a factor and stayed where it was as well",
        "the exponent. The power rule lowers it by one.",
        lesson="00_start_here",
        formula="d(xⁿ)/dx = n xⁿ⁻¹",
    ),
)
RECIPES: dict = {}
