"""Mistakes in the derivative of a plain function, without a network around it."""

from collections.abc import Callable

import numpy as np

from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, WrongAnswers

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
    ),
    Mistake(
        "exponent_kept",
        "the exponent came down as a factor, but also stayed where it was",
        "the exponent. The power rule lowers it by one.",
        "d(xⁿ)/dx = n xⁿ⁻¹",
    ),
    Mistake(
        "differentiated_twice",
        "the derivative is differentiated once more",
        "how steep the curve is at different x. Where it gets steeper and steeper, one number for all x cannot be it.",
        "(x²)″ = 2",
    ),
    Mistake(
        "integrated",
        "the exponent went up: this is a function whose derivative is x²",
        "which way to go. The power rule for a derivative lowers the exponent.",
        "d(xⁿ)/dx = n xⁿ⁻¹",
    ),
    Mistake(
        "inner_derivative",
        "the inner derivative of the chain rule is missing, or it is that of another variable",
        "the sine or cosine of a product. Which factor comes out when what is inside is differentiated?",
        "d sin(u)/dx = cos(u) · du/dx",
    ),
    Mistake(
        "product_rule",
        "one of the two terms of the product rule is missing",
        "a product in which the variable stands in both factors. Differentiate each of them in turn.",
        "(u v)′ = u′ v + u v′",
    ),
    Mistake(
        "term_dropped",
        "one of the terms is missing",
        "how many terms of f contain the variable. The derivative of a sum has a part from each of them.",
        "(u + v)′ = u′ + v′",
    ),
    Mistake(
        "sine_for_cosine",
        "the sine or cosine is left as it was, or has the wrong sign",
        "the derivative of the sine, and that of the cosine. One of the two has a minus.",
        "sin′ = cos, cos′ = −sin",
    ),
)


def _in_entries(reference: Callable[[Array], Array], *wrong: dict[tuple[int, ...], Callable]) -> Callable:
    """Return the answers in which the entries that each of `wrong` names are what it makes of them."""

    def answers(x: Array) -> list[Array]:
        found = []
        for entries in wrong:
            answer = reference(x)
            for at, value in entries.items():
                answer[at] = value(*x, np.sin(x[1] * x[2]), np.cos(x[1] * x[2]))
            found.append(answer)
        return found

    return answers


def of_the_surface(reference: Callable[[Array], Array]) -> WrongAnswers:
    """Return the slips in the gradient of f(x) = x1^2 x2 + sin(x2 x3), entry by entry; s and c are of x2 x3."""
    return {
        "inner_derivative": _in_entries(
            reference,
            {(1,): lambda x, y, z, s, c: x * x + c, (2,): lambda x, y, z, s, c: c},
            {(1,): lambda x, y, z, s, c: x * x + y * c, (2,): lambda x, y, z, s, c: z * c},
            {(1,): lambda x, y, z, s, c: x * x + y * z * c, (2,): lambda x, y, z, s, c: y * z * c},
        ),
        "term_dropped": _in_entries(
            reference,
            {(1,): lambda x, y, z, s, c: x * x},
            {(1,): lambda x, y, z, s, c: z * c},
        ),
        "exponent_dropped": _in_entries(reference, {(0,): lambda x, y, z, s, c: x * y}),
        "exponent_kept": _in_entries(reference, {(0,): lambda x, y, z, s, c: 2 * x * x * y}),
        "sine_for_cosine": _in_entries(
            reference,
            {(1,): lambda x, y, z, s, c: x * x + z * s, (2,): lambda x, y, z, s, c: y * s},
            {(1,): lambda x, y, z, s, c: x * x - z * c, (2,): lambda x, y, z, s, c: -y * c},
        ),
    }


def of_the_bends(reference: Callable[[Array], Array]) -> WrongAnswers:
    """Return the slips in its Hessian, entry by entry."""

    def mixed(value: Callable) -> dict[tuple[int, ...], Callable]:
        return {(1, 2): value, (2, 1): value}

    return {
        "product_rule": _in_entries(
            reference,
            mixed(lambda x, y, z, s, c: c),
            mixed(lambda x, y, z, s, c: -y * z * s),
        ),
        "inner_derivative": _in_entries(
            reference,
            {(1, 1): lambda x, y, z, s, c: -z * s, (2, 2): lambda x, y, z, s, c: -y * s}
            | mixed(lambda x, y, z, s, c: c - y * s),
            {(1, 1): lambda x, y, z, s, c: -s, (2, 2): lambda x, y, z, s, c: -s}
            | mixed(lambda x, y, z, s, c: c - z * s),
            mixed(lambda x, y, z, s, c: c - s),
        ),
        "sine_for_cosine": _in_entries(
            reference,
            {(1, 1): lambda x, y, z, s, c: z * z * s, (2, 2): lambda x, y, z, s, c: y * y * s}
            | mixed(lambda x, y, z, s, c: c + y * z * s),
            {(1, 1): lambda x, y, z, s, c: -z * z * c, (2, 2): lambda x, y, z, s, c: -y * y * c}
            | mixed(lambda x, y, z, s, c: c - y * z * c),
        ),
    }
