"""Mistakes in the derivative of a plain function, without a network around it."""

from course_lib.mistakes.base import Mistake

MISTAKES = (
    Mistake(
        "value_for_slope",
        "the function itself is given instead of its derivative",
        "the question: how fast does the function grow at x, not how large is it there?",
        "f′(x) = lim (f(x + h) − f(x)) / h for h → 0",
    ),
    Mistake(
        "exponent_dropped",
        "the exponent went down by one, but did not come down as a factor",
        "the power rule. It does two things with the exponent, and one of them is missing.",
        "d(xⁿ)/dx = n xⁿ⁻¹",
        trace="every number is exactly half of what it should be",
    ),
    Mistake(
        "exponent_kept",
        "the exponent came down as a factor, but also stayed where it was",
        "the exponent. The power rule lowers it by one.",
        "d(xⁿ)/dx = n xⁿ⁻¹",
    ),
)
